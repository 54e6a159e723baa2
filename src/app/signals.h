/*
 * signals - those that end a run
 *
 * INT, TERM and HUP; one that was ignored when we were started, as by
 * nohup(1), stays ignored.
 */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

#include <stddef.h>

struct loop;

/* from now on they come to fn, in a turn of the loop */
void signals_catch(struct loop *, void (*fn)(void *arg, int signo), void *arg);
/* the same of n others */
void signals_catch_those(struct loop *, const int *signo, size_t n,
    void (*fn)(void *arg, int signo), void *arg);
/* from now on they end us at once */
void signals_default(void);
/* end as the signal would have ended us, so that a caller's shell knows */
void signals_end_by(int signo);

#endif

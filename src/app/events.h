/*
 * events - where --events puts its records
 */
#ifndef APP_EVENTS_H
#define APP_EVENTS_H

#include <stdbool.h>
#include <sys/types.h>

struct events_end {
	int fd;			/* -1: none */
	bool own;		/* we have opened it */
};

/* is it standard output?  NULL: no */
bool events_on_stdout(const char *events);
/*
 * FILE, "-", fd:N or NULL; the exit status, 0: go on.  What a file holds is
 * still there: another run may be writing it.
 */
int events_open(struct events_end *, const char *events);
/* the run begins: a file that we have opened is emptied */
void events_begin(const struct events_end *);
/* the only record of a run that did not begin; there is no loop for it */
void events_skipped(const struct events_end *, const char *events,
    const char *lock, pid_t pid);
/* what can no longer be written is told, once, on standard error */
void events_lost(const char *what, int err);
void events_close(struct events_end *);

#endif

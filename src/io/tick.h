/*
 * tick - something that is to be looked at again and again
 */
#ifndef IO_TICK_H
#define IO_TICK_H

struct loop;
struct tick;

/* fn runs inside the loop, now and then every so many seconds */
struct tick *tick_new(struct loop *, double seconds, void (*fn)(void *arg),
    void *arg);
void tick_free(struct tick *);	/* NULL is fine */

#endif

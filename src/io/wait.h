/*
 * wait - what steps wait for: sockets, files, times of day
 *
 * Something that many wait for is looked at once for all of them.
 */
#ifndef IO_WAIT_H
#define IO_WAIT_H

#include "io/inside.h"

struct wait;
struct waits;
struct watch;

/* whoever waits; embedded, zeroed before waits_add() */
struct waiter {
	struct link link;
	struct watch *watch;	/* NULL: it does not wait (any more) */
};

/* it has come (NULL), or cannot come any more; once, and then it waits not */
typedef void waiter_fn(struct waiter *, const char *error);

/* sockets: how many may be open at once */
struct waits *waits_new(struct ev_loop *, size_t sockets, waiter_fn *);
/* nobody waits any more */
void waits_free(struct waits *);
/* may call back at once; the wait is copied */
void waits_add(struct waits *, struct waiter *, const struct wait *);
/* may be said of any waiter */
void waits_leave(struct waiter *);
/* why it has not come yet; borrowed until the loop goes on */
const char *waiter_reason(const struct waiter *);

#endif

/*
 * share - limits that are counted over all pseq processes of a user
 *
 * A limit is a file, one of it a byte that is locked.  The kernel gives the
 * locks back with the last process that has the file open: that is our
 * guard, which first ends what we had started.  Who waits hears of it by
 * inotify, and looks once a second in case that fails.
 */
#ifndef IO_SHARE_H
#define IO_SHARE_H

#include <ev.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct share;

struct shares {
	struct ev_loop *ev;
	struct share *share;
	size_t n, cap;
	struct hold *hold;	/* what is held, by handle */
	size_t nhold, hold_cap;
	char *dir;
	ev_io news;		/* of inotify, fd -1: none */
	ev_timer look;
	void (*freed)(void *arg);
	void *arg;
};

void shares_init(struct shares *, struct ev_loop *,
    void (*freed)(void *arg), void *arg);
/* make the limit known: its file, which the guard is to keep; -1 and why */
int shares_add(struct shares *, const char *name, int64_t of,
    struct buf *why);
/* n of it, all or none: a handle, or -1: freed() is called later */
int shares_lock(struct shares *, const char *name, int64_t n);
/* used: others, who may wait for it, hear of it */
void shares_unlock(struct shares *, int handle, bool used);
void shares_fini(struct shares *);

#endif

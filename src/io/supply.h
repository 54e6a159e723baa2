/*
 * supply - where the standard input of a session comes from
 *
 * Some bytes first, then what a function gives: it is asked for as much as
 * can be sent just now, so nothing piles up.
 */
#ifndef IO_SUPPLY_H
#define IO_SUPPLY_H

#include <ev.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct supply {
	struct buf head;	/* these come first */
	size_t at;
	/*
	 * Up to n bytes to p, n > 0: how many; 0: that was all; -1: there
	 * are none now, and ready() will be called once there are.
	 * NULL: there is nothing else.
	 */
	ssize_t (*pull)(void *arg, char *p, size_t n);
	void (*fini)(void *arg);	/* may be NULL */
	void *arg;
	bool open;		/* more is fed to the channel itself */
};

/* how many bytes; 0: it is over; -1: nothing now */
ssize_t supply_get(struct supply *, char *p, size_t n);
/*
 * The rest comes from this file, which is taken over; it must not block.
 * ready(arg) is called when there is something after a time of nothing.
 */
void supply_file(struct supply *, struct ev_loop *, int fd,
    void (*ready)(void *arg), void *arg);
void supply_fini(struct supply *);

#endif

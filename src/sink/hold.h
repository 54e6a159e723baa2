/*
 * hold - keeps lines until they may be shown
 *
 * A store has a limit of memory for all its holds together; what does not
 * fit goes to one temporary file without a name, whatever the number of
 * holds, so that held lanes cost no descriptors.
 */
#ifndef SINK_HOLD_H
#define SINK_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

enum { HOLD_MAX = 1024 * 1024 };

struct hold_store {
	const char *dir;		/* of the file; NULL: /tmp; borrowed */
	size_t max, used;		/* bytes in memory */
	struct hold *first;		/* those that have any */
	int fd;				/* -1: no file yet */
	int error;			/* why there will be no more of it */
	off_t end, live;		/* of the file; bytes still wanted */
};

/* a zeroed struct hold is empty; the store must outlive it */
struct hold {
	struct buf mem;
	struct hold *prev, *next;
	off_t at;			/* its last piece in the file */
	uint32_t len;			/* 0: it has none there */
};

/* kind is whatever hold_add() was given */
typedef void hold_fn(void *arg, unsigned kind, const char *text, size_t len);

void hold_open(struct hold_store *, const char *dir, size_t max);
/*
 * Keep one line.  -1: memory is full and there is no room in the file
 * (errno); nothing was kept, but what was there before still is.
 */
int hold_add(struct hold_store *, struct hold *, unsigned kind,
    const char *text, size_t len);
/*
 * Hand over all lines in order and forget them; fn may add to other holds.
 * -1: some could not be read back (errno).
 */
int hold_show(struct hold_store *, struct hold *, hold_fn *fn, void *arg);
void hold_drop(struct hold_store *, struct hold *);
/* all holds must be empty or dropped */
void hold_close(struct hold_store *);

#endif

/*
 * rejoin - lines that came in pieces, whole again
 *
 * An unfinished line is handed over when nothing was added to it for a
 * while.  Where lines are kept before they are shown, that is of no use, and
 * whether it happened is mere chance: equal outputs must not differ by it.
 * What is longer than LINES_MAX comes in pieces of just that size.
 */
#ifndef SINK_REJOIN_H
#define SINK_REJOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "sink/hold.h"

/* a zeroed one is empty */
struct rejoin {
	struct rejoin_line {
		struct buf text;	/* its head first, if it has one */
		unsigned kind;
		bool open;		/* more is to come */
	} line[4];			/* of each stream */
};

/* kind as ROWS_KIND(); fn gets the line once it is whole, or LINES_MAX of it */
void rejoin_line(struct rejoin *, unsigned kind, const char *text, size_t len,
    hold_fn *fn, void *arg);
/* there is no more: hand over what is left, as the pieces that they are */
void rejoin_end(struct rejoin *, hold_fn *fn, void *arg);

#endif

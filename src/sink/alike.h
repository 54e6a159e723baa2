/*
 * alike - whole outputs of lanes, those that are the same kept once
 *
 * Outputs are taken one after the other, and at the end shown under heads
 * that name the lanes: the output of most lanes first.  Lanes of different
 * sequences are never put together.  The streams are compared each by
 * itself: which of two lines on different ones came first is mere chance.
 *
 *	---- web[01-12] (12 lanes)
 *	| text
 *	! text of standard error
 *
 * With diff, what differs only by the lanes' own names counts as the same,
 * and of all but the output of most lanes only what differs is shown.
 */
#ifndef SINK_ALIKE_H
#define SINK_ALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/siphash.h"
#include "sink/hold.h"

struct rows;
struct shelf_piece;

/* outputs that are the same */
struct alike_class {
	/* of one's bytes; … with @ for the lane's own name */
	struct siphash_sum sum, blind;
	uint32_t group, index;	/* the lowest of its lanes */
	uint64_t lines, lanes;
	bool named;		/* the lane's own name is in it */
	struct buf names;	/* tags of all lanes, a NUL behind each */
	struct hold hold;	/* the lines of one of them, … */
	size_t owner;		/* … its tag within names */
};

struct alike {
	struct hold_store *store;	/* may be shared */
	struct rows *rows;
	bool diff;
	bool order;		/* of the list, not the largest class first */
	/* as shelf_trouble_fn, but each time */
	void (*trouble)(void *arg, int error, bool lost);
	void *arg;

	struct alike_class **all;
	size_t n, cap;
	uint32_t *slot;		/* open addressing; class + 1, 0 = free */
	size_t nslot;

	bool taking;		/* between begin and end */
	bool through;		/* the lines cannot be kept: shown at once */
	const char *tag;	/* of the lane, … */
	struct alike_class *next;	/* … and what may become of it */
	struct buf chunk;	/* lines that are not in its hold yet */
	struct siphash_key key;
	struct siphash sum[2], blind[2];	/* of each stream */
	struct buf line;
};

/* all up to `arg` is the caller's to set */
void alike_begin(struct alike *, const struct shelf_piece *);
/* kind as ROWS_KIND() */
void alike_line(struct alike *, unsigned kind, const char *text, size_t len);
void alike_end(struct alike *, const struct shelf_piece *);

/* all outputs are the same, and have so many lines */
bool alike_is_one(const struct alike *, uint64_t lines);
void alike_show(struct alike *);
/* forget all */
void alike_drop(struct alike *);
void alike_fini(struct alike *);

/* --- for alike_show.c and compare.c ------------------------------------- */

/* names of the class, and how many; text behind them may be NULL */
void alike_head(struct alike *, const struct alike_class *, const char *text);
/*
 * Add a line with @ for the name of the lane with that tag; true if it was
 * in it.
 */
bool alike_blind(struct buf *, const char *tag, const char *text, size_t len);

#endif

/*
 * roll - names of the lanes that ended in some way, for a file
 *
 * The host of a lane, or else its tag, or its name: each once, one a line, in
 * the order of the lists.  Only names of the kinds that are asked for are
 * kept.
 */
#ifndef SINK_ROLL_H
#define SINK_ROLL_H

#include <stdbool.h>

#include "model/event.h"

struct buf;

enum roll_kind {
	ROLL_FAILED,
	ROLL_OK,		/* or rescued */
	ROLL_UNREACHED,		/* failed, as the host could not be reached */
	ROLL_KINDS
};

struct roll_options {
	bool want[ROLL_KINDS];
	bool retry;		/* what is past is no part of this run */
};

struct roll;

struct roll *roll_new(const struct roll_options *);
/* it has no close() */
struct sink roll_sink(struct roll *);
/* append the names of those that have ended so far */
void roll_add(const struct roll *, enum roll_kind, struct buf *);
void roll_free(struct roll *);

#endif

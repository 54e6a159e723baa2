/*
 * past - what a journal says became of each lane and step
 *
 * A step has ended when its end is in the journal and was not brought about
 * by the end of the run; what its lane did after such an end, up to the end
 * of that session, counts for nothing.  Of lanes that are over little more
 * than their end is read.
 */
#ifndef JOURNAL_PAST_H
#define JOURNAL_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/past.h"

struct buf;
struct journal;
struct journal_past;
struct record;

/* a channel in which something happened */
struct past_channel {
	const char *name;
	uint64_t last;		/* number of its newest message */
	bool closed;		/* by `close` */
	const struct past_message *message;	/* not delivered, in order */
	size_t n;
};

/* the journal stays open as long as the past; NULL: damaged, and why */
struct journal_past *past_new(const struct journal *, struct buf *why);
const struct past *past_of(const struct journal_past *);
/* the `run` or `resume` of its last start: the job as it was then */
const struct record *past_job(const struct journal_past *);
const struct past_channel *past_channels(const struct journal_past *,
    size_t *n);
/* lanes of the user's that began, and those of them that were asked for */
size_t past_lanes(const struct journal_past *);
size_t past_lanes_given(const struct journal_past *);
/* the first that was not asked for, by number; NULL: there is none */
const char *past_left(const struct journal_past *);
void past_free(struct journal_past *);

#endif

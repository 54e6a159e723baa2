/*
 * tally - counts how the lanes of a run end
 *
 * Memory is bounded: a lane that ends well leaves only numbers behind.
 */
#ifndef SINK_TALLY_H
#define SINK_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "model/cluster.h"
#include "model/event.h"
#include "sink/histogram.h"

enum { TALLY_SLOWEST = 3 };

struct tally {
	uint64_t verdicts[LANE_CANCELLED + 1];
	struct histogram times;		/* of the lanes whose time counts */
	struct tally_slow {
		char *lane;	/* NULL: there are not so many */
		double seconds;
	} slow[TALLY_SLOWEST];		/* slowest first */
	struct cluster cluster;
	struct names rescued;
	/* ended well, but a step of theirs was tried again, so often at most */
	struct names flaky;
	unsigned tries;
	char *broken;		/* first that failed and is no lane: a list */
	struct tally_unstarted {
		char *sequence;
		int64_t count;	/* -1: not known */
	} *unstarted;
	size_t nunstarted, unstarted_cap;
};

/* a zeroed tally is ready for use */
void tally_lane(struct tally *, const struct event *lane_end);
/* its lane was cancelled, and goes on since the run was resumed */
void tally_again(struct tally *, const struct event *lane_start);
void tally_left(struct tally *, const struct event *unstarted);
/* how many lanes never began; -1: not known */
int64_t tally_unstarted(const struct tally *);
void tally_fini(struct tally *);

#endif

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

enum {
	TALLY_SLOWEST = 3,
	TALLY_BUCKETS = 1024,
	TALLY_OCTAVE = 32		/* buckets for each doubling */
};

struct tally {
	uint64_t verdicts[LANE_CANCELLED + 1];
	/* lanes whose time counts, by their time */
	uint64_t timed, histogram[TALLY_BUCKETS];
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
void tally_left(struct tally *, const struct event *unstarted);
/* seconds; near enough to say what is slow */
double tally_median(const struct tally *);
/* how many lanes never began; -1: not known */
int64_t tally_unstarted(const struct tally *);
void tally_fini(struct tally *);

#endif

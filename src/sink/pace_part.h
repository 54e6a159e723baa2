/* pace_part - what is known of steps and sequences */
#ifndef SINK_PACE_PART_H
#define SINK_PACE_PART_H

#include <stdint.h>

#include "base/map.h"
#include "sink/histogram.h"
#include "sink/pace.h"

/* as earlier runs have left it */
struct pace_past {
	uint64_t n;			/* 0: nothing is known */
	double median, mean, most;
};

struct pace_entry {
	struct histogram *times;	/* of this run; NULL: none yet */
	double sum, most;
	struct pace_past past;
	double median;			/* kept until n is another one */
	uint64_t median_of;
	/* of sequences: by bucket, what those took more that took longer */
	float *rest;
	uint64_t rest_of;
};

struct pace {
	struct map steps, sequences;
	struct pace_entry step[PACE_STEPS], sequence[PACE_SEQUENCES];
	uint64_t lanes;			/* ended in this run */
	double sum;			/* of their seconds */
	/* those told by pace_running() */
	uint64_t running, long_ones;
	double rest, long_sum;
	double longest;			/* but for those that are late */
	uint64_t late;			/* far beyond all that have ended */
	double late_rest, late_longest;
	uint64_t left_out;		/* late ones, of the last answer */
	double at_once;			/* at most, a while ago */
	double end, asked;		/* the last answer; 0: none */
};

/* of this run, or of what is remembered */
uint64_t pace_count(const struct pace_entry *);
double pace_median(struct pace_entry *);

#endif

/*
 * nest - which steps of a lane a call encloses
 *
 * The end of a call is in the journal, its begin is not: it began when the
 * first step did that stands in what it called.
 */
#ifndef JOURNAL_NEST_H
#define JOURNAL_NEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct story_step;

/* steps that have ended and are not part of a call that has */
struct nest {
	struct nest_item {
		const char *in;
		uint32_t first;	/* number of the first step in it */
		double began;
	} *item;
	size_t n, cap;
};

/* a zeroed nest is ready for use; steps as they end, known by a number */
void nest_add(struct nest *, const struct story_step *, uint32_t number,
    double began);
/*
 * One whose begin is not known, but that it was not before since (-1: nothing
 * is known).  Returns the number of the first step in it, and when that began;
 * its own number: it encloses none.
 */
uint32_t nest_close(struct nest *, const struct story_step *, uint32_t number,
    double since, double *began);
void nest_fini(struct nest *);

#endif

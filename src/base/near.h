/*
 * near - the nearest known name to one that is unknown
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

/* keeps the best candidate seen so far; start from a zeroed struct */
struct near {
	const char *best;	/* NULL: none was near enough; borrowed */
	unsigned distance;
};

/* edits (insert, delete, change, swap of neighbours) between two names */
unsigned near_distance(const char *a, const char *b);
/* offer a candidate; it counts if at most a third of its letters differ */
void near_offer(struct near *, const char *wanted, const char *candidate);

#endif

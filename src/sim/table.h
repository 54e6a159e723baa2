/*
 * table - which outcome is whose: the table of a simulation
 *
 * Rows for a step and for lanes whose name fits a pattern.  The first row
 * that fits is taken; each lane goes through the row's outcomes on its own.
 */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct lane_info;
struct launch;
struct sim_outcome;

struct sim_row {
	uint32_t step;		/* id in the plan */
	const char *lane;	/* see table_fits(); NULL: every lane */
	/* of one start after the other; the last is also of all further ones */
	const struct sim_outcome *outcome;
	size_t n;		/* at least 1 */
	uint32_t number;	/* of whoever made it */
	uint64_t used;		/* how often it was taken */
};

struct table {
	struct sim_row *row;
	size_t n, cap;
	bool sorted;
	struct map count;	/* of lanes and rows with several outcomes */
	uint32_t *started;	/* by number in count */
	size_t started_cap;
};

/* a zeroed table is ready for use; what rows point to is borrowed */
void table_add(struct table *, const struct sim_row *);
/* for struct sim_config; arg is the table */
const struct sim_outcome *table_outcome(void *arg, const struct launch *);
void table_fini(struct table *);

/*
 * `*` is any text and `?` any character; all else is itself, brackets too,
 * for they are part of the names of lanes.
 */
bool table_match(const char *pattern, const char *name);
/* the pattern fits the lane's name, its tag or its sequence */
bool table_fits(const char *pattern, const struct lane_info *);

#endif

/*
 * planner - what `pseq plan` knows, and the parts of what it shows
 */
#ifndef APP_PLANNER_H
#define APP_PLANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/show.h"
#include "base/buf.h"
#include "base/map.h"

struct hosts;
struct options;

enum { CENSUS_NAMES = 8 };

/* the lanes of one sequence, as the sink hears of them */
struct census {
	int64_t n;
	struct buf names;	/* of the first ones */
	struct map ways;	/* how its hosts are reached */
	struct hosts **on;	/* … which ones, by number in ways */
	size_t on_cap;
};

struct planner {
	const struct options *o;
	const struct plan *plan;
	struct census *census;	/* by sequence */
	bool *varies;		/* by symbol; freed here */
	bool *drawn;		/* by sequence: a routine that was shown */
	struct buf out;
};

/* the job, variables, secrets, limits, channels, hosts: a block each */
void plan_settings(struct planner *, const struct show *);
/* how a sequence or routine is begun: a line for each key */
void plan_header(struct planner *, const struct show *, const struct seq *,
    struct buf *);
/* a sequence, or a routine that is drawn nowhere else, as a tree */
void plan_sequence(struct planner *, const struct show *,
    const struct seq *);

#endif

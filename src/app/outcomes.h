/*
 * outcomes - the table of a simulation, from what the user says of it
 *
 * Patterns of steps and names of captures are looked up in the plan, so
 * that a slip is found before anything begins.
 */
#ifndef APP_OUTCOMES_H
#define APP_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/outcome.h"
#include "base/arena.h"
#include "lang/diag.h"
#include "sim/table.h"

struct buf;
struct lane_info;
struct near;
struct options;
struct plan;
struct sources;

struct expected {
	struct outcome outcome;
	bool seen;		/* there was such a lane, or may have been */
	bool used;
};

struct outcomes {
	const struct plan *plan;
	struct arena arena;
	struct sources *src;
	struct diag diag;
	struct expected *list;
	size_t n, cap;
	struct table table;
};

/* of --outcome, then of --outcomes.  -1 after mistakes were reported */
int outcomes_read(struct outcomes *, const struct plan *,
    const struct options *);
/* there is this lane */
void outcomes_lane(struct outcomes *, const struct lane_info *);
/* this sequence had lanes that never began: their names are not known */
void outcomes_unstarted(struct outcomes *, const char *sequence);
/*
 * Reports those that are of no lane; returns how many.  offer() gives the
 * names of all lanes to near_offer().
 */
unsigned outcomes_strange(struct outcomes *, const struct options *,
    void (*offer)(void *arg, struct near *, const char *wanted), void *arg);
/* after the run: which of the list were used */
void outcomes_count(struct outcomes *);
/* those that were not, though there were such lanes */
void outcomes_show(const struct outcomes *, struct buf *);
void outcomes_fini(struct outcomes *);

#endif

/*
 * trail - the ways that lanes took, as they are shown
 *
 * A sink and a watcher of the walk.  Lanes of a sequence that went the same
 * way share one path.  Memory is bounded for each lane and each path.
 */
#ifndef APP_TRAIL_H
#define APP_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/path.h"
#include "base/buf.h"
#include "base/map.h"
#include "model/event.h"
#include "walk/walk.h"

struct cover;
struct near;
struct plan;

enum { TRAIL_ENDLESS = 100 * 1000 };	/* ends of steps of one lane */

struct trail {
	const struct plan *plan;
	struct cover *cover;	/* borrowed */
	/* a lane begins */
	void (*begins)(void *arg, const struct lane_info *);
	void *arg;
	bool terminal;		/* what is shown goes to one */
	struct walk_watcher watcher;

	struct going **lane;	/* by id, those under way */
	size_t nlane, lane_cap;
	struct map keys;	/* of paths */
	struct path *path;
	size_t npath, path_cap;
	size_t names;		/* kept in all */
	uint64_t verdicts[LANE_CANCELLED + 1];
	struct buf notes;	/* warnings, lanes that never began */
	struct map unstarted;	/* sequences with lanes that never began */
	bool endless;		/* a lane goes round and round */
	double began, ended;

	const struct step **by_id;	/* steps of the plan */
};

/* begins and arg may be set afterwards; it must not be moved any more */
void trail_init(struct trail *, const struct plan *, struct cover *,
    struct sink *);
/* adds which steps are under way: "LANE: STEP" */
void trail_stuck(const struct trail *, struct buf *);
/* names of lanes */
void trail_offer(const struct trail *, struct near *, const char *wanted);
void trail_fini(struct trail *);

/* trail_show.c; sorts the paths */
void trail_show(struct trail *, struct buf *);

#endif

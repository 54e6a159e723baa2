/*
 * gather - equal lines of many lanes, shown once while the run goes on
 *
 *	web[01-12] | text
 *
 * Lines wait in a window, in the order they came.  A line of another lane of
 * the same sequence joins an equal one that stands behind that lane's last
 * one, so that each lane's lines stay in order.  The first is shown when no
 * lane in work can join it any more, when it is GATHER_S old, or when the
 * window is full.
 */
#ifndef SINK_GATHER_H
#define SINK_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sink/known.h"

#define GATHER_S 1.0

enum {
	GATHER_LINES = 4096,		/* in the window; a power of two */
	GATHER_BYTES = 256 * 1024,
	GATHER_JOINS = 128 * 1024,	/* of lanes to lines */
	GATHER_SAME = 16		/* equal lines that are looked at */
};

struct lane_info;

/* lane tells names apart as a number of a lane does; tag: the names */
typedef void gather_show_fn(void *arg, uint32_t lane, const char *tag,
    unsigned kind, const char *text, size_t len);

struct gather_line {
	uint64_t hash;
	uint32_t at, len;	/* of its text */
	uint32_t group;
	unsigned kind;
	double came;		/* by the clock of events */
	double seen;		/* by that of gather_tick(); 0: not yet */
	uint32_t join, joins;	/* the last one to join; how many have */
	uint32_t last_of;	/* lanes in work whose last line it is */
	uint64_t who;		/* a sum over the lanes */
	/* equal ones, the oldest first; of the oldest: the newest */
	uint64_t later, newest;
	uint64_t chain;		/* oldest ones with such a hash */
};

struct gather_join {
	struct known_lane *lane;
	uint32_t next;
};

struct gather {
	gather_show_fn *show;
	void *arg;

	struct gather_line *line;	/* a ring; number & (LINES - 1) */
	uint64_t first, end;		/* numbers of lines, from 1 */
	uint64_t *slot;			/* by hash; 0: none */
	char *text;			/* a ring */
	uint32_t text_end;
	struct gather_join *join;	/* index + 1 */
	size_t join_cap;
	uint32_t njoin, nwait, free_join;

	struct known lanes;
	uint32_t *behind;	/* by group: lanes in work that can join */
	size_t behind_cap;

	double now;		/* by the clock of events */
	uint64_t shown;		/* lines, all in all */
	/* the names of the line that was shown last */
	uint64_t who;
	uint32_t joins, serial;
	struct buf tag;
};

/* show and arg are the caller's to set */
void gather_start(struct gather *, const struct lane_info *);
void gather_end(struct gather *, const struct lane_info *);
/* a step of the lane runs: its lines are waited for; or not any more */
void gather_work(struct gather *, const struct lane_info *, bool on);
/* now: of the event */
void gather_add(struct gather *, const struct lane_info *, unsigned kind,
    const char *text, size_t len, double now);
/* called now and then with whatever clock, always the same */
void gather_tick(struct gather *, double now);
/* show all that waits, or forget it */
void gather_flush(struct gather *);
void gather_drop(struct gather *);
void gather_fini(struct gather *);

#endif

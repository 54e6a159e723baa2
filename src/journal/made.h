/*
 * made - a story while the records of its journal are read
 */
#ifndef JOURNAL_MADE_H
#define JOURNAL_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "journal/nest.h"
#include "model/story.h"

struct decoded;
struct record;

/* a lane while its records are read */
struct draft {
	size_t step_cap;
	struct nest nest;
	uint32_t *first;	/* by step: the first one in it, or itself */
	size_t first_cap;
	bool moved;		/* there is one that encloses others */
	/* steps that have begun, and not ended: calls hold what is in them */
	uint32_t *open;
	size_t nopen, open_cap;
	/* that were ended with the lane: if it is resumed, they go on */
	uint32_t *cut;
	size_t ncut, cut_cap;
};

struct made {
	struct story s;		/* first: what is handed out */
	struct arena arena;
	size_t lane_cap, note_cap, unstarted_cap;
	struct draft *draft;	/* by lane, as s.lane */
	size_t draft_cap;
	uint32_t *at;		/* from ids to lanes, + 1 */
	size_t at_cap;
	double began, last;	/* of this session, of what was read last */
};

/* texts as a story has them */
const char *made_text(struct made *, const char *);
const char *made_text_or_none(struct made *, const char *);
struct result made_result(struct made *, const struct result *);

/* a step of the lane with this place in s.lane begins, or a try ends */
void made_step_start(struct made *, size_t lane, const struct decoded *);
void made_step_end(struct made *, size_t lane, const struct record *,
    const struct decoded *);
/* calls in front of what they called */
void made_order(struct story_lane *, const struct draft *);

#endif

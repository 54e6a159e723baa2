/*
 * inside - what the parts of the past share
 */
#ifndef JOURNAL_INSIDE_H
#define JOURNAL_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "journal/past.h"
#include "journal/read.h"

/* a record about a lane, to be looked at when it is known to be wanted */
struct mention {
	struct mention *next;
	struct record record;
	/* of an end: it came with that of the lane; of a start: after that */
	bool cut;
};

/* one try of a step */
struct deed {
	struct deed *next;	/* of the same slot */
	uint32_t lane;		/* or group */
	uint32_t step, entry, attempt;
	enum past_begun begun;
	bool ended;
	struct past_try is;
};

struct deeds {
	struct deed **slot;
	size_t n, nslot;
};

struct chronicle {		/* a lane */
	struct past_lane is;	/* first: it is what others hold */
	const char *name;
	size_t len;
	uint32_t group;		/* lanes it belongs together with */
	uint32_t parent;	/* 0: none */
	bool began, hidden, given;
	unsigned cut;		/* session in which it was ended from outside */
	struct record end;
	struct mention *first, **tail;
	struct deed *open;	/* begun last, not ended */
	struct chronicle *same;	/* of the same slot, a later one */
};

struct sending {
	uint64_t number;
	struct record record;
	bool gone;
};

struct post {			/* a channel */
	struct sending *sent;
	size_t n, cap;
	uint64_t last, cleared;
	bool closed;
	struct took *took;	/* ranges */
	size_t ntook, took_cap;
};

struct journal_past {
	struct past is;
	const struct journal *journal;
	struct record job;		/* the last that says what it was */
	struct arena arena;
	struct buf key;			/* scratch */
	struct map groups;		/* see group_key() */
	uint32_t *group;		/* lanes of the user's that began */
	size_t ngroup;
	struct map steps;		/* "in NUL identity" */
	struct map posts;
	struct post *post;
	size_t post_cap;
	struct past_channel *channel;
	struct chronicle **lane;	/* by number */
	size_t nlane;			/* room for numbers below */
	struct chronicle **slot;	/* by group and name */
	size_t nslot;
	struct deeds deeds;		/* tries of lanes */
	/* by group, without tries */
	struct deeds once;		/* done for all its lanes */
	struct deeds pending;		/* begun by one of them, no end */
	size_t begun, given;
};

/* --- lanes (past_group.c) -------------------------------------------------- */

/* lanes of a sequence and round, as a number; MAP_NONE: not added */
uint32_t past_group(struct journal_past *, const char *sequence,
    uint32_t round, bool add);
/* lanes that a step of another lane started */
uint32_t past_group_below(struct journal_past *, uint32_t parent,
    const char *in, const char *identity, uint32_t entry, bool add);
uint32_t past_group_asked(struct journal_past *, const struct lane_info *);
/* when all are known */
void past_index(struct journal_past *);
/* the first of that name, which is then no more there; or NULL */
struct chronicle *past_take(struct journal_past *, uint32_t group,
    const char *name, size_t len);

/* --- the whole (past_read.c) ------------------------------------------------ */

/* -1: damaged, and why */
int past_read(struct journal_past *, struct buf *why);

/* --- steps (past_step.c) --------------------------------------------------- */

uint32_t past_step_number(struct journal_past *, const char *in,
    const char *identity, bool add);
struct deed *past_deed(const struct deeds *, uint32_t lane, uint32_t step,
    uint32_t entry, unsigned attempt);
/* the records of a lane into its deeds; -1: damaged, and why */
int past_deeds(struct journal_past *, struct chronicle *, struct buf *why);
/* a step_end with `once` */
int past_note_once(struct journal_past *, const struct chronicle *,
    const struct record *, struct buf *why);

/* --- channels (past_post.c) ------------------------------------------------ */

/* sent, taken, cleared, closed; -1: damaged */
int past_note_post(struct journal_past *, const struct record *,
    struct buf *why);
/* a message that counts for nothing, but for its number */
void past_note_void(struct journal_past *, const struct record *);
/* the end of a step that took messages */
int past_note_took(struct journal_past *, const struct record *,
    struct buf *why);
/* -1: a message that is left was not kept as it was, and why */
int past_finish_posts(struct journal_past *, struct buf *why);

#endif

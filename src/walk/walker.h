/*
 * walker - one frame: where a lane stands in a sequence or routine
 */
#ifndef WALK_WALKER_H
#define WALK_WALKER_H

#include "walk/inner.h"

enum phase {
	PHASE_ENTER,		/* the step at `at` is to be entered */
	PHASE_TRY,		/* its action was given out */
	PHASE_PAUSE,		/* between two tries */
	PHASE_REACT,		/* a reaction's `call` is under way */
	PHASE_RESCUE, PHASE_ALWAYS,	/* handlers of this frame */
	PHASE_CLOSE		/* nothing is left but to end */
};

/* a result that must outlive the call that brought it */
struct kept {
	bool set;
	struct result r;
	struct value *message, *step, *tail;
};

/* what fork() of a call gets */
struct calling {
	const struct seq *seq;
	struct binding *arg;	/* values of its params */
	size_t narg;
	bool handler;
};

struct walker {
	struct ctx *c;
	const struct seq *seq;
	uint32_t at;
	enum phase phase;
	bool finished;		/* by `finish` */
	bool rescued;
	bool spent;		/* the step's visits are used up */
	unsigned tries;		/* made so far, in this visit */
	struct outcome *outcome;	/* by step */
	struct binding *shadowed;	/* params and vars: the values below */
	size_t nshadowed;
	struct kept fail;	/* why this frame fails */
	struct calling calling;
	const struct reaction *reacting;	/* its call is under way */
	const struct line_branch *hit;	/* the line that ended the step */
	size_t line_at;		/* next branch to look at, after a say */
	struct last saved;	/* while a handler runs within another */
	bool hopeless;		/* no further try will mend it */
	bool gave_up;		/* a pattern did, while this step ran */
	struct buf say;
	bool restored;		/* the params are gone again */
};

/* react.c */
/* the result of the step at `at` is known: go on from there */
void react(struct walker *, struct result *, struct action *);
/* a reaction's call came back */
void react_back(struct walker *, struct result *, struct action *);
bool react_matches(const struct matches *, const struct result *);
enum line_verdict react_line(struct walker *, unsigned stream,
    const char *text, size_t len, bool again, struct action *);

/* handle.c */
/* the frame is over for this cause; handlers first */
void handle_failure(struct walker *, const struct result *, struct action *);
/* from the body to rescue to always to the end */
void handle_next(struct walker *, struct action *);
/* a handler is over: variables say again what they said before it */
void handle_over(struct walker *);
void kept_keep(struct kept *, const struct result *);
void kept_fini(struct kept *);

/* judge.c */
/* what the step's command came to: codes, captures */
void judge_result(struct walker *, struct result *);
/* what the variables of the last step say is this from now on */
void judge_record(struct walker *, const struct step *,
    const struct result *);
/* true: it is tried again, and the action says when */
bool judge_again(struct walker *, struct result *, struct action *);

/* step.c */
/* enter the step at `at` (or end, behind the last) */
void step_enter(struct walker *, struct action *);
/* the action of the step's next try */
void step_try(struct walker *, struct action *);
/* the routine and its arguments; -1 and c->why */
int step_call(struct walker *, const struct call *, struct action *);
bool step_speaks(const struct step *);
void step_error(struct walker *, struct action *);
uint32_t step_target(struct walker *, const struct target *, bool routine);

#endif

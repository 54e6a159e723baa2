/*
 * walker - one frame: where a lane stands in a sequence or routine
 */
#ifndef WALK_WALKER_H
#define WALK_WALKER_H

#include "model/past.h"
#include "walk/inner.h"

enum phase {
	PHASE_ENTER,		/* the frame begins */
	PHASE_HOLD,		/* … when it has its limits */
	PHASE_ONCE,		/* another lane does the step */
	PHASE_TAKE,		/* the step waits for its limits */
	PHASE_HOSTS,		/* a command tells the hosts that it calls */
	PHASE_TRY,		/* its action was given out */
	PHASE_PAUSE,		/* between two tries */
	PHASE_REACT,		/* a reaction's `call` is under way */
	PHASE_RESCUE,		/* a handler of this frame */
	PHASE_GATHER,		/* waits for what the lane has spawned */
	PHASE_ALWAYS,		/* a handler */
	PHASE_GATHER_AGAIN,	/* … and for what that has spawned */
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
	const struct result *ends;	/* of its call, if that is known */
};

struct wanted;

/* the message of a try whose `until` is false */
#define UNMET "'until' is still false"

struct walker {
	struct ctx *c;
	const struct seq *seq;
	const struct keys *keys;	/* of its header, or of its caller */
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
	struct wanted *wanted;	/* the group whose command runs, or NULL */
	struct calling calling;
	const struct reaction *reacting;	/* its call is under way */
	const struct line_branch *hit;	/* the line that ended the step */
	size_t line_at;		/* next branch to look at, after a say */
	struct last saved;	/* while a handler runs within another */
	bool hopeless;		/* no further try will mend it */
	bool unmet;		/* all that it lacks is its `until` */
	bool gave_up;		/* a pattern did, while this step ran */
	struct buf say;
	bool restored;		/* the params are gone again */
	bool first;		/* the lane's first frame */
	bool rescue_ran;
	bool regathered;	/* what was spawned was told to end */
	bool holds;		/* limits, for its step */
	bool shared;		/* another lane did this step */
	struct once *leads;	/* this one does it for the others */
	/* what is still to be told with the next action: */
	bool give_back;
	enum announce announce;
	uint64_t announced;
	struct step_note note;
	bool told;		/* that it was called, to a watcher */
	uint32_t entry;		/* how often the lane has entered the step */
	bool released;		/* its process lives on */
	/* of a run that was resumed: */
	const struct past_try *past;	/* what the try came to, if known */
	const struct result *ends;	/* what the frame came to, if known */
	uint32_t began;		/* of the lane, before this one */
	const char *why;	/* said of the step with its next action */
};

/* react.c */
/* the result of the step at `at` is known: go on from there */
void react(struct walker *, struct result *, struct action *);
/* a reaction's call came back */
void react_back(struct walker *, struct result *, struct action *);
bool react_matches(const struct matches *, const struct result *);
enum line_verdict react_line(struct walker *, unsigned stream,
    const char *text, size_t len, bool again, struct action *);

/* share.c: what is done once, limits, and what was received */
/* the step is entered: who does it? */
void share_enter(struct walker *, struct action *);
/* another lane has done it, or could not */
void share_look(struct walker *, struct action *);
/* the limits that it needs, then its first try */
void share_take(struct walker *, struct action *);
void share_taken(struct walker *, const struct result *, struct action *);
/* those of the frame itself */
void share_hold(struct walker *, struct action *);
/* the step is over: others may hear of it, limits are given back */
void share_over(struct walker *, const struct result *);
/* put what is to be told with it into the action */
void share_tell(struct walker *, struct action *);
/* the variables of a message */
void share_received(struct walker *, struct result *);
/* a loop that is fed is no loop that got lost */
void share_fed(struct ctx *);
/* the step must not be done again, by no lane of the group */
void share_refuse(struct walker *);
/* a known step was done for all lanes of the group */
void share_replayed(struct walker *, const struct result *);
/* ask.c */
void walk_ask(void *state, const struct request *, struct reply *);

/* note.c: the step is over, this is what it has set */
void note_take(struct walker *);

/* replay.c: what is known from before the run was resumed */
/* true: the try's end is known (or it must not be), and a says what is due */
bool replay_try(struct walker *, struct action *);
/* take in what a known try came to and had set; false: it was none */
bool replay_took(struct walker *, struct result *);
/* after a known try: was there another one? */
bool replay_again(struct walker *, struct action *);
/*
 * The lane cannot go on: the step was begun, and must not be again.  ended:
 * it has an end, but what it brought is lost.
 */
void replay_refuse(struct walker *, bool ended, struct action *);
/* a step with `once`, done by another lane; NULL: it was not */
const struct past_try *replay_once(struct walker *);
/* … it was begun, and must not be again */
bool replay_once_begun(struct walker *);

/* handle.c */
/* the frame is over for this cause; handlers first */
void handle_failure(struct walker *, const struct result *, struct action *);
/* from the body to rescue to always to the end */
void handle_next(struct walker *, struct action *);
/* what was spawned is over */
void handle_gathered(struct walker *, const struct result *,
    struct action *);
/* a handler is over: variables say again what they said before it */
void handle_over(struct walker *);
void kept_keep(struct kept *, const struct result *);
void kept_fini(struct kept *);

/* judge.c */
/* what is captured as a secret has no end that is shown */
void judge_hide(struct walker *, struct result *);
/* KEY=value lines become variables NAME_KEY; a secret's name, or NOWHERE */
uint32_t judge_pairs(struct ctx *, uint32_t sym, const char *text,
    size_t len);
/* what the step's command came to: codes, captures */
void judge_result(struct walker *, struct result *);
/* what the variables of the last step say is this from now on */
void judge_record(struct walker *, const struct step *,
    const struct result *);
/* true: it is tried again, and the action says when */
bool judge_again(struct walker *, struct result *, struct action *);

/* begin.c */
/* the first frame of a lane; what is wrong shows at its first next() */
void begin_lane(struct party *, const struct lane_info *,
    const struct item *, struct frame_init *);
/* a frame for the call that was prepared */
void begin_call(struct walker *, struct frame_init *);

/* step.c */
/* enter the step at `at` (or end, behind the last) */
void step_enter(struct walker *, struct action *);
/* the action of the step's next try */
void step_try(struct walker *, struct action *);
bool step_speaks(const struct step *);
/* the action's step, for events */
void step_name(const struct walker *, struct action *);
struct step_ref step_ref(const struct walker *);
/* the action only leads to its next try */
void step_waits(const struct walker *, struct action *);
/* a try of it, whatever becomes of that */
void step_begin(struct walker *, struct action *);
void step_error(struct walker *, struct action *);

/* target.c */
/* the routine and its arguments; -1 and c->why */
int step_call(struct walker *, const struct call *, struct action *);
/* the value of a routine's parameter; NULL and c->why */
struct value *step_argument(struct ctx *, const struct call *,
    const struct param *);
/* a step's or routine's number; NOWHERE and c->why */
uint32_t step_target(struct walker *, const struct target *, bool routine);

#endif

/*
 * program - what the engine drives
 *
 * A lane is a stack of frames, each a program with a state of its own.  The
 * engine asks the innermost one for its next action, does it, and comes
 * back with the result; ACT_CALL pushes a frame, ACT_END pops it and hands
 * its result to the one below.
 *
 * The engine never ends a frame on its own.  When a frame is to end (its
 * time is over, its lane or the run is being ended), next() gets a result
 * with `outside` set: the action under way has been ended, the program may
 * answer with its handlers, then ACT_END.
 */
#ifndef MODEL_PROGRAM_H
#define MODEL_PROGRAM_H

#include "model/action.h"
#include "model/source.h"

struct buf;
struct past_lane;
struct reply;
struct request;

/* what a program may know of its lane; lives as long as the lane */
struct lane_info {
	uint32_t id;		/* running number in the run, from 1 */
	const char *name;	/* sequence[item] */
	const char *tag;	/* how output is marked */
	const char *group;	/* name of its sequence */
	uint32_t index;		/* in its group, from 1 */
	int64_t lanes;		/* in its group; -1: not known */
	uint32_t wave;		/* of its group, from 1 */
	uint32_t order;		/* as index, through all waves and rounds */
	bool hidden;		/* no lane of the user's: lists, [vars] */
	bool sub;		/* started by a lane: counts for it only */
	uint32_t parent;	/* … by that one */
	struct step_ref by;	/* … in this step of it */
	uint32_t round;		/* of its sequence, from 1 */
	const char *host;	/* it runs on; NULL: here */
	/* what is known of it from before the run was resumed, or NULL */
	const struct past_lane *past;
};

/* what the line of a running command leads to */
enum line_verdict {
	LINE_ON,		/* nothing */
	LINE_SAY,		/* say act->text, then ask again */
	LINE_SEND,		/* send act->text to act->channel, ask again */
	LINE_SPAWN,		/* start act->group, ask again */
	LINE_HOLD,		/* stop reading until source.wants() */
	LINE_RELEASE,		/* the step is ok, the process lives on */
	LINE_KILL		/* end the process */
};

/* a new frame, filled by fork() */
struct frame_init {
	void *state;
	double limit;		/* seconds it may take; 0: none */
	/* for the first frame of a lane: its name, and the tag within */
	struct buf *name;
	size_t tag_at, tag_len;
	/* … and the caps it counts for, see engine_caps(); borrowed */
	const uint32_t *cap;
	size_t ncap;
	const char *host;	/* … and it runs on this one; NULL: here */
};

struct program {
	/*
	 * last is NULL at the start of a frame, and when the last action
	 * could not be begun yet: then the same one is asked for again.
	 */
	void (*next)(void *state, struct result *last, struct action *act);
	/*
	 * A frame for a call (lane, item are NULL: same lane), or the first
	 * frame of a lane.  What cannot be shows at its first next().
	 */
	void (*fork)(void *state, const void *call, const struct lane_info *,
	    const struct item *, struct frame_init *init);
	/*
	 * A line of a watched stream, with its LINE_… flags.  Called again
	 * with the same line and again = true as long as it returns
	 * LINE_SAY, LINE_SEND or LINE_SPAWN.  A group that was started by
	 * this step and is not over makes LINE_SPAWN do nothing.
	 */
	enum line_verdict (*line)(void *state, unsigned stream,
	    const char *text, size_t len, unsigned flags, bool again,
	    struct action *act);
	/*
	 * A command of a step of the lane asks something.  The reply is
	 * borrowed until the program is called again.  NULL: it has none.
	 */
	void (*ask)(void *state, const struct request *, struct reply *);
	/*
	 * Append what the lane has found out, as one JSON object, or
	 * nothing; asked at the end of a lane's first frame.  NULL: never.
	 */
	void (*facts)(void *state, struct buf *);
	/* lower first; -1: it could not be found out.  NULL: list order */
	int (*priority)(void *state, double *value);
	void (*end)(void *state);
};

/* how many lanes of a sequence go on at once before the next ones begin */
struct wave {
	int64_t n;
	bool percent;
};

/* lanes that belong together: those of one sequence, call or spawn */
struct group_spec {
	const char *name;
	const struct program *program;
	void *state;			/* of whoever forks the lanes */
	void (*end)(void *state);	/* the group is gone; or NULL */
	uint32_t kind;			/* see lane_kind; NOWHERE: none */
	const void *call;		/* handed to fork() */
	struct source source;
	/* fills the queue of the source from a command or file, or NULL */
	const struct program *feeder;
	void *feeder_state;
	const uint32_t *after;		/* groups, by number */
	size_t nafter;
	int64_t parallel;		/* 0: no limit of its own */
	bool parallel_percent;
	bool prioritized;		/* ask program->priority() */
	bool has_max_fail;
	int64_t max_fail;
	bool max_fail_percent;
	bool drain, stop;		/* at the first failure too many */
	bool lone;			/* one lane: the group's own
					   parallel does not hold it */
	bool lazy;			/* queue a chunk ahead, not the whole */
	bool hidden;
	const struct wave *wave;	/* the last one repeats; none: one */
	size_t nwave;
	/*
	 * Rounds: the group is begun again when it is over, `every` seconds
	 * after its last begin; again() makes source and feeder anew.
	 */
	int64_t rounds;			/* 0: one, < 0: no end */
	double every;
	void (*again)(void *state, struct group_spec *);
};

#endif

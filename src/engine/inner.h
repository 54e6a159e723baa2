/*
 * inner - what the files of the engine share
 */
#ifndef ENGINE_INNER_H
#define ENGINE_INNER_H

#include "base/buf.h"
#include "engine/engine.h"

/* the order to end a frame and all above it; seq 0: none */
struct cut {
	uint32_t seq;
	enum status status;	/* for that frame */
	enum status inner;	/* for those above it */
	const char *message;	/* static, or the lane's text */
};

/* one level of a lane's stack of programs */
struct frame {
	const struct program *program;
	void *state;
	double deadline;	/* monotonic; 0: none */
	struct cut cut;
	uint32_t told;		/* number of the last cut it was told of */
	bool shield;		/* not to be cut from below */
	unsigned attempt;
	struct step_ref step;	/* of the action under way */
};

/* something that the runner was asked to do */
struct work {
	struct lane *lane;
	token_t token;
	uint32_t frame;		/* whose action it is; NOWHERE: released */
	unsigned attempt;
	unsigned watch, divert;
	bool process;		/* counts for `children` */
	struct step_ref step;
	struct work *next;	/* of the lane's */
};

enum lane_state {
	LANE_READY,		/* on the ready list */
	LANE_RUNNING,		/* a work is under way */
	LANE_SLEEPING,
	LANE_QUEUED,		/* waits for one of `children` */
	LANE_CLOSING		/* over but for released processes */
};

struct lane {
	struct lane_info info;
	struct buf name;
	struct group *group;
	struct lane *prev, *next;	/* all lanes of the engine */
	struct lane *ready_next;
	token_t token;
	enum lane_state state;
	struct frame *frame;
	size_t nframe, frame_cap;
	struct work *work;		/* the current one, or NULL */
	struct work *works;		/* with the released ones */
	bool cut;			/* a frame has one */
	bool on_list;			/* the ready list */
	bool has_last;			/* last is the result to go on with */
	struct result last;
	enum frame_end end;		/* when closing */
	double started;
	double wake_at, limit_at;	/* of the sleep; 0: none */
	double armed;			/* for when a wake is asked; 0: none */
	double priority;
	uint64_t queued;		/* number in the queue for children */
	struct buf text;		/* message of its cut */
	struct buf why;			/* … of a start or call that failed */
};

/* lanes that wait for something, lowest (priority, order) first */
struct queue_entry {
	double priority;
	uint64_t order;
	struct lane *lane;	/* of a group's heap */
	token_t token;		/* of the queue for children */
};

struct queue {
	struct queue_entry *entry;
	size_t n, cap;
};

enum group_state { GROUP_WAITING, GROUP_OPEN, GROUP_OVER };

struct group {
	struct group_spec spec;
	uint32_t number;
	enum group_state state;
	bool source_over;
	bool dry;		/* the source had nothing, for now */
	bool drained;		/* no new lanes */
	bool stopped;		/* … and those it has were ended */
	bool cut;		/* its feeder was ended before its end */
	bool failed;		/* beyond its max-fail, or never begun */
	int64_t count;		/* lanes in all; -1: not known */
	int64_t parallel;	/* 0: no limit */
	int64_t max_fail;
	uint32_t begun;		/* lanes */
	int64_t live, bad;
	struct lane *feeder;
	struct work *held;	/* the feeder's, not being read */
	struct queue queue;	/* of lanes that were not begun */
};

enum slot_kind { SLOT_FREE, SLOT_LANE, SLOT_WORK, SLOT_ENGINE };

struct slot {
	enum slot_kind kind;
	uint32_t generation;
	void *ptr;
	uint32_t next_free;
};

struct engine {
	struct engine_config config;
	struct runner runner;
	struct slot *slot;
	size_t nslot, slot_cap;
	uint32_t free_slot;
	struct group *group;		/* not moved once the run began */
	size_t ngroup, group_cap;
	size_t open;			/* groups that are not over */
	struct lane *lanes;		/* all of them */
	struct lane *ready, **ready_end;
	struct queue waiting;		/* for children */
	uint64_t order;			/* of queue entries, ever growing */
	int64_t places;			/* lanes that hold one */
	int64_t children;		/* processes at once, now */
	int64_t room;			/* fewer than config says, for a while */
	int64_t bad;			/* failed top-level lanes */
	uint32_t lane_id, cut_seq;
	bool fill;			/* a lane may be begun: look */
	bool draining, stopping, killed, over;
	bool noted;			/* children_note was said */
	bool pumping;			/* what comes waited its turn */
	double always_s;		/* longest time for `always`, 0: its own */
	unsigned starts;		/* processes that this turn may start */
	token_t self;			/* timer of the whole run */
	struct engine_totals totals;
	struct action act;		/* what a program answered last */
	struct event line;		/* filled for line_work */
	const struct work *line_work;
	struct lane *pool;		/* ended lanes, for reuse */
	struct work *work_pool;
};

/* token.c */
token_t engine_token(struct engine *, enum slot_kind, void *ptr);
void engine_untoken(struct engine *, token_t);
void *engine_lookup(struct engine *, token_t, enum slot_kind);
/* engine.c */
double engine_now(struct engine *);
void engine_emit(struct engine *, struct event *);
void engine_warn(struct engine *, const struct lane *, const char *text);
void engine_ready(struct engine *, struct lane *);
void engine_pump(struct engine *);

/* queue.c: a binary heap */
void queue_push(struct queue *, struct queue_entry);
struct queue_entry queue_pop(struct queue *);

/* lane.c */
struct lane *lane_new(struct engine *, struct group *);
/* the lane's first frame is there: begin */
void lane_begin(struct engine *, struct lane *);
/* go on with a result (NULL: start, or the same action again) */
void lane_advance(struct engine *, struct lane *, struct result *last);
void lane_work_over(struct engine *, struct work *, const struct result *);
void lane_woken(struct engine *, struct lane *);
void lane_arm(struct engine *, struct lane *);
void lane_free(struct engine *, struct lane *);
/* its first frame and its name, from an item or from the list's feeder */
void lane_fork(struct lane *, const struct item *);
void lane_feeder(struct lane *);
struct frame *lane_top(struct lane *);

/* go on with this result when the lane's turn comes */
void lane_give(struct engine *, struct lane *, const struct result *);

/* work.c */
/*
 * Start a process, a copy or the reading of a list; when there is no room
 * now the lane waits for something else to end.
 */
void work_start(struct engine *, struct lane *, const struct action *);
void work_free(struct engine *, struct work *);

/* cut.c */
/* end the frames from number `frame` up, and tell them why */
void cut_lane(struct engine *, struct lane *, uint32_t frame,
    enum status status, enum status inner, const char *message);
/* the frame whose cut the top frame is still to be told of, or NULL */
struct frame *cut_due(const struct engine *, const struct lane *);
/* what the top frame is told; marks it as told */
void cut_tell(struct lane *, const struct frame *due, struct result *);
void cut_deadlines(struct engine *, struct lane *);

/* group.c */
void group_update(struct engine *);
void group_fill(struct engine *);
void group_lane_over(struct engine *, struct lane *, enum lane_verdict);
void group_drop_queue(struct engine *, struct group *);

#endif

/*
 * inner - what the files of the engine share
 */
#ifndef ENGINE_INNER_H
#define ENGINE_INNER_H

#include "base/buf.h"
#include "base/link.h"
#include "engine/engine.h"

/* the order to end a frame and all above it; seq 0: none */
struct cut {
	uint32_t seq;
	enum status status;	/* for that frame */
	enum status inner;	/* for those above it */
	const char *message;	/* static, or the lane's text */
	bool later;		/* not while the lane only repeats the past */
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
	unsigned retries;	/* of its step, so far */
	struct step_ref step;	/* of the action under way */
	bool unbegun;		/* … which is no more than an intention */
};

/* a result whose texts are its own */
struct stored {
	struct result r;
	struct buf text, out;
};

enum waiter_kind {
	WAITER_LANE,			/* in a step of its own */
	WAITER_INPUT,			/* a command's standard input */
	WAITER_OUTPUT,			/* what a command has sent */
	WAITER_CLIENT			/* a command that asked for it */
};

struct waiter {
	struct link link;		/* stays first */
	enum waiter_kind kind;
	void *who;			/* struct lane, work or client */
};

enum client_state {
	CLIENT_SENDS, CLIENT_RECEIVES,	/* it waits */
	CLIENT_HAS			/* a message, not yet confirmed */
};

/* a command that has to do with a channel right now */
struct client {
	struct waiter waiter;
	token_t token;			/* of the runner */
	struct work *work;
	struct client *next;		/* of the work's */
	enum client_state state;
	struct channel *channel;
	struct buf message;
	uint64_t number;		/* of one that it has */
	bool timed;			/* it does not wait for ever: */
	token_t timer;
};

/* between a command and channels */
struct flow {
	struct waiter input, output;
	uint32_t in, out;		/* channels, or NOWHERE */
	struct buf pending;		/* what was sent and has no place yet */
	size_t pending_at;
	struct buf line;		/* a line that is not at its end */
	struct buf part;		/* a message written only in part … */
	size_t part_at;			/* … up to here */
	uint64_t number;		/* … which is this one */
	struct channel *at;		/* it waits for room there; or NULL */
	bool full;			/* its pipe is: room() follows */
	bool shut;			/* its input is over */
	bool warned;			/* that its output is dropped */
	bool done;			/* the process has ended, with: */
	struct stored result;
};

/* something that the runner was asked to do */
struct work {
	struct lane *lane;
	token_t token;
	uint32_t frame;		/* whose action it is; NOWHERE: released */
	unsigned attempt;
	unsigned watch, divert;
	bool process;		/* counts for `children` */
	bool outside;		/* … and as something that can happen */
	struct step_ref step;
	struct work *next;	/* of the lane's */
	struct flow *flow;	/* NULL: it has to do with no channel */
	struct client *clients;
	unsigned waiting, having;	/* how many of them do */
	bool blocked;		/* by that it waits for others */
	bool hushed;		/* … and is not outside, for now */
	bool sends;		/* it may send to a channel */
	bool timed;		/* it does not run for ever */
	bool counted;		/* … beside its lane: as active */
};

enum lane_state {
	LANE_READY,		/* on the ready list */
	LANE_RUNNING,		/* a work is under way */
	LANE_SLEEPING,
	LANE_QUEUED,		/* waits for one of `children` */
	LANE_COMMITTING,	/* … until its start is kept for good */
	LANE_WAITING,		/* for other lanes */
	LANE_CLOSING		/* over but for what it has started */
};

enum wait_for {
	WAIT_CALL,		/* for the lanes of its call */
	WAIT_JOIN,
	WAIT_BARRIER,
	WAIT_KEY,
	WAIT_SEND, WAIT_RECEIVE,
	WAIT_LIMITS,
	WAIT_PLACE		/* it has a result to go on with */
};

/* limits that a frame, or its step, has taken or wants */
struct holding {
	struct holding *next;
	uint32_t frame;
	bool own;		/* the frame itself */
	size_t n;
	struct held {
		uint32_t limit;
		int64_t n;
		int lock;	/* of the runner; -1: none */
	} held[];
};

struct lane {
	struct lane_info info;
	struct buf name;
	struct group *group;
	struct lane *prev, *next;	/* all lanes of the engine */
	struct lane *gprev, *gnext;	/* those of its group */
	struct lane *ready_next;
	token_t token;
	enum lane_state state;
	struct frame *frame;
	size_t nframe, frame_cap;
	size_t depth;			/* frames of the lanes that it is of */
	struct work *work;		/* the current one, or NULL */
	struct work *works;		/* with the released ones */
	struct group *child;		/* groups that it started */
	bool cut;			/* a frame has one */
	uint32_t cut_told;		/* the last one that an event told of */
	bool replays;			/* all it does is known already */
	bool on_list;			/* the ready list */
	bool has_last;			/* last is the result to go on with */
	bool placed;			/* it has a place */
	const uint32_t *cap;		/* … which counts for these caps */
	size_t ncap;
	bool travelled;			/* it has run something elsewhere */
	unsigned tries;			/* most of any of its steps */
	bool lent;			/* … or had one, and wants it back */
	bool told;			/* that its step starts, and kept */
	bool reserved;			/* … and a process is counted for it */
	unsigned commits;		/* not yet answered */
	bool active;			/* it may do something by itself */
	struct result last;
	struct stored *kept;		/* texts of last; NULL: not yet used */
	enum frame_end end;		/* when closing */
	double started;
	double wake_at, limit_at;	/* of the sleep; 0: none */
	double armed;			/* for when a wake is asked; 0: none */
	double priority;
	uint64_t queued;		/* number in the queue it stands in */
	struct buf text;		/* message of its cut */
	struct buf why;			/* … of a start or call that failed */

	struct holding *holding;	/* limits that it has */

	/* while it waits for others: */
	enum wait_for waits;
	struct waiter waiter;
	double since;
	bool timed;			/* … not for ever */
	union {
		struct group *called;		/* WAIT_CALL */
		struct {			/* WAIT_JOIN; NULL: all */
			const char *const *name;
			size_t n;
		} join;
		struct barrier *barrier;	/* WAIT_BARRIER */
		uint64_t key;			/* WAIT_KEY */
		struct {			/* WAIT_SEND, WAIT_RECEIVE */
			struct channel *channel;
			const char *text;
			size_t len;
		} message;
		struct holding *wanted;		/* WAIT_LIMITS */
	} on;
};

/* lanes that wait for something, lowest (priority, order) first */
struct queue_entry {
	double priority;
	uint64_t order;
	struct lane *lane;	/* of a group's heap */
	token_t token;		/* of the other queues */
};

struct queue {
	struct queue_entry *entry;
	size_t n, cap;
};

struct barrier {
	struct barrier *next;
	const char *name;	/* of the lane that came first */
	int64_t want;		/* arrivals; 0: all */
	int64_t arrived;
	struct link lanes;
};

enum group_state {
	GROUP_WAITING, GROUP_OPEN,
	GROUP_RESTING,		/* until its next round */
	GROUP_OVER
};

struct group {
	struct group_spec spec;
	uint32_t number;	/* NOWHERE: it was started by a lane */
	enum group_state state;
	bool source_over;
	bool dry;		/* the source had nothing, for now */
	bool drained;		/* no new lanes */
	bool stopped;		/* … and those it has were ended */
	bool lacking;		/* … before they were all over by themselves */
	bool cut;		/* its feeder was ended before its end */
	bool failed;		/* beyond its max-fail, or never begun */
	int64_t count;		/* lanes in all; -1: not known */
	int64_t parallel;	/* 0: no limit */
	int64_t more;		/* … of it, as a user wanted; in all rounds */
	int64_t max_fail;
	uint32_t begun;		/* lanes, in this round */
	uint32_t dropped;	/* … of which these were not, after all */
	uint32_t known;		/* lanes that had begun before the run was
				   resumed, not yet taken from the list */
	bool draining;		/* none but those */
	uint32_t order;		/* … and in all of them */
	int64_t live, bad;
	int64_t placed;		/* lanes with a place */
	struct lane *lane;	/* all it has */
	struct lane *feeder;
	struct work *held;	/* the feeder's, not being read */
	struct queue queue;	/* of lanes that were not begun */
	struct queue returning;	/* … that want their place back */
	struct queue *aside;	/* … whose caps are used up, by cap, or NULL */
	size_t ncaps, naside;	/* … how many queues, lanes in them */
	struct link capped;	/* in the engine's ring: waits for caps */
	/* waves: */
	uint32_t wave;		/* from 1 */
	int64_t wave_size, wave_begun;	/* size -1: all that there are */
	/* rounds: */
	int64_t round;
	double round_at;
	token_t token;		/* of its timer */
	/* meetings: */
	struct barrier *barrier;
	struct link keyed;
	/* started by a lane: */
	struct lane *parent;
	uint32_t frame;		/* … whose frame that was */
	struct group *sibling;
	const char *name;	/* for join; NULL: a call */
	uint32_t shield;	/* the handler not to be cut short that it
				   was started in, a frame; 0: none */
	bool timed_out;
	struct step_ref by;	/* … in this step of it */
	uint32_t by_step;	/* started by a line of that step: its id + 1 */
	bool on_list;		/* of groups to be looked at */
	struct group *list_next;
	struct stored why;	/* the failure that was too much */
};

enum slot_kind {
	SLOT_FREE, SLOT_LANE, SLOT_WORK, SLOT_GROUP, SLOT_CLIENT, SLOT_ENGINE
};

struct slot {
	enum slot_kind kind;
	uint32_t generation;
	void *ptr;
	uint32_t next_free;
};

/* messages of a channel are numbered as they are sent, from 1 */
struct message {
	struct buf text;
	uint64_t number;
};

struct channel {
	struct channel_spec spec;
	int64_t capacity;	/* may have grown */
	bool closed, warned;
	struct message *slot;	/* a ring */
	size_t size, first, n;
	uint64_t sent;		/* number of the last message */
	size_t unproven;	/* handed to clients, not yet confirmed */
	struct link receivers, senders;
	uint32_t *receiving, *sending;	/* of those, by kind of lane */
};

struct cap {
	int64_t most, used;
};

struct limit {
	struct limit_spec spec;
	int64_t used;
	struct queue queue;
};

/* lanes of one kind */
struct kind {
	struct lane_kind spec;
	int64_t alive;
	int64_t active;		/* may do something by themselves */
	int64_t joining;	/* wait for lanes that they started */
	bool lives;		/* while it is found out who can go on */
};

struct engine {
	struct engine_config config;
	struct runner runner;
	struct slot *slot;
	size_t nslot, slot_cap;
	uint32_t free_slot;
	struct group **group;		/* by number: not those of lanes */
	size_t ngroup, group_cap;
	size_t open;			/* … that are not over */
	struct group *look, **look_end;	/* those of lanes: to be looked at */
	struct lane *lanes;		/* all of them */
	struct lane *ready, **ready_end;
	struct queue waiting;		/* for children */
	uint64_t order;			/* of queue entries, ever growing */
	int64_t places;			/* lanes that hold one */
	int64_t returning;		/* lanes that want theirs back */
	int64_t children;		/* processes at once, now */
	int64_t room;			/* fewer than config says, for a while */
	int64_t bad;			/* failed top-level lanes */
	int64_t outside;		/* what can happen without us */
	struct channel *channel;
	size_t nchannel;
	struct client **client;		/* by index of the runner's token */
	size_t client_cap;
	struct kind *kind;
	size_t nkind;
	struct limit *limit;
	size_t nlimit;
	struct cap *cap;
	size_t ncap;
	struct link capped;		/* groups that wait for them */
	uint32_t lane_id, cut_seq;
	bool fill;			/* a lane may be begun: look */
	bool settle;			/* a channel may have to be closed */
	bool draining, stopping, killed, over;
	bool halted;			/* … from outside: no lane at all begins */
	bool paused;			/* … for a while */
	bool noted;			/* children_note was said */
	bool pumping;			/* what comes waited its turn */
	bool beyond;			/* … and need not fit */
	double always_s;		/* longest time for `always`, 0: its own */
	double began;
	unsigned starts;		/* processes that this turn may start */
	token_t self;			/* timer of the whole run */
	bool check_limits;
	struct engine_totals totals;
	struct action act;		/* what a program answered last */
	struct event line;		/* filled for line_work */
	const struct work *line_work;
	struct buf text;		/* scratch */
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
/* the job itself brings it about: no new lanes, or (stop) the end of all */
void engine_halt(struct engine *, const char *why, bool stop);
void engine_ready(struct engine *, struct lane *);
/* it has a turn, whatever its state is */
void engine_enlist(struct engine *, struct lane *);
/* a start failed for now: why lanes wait is told once */
void engine_full(struct engine *, int err);
void engine_pump(struct engine *);
/* one more process than may be, for a lane that waits; false: none does */
bool engine_force(struct engine *);

/* queue.c: a binary heap, rings, results that last */
void queue_push(struct queue *, struct queue_entry);
struct queue_entry queue_pop(struct queue *);
/* the first of a ring that is not empty */
struct waiter *link_first(const struct link *ring);
void store_result(struct stored *, const struct result *);
void stored_fini(struct stored *);

/* lane.c */
struct lane *lane_new(struct engine *, struct group *);
/* the lane's first frame is there: begin */
void lane_begin(struct engine *, struct lane *);

/* turn.c */
/* go on with a result (NULL: start, or the same action again) */
void lane_advance(struct engine *, struct lane *, struct result *last);
void lane_work_over(struct engine *, struct work *, const struct result *);
/* the same, but from within the turn of another lane */
void lane_work_ended(struct engine *, struct work *, const struct result *);
void lane_woken(struct engine *, struct lane *);
void lane_arm(struct engine *, struct lane *);
void lane_free(struct engine *, struct lane *);
/* its first frame and its name, from an item or from the list's feeder */
void lane_fork(struct engine *, struct lane *, const struct item *);
void lane_feeder(struct lane *);
struct frame *lane_top(struct lane *);
struct frame *lane_push(struct lane *, const struct program *);
/* its last frame is over */
void lane_end(struct engine *, struct lane *, const struct action *);
/* what it started is over: it may be closed now */
void lane_close(struct engine *, struct lane *);
/* by what its group's program says, or the lane's that started it */
double lane_priority(const struct lane *);
/* it cannot go on by itself, or can again */
void lane_active(struct engine *, struct lane *, bool on);
/* true: it cannot call any deeper, and goes on with that as an error */
bool lane_is_too_deep(struct engine *, struct lane *, unsigned more);
/* tell that its step begins to take time */
void lane_tell_start(struct engine *, struct lane *, const struct action *);

/* go on with this result when the lane's turn comes */
void lane_give(struct engine *, struct lane *, const struct result *);
/* a copy that lasts until the next one */
const struct result *lane_keep(struct lane *, const struct result *);
/* … whose texts do not last as long */
void lane_give_kept(struct engine *, struct lane *, const struct result *);

/* wait.c: lanes that wait for one another */
/* l->on is filled; the lane is put at the end of the ring (NULL: none) */
void wait_begin(struct engine *, struct lane *, enum wait_for,
    struct link *ring, const struct action *);
/* it waits no more; whoever calls says what is next */
void wait_leave(struct engine *, struct lane *);
/* … it goes on with this, as soon as it has its place back */
void wait_over(struct engine *, struct lane *, const struct result *);
/* its time is over */
void wait_timeout(struct engine *, struct lane *);
void wait_cut(struct engine *, struct lane *);

/* place.c: lanes in progress */
/* begin, or let go on, all that may */
void place_fill(struct engine *);
void place_fill_group(struct engine *, struct group *);
void place_lend(struct engine *, struct lane *);
/* which one of its wave it is */
void place_number(struct lane *);
/* the lane has a result: go on, or queue for a place */
void place_return(struct engine *, struct lane *);
void place_drop(struct engine *, struct lane *);
/* one more than there are, for a lane that waits; false: none does */
bool place_force(struct engine *);

/* steer.c: would more of its lanes begin but for a pause? */
bool steer_holds(struct engine *, struct group *);
/* … of any group's */
bool steer_holds_any(struct engine *);

/* work.c */
/*
 * Start a process, a copy or the reading of a list; when there is no room
 * now the lane waits for something else to end.
 */
void work_start(struct engine *, struct lane *, const struct action *);
/* its start was told, but it did not come to that */
void work_forgo(struct engine *, struct lane *);
void work_free(struct engine *, struct work *);
/* its process is over, or counts no more: nothing waits for it */
void work_settled(struct engine *, struct work *);
/* end it; that can be at once */
void work_stop(struct engine *, struct work *, enum stop_why);

/* client.c: commands that talk to us */
/* up (model/runner.h) */
void engine_asked(void *engine, token_t client, token_t step,
    const struct request *);
void engine_left(void *engine, token_t client);
/* its turn: a message for it; it waits no more */
void client_give(struct engine *, struct client *, uint64_t number,
    const char *, size_t);
/* … what it sends has found a place; false: it has not */
bool client_send(struct engine *, struct client *);
void client_closed(struct engine *, struct client *);
void client_woken(struct engine *, struct client *);
/* the command waits for one channel more, or less */
void clients_wait(struct engine *, struct work *, bool more);
/* the command goes on beside its lane */
void clients_released(struct engine *, struct work *);
/* its process is over, or counts no more */
void clients_settled(struct engine *, struct work *);
/* those that wait get this for an answer */
void clients_refuse(struct engine *, struct work *, const char *why);
/* … all of them; what they have and did not confirm is given back */
void clients_over(struct engine *, struct work *);
void clients_fail(struct engine *, const char *why);
/* the next that waits, from number *i on, in words; false: there is none */
bool client_tell_waiting(struct engine *, size_t *i, struct buf *);
void clients_fini(struct engine *);

/* past.c: of a run that is resumed */
#define PAST_OVER "ended before: nothing of it runs again"
/* what is known of the lane, whose name is there now */
void past_find(struct engine *, struct lane *);
/* how many lanes of that round had begun */
uint32_t past_was_begun(const struct engine *, const struct group *,
    int64_t round);
/* with the first action that is new it is back where it was */
void past_goes_on(struct lane *, const struct action *);
/* true: the lane is not begun, and gone; it is over, or to be no more */
bool past_spares(struct engine *, struct lane *);
/* true: those that had begun are still to come, so it only drains then */
bool past_drain(struct engine *, struct group *);
/* … which may be now */
void past_drained(struct engine *, struct group *);
/* end as then those frames that a recorded result tells of */
void past_cut(struct engine *, struct lane *, const struct result *);

/* cut.c */
#define CUT_LANE_TIMEOUT "the lane took too long"
#define CUT_CALL_TIMEOUT "the call took too long"
/* end the frames from number `frame` up, and tell them why */
void cut_lane(struct engine *, struct lane *, uint32_t frame,
    enum status status, enum status inner, const char *message);
/* the frame whose cut the top frame is still to be told of, or NULL */
struct frame *cut_due(const struct engine *, const struct lane *);
/* what the top frame is told; marks it as told */
void cut_tell(struct lane *, const struct frame *due, struct result *);
/* the step was ended by a cut, so its end is that cut's */
void cut_told_end(struct lane *, const struct frame *due, struct result *);
void cut_deadlines(struct engine *, struct lane *);
/* a handler that is not cut short is under way, from that frame up */
bool cut_is_shielded(const struct lane *, uint32_t frame);

/* group.c */
void group_init(struct group *, const struct group_spec *);
void group_fini(struct group *);
void group_update(struct engine *);
void group_open(struct engine *, struct group *);
/* true: all its lanes are over and there will be no more */
bool group_is_over(const struct group *);
bool group_is_beyond(const struct group *);
/* the next lane of its list, not begun; NULL: none now */
struct lane *group_pull(struct engine *, struct group *);
void group_lane_over(struct engine *, struct lane *, enum lane_verdict);
/* no new lanes */
void group_drain(struct engine *, struct group *);
/* … and those it has are ended */
void group_stop(struct engine *, struct group *);
/* something about it has changed: look at it in this turn */
void group_touch(struct engine *, struct group *);
/* lanes that were taken from the list, but not begun */
int64_t group_unbegun(const struct group *);
/* n, or n percent of count, but no less than that */
int64_t group_share(int64_t n, bool percent, int64_t count, int64_t least);

/* round.c: waves and rounds */
/* how many lanes the wave that begins now has */
void round_size_wave(struct group *);
/* the same as its lanes are told; -1: the list is not known to its end */
int64_t round_lanes(const struct group *);
/* is the one under way complete? */
bool group_wave_full(const struct group *);
/* it is over: the next one, unless too many failed */
void round_next_wave(struct engine *, struct group *);
/* the group is over, but its next round comes; false: it has none */
bool round_rest(struct engine *, struct group *);
/* it rests no more */
void round_wake(struct engine *, struct group *);
/* its time has come */
void group_woken(struct engine *, struct group *);

/* sub.c: groups that were started by lanes */
void sub_fork(struct engine *, struct lane *, const struct action *);
/* … or not, after all: what it would have taken over is freed */
void sub_forgo(const struct action *);
/* … by a line of a command */
void sub_spawn(struct engine *, struct work *, const struct action *);
void sub_join(struct engine *, struct lane *, const struct action *);
void sub_update(struct engine *);
/* end those that the cut of a frame ends */
void sub_cut(struct engine *, struct lane *, uint32_t frame);
/* the lane is over: end and free what is left; true: nothing is */
bool sub_end(struct engine *, struct lane *);
/* the failure of a lane of it was too much */
void sub_keep(struct group *, const struct result *);

/* meet.c: barriers, and keys that one lane announces to the others */
void meet_barrier(struct engine *, struct lane *, const struct action *);
void meet_await(struct engine *, struct lane *, const struct action *);
void meet_announce(struct engine *, struct group *, uint64_t key, bool all);
/* a lane waits no more, or there are fewer that could come */
void meet_leave(struct engine *, struct lane *);
void meet_fewer(struct engine *, struct group *);
void meet_fini(struct group *);

/* cap.c */
bool cap_is_free(const struct engine *, const struct lane *);
void cap_take(struct engine *, const struct lane *);
void cap_leave(struct engine *, const struct lane *);
/* the group is looked at when a cap has room again */
void cap_watch(struct engine *, struct group *);
/* a lane that was not begun, and may not for now */
void cap_put_aside(struct engine *, struct group *, struct queue_entry);
/* where the first one of those that may begin stands; or NULL */
struct queue *cap_first_aside(struct engine *, struct group *);
struct queue_entry cap_take_aside(struct group *, struct queue *);
void cap_fini(struct group *);

/* limit.c */
void limit_take(struct engine *, struct lane *, const struct action *);
/* what the step of that frame took, or (own) the frame itself as well */
void limit_give_back(struct engine *, struct lane *, uint32_t frame, bool own);
/* it waits no more, and gets none */
void limit_leave(struct engine *, struct lane *);
/* something may be free: let those go on who can */
void limit_check(struct engine *);
/* does a lane wait for no more than what other processes hold? */
bool limit_is_outside(struct engine *);

/* channel.c */
/* who sends: a lane, by this step of its own, or (NULL) by a command */
struct origin {
	const struct lane *lane;
	const struct step_ref *step;
};

void channel_send(struct engine *, struct lane *, const struct action *);
void channel_receive(struct engine *, struct lane *, const struct action *);
void channel_close(struct engine *, struct channel *);
/* … by a step, which is told */
void channel_close_by(struct engine *, struct lane *, const struct action *);
void channel_clear_by(struct engine *, struct lane *, const struct action *);
/* true: taken; false: there is no room now (or it is closed) */
bool channel_put(struct engine *, struct channel *, struct origin,
    const char *, size_t);
/* a message that was taken but not delivered, to the front */
void channel_put_back(struct engine *, struct channel *, uint64_t number,
    const char *, size_t);
/* a command of the lane has got it for good */
void channel_taken(struct engine *, const struct channel *,
    const struct lane *, uint64_t number);
/* one more receiver that is no lane: give it what there is, or keep it */
void channel_input(struct engine *, struct channel *, struct waiter *);
/* … one more sender */
void channel_output(struct engine *, struct channel *, struct waiter *);
/* the next message, if there is one: its number; then channel_pump() */
uint64_t channel_get(struct channel *, struct buf *);
/* senders go on as long as what they send finds a place */
void channel_pump(struct engine *, struct channel *);
/* twice the capacity */
void channel_grow(struct engine *, struct channel *);
void channel_fini(struct channel *);

/* flow.c: commands whose lines come from or go to channels */
void flow_begin(struct engine *, struct work *, const struct action *);
/* a line for a channel */
void flow_send(struct engine *, struct work *, uint32_t channel,
    const char *, size_t);
/* … or a part of one; more follow */
void flow_line(struct engine *, struct work *, const char *, size_t,
    bool more);
/* a message for its standard input; false: it takes no more */
bool flow_give(struct engine *, struct work *, uint64_t number, const char *,
    size_t);
/* what it was given is written: it has got it */
void flow_given(struct engine *, struct work *);
/* the channel of its input is closed */
void flow_shut(struct engine *, struct work *);
/* its pipe takes more */
void flow_room(struct engine *, struct work *);
/* channel c has room, or is closed: its pending messages */
void flow_on(struct engine *, struct work *);
/* the process has ended; true: its step has not, keep the result */
bool flow_done(struct engine *, struct work *, const struct result *);
/* its step is ended: what it has not sent is dropped */
void flow_drop(struct engine *, struct work *);
void flow_free(struct work *);

/* stuck.c */
/* close channels that nobody can send to any more */
void stuck_settle(struct engine *);
/* nothing can go on; true: something now can */
bool stuck_resolve(struct engine *);
/* what a waiting lane waits for, added: "at barrier 'all'" */
void stuck_tell(struct buf *, const struct engine *, const struct lane *);

#endif

/*
 * engine - drives programs: lanes, frames, groups, places
 *
 * Knows neither job files nor processes.  Programs say what to do
 * (model/program.h), a runner does it (model/runner.h), what happens goes
 * out as events (model/event.h).
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/event.h"
#include "model/past.h"
#include "model/program.h"
#include "model/runner.h"

struct engine;

struct engine_config {
	const char *name;	/* of the job */
	struct bus *bus;
	const struct transport *transport[REACH_N];	/* NULL: none */
	double wall_offset;	/* wall time = monotonic time + this */
	int64_t parallel;	/* lanes in progress; 0: no limit */
	bool parallel_percent;
	int64_t children;	/* processes at once, at least 1 */
	const char *children_note;	/* see engine_set_children() */
	bool has_max_fail, max_fail_percent;
	int64_t max_fail;
	bool drain, stop;	/* at the first failure too many */
	double timeout;		/* of the whole run, seconds; 0: none */
	double rounds_s;	/* no new rounds after that; 0: no limit */
	const struct past *past;	/* NULL: it is a new run */
	bool why;		/* tell with EVT_PAST why a step runs again */
	bool facts;		/* EVT_LANE_END has what the lane found out */
	/*
	 * Keep for good what was emitted until now, then call
	 * engine_committed().  false: there is nothing to wait for.  NULL:
	 * nothing is kept.
	 */
	bool (*commit)(void *arg, token_t lane);
	unsigned depth;		/* of calls */
	/* all groups are over; called once, from engine_turn() */
	void (*over)(void *arg);
	void *arg;
};

struct engine_totals {
	int64_t ok, rescued, failed, cancelled;
	int64_t flaky;		/* ok, but not all at the first try */
	int64_t unstarted;	/* lanes that never began, as far as known */
	bool lists_failed;	/* a list could not be read to its end */
	bool groups_unstarted;	/* a sequence did not begin */
	bool setup_failed;	/* a hidden group failed */
	bool timed_out;
};

/* a run as it is now; lanes of the user's own */
struct engine_progress {
	int64_t running;
	/* will begin; -1: not known, as while rounds are to come */
	int64_t waiting;
	int64_t most;		/* at once; 0: no limit */
	bool paused, draining;
	bool stopping;		/* what runs is being ended */
};

struct engine *engine_new(const struct engine_config *);
struct runner_up engine_up(struct engine *);
/*
 * As config.children; the note, if not NULL, is said once when lanes have
 * to wait for it (borrowed).
 */
void engine_set_children(struct engine *, int64_t n, const char *note);
/* before engine_begin(); what they point to is borrowed */
void engine_kinds(struct engine *, const struct lane_kind *, size_t n);
void engine_channels(struct engine *, const struct channel_spec *, size_t n);
void engine_limits(struct engine *, const struct limit_spec *, size_t n);
/* how many lanes that have something in common are in progress at once */
void engine_caps(struct engine *, const int64_t *most, size_t n);
/*
 * What was in a channel when the run was interrupted, the oldest first; the
 * next message has number last + 1.  Copied.
 */
void engine_restore(struct engine *, uint32_t channel,
    const struct past_message *, size_t n, uint64_t last, bool closed);
void engine_committed(struct engine *, token_t lane);
/* what is in the spec is copied, what it points to is borrowed */
uint32_t engine_add(struct engine *, const struct group_spec *);
void engine_begin(struct engine *, const struct runner *);
/*
 * Start and go on with what is ready, some at a time.  true: there is more
 * to do at once; call again without waiting.
 */
bool engine_turn(struct engine *);
/* no new lanes; those in progress finish */
void engine_drain(struct engine *);
/* running steps are ended too, then `always` runs, always_s at most */
void engine_stop(struct engine *, double always_s);
/* everything is ended at once, nothing more is started */
void engine_kill(struct engine *);
/* lanes do not begin until it is taken back; those in progress go on */
void engine_pause(struct engine *, bool on);
/* so many lanes more (or less: negative) at once: now, 0: no limit */
int64_t engine_more(struct engine *, int64_t by);
struct engine_progress engine_progress(struct engine *);
/* what each lane waits for that waits for others: "for limit 'db'" */
void engine_tell_waiting(struct engine *, void (*fn)(void *arg,
    const struct lane_info *, const char *what), void *arg);
bool engine_is_over(const struct engine *);
struct engine_totals engine_totals(const struct engine *);
void engine_free(struct engine *);

#endif

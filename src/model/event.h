/*
 * event - what happens in a run, for everything that looks at it
 *
 * One flat struct, borrowed while it is handed round.  Sinks copy what they
 * keep, never ask the clock and never emit.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct lane_info;
struct step_note;
struct step_ref;
struct result;

enum event_type {
	EVT_RUN_START,		/* text: name of the job */
	EVT_LANE_START,		/* lane; again: it was cancelled, and goes on */
	EVT_STEP_START,		/* lane, step, attempt */
	EVT_LINE,		/* … stream, text, flags (LINE_…); step is the
				   same pointer for all lines of a process */
	EVT_PEEK,		/* lane, step, stream; text: its unfinished line
				   as it is now, at most once a second */
	EVT_SAY,		/* lane, text */
	EVT_STEP_END,		/* … result, reaction, again */
	EVT_LANE_END,		/* lane, verdict, result, seconds in result */
	EVT_UNSTARTED,		/* text: sequence; count lanes never began */
	/* what lanes have to do with one another; name: of the channel */
	EVT_SENT,		/* text; number; lane; step: by its `send` */
	EVT_TAKEN,		/* messages `number` to `to`, by a command */
	EVT_CLEARED,		/* those up to `number`; lane, step */
	EVT_CLOSED,		/* by `close` */
	EVT_BARRIER,		/* name: its own; lanes go on; result */
	EVT_CUT,		/* lane, result: frames of it are to end, and
				   no step was under way; step, attempt: what
				   would have been next, if that is known */
	EVT_DRAIN,		/* the job brought it about: text says why */
	EVT_PAST,		/* lane, step, attempt; text: why the step runs
				   again, or does not (resume) */
	EVT_WARN,		/* text; lane if it is about one */
	EVT_RUN_END
};

enum lane_verdict { LANE_OK, LANE_RESCUED, LANE_FAILED, LANE_CANCELLED };

enum { VERDICTS = LANE_CANCELLED + 1 };

/* "ok", "rescued", "failed", "cancelled": in records and for the eye */
const char *verdict_name(enum lane_verdict);

struct event {
	enum event_type type;
	double mono, wall;	/* seconds, of this turn of the loop */
	const struct lane_info *lane;
	const struct step_ref *step;
	unsigned attempt;
	unsigned stream;
	const char *text;
	size_t len;
	unsigned flags;
	const struct result *result;
	const char *reaction;
	bool again;
	enum lane_verdict verdict;
	int64_t count;		/* -1: not known */
	/* EVT_STEP_END; EVT_SENT: `secret` if a value was hidden in the text */
	const struct step_note *note;
	const struct buf *facts;	/* EVT_LANE_END: JSON; or NULL */
	unsigned tries;		/* EVT_LANE_END: most of any of its steps */
	const char *name;
	uint64_t number, to;
	const uint32_t *lanes;	/* ids */
	size_t nlanes;
	/* it happened before the run was resumed: only for sinks that ask */
	bool past;
};

struct sink {
	const char *name;
	void *arg;
	bool past;		/* it wants to hear of that, too */
	/* -1: cannot go on; it is dropped, the others are warned */
	int (*event)(void *arg, const struct event *);
	/* always called, also for one that was dropped; frees arg */
	void (*close)(void *arg);
};

enum { BUS_MAX = 12 };

struct bus;

/*
 * What stands between those who emit and all sinks: it hands on what they
 * may see with bus_pass(), which need not be the event it was given.
 */
struct filter {
	void *arg;
	/* NULL: every event goes to the sinks as it is */
	void (*event)(void *arg, struct bus *, const struct event *);
};

struct bus {
	struct sink sink[BUS_MAX];
	size_t n;
	struct filter filter;
};

void bus_add(struct bus *, const struct sink *);
void bus_emit(struct bus *, const struct event *);
/* to the sinks, past the filter; for the filter only */
void bus_pass(struct bus *, const struct event *);
/* closes all sinks, the last added first; the filter is its owner's */
void bus_close(struct bus *);

#endif

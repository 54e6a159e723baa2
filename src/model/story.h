/*
 * story - a whole run as plain data, for those who report on it
 *
 * Made from a journal.  All texts are valid UTF-8 and end in a NUL: bytes
 * that are not UTF-8, and NULs, show as U+FFFD in them.  No text is NULL
 * unless it says so.  Times are seconds since the run began, through all of
 * its sessions (a run that was resumed has more than one); -1: not known.
 */
#ifndef MODEL_STORY_H
#define MODEL_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/event.h"
#include "model/status.h"

enum story_state {
	STORY_RUNNING,		/* its process is at it; pid */
	STORY_INTERRUPTED,	/* it is not, and there is something left */
	STORY_ENDED		/* status, why */
};

/* one try of a step */
struct story_try {
	unsigned attempt;	/* from 1 */
	double began, ended;	/* ended -1: it has no end in the journal */
	/* as it was judged; status, code, signal, message, tail, seconds */
	struct result result;
	const char *reaction;	/* what it led to, as written, or "" */
	bool again;		/* another try was to follow */
	/* its bytes of the lane's log, if it has any; from == to: none */
	uint64_t log_from, log_to;
	uint64_t out, err;	/* bytes that it wrote */
};

/* a step as often as a lane entered it: each time is one of these */
struct story_step {
	const char *in;		/* the sequence or routine it stands in */
	const char *identity;	/* what it is known by there */
	const char *label;	/* how it is shown; often the same */
	const char *command;	/* NULL: none was run */
	uint32_t entry;		/* from 1 */
	struct story_try *try;	/* in the order of time, at least one */
	size_t ntry;
};

struct story_lane {
	uint32_t id;		/* from 1; stays through sessions */
	const char *name;	/* sequence[item] */
	const char *tag;	/* how output is marked; "" for a lone lane */
	const char *sequence;
	const char *host;	/* NULL: here */
	uint32_t index, round, wave;	/* from 1 */
	bool hidden;		/* no lane of the user's: lists, [vars] */
	uint32_t parent;	/* 0: none; it counts for that one only */
	const char *by;		/* label of the step of it, or NULL */
	double began, ended;	/* the first begin, the last end */
	bool over;		/* it has a verdict */
	enum lane_verdict verdict;
	/* why: result.step is what it is about, "" if nothing is */
	struct result result;
	unsigned tries;		/* most of any of its steps, from 1 */
	const char *facts;	/* JSON, or NULL */
	const char *log;	/* path; NULL: there is no such file */
	uint64_t log_size;
	struct story_step *step;	/* in the order they began */
	size_t nstep;
};

/* said by a lane, or by the run itself */
struct story_note {
	double time;
	uint32_t lane;		/* id, or 0 */
	bool warning;		/* else it was said (say) */
	const char *text;
};

/* from a start to an end: more than one if it was resumed */
struct story_session {
	double began, ended;	/* ended -1: cut off */
	double last;		/* as ended, or what is known last of it */
	double wall;		/* of its begin, since 1970 */
	pid_t pid;
	const char *version;	/* of pseq */
	const char *const *args;	/* the command line */
	size_t nargs;
	const char *why;	/* over, drain, signal …; "": cut off */
	int signo;		/* 0: none */
	int status;		/* exit status; -1: cut off */
};

/* lanes of a sequence that never began */
struct story_unstarted {
	const char *sequence;
	int64_t count;		/* -1: not known how many */
};

struct story_var {
	const char *name, *value;
};

/* of lanes that are neither hidden nor of another lane */
struct story_totals {
	uint64_t verdicts[LANE_CANCELLED + 1];
	uint64_t open;		/* no end (yet) */
	int64_t unstarted;	/* -1: some, not known how many */
	uint64_t flaky;		/* ended well, but not at the first try */
	uint64_t steps, tries;	/* of all lanes: entered, and tried */
};

struct story {
	const char *dir;	/* of the run */
	const char *job, *run;
	const char *version;	/* of pseq, at its first start */
	const char *host, *user, *cwd;
	const char *retry_of;	/* a run, or NULL */
	const char *const *files;	/* job files, absolute */
	size_t nfiles;
	const struct story_var *var;	/* -v */
	size_t nvar;
	enum story_state state;
	pid_t pid;		/* of a run that goes on; else 0 */
	int status;		/* exit status if it has ended, else -1 */
	const char *why;	/* see struct story_session */
	int signo;
	double wall;		/* of its begin, since 1970 */
	/* to its end, or to what was known last; now, if it goes on */
	double seconds;
	struct story_session *session;
	size_t nsession;
	struct story_lane *lane;	/* by id, no gaps need be filled */
	size_t nlane;
	struct story_note *note;	/* in the order of time */
	size_t nnote;
	struct story_unstarted *unstarted;
	size_t nunstarted;
	struct story_totals totals;
};

/* how much of that time it was at work: not between two sessions */
double story_active(const struct story *, double from, double to);
/* when that was, in seconds since 1970 */
double story_wall(const struct story *, double when);
/* what a lane is at that has no end; NULL: it is between two steps */
const struct story_step *story_at(const struct story_lane *);

#endif

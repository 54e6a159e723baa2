/*
 * action - what a program asks the engine to do next
 *
 * Plain data, already evaluated.  Everything it points to is borrowed by
 * the engine until it asks the program again.
 */
#ifndef MODEL_ACTION_H
#define MODEL_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/endpoint.h"
#include "model/shared.h"
#include "model/status.h"
#include "model/wait.h"

/* the step an action belongs to, as events show it */
struct step_ref {
	const char *label;	/* NULL: belongs to no step */
	/*
	 * What a later run knows it by: where it stands (a sequence or
	 * routine), its name or text there, and how often its lane has
	 * entered it, from 1.
	 */
	const char *in;
	const char *identity;
	uint32_t entry;
	const char *command;	/* what runs, as text; NULL if nothing does */
	uint32_t id;
	bool quiet;
};

/* a command, wherever it will run */
struct run {
	const struct endpoint *at;	/* NULL: this machine */
	const char *const *argv;	/* executed directly, or NULL: */
	const char *text;		/* … given to the shell, or */
	/* … a local script, sent there and run by its interpreter */
	const char *script;		/* its path, for messages */
	const char *script_bytes;
	size_t script_len;
	const char *const *shell;	/* its words, NULL-terminated */
	const char *const *args;	/* positional parameters, or NULL */
	const char *const *env;		/* NAME=VALUE …, NULL-terminated */
	/*
	 * The same without pseq's own environment, for a transport whose
	 * environment it is not: the first nown of env.
	 */
	size_t nown;
	const char *dir;		/* NULL: where pseq is */
	const char *as;			/* user, or NULL */
	const char *in_bytes;		/* standard input, or NULL */
	size_t in_len;
	const char *in_path;
	const char *out_path;		/* standard output goes to this file */
	bool out_none;			/* … goes nowhere */
	unsigned watch;			/* STREAM_… that line() looks at */
	unsigned divert;		/* STREAM_… that nobody else sees */
	unsigned capture;		/* STREAM_… that are captured */
	bool capture_both;		/* … also mixed, as they come */
	size_t capture_max;
	double timeout, silent, grace;	/* seconds; 0: none (grace: at once) */
	bool tty;
	/* lines come from these channels, or go there: number + 1; 0: none */
	uint32_t in_channel, out_channel;
	bool sends;			/* it was told that it may send */
};

struct copy {
	const struct endpoint *at;	/* NULL: both ends are here */
	bool get;			/* from there; else to there */
	const char *as;			/* user there, or NULL */
	const char *const *from;
	size_t nfrom;
	const char *to;
};

struct group_spec;

/* a variable that a step has set */
enum assign_kind { ASSIGN_TEXT, ASSIGN_JSON, ASSIGN_PAIRS };

struct assign {
	const char *name;
	enum assign_kind kind;
	const char *text;	/* of JSON and pairs: the captured bytes */
	size_t len;
};

/* what a step did beside its result: resume hands it out once more */
struct step_note {
	const struct assign *assign;	/* in this order */
	size_t nassign;
	uint32_t line;		/* the `on line` that ended it, from 1; 0: none */
	bool secret;		/* it brought what is not kept: it runs again */
	bool released;		/* its process lives on beside the lane */
	bool once;		/* it was done for all lanes of the group */
};

/* what the lanes that wait for a key hear of it */
enum announce {
	ANNOUNCE_NONE,
	ANNOUNCE_ONE,		/* the first of them goes on */
	ANNOUNCE_ALL
};

enum action_kind {
	ACT_DONE,		/* nothing to do: here is the result */
	ACT_RUN,
	ACT_READ,		/* lines of a file; path NULL: standard input */
	ACT_COPY,
	ACT_SLEEP,
	ACT_WAIT,
	ACT_CALL,		/* push a frame made by fork() */
	ACT_FORK,		/* lanes of their own: see group */
	ACT_JOIN,		/* wait for such lanes */
	ACT_BARRIER,		/* wait for the others of the group */
	ACT_AWAIT,		/* … until one of them announces the key */
	ACT_TAKE,		/* limits, all or none */
	ACT_SEND,
	ACT_RECEIVE,		/* result: out is the message */
	ACT_CLOSE, ACT_CLEAR,	/* a channel */
	ACT_SAY,
	ACT_DRAIN,		/* no new lanes in the whole job */
	ACT_STOP,		/* … and running ones are ended */
	ACT_END			/* of the frame; result is what it comes to */
};

/* how a frame ended, beside its result */
enum frame_end { FRAME_OK, FRAME_FAILED, FRAME_RESCUED };

struct action {
	enum action_kind kind;
	struct step_ref step;
	unsigned attempt;	/* from 1 */
	bool commit;		/* not begun before its start is kept for good */
	/*
	 * Its end is known from before the run was resumed; it is done once
	 * more only for what it makes of its lane.
	 */
	bool past;
	const char *why;	/* … said of its step, see EVT_PAST; or NULL */

	struct run run;
	const char *path;	/* ACT_READ */
	char separator;		/* ACT_READ */
	struct copy copy;
	struct wait wait;
	double seconds;		/* ACT_SLEEP */
	double limit;		/* of all but commands; 0: none */
	bool pause;		/* only the way to a try: no event tells it */
	bool handler;		/* ACT_CALL of one: the frame's time is off */
	bool shield;		/* … that is not to be cut short */
	const void *call;	/* ACT_CALL: for fork() */
	const char *text;	/* ACT_SAY, ACT_SEND */
	size_t len;
	/*
	 * ACT_FORK: the engine takes over what is in it (source, feeder,
	 * state).  With `waits` the lane goes on when they are over, else at
	 * once; `name` is what ACT_JOIN knows them by.
	 */
	const struct group_spec *group;
	bool waits;
	const char *name;	/* ACT_FORK, ACT_BARRIER */
	const char *const *names;	/* ACT_JOIN; none: all */
	size_t nnames;
	bool cancel;		/* ACT_JOIN: end them first */
	int64_t count;		/* ACT_BARRIER: arrivals; 0: all */
	bool percent;		/* … of the lanes of the group */
	uint64_t key;		/* ACT_AWAIT */
	const struct need *need;	/* ACT_TAKE: held by the frame … */
	size_t nneed;
	bool own;		/* … itself, not by its step */
	uint32_t channel;	/* ACT_SEND to ACT_CLEAR: by number */
	enum receive_mode mode;
	struct result result;	/* ACT_DONE, ACT_END; DRAIN, STOP: message */
	enum frame_end end;	/* ACT_END */

	/* about the result that was handed in, for events: */
	const char *reaction;	/* what it led to, as written; or NULL */
	bool again;		/* the step is tried again */
	bool poll;		/* … only since its `until` was false */
	struct step_note note;
	bool give_back;		/* what its step took is free again */
	enum announce announce;	/* to those who wait for the key … */
	uint64_t announced;
};

#endif

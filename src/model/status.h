/*
 * status - how steps end: the results of the language
 */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct past_try;

enum status {
	ST_OK,
	ST_EXIT,		/* code */
	ST_SIGNAL,		/* signo; not sent by pseq */
	ST_TIMEOUT,
	ST_SILENT,
	ST_UNREACHABLE,
	ST_AUTH,
	ST_HOSTKEY,
	ST_LOST,
	ST_START,		/* could not be started */
	ST_ERROR,		/* pseq's own judgement; message says why */
	ST_CLOSED,
	ST_SKIPPED,
	ST_CANCELLED,
	ST_N
};

/* what is known of what pseq ended, or lost */
enum ending {
	END_OWN,		/* a process of ours: nothing is to be told */
	END_CONFIRMED,		/* it runs elsewhere, or did: it is gone */
	END_UNKNOWN
};

/* code: none, for results that have no exit code */
enum { CODE_NONE = -1 };

/* the end of frames that a result tells of: see result.outside */
struct cut_info {
	uint32_t frame;		/* from this one up, 0: the whole lane */
	enum status status;	/* for that frame */
	enum status inner;	/* for those above it */
};

/* messages that a step took: numbers of the channel, from 1; 0: none */
struct took {
	const char *channel;	/* its name; NULL: none */
	uint64_t from, to;
};

/* how much is kept of the end of standard error, bytes */
enum { RESULT_TAIL = 2048 };

/*
 * Pointers are borrowed until the call that handed the result over returns.
 */
struct result {
	enum status status;
	int code;		/* exit code, 128 + signo, or CODE_NONE */
	int signo;
	enum ending ending;	/* for timeout, silent, cancelled, lost */
	/*
	 * The frame itself is ended (its time is over, the run is being
	 * ended): only handlers may follow.  See program.h.
	 */
	bool outside;
	struct cut_info cut;	/* what that is, if outside */
	bool finished;		/* of a call: it ended with `finish` */
	bool failed;		/* … it failed, be the status that of a cut */
	bool changed;		/* of a copy: something differed */
	const char *message;	/* never NULL; "" if there is none */
	const char *step;	/* label of the step it is about, or "" */
	/* captured bytes, and whether the limit was passed */
	const char *out, *err, *both;
	size_t nout, nerr, nboth;
	bool out_full, err_full, both_full;
	/* last bytes of standard error, RESULT_TAIL at most */
	const char *tail;
	size_t ntail;
	double seconds;		/* how long it took */
	struct took took;
	const struct past_try *past;	/* NULL: it has just happened */
};

/* a result of our own; the message must last as long as it does */
static inline struct result
result_made(enum status status, const char *message)
{
	return (struct result){
		.status = status, .code = CODE_NONE, .message = message,
		.step = "",
	};
}

/* "ok", "exit", …: the job file's words, also for matches and events */
const char *status_name(enum status);
/* ST_N if there is no such name */
enum status status_find(const char *name, size_t len);
/* "TERM" for SIGTERM, "RTMIN+1", or "SIGn" numbers as "31"; never NULL */
const char *status_signal_name(int signo);
/* 0 if there is no such name; "TERM", "SIGTERM" and "15" are one */
int status_signal_find(const char *name, size_t len);
/*
 * "exit 3", "signal KILL", "timeout (end unknown)", …; buf needs STATUS_SHOW
 * bytes
 */
enum { STATUS_SHOW = 64 };
char *status_show(char *buf, const struct result *);

#endif

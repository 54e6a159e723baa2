/*
 * runner - how the engine gets things done and hears of them
 *
 * The real one is io/ (processes, timers); src/sim only acts.
 */
#ifndef MODEL_RUNNER_H
#define MODEL_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/status.h"
#include "model/transport.h"

struct lane_info;
struct reply;
struct request;

/* an index (low 32 bits) and its generation; never a pointer */
typedef uint64_t token_t;

static inline uint32_t
token_index(token_t t)
{
	return (uint32_t)t;
}

enum line_flag {
	LINE_PART = 1 << 0,	/* the same line goes on in the next call */
	LINE_MORE = 1 << 1,	/* this continues a line (after LINE_PART) */
	LINE_TAIL = 1 << 2,	/* the stream ended without a newline */
	LINE_BLOCK = 1 << 3	/* whole lines, each with its newline */
};

/* bytes of a line, or of a piece of one, at most */
enum { LINES_MAX = 64 * 1024 };

/* why a step is ended by the engine */
enum stop_why {
	STOP_CANCEL,		/* result: cancelled */
	STOP_TIMEOUT,		/* result: timeout */
	STOP_KILL,		/* by a line; the result is of no interest */
	STOP_NOW		/* as cancelled, but KILL at once */
};

/* down */
struct runner {
	void *arg;
	/*
	 * 0, or -1 with errno set: EAGAIN, EMFILE, ENFILE mean "not now, when
	 * something else has ended"; all others that it cannot be started.
	 * A program that is not found is no error: the result is exit 127.
	 */
	int (*start)(void *arg, token_t, const struct launch *);
	void (*stop)(void *arg, token_t, enum stop_why);
	/* one wake-up for each token: in so many seconds; < 0: none */
	void (*wake)(void *arg, token_t, double seconds);
	/* stop or go on reading these streams (STREAM_…) of a started one */
	void (*hold)(void *arg, token_t, unsigned streams, bool on);
	/*
	 * Write to the standard input of one that was started with `fed`.
	 * Returns how many bytes it took; if not all, up.room() follows.
	 * -1: nobody reads any more.
	 */
	ssize_t (*feed)(void *arg, token_t, const char *bytes, size_t len);
	/* … and this was all */
	void (*shut)(void *arg, token_t);
	/*
	 * Take n of a limit that is shared with other processes, all or
	 * none: a handle for unlock(), or -1: not now; then up.freed()
	 * follows when something may be free.  NULL: nothing is shared.
	 */
	int (*lock)(void *arg, const char *name, int64_t n);
	/* used: it was held for something, so others are told */
	void (*unlock)(void *arg, int handle, bool used);
	/* why the last start() failed, in words; it, or what it gives,
	   may be NULL: errno says enough */
	const char *(*why)(void *arg);
	/* monotonic time of this turn of the loop, seconds */
	double (*now)(void *arg);
	/*
	 * The lane is over: connections that it alone has used are no longer
	 * needed.  May be NULL.
	 */
	void (*forget)(void *arg, const struct lane_info *);
	/* what is borrowed is copied; a client that is gone is no error */
	void (*reply)(void *arg, token_t client, const struct reply *);
};

/*
 * Up.  None is called from inside a call down.  done comes exactly once for
 * each start that succeeded, after the last line.
 */
struct runner_up {
	void *arg;
	/*
	 * stream is STREAM_OUT or STREAM_ERR; text is borrowed, without
	 * newline.  Unless the launch asked for single lines, many whole
	 * ones may come at once (LINE_BLOCK): the fast way for those that
	 * are only passed on.
	 */
	void (*line)(void *arg, token_t, unsigned stream, const char *text,
	    size_t len, unsigned flags);
	/*
	 * The line that is unfinished, as it is now: comes again as a line.
	 * Only if it is asked for, and at most once a second.
	 */
	void (*peek)(void *arg, token_t, unsigned stream, const char *text,
	    size_t len);
	void (*done)(void *arg, token_t, const struct result *);
	void (*woken)(void *arg, token_t);
	void (*room)(void *arg, token_t);
	/* a limit of other processes may be free */
	void (*freed)(void *arg);
	/* something to tell the user, e.g. "a descendant keeps the pipe" */
	void (*warn)(void *arg, token_t, const char *text);
	/*
	 * A command of this step asks something; it waits for the reply(),
	 * which may be given at once or later.
	 */
	void (*asked)(void *arg, token_t client, token_t step,
	    const struct request *);
	/* one that asked is gone, whether it waited for a reply or not */
	void (*left)(void *arg, token_t client);
};

#endif

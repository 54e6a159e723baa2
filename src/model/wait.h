/*
 * wait - what the action `wait` can wait for
 */
#ifndef MODEL_WAIT_H
#define MODEL_WAIT_H

#include <stddef.h>

struct buf;

enum wait_kind {
	WAIT_TCP,		/* somebody listens: host, port */
	WAIT_UNIX,		/* … at this socket: text */
	WAIT_FILE,		/* something has this path: text */
	WAIT_GONE,		/* nothing has it: text */
	WAIT_UNTIL,		/* the local time of day: clock */
	WAIT_KINDS
};

/* everything is borrowed */
struct wait {
	enum wait_kind kind;
	const char *text;	/* HOST:PORT, path or time, as it was given */
	const char *host;	/* within text, without brackets */
	size_t host_len;
	unsigned port;		/* 1 to 65535 */
	unsigned clock;		/* seconds since midnight, below a day */
};

/* "tcp", …: the job file's words, in the order of the kinds */
extern const char *const wait_names[WAIT_KINDS];
/* what stands behind them: "HOST:PORT", … */
extern const char *const wait_wants[WAIT_KINDS];
/* read what stands behind the kind's word; -1 and what is wrong with it */
int wait_read(struct wait *, enum wait_kind, const char *text,
    struct buf *why);

#endif

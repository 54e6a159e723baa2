/*
 * shared - what lanes share: channels and limits
 */
#ifndef MODEL_SHARED_H
#define MODEL_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the lanes of one text may do: by it is known who could still send to
 * a channel.  Kinds are numbered; those that a lane may start count as well.
 */
struct lane_kind {
	const uint32_t *sends, *receives;	/* channels */
	const uint32_t *starts;			/* other kinds */
	size_t nsends, nreceives, nstarts;
};

struct channel_spec {
	const char *name;
	int64_t capacity;		/* messages; 0: hand-over */
};

struct limit_spec {
	const char *name;
	int64_t n;
	bool shared;			/* with other processes */
};

/* what a step or frame holds while it runs */
struct need {
	uint32_t limit;		/* number of engine_limit() */
	int64_t n;
};

enum receive_mode { RECEIVE_NEXT, RECEIVE_LAST, RECEIVE_ALL };

#endif

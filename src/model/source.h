/*
 * source - a list that may become known only while the job runs
 *
 * The engine pulls items one at a time; a list is never held in memory by
 * whoever pulls.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* a field of an item; bytes, NUL-terminated at len */
struct field {
	const char *text;
	size_t len;
};

/* borrowed until the next call of next() */
struct item {
	const struct field *field;
	size_t n;
};

enum source_state { SOURCE_ITEM, SOURCE_WAIT, SOURCE_OVER, SOURCE_FAILED };

struct source {
	void *state;
	enum source_state (*next)(void *state, struct item *);
	/* why it failed, in words */
	const char *(*why)(void *state);
	/* how many items there are in all; -1: not known yet */
	int64_t (*count)(void *state);
	/*
	 * The same of a stream that has ended, when that may be; -1: not yet.
	 * Only for who watches: what lanes see must not depend on when it ends.
	 * NULL: there is no stream.
	 */
	int64_t (*found)(void *state);
	/* a feeder that was told to hold may go on */
	bool (*wants)(void *state);
	void (*end)(void *state);
};

#endif

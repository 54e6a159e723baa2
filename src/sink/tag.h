/*
 * tag - how lines are marked: "name | "
 *
 * The name is padded to the widest one seen so far, and coloured by a stable
 * choice.  The prefix is kept from one line to the next, as most lines come
 * in runs.  A head (mark.h) puts a time before it, and may change the name.
 */
#ifndef SINK_TAG_H
#define SINK_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	TAG_WIDTH_MAX = 24,	/* longer names stand out of the column */
	/*
	 * This many bytes of the prefix can always be read: a copy of fixed
	 * length is the faster one.
	 */
	TAG_FIXED = 32
};

/* what stands between the name and the text */
enum tag_mark {
	TAG_OUT = '|',		/* standard output */
	TAG_ERR = '!',		/* standard error */
	TAG_MORE = '+',		/* the line above goes on */
	TAG_SAY = ':',		/* said by the job itself */
	TAG_COMMAND = '$'	/* a command that starts (-x) */
};

struct tag {
	bool color, escape;
	size_t width;		/* columns; only grows */
	struct buf prefix;
	struct buf name;	/* escaped */
	struct buf head;	/* see mark.h; empty: there is none */
	/* what the prefix was made for */
	uint32_t lane;
	char mark;
	bool red;
	size_t made_width;
};

/* a zeroed one with color and escape set is ready for use */
/* a name that will come: make the column wide enough */
void tag_widen(struct tag *, const char *name);
void tag_make(struct tag *, uint32_t lane, const char *name, char mark,
    bool red);
/* from now on this time and name stand there */
void tag_head(struct tag *, const char *head, size_t len);
/* the time alone; *len is 0 if there is none */
const char *tag_time(const struct tag *, size_t *len);
void tag_fini(struct tag *);

/* makes tag->prefix what it has to be; lane is the number behind the name */
static inline void
tag_set(struct tag *t, uint32_t lane, const char *name, char mark, bool red)
{
	if (lane != t->lane || mark != t->mark || red != t->red ||
	    t->width != t->made_width)
		tag_make(t, lane, name, mark, red);
}

#endif

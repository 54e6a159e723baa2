/*
 * compare - how the output of some lanes differs from that of most
 *
 * Lines are equal that are the same, or would be if each lane had the same
 * name.  Lines of standard error are compared behind all others.
 */
#ifndef SINK_COMPARE_H
#define SINK_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/map.h"

struct rows;

/* more bytes than that are not compared */
enum { COMPARE_MAX = 16 * 1024 * 1024 };

struct compare_line {
	size_t at, len;
	unsigned kind;
};

/* the output of a lane; a zeroed one with its tag is empty */
struct compare_side {
	const char *tag;
	struct buf text;
	struct compare_line *line;
	size_t n, cap;
	bool too_long;		/* then it has no lines */
};

/* the other outputs are compared with this one; zeroed, then the side's tag */
struct compare {
	struct compare_side most;
	struct map keys;	/* of its lines, and their numbers */
	uint32_t *number;
	size_t cap;
	uint32_t *numbers;	/* line by line */
};

void compare_add(struct compare_side *, unsigned kind, const char *text,
    size_t len);
void compare_side_fini(struct compare_side *);
/* all lines of most are there */
void compare_ready(struct compare *);
/*
 * Show how the other one differs.  false, and nothing was shown: there is
 * nothing in common, or it would be too dear to find out.  The other one's
 * lines of standard error then stand behind all others.
 */
bool compare_show(struct compare *, struct compare_side *, struct rows *);
void compare_fini(struct compare *);

#endif

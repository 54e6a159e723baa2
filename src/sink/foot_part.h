/* foot_part - the rows of a foot: the first ones, failures, lanes in work */
#ifndef SINK_FOOT_PART_H
#define SINK_FOOT_PART_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct foot_row;
struct foot_style;
struct foot_view;
struct kind;

enum { FOOT_WIDE = 4096 };	/* columns of what is not to be cut */

/* where rows are written; each adds itself without a newline */
struct foot_pen {
	struct buf *b;
	size_t width;		/* columns a row may have */
	bool color, utf8;
};

/* as it ticks: "42s", "2m05s", "1h02m"; buf needs NUM_SHOW bytes */
char *foot_time(char *buf, double seconds);

/* a run of one lane, which is not over: to count says nothing */
bool foot_is_one(const struct foot_view *);
/* one row, or two with a newline between; hint: of keys, if there is room */
void foot_head(const struct foot_pen *, const struct foot_view *, bool two,
    bool hint);
/* "pseq: deploy: 12/20 done, …" in as many rows as it needs */
void foot_head_tell(const struct foot_pen *, const struct foot_view *);

/* apart: its last words in a row of their own; returns the rows */
size_t foot_kind(const struct foot_pen *, const struct kind *, bool apart);

/* what is as wide in all rows of lanes */
struct foot_columns {
	size_t name, step, time, mark;
};

void foot_measure(const struct foot_pen *, struct foot_columns *,
    const struct foot_row *, size_t n);
void foot_lane(const struct foot_pen *, const struct foot_columns *,
    const struct foot_row *);

#endif

/* SPDX-License-Identifier: ISC */
/* the lanes of a board as rows of the view */
#include <inttypes.h>
#include <stdio.h>

#include "sink/board_part.h"
#include "sink/foot.h"
#include "sink/pace.h"

enum { LISTS_SHARE = 3 };	/* of the rows, for lanes that wait for many */

static struct foot_row
row_of(struct board *b, const struct board_lane *l, double mono)
{
	return (struct foot_row){
		.name = l->name, .step = l->step, .attempt = l->attempt,
		.seconds = mono > l->since ? mono - l->since : 0,
		.usual = b->pace && l->stepping ?
		    pace_usual(b->pace, l->pace) : 0,
		.line = l->line, .len = l->nline,
	};
}

/* in the place of a last line: how far its lanes are */
static void
count_lanes(struct board_lane *l)
{
	int64_t over = l->begun - l->waits;
	int n;

	if (l->of > 0)
		n = snprintf(l->line, BOARD_LINE, "%" PRId64 "/%" PRId64
		    " done", over, l->of);
	else
		n = snprintf(l->line, BOARD_LINE, "%" PRId64 " done", over);
	if (l->failed > 0)
		n += snprintf(l->line + n, (size_t)(BOARD_LINE - n),
		    ", %" PRId64 " failed", l->failed);
	l->nline = (size_t)n;
}

size_t
board_rows(struct board *b, double mono, struct foot_row *row, size_t max)
{
	size_t n = 0, lists = max / LISTS_SHARE;

	/* they are older than what they wait for, which is wanted as well */
	if (lists + b->shown.n < max)
		lists = max - b->shown.n;
	for (struct link *i = b->lists.lane.next; i != &b->lists.lane &&
	    n < lists; i = i->next) {
		struct board_lane *l = board_lane(i);

		count_lanes(l);
		row[n] = row_of(b, l, mono);
		row[n++].many = true;
	}
	for (struct link *i = b->shown.lane.next; i != &b->shown.lane &&
	    n < max; i = i->next)
		row[n++] = row_of(b, board_lane(i), mono);
	return n;
}

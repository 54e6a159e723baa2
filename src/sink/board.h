/*
 * board - what runs now, kept from events for those who show it
 *
 * For each lane in work: its step, since when, and the last line of its
 * output.  Memory is bounded by the lanes in work; a line costs no more than
 * a copy of BOARD_LINE bytes.
 */
#ifndef SINK_BOARD_H
#define SINK_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "model/event.h"

enum {
	BOARD_LINE = 256,	/* bytes kept of a line */
	BOARD_STEP = 96,	/* … of a step's label */
	BOARD_NAME = 96
};

struct board;
struct cluster;
struct foot_row;
struct pace;

/* lanes of the user's own that are over, those before a resume as well */
struct board_counts {
	int64_t ok, rescued, failed, cancelled;
};

/* pace is told what ends, and says what is usual; borrowed, may be NULL */
struct board *board_new(struct pace *);
/* closing it frees nothing: the board can still be looked at */
struct sink board_sink(struct board *);
void board_free(struct board *);

/*
 * Those whose step began first, at most max of them; returns how many.  The
 * texts are borrowed until the next event.  A lane that only waits for those
 * it started is not among them; lanes that make lists are.
 */
size_t board_rows(struct board *, double mono, struct foot_row *, size_t max);
/* how many rows there would be in all */
size_t board_work(const struct board *);
struct board_counts board_counts(const struct board *);
/* kinds of failure so far, NULL: none; it must not be sorted */
struct cluster *board_failures(struct board *);
/* monotonic time of the last line, message or failed lane that is shown */
double board_said(const struct board *);
/* … and of the start of the run; 0: not begun */
double board_began(const struct board *);
/* name of the job, "" if it has none */
const char *board_job(const struct board *);
/*
 * Seconds until the end, -1: not known; waiting: lanes that will begin, -1:
 * not known.  Looks at all lanes in work, but at most twice a second.
 */
double board_left(struct board *, int64_t waiting, double mono);
/* lanes of sequences that are in work */
int64_t board_running(const struct board *);
/* lanes that the last answer leaves out, as pace_late() */
size_t board_late(const struct board *);

#endif

/*
 * foot - what runs, in the last rows of a terminal
 *
 * From plain figures to rows of text; it knows neither clock nor terminal.
 */
#ifndef SINK_FOOT_H
#define SINK_FOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct cluster;

/* a lane in work; texts as they come, not yet harmless */
struct foot_row {
	const char *name;
	const char *step;	/* its name or its command; "": between two */
	unsigned attempt;	/* from 1 */
	double seconds;		/* since the step began; between two: ended */
	double usual;		/* what others took for it; 0: not known */
	const char *line;	/* the last of its output, without a newline */
	size_t len;
	bool many;		/* its step is many lanes: line tells how far */
};

struct foot_view {
	const char *job;	/* or NULL */
	double seconds;		/* since the run began */
	double left;		/* until its end; -1: not known */
	size_t late;		/* running lanes of which that is not the time */
	int64_t ok, rescued, failed, cancelled;	/* lanes that are over */
	int64_t running;
	int64_t waiting;	/* -1: not known */
	int64_t most;		/* at once, 0: no limit */
	bool paused, draining, ending;
	struct cluster *failures;	/* NULL: there are none */
	const struct foot_row *row;	/* the longest first */
	size_t nrow;		/* given */
	/* rows there would be in all; 0: as many as `running` says */
	size_t work;
};

struct foot_style {
	bool color, utf8, keys;
	unsigned rows, columns;	/* of the terminal */
};

/* a step is slow that took so many times as long as others of its kind */
#define FOOT_SLOW 5
#define FOOT_SLOW_S 10		/* … and longer than this */

/* how many rows of lanes can be shown at most */
size_t foot_lanes(const struct foot_style *);
/*
 * Adds the rows, each ended by a newline but the last; none is wider than
 * columns - 1.  Returns how many there are, less than style->rows.
 */
size_t foot_draw(const struct foot_view *, const struct foot_style *,
    struct buf *);
/*
 * The same for a reader: all kinds of failures and every lane of the view,
 * each row ended by a newline.  columns 0: no row is cut.
 */
void foot_tell(const struct foot_view *, const struct foot_style *,
    struct buf *);

#endif

/*
 * mark - what stands before a line: when it came, and whose it is
 *
 *	12:34:56.789 name | text	MARK_ABS: local time
 *	  +12.345s name | text		MARK_REL: since the run began
 *
 * In place of the name there may be a text of the user's, with {words}.  All
 * of it is known when the line comes, so it goes with a line that is kept.
 * The same mark for the next line is made in no time.
 */
#ifndef SINK_MARK_H
#define SINK_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/buf.h"

struct event;
struct lane_info;
struct near;
struct step_ref;

enum { MARK_MAX = 4096 };	/* bytes of a head */

enum mark_time { MARK_NO_TIME, MARK_ABS, MARK_REL };

struct mark {
	enum mark_time time;
	const char *format;	/* of the name; NULL: the lane's tag */

	/* of the last line: a byte with the length of the time, it, the name */
	struct buf head;
	int64_t made;		/* for this millisecond */
	time_t second;		/* … and its second, as clock */
	char clock[16];
	double start;		/* monotonic */
	uint32_t lane;
	const struct step_ref *step;
	bool stale;
};

/* the format is borrowed, and one that mark_check() has passed */
void mark_init(struct mark *, enum mark_time, const char *format);
void mark_fini(struct mark *);
/* any event, before mark_line() for it */
void mark_hear(struct mark *, const struct event *);
/* makes mark->head for a line that comes with this event */
void mark_line(struct mark *, const struct event *);
/* the name of a lane that has no step yet; borrowed until the next call */
const char *mark_name(struct mark *, const struct lane_info *);

/*
 * NULL, or the first word in braces that is none; *len is its length with
 * the braces.  near is offered all that there are.
 */
const char *mark_check(const char *format, size_t *len, struct near *near);

static inline bool
mark_is_on(const struct mark *m)
{
	return m->time != MARK_NO_TIME || m->format;
}

#endif

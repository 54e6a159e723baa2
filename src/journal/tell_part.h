/*
 * tell_part - what the parts of tell share
 */
#ifndef JOURNAL_TELL_PART_H
#define JOURNAL_TELL_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "journal/output.h"
#include "journal/read.h"
#include "journal/tell.h"
#include "model/event.h"

struct lane_info;

struct tell_lane {
	struct lane_info *info;	/* NULL: it is not in progress */
	/* in that session, and a later one may go on with it; 0: it was not */
	unsigned cancelled;
	char *tag;		/* for its end, which does not tell it */
	char *step;		/* label of the last one that began */
	struct output output;
	/* where its last end stands; 0: it has none */
	size_t end;
};

struct tell {
	char *dir, *path;
	int fd;
	struct bus *bus, *sum;
	struct journal journal;
	struct record at;
	struct arena arena;	/* of one record */
	struct tell_lane *lane;	/* by id */
	size_t nlane, lane_cap;
	unsigned session;	/* from 1 */
	bool full;
	size_t unstarted;	/* where this session tells of them, or 0 */
	double offset, last;	/* of this session; of what was told last */
	char log[8];		/* what is kept of the output */
	double first;		/* wall time of the begin of a run without pauses */
	struct tell_end end;
	void (*start)(void *arg, const struct story_session *);
	void *arg;
	void (*record)(void *arg, const char *text, size_t len);
	void *record_arg;
};

/* an event of the run as a whole */
void tell_emit(struct tell *, struct bus *, enum event_type, const char *text,
    size_t len);

#endif

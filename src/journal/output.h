/*
 * output - what a lane wrote, from its log, as events
 *
 * In blocks of whole lines; a line that is longer than what is read at a
 * time comes in pieces.
 */
#ifndef JOURNAL_OUTPUT_H
#define JOURNAL_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct bus;
struct event;

/* how far a log was read; zeroed: to nothing */
struct output {
	uint64_t at;
	bool more;		/* in the middle of a line */
};

/* the path of a lane's log in the directory of a run */
void output_path(struct buf *, const char *dir, uint32_t lane);
/*
 * Emit the lines up to this offset, or to the end of the file; ev is the
 * event without its text.  What is no whole line waits, unless `end`.  false:
 * *full was set meanwhile, and there is more.
 */
bool output_emit(struct output *, const char *dir, uint32_t lane,
    struct bus *, const struct event *ev, uint64_t upto, bool end,
    const bool *full);

#endif

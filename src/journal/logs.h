/*
 * logs - the lines of commands, in one file for each lane
 *
 * Both streams as they come, each line with its newline.  A file is made
 * when its first byte comes.  What came in one turn is written at its end,
 * and only so many files are open at once, however many lanes there are.
 */
#ifndef JOURNAL_LOGS_H
#define JOURNAL_LOGS_H

#include <stdint.h>

#include "model/event.h"
#include "model/plan.h"

struct logs;

/* what a step has put out: its place in the file, bytes of each stream */
struct log_part {
	uint64_t from, to, out, err;
};

enum { LOGS_NAME = 24 };
/* "000001.log"; buf needs LOGS_NAME bytes; returns buf */
char *logs_name(char *buf, uint32_t lane);

/*
 * dir: of the files, stays the caller's; -1 with LOG_NONE: bytes are only
 * counted.  At most so many files are open at once.
 */
struct logs *logs_new(int dir, enum log_keep, unsigned most);
void logs_step_start(struct logs *, const struct event *);
void logs_line(struct logs *, const struct event *);
struct log_part logs_step_end(struct logs *, const struct event *);
void logs_lane_end(struct logs *, const struct event *);
/*
 * Write what waits.  -1, once, with errno and *lane: the log of that lane,
 * the first one, is incomplete; those of others may follow.
 */
int logs_flush(struct logs *, uint32_t *lane);
/* writes what waits, as far as it can be written */
void logs_free(struct logs *);

#endif

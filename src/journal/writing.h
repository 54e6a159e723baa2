/*
 * writing - a record while it is made: the parts of the writer share it
 */
#ifndef JOURNAL_WRITING_H
#define JOURNAL_WRITING_H

#include "journal/writer.h"

struct buf;
struct event;
struct lane_info;
struct log_part;
struct step_ref;

/* its first keys; lane may be NULL.  What follows is appended to the buffer */
struct buf *writing_begin(struct writer *, const char *type,
    const struct lane_info *lane, struct moment);
struct buf *writing_begin_ev(struct writer *, const char *type,
    const struct event *);
/* it is whole, and goes to all outlets */
void writing_end(struct writer *);
/* seconds since this start of the run */
double writing_since(const struct writer *, struct moment);

/* --- lanes and their steps (writer_lane.c) --------------------------------- */

/* which step of the lane it is; nothing if there is none */
void writing_identity(struct buf *, const struct step_ref *);
void writing_lane_start(struct writer *, const struct event *);
void writing_step_start(struct writer *, const struct event *);
/* output: what it has written to the log */
void writing_step_end(struct writer *, const struct event *,
    const struct log_part *output);
/* the lane is to end, between two steps */
void writing_cut(struct writer *, const struct event *);
void writing_lane_end(struct writer *, const struct event *);

#endif

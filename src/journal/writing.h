/*
 * writing - a record while it is made: the parts of the writer share it
 */
#ifndef JOURNAL_WRITING_H
#define JOURNAL_WRITING_H

#include "journal/writer.h"

struct buf;
struct lane_info;

/* its first keys; lane may be NULL.  What follows is appended to the buffer */
struct buf *writing_begin(struct writer *, const char *type,
    const struct lane_info *lane, struct moment);
/* it is whole, and goes to all outlets */
void writing_end(struct writer *);
/* seconds since this start of the run */
double writing_since(const struct writer *, struct moment);

#endif

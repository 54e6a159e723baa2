/*
 * story - a journal as a struct story (model/story.h)
 *
 * All of it is read: use journal/runs.h where a look will do.
 */
#ifndef JOURNAL_STORY_H
#define JOURNAL_STORY_H

#include "model/story.h"

struct buf;
struct run_entry;

/*
 * NULL, and why (appended): the journal cannot be read.  For the caller the
 * same holds as for run_look(), which the entry comes from.
 */
struct story *story_read(const struct run_entry *, struct buf *why);
void story_free(struct story *);

#endif

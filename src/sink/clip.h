/*
 * clip - texts from outside in so many columns
 *
 * What is added is harmless (see escape.h), stays in its row and is never
 * wider than what was asked for, whatever the bytes are.
 */
#ifndef SINK_CLIP_H
#define SINK_CLIP_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Returns the columns it takes.  A text that is cut ends in "…", or "..."
 * without utf8, if there is room for that.
 */
size_t clip_add(struct buf *, const char *text, size_t len, size_t max,
    bool utf8);
/* … of one that is cut the end stays: "…[node7]" */
size_t clip_tail(struct buf *, const char *text, size_t len, size_t max,
    bool utf8);
void clip_blanks(struct buf *, size_t n);

#endif

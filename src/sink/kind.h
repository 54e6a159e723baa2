/*
 * kind - a kind of failure in words
 *
 *	FAILED step 'check': exit 3: message
 *	12 lanes
 *	web[01-12], db3 and 397 more
 */
#ifndef SINK_KIND_H
#define SINK_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct face;
struct kind;
struct names;

/* "FAILED", in red */
void kind_failed(struct buf *, const struct face *);
/* "FAILED step 'check': exit 3: message" */
void kind_head(struct buf *, const struct face *, const struct kind *);
/* "FAILED 'check': exit 3", with so many bytes of the step's text at most */
void kind_brief(struct buf *, const struct face *, const struct kind *,
    bool step, size_t max);
void kind_lanes(struct buf *, uint64_t n);
/*
 * Folded names; at is the column in which they begin, and none stands
 * beyond `columns`: they go on in a line below.  0: all in one line.
 */
void kind_names(struct buf *, bool escape, const struct names *, size_t at,
    size_t columns);

#endif

/*
 * trail - a path that grows and shrinks as a tree is walked
 */
#ifndef IO_TRAIL_H
#define IO_TRAIL_H

#include <stddef.h>

struct buf;

/* one name more, after a slash */
void trail_add(struct buf *, const char *name);
/* as it was when it had this length */
void trail_cut(struct buf *, size_t len);

#endif

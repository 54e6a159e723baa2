/*
 * tail - the end of a lane's log
 */
#ifndef REPORT_TAIL_H
#define REPORT_TAIL_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct story_lane;

/*
 * Add its last bytes, at most so many, from the begin of a line on; returns
 * how many there are before them.
 */
uint64_t tail_add(struct buf *, const struct story_lane *, size_t most);

#endif

/*
 * tail - the end of a lane's log
 */
#ifndef REPORT_TAIL_H
#define REPORT_TAIL_H

#include <stdint.h>

struct buf;
struct story_lane;

/*
 * Add what is there from this offset on, without the rest of a line that is
 * cut there, unless that is most of it; from: where it begins then.  -1 with
 * errno.
 */
int tail_read(struct buf *, const struct story_lane *, uint64_t *from);

#endif

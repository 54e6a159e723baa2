/*
 * view_lane - one lane of a run, step by step
 *
 *	deploy[web3]   failed: step 'check': exit 3   1m02s, 3 tries
 *
 *	   0.0s  probe   ok   0.2s
 *	   0.2s  check   exit 3   1.0s   -> retry
 *	    | what it wrote
 */
#ifndef APP_VIEW_LANE_H
#define APP_VIEW_LANE_H

#include <stdbool.h>

struct buf;
struct story_lane;

/* add it; escape: it is for a terminal */
void view_lane(struct buf *, const struct story_lane *,
    bool color, bool escape);

#endif

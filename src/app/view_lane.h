/*
 * view_lane - one lane of a run, step by step
 *
 *	deploy[web3]: failed: step 'check': exit 3; 1m02s; 3 tries of a step
 *	    0.000s  probe  ok  200ms
 *	    0.201s  check (try 1)  exit 3  1.0s  -> fail
 *	          $ the command, if the step has another name
 *	          | what it wrote
 */
#ifndef APP_VIEW_LANE_H
#define APP_VIEW_LANE_H

#include <stdbool.h>
#include <stdio.h>

struct story;
struct story_lane;

/* escape: it is for a terminal */
void view_lane(FILE *, const struct story *, const struct story_lane *,
    bool color, bool escape);

#endif

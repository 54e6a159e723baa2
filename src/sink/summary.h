/*
 * summary - what a run came to, on standard error when it ends
 *
 *	FAILED step 'check': exit 3   (412 lanes)
 *	    web[01-12], db3 and 397 more
 *	    ! check: no space left
 *	ok after 2 tries: web05
 *	slowest: web03 12.3s, web07 9.0s (median 1.2s)
 *	pseq: deploy: 500 lanes: 80 ok, 412 failed, 8 cancelled; 1m03s
 *
 * Each kind of failure is told once.  Memory is bounded: lanes that end well
 * are only counted.
 */
#ifndef SINK_SUMMARY_H
#define SINK_SUMMARY_H

#include <stdbool.h>

#include "model/event.h"
#include "sink/face.h"

struct summary_options {
	struct face err;
	bool quiet;		/* nothing if every lane ended well */
	bool flaky_fails;	/* … at the first try of each step */
	bool retry;		/* what is past is no part of this run */
};

struct sink summary_open(const struct summary_options *);
/* print nothing: nobody reads us any longer (arg of the sink) */
void summary_mute(void *arg);

#endif

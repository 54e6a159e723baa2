/*
 * folding - what is equal is shown once
 *
 * Lines while the run goes on, where somebody looks on (live); whole outputs
 * at its end, unless just these lines were shown.
 */
#ifndef SINK_FOLDING_H
#define SINK_FOLDING_H

#include <stdbool.h>
#include <stdint.h>

#include "sink/alike.h"
#include "sink/gather.h"

struct event;

struct folding {
	bool live;
	struct rows *rows;
	struct alike alike;
	struct gather gather;	/* for live */
};

/* the rest of alike, and live, are the caller's to set; zeroed otherwise */
void folding_open(struct folding *, struct rows *);
/* with live: lanes that begin, work and end */
void folding_hear(struct folding *, const struct event *);
/* the run is over */
void folding_show(struct folding *);
void folding_fini(struct folding *);

#endif

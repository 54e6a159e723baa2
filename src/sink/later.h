/*
 * later - keeps all output of a run until it is known how the run ends
 *
 * Takes the place of two outlets; gives them back when all is to be shown,
 * or when no more can be kept.
 */
#ifndef SINK_LATER_H
#define SINK_LATER_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/outlet.h"
#include "sink/hold.h"

/* as shelf_trouble_fn */
typedef void later_trouble_fn(void *arg, int error, bool lost);

struct later {
	struct hold_store *store;
	later_trouble_fn *trouble;
	void *arg;

	struct outlet *place[2], real[2];
	struct later_end {
		struct later *later;
		unsigned which;
		struct buf room;
	} end[2];
	struct hold kept;
	bool keeping;
};

/* store, trouble and arg are the caller's to set; it must not move then */
void later_begin(struct later *, struct outlet *out, struct outlet *err);
/* show what was kept, and everything from now on */
void later_show(struct later *);
/* forget what was kept so far */
void later_drop(struct later *);
void later_fini(struct later *);

#endif

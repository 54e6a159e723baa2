/*
 * results - what a run leaves behind for others, besides its journal
 *
 * The files of --facts, --failed, --ok and --unreached, and what `report` of
 * the job is told.
 */
#ifndef APP_RESULTS_H
#define APP_RESULTS_H

#include <stdbool.h>

#include "app/factfile.h"
#include "app/rolls.h"
#include "base/buf.h"

struct bus;
struct options;
struct plan;
struct walk;

struct results {
	/* the caller's to set */
	const struct options *o;
	const struct plan *plan;
	bool real;		/* steps are really run: `report` hears */

	struct factfile facts;
	struct rolls rolls;
	struct buf summary;	/* as a text, for `report` */
};

/* before anything is run: the files can be written; an exit status */
int results_open(struct results *);
/* the name of the run is borrowed */
void results_listen(struct results *, struct bus *, const char *run);
/* the run is over, and its output is written */
void results_write(struct results *);
/* one of the files could not be written */
bool results_broken(const struct results *);
/* is `report` to be run, for a run with this exit status? */
bool results_reports(const struct results *, int status);
/* runs it; the walk knows its variables */
void results_report(struct results *, struct walk *, int status);
void results_close(struct results *);

#endif

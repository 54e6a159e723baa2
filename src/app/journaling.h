/*
 * journaling - what a run leaves behind: journal and logs, --events, JSON
 *
 * Wires the writer of the records with descriptors and the loop.  A journal
 * that cannot be written ends the run; a log or a stream of events that
 * cannot is told of.
 */
#ifndef APP_JOURNALING_H
#define APP_JOURNALING_H

#include <stdbool.h>

#include "app/events.h"
#include "base/arena.h"
#include "io/out.h"
#include "journal/rundir.h"
#include "journal/writer.h"
#include "model/runner.h"

struct aside;
struct bus;
struct engine_totals;
struct logs;
struct loop;
struct options;
struct plan;
struct redact;
struct session_mode;
struct waiting;

struct journaling {
	/* the caller's to set */
	const struct options *o;
	const struct plan *plan;
	const struct session_mode *mode;
	void *arg;
	/* the journal is lost: the run is to be ended in an orderly way */
	void (*lost)(void *arg);
	/* nobody reads standard output any longer */
	void (*gone)(void *arg);
	void (*hold)(void *arg, bool on);
	/* what the journal held when a lane asked for it is kept for good */
	void (*committed)(void *arg, token_t lane);

	bool quit;		/* lanes were left out: a user wanted that */
	bool broken;		/* something could not be written */
	bool is_lost;		/* the journal */
	const char *why;	/* how the run came to its end; NULL: not yet */
	bool pipe;		/* the reader of standard output went away */

	struct loop *loop;
	struct bus *bus;
	char *dir;		/* where pseq was started */
	struct rundir rundir;
	struct logs *logs;
	struct writer *writer;	/* NULL: there is nothing to write to */
	struct out_config journal_config, events_config, json_config;
	struct out *journal, *events, *json;
	struct aside *aside;
	uint64_t count, written;	/* records, and marks of aside */
	struct waiting *waiting;	/* lanes, the first one first */
	size_t nwaiting, waiting_cap;
	struct events_end end;	/* of --events */
	struct arena arena;	/* of the head */
};

/*
 * Before the directory is changed: opens what --events names.  Returns the
 * exit status, 0: go on.
 */
int journaling_prepare(struct journaling *);
/*
 * Makes the run directory of that name, or of another that is free; as above.
 * What is said if that cannot be is added to told.
 */
int journaling_make(struct journaling *, char run[RUN_NAME],
    struct buf *told);
/* the only record: the run did not begin because of a lock */
void journaling_skipped(struct journaling *, const char *lock, pid_t pid);
/* how many descriptors it may have open */
unsigned journaling_files(const struct journaling *);
/* writes the head; now: monotonic.  Before the screen is opened */
void journaling_open(struct journaling *, struct loop *, struct bus *,
    double now, const struct redact *);
/*
 * The lane waits until all that was emitted is kept for good; then
 * committed() is called.  false: nothing is kept.
 */
bool journaling_commit(struct journaling *, token_t lane);
/* everything that was told is written, if not yet kept for good */
void journaling_settle(struct journaling *);
/* … and that one */
void journaling_end(struct journaling *, const struct engine_totals *,
    int status, int signo, double now);
/* the run did not begin: a directory that was made is removed */
void journaling_discard(struct journaling *);
/* after the bus was closed */
void journaling_close(struct journaling *);

#endif

/*
 * journaling - what a run leaves behind: journal and logs, --events
 *
 * Wires the writer of the records with descriptors and the loop.  A journal
 * that cannot be written ends the run; a log or a stream of events that
 * cannot is told of.
 */
#ifndef APP_JOURNALING_H
#define APP_JOURNALING_H

#include <stdbool.h>

#include "base/arena.h"
#include "io/out.h"
#include "journal/rundir.h"
#include "journal/writer.h"

struct bus;
struct engine_totals;
struct logs;
struct loop;
struct options;
struct plan;
struct redact;
struct session_mode;

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

	bool broken;		/* something could not be written */
	bool is_lost;		/* the journal */
	bool pipe;		/* the reader of --events - went away */

	struct loop *loop;
	struct bus *bus;
	char *dir;		/* where pseq was started */
	struct rundir rundir;
	struct logs *logs;
	struct writer *writer;	/* NULL: there is nothing to write to */
	struct out_config journal_config, events_config;
	struct out *journal, *events;
	int events_fd;		/* -1: none */
	bool events_own;	/* … which we have opened */
	struct arena arena;	/* of the head */
};

/* is standard output the stream of events? */
bool journaling_takes_stdout(const struct options *);
/*
 * Before the directory is changed: opens what --events names.  Returns the
 * exit status, 0: go on.
 */
int journaling_prepare(struct journaling *);
/* makes the run directory, if there is to be one; as above */
int journaling_make(struct journaling *);
/* the name of the run; NULL if it has no directory */
const char *journaling_run(const struct journaling *);
/* writes the head; now: monotonic.  Before the screen is opened */
void journaling_open(struct journaling *, struct loop *, struct bus *,
    double now, const struct redact *);
/* the run is over: everything but its last record is written */
void journaling_settle(struct journaling *);
/* … and that one */
void journaling_end(struct journaling *, const struct engine_totals *,
    int status, int signo, double now);
/* the run did not begin: a directory that was made is removed */
void journaling_discard(struct journaling *);
/* after the bus was closed */
void journaling_close(struct journaling *);

#endif

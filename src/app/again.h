/*
 * again - a run from before, whose lanes are gone on with or done once more
 *
 * `resume` goes on in the same run directory, by its journal; `retry` is a
 * new run that leaves out what had ended well.  Both have the arguments and
 * the environment of the first start.
 */
#ifndef APP_AGAIN_H
#define APP_AGAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "journal/read.h"
#include "journal/rundir.h"

struct buf;
struct engine;
struct journal_past;
struct plan;
struct retry;
struct session_mode;

struct again {
	bool is_retry;
	bool changed;		/* the job may be another one: --changed */
	bool quiet;
	char *run;		/* its name */
	char *path;		/* of its directory */
	struct rundir rundir;	/* of `resume`: open, locked */
	struct journal journal;
	struct journal_past *past;	/* of `resume` */
	struct retry *retry;
	struct arena arena;
	/* what its first record says */
	struct record head;
	const char *dir;	/* where it was started */
	char **arg;		/* its command line, NULL-terminated */
	size_t narg;
};

/*
 * The directory of a run; all return an exit status, 0: go on.  What was
 * wrong has been told.
 */
int again_open(struct again *, const char *path);
/*
 * The job is loaded: refuse if it is another one, else give the variables of
 * the environment back and say in mode what is gone on with.
 */
int again_begin(struct again *, const struct plan *, struct session_mode *);
/* what was in the channels; when the engine has them */
void again_restore(const struct again *, const struct plan *,
    struct engine *);
/*
 * All groups are over: what is to be said of lanes that did not come again
 * (appended).  false: none of them did, so this was another input.
 */
bool again_end(const struct again *, struct buf *warning);
void again_close(struct again *);

#endif

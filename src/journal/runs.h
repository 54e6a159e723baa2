/*
 * runs - the runs that have left a journal, and how one of them is named
 *
 * Cheap: of each run only the first and the last record are read, never
 * what is between them.
 */
#ifndef JOURNAL_RUNS_H
#define JOURNAL_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/event.h"

struct buf;

enum run_state {
	RUN_RUNNING,		/* its journal is locked; pid */
	RUN_INTERRUPTED,	/* it is not, and there is something left */
	RUN_ENDED,
	RUN_DAMAGED		/* trouble says what is wrong */
};

struct run_entry {
	char *job, *run;	/* the names of the directories */
	char *dir;		/* of the run */
	enum run_state state;
	pid_t pid;		/* of RUN_RUNNING; 0: not known */
	double wall;		/* of its begin, since 1970; 0: not known */
	/* of its last end, also of one that was cut short */
	int status;		/* exit status; -1: it has none */
	int signo;		/* that ended it; 0: none */
	double seconds;		/* from begin to end; -1: not known */
	bool counted;		/* lanes and unstarted are known */
	int64_t lanes[LANE_CANCELLED + 1], unstarted;
	char *trouble;		/* NULL: none */
};

struct runs {
	struct run_entry *run;	/* newest first */
	size_t n, cap;
};

/*
 * All runs, or those of one job.  That there are none is no error: -1 and
 * why (appended) only if they cannot be read.
 */
int runs_list(struct runs *, const char *job, struct buf *why);
void runs_fini(struct runs *);

/*
 * The run that a user means: NULL or "" (the newest), the name of a run or
 * the begin of one that no other has, JOB (its newest run), JOB/RUN, or a
 * path to the directory of a run.  -1: there is none; why says so and what
 * may have been meant.
 */
int runs_find(struct run_entry *, const char *wanted, struct buf *why);

/*
 * What is known of the run in this directory, which must have a journal.
 * Never to be asked by a process about a journal that it holds the lock of:
 * closing any descriptor of the file would give that lock up.
 */
void run_look(struct run_entry *, const char *dir);
/* does a process hold the lock on it?  The same holds */
bool run_is_written(const char *dir);
/* by what its last record says of why it ended: can it be gone on with? */
bool run_was_interrupted(const char *why);
void run_entry_fini(struct run_entry *);

#endif

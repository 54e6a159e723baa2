/*
 * rundir - the directory of a run: its journal and the lanes' logs
 *
 *	$XDG_STATE_HOME/pseq/JOB/RUN/journal
 *	$XDG_STATE_HOME/pseq/JOB/RUN/lanes/000001.log
 *
 * Whoever writes the journal holds a record lock on it, which goes when the
 * process does and which no child has.  A process must never close another
 * descriptor of the same file: that would give the lock up.
 */
#ifndef JOURNAL_RUNDIR_H
#define JOURNAL_RUNDIR_H

#include <stdbool.h>
#include <sys/types.h>

struct buf;

enum { RUN_NAME = 40 };

struct rundir {
	char *path;		/* absolute */
	char run[RUN_NAME];	/* its name */
	int dir, lanes;		/* directories */
	int journal;		/* locked, open for reading and appending */
};

/* which runs of a job are kept: the newest ones, or those younger than age */
struct rundir_keep {
	int n;			/* with the one that begins; 0: any number */
	double age;		/* seconds; 0: however old */
};

enum { KEEP_RUNS = 20 };

/* "20261121-091500-3fa2c": the time, and what makes it unique */
void rundir_name(char name[RUN_NAME]);
bool rundir_is_name(const char *name);
/* append the folder of a job's runs, below the state directory */
void rundir_folder(struct buf *, const char *job);

/* a zeroed struct rundir is none; these return 0, or -1 and why (appended) */
/*
 * Makes one, of the name in it if that is free, else of a new one; then
 * removes older ones of the job.  What could not be removed is told in *left
 * (appended).
 */
int rundir_make(struct rundir *, const char *job,
    const struct rundir_keep *, struct buf *left, struct buf *why);
/* one that is there; *holder: the process that holds its lock, or 0 */
int rundir_open(struct rundir *, const char *path, pid_t *holder,
    struct buf *why);
/* the run did not begin: nothing of it is left */
void rundir_discard(struct rundir *);
/* gives the lock up */
void rundir_close(struct rundir *);

#endif

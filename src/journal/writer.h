/*
 * writer - what happens in a run, as lines of JSON
 *
 * A sink that makes one record of each event (pseq-events(5)) and puts it
 * into every outlet it has: the run's journal, the stream of --events.
 * Records of the run as a whole are written by the functions below.
 */
#ifndef JOURNAL_WRITER_H
#define JOURNAL_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/event.h"
#include "model/outlet.h"

struct logs;
struct writer;

/* monotonic and wall time, seconds */
struct moment {
	double mono, wall;
};

/* a name and what it stands for, borrowed */
struct named {
	const char *name, *value;
};

/* what the run is; NULL, 0: there is none */
struct writer_head {
	const char *version;	/* of pseq */
	const char *run, *job;
	const char *const *file;	/* absolute */
	size_t nfile;
	const char *digest;
	const struct named *section;	/* and its digest */
	size_t nsection;
	const char *const *arg;
	size_t narg;
	const char *dir;
	const struct named *var, *env;
	size_t nvar, nenv;
	/* those that hold a secret and are left out: NAME, env.NAME */
	const char *const *secret;
	size_t nsecret;
	const char *host, *user;
	pid_t pid;
	const char *log;	/* what becomes of the lanes' logs */
	const char *retry_of;
};

struct writer_lanes {
	int64_t ok, rescued, failed, cancelled, unstarted;
};

struct writer_end {
	int status;
	const char *why;	/* over, drain, signal, … */
	int signo;
	struct writer_lanes lanes;
};

/* logs: where the lines of commands go, or NULL; now: `at` counts from it */
struct writer *writer_new(struct logs *, struct moment now);
/* records from now on go there, too; at most three */
void writer_add(struct writer *, const struct outlet *);
/* it has no close(): records can be written when the bus is closed */
struct sink writer_sink(struct writer *);
void writer_free(struct writer *);
/* how many records there were */
uint64_t writer_count(const struct writer *);
/* the job itself has asked for no new lanes */
bool writer_drains(const struct writer *);

void writer_run(struct writer *, struct moment, const struct writer_head *);
void writer_resume(struct writer *, struct moment, const struct writer_head *);
void writer_run_end(struct writer *, struct moment, const struct writer_end *);
/* the run did not begin: another one holds the lock; pid 0: not known */
void writer_skipped(struct writer *, struct moment, const char *lock,
    pid_t pid);

#endif

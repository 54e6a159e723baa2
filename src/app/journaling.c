/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/head.h"
#include "app/journaling.h"
#include "app/opts.h"
#include "app/session.h"
#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "io/aside.h"
#include "io/loop.h"
#include "journal/line_record.h"
#include "journal/logs.h"
#include "model/plan.h"

/* a lane that goes on when this mark is kept */
struct waiting {
	token_t lane;
	uint64_t mark;
};

/* how long a slow reader of the events is waited for at the end */
enum { DRAIN_LIMIT = 24 * 3600 };

int
journaling_prepare(struct journaling *j)
{
	j->rundir.dir = -1;
	j->dir = getcwd(NULL, 0);
	return events_open(&j->end, j->o->events);
}

/* --- the run directory -------------------------------------------------- */

int
journaling_make(struct journaling *j, char run[RUN_NAME], struct buf *told)
{
	struct rundir_keep keep = {
		.n = (int)j->plan->keep, .age = j->plan->keep_s,
	};
	struct buf why = { 0 }, left = { 0 };
	int rc = 0;

	events_begin(&j->end);
	memcpy(j->rundir.run, run, RUN_NAME);
	if (!j->mode->state)
		return EXITS_OK;
	if (keep.n == 0 && keep.age <= 0)
		keep.n = KEEP_RUNS;
	if (j->mode->resumed) {
		j->rundir = *j->mode->resumed;
		j->mode->resumed->path = NULL;
		return EXITS_OK;
	}
	rc = rundir_make(&j->rundir, j->plan->name, &keep, &left, &why);
	if (rc == -1) {
		buf_addf(told, "pseq: error: %s\npseq: note: a run keeps a "
		    "journal there; --no-state does without it\n",
		    buf_str(&why));
		fputs(buf_str(told), stderr);
	} else if (left.len > 0)
		fprintf(stderr, "pseq: warning: %s\n", buf_str(&left));
	memcpy(run, j->rundir.run, RUN_NAME);
	buf_fini(&why);
	buf_fini(&left);
	return rc == -1 ? EXITS_SYSTEM : EXITS_OK;
}

/* --- while it goes on --------------------------------------------------- */

static void
on_journal_failed(void *arg, int err)
{
	struct journaling *j = arg;

	if (j->is_lost)
		return;
	j->is_lost = true;
	fprintf(stderr, "pseq: error: the journal '%s/journal' cannot be "
	    "written: %s: the run is ended\n", j->rundir.path, strerror(err));
	j->lost(j->arg);
}

bool
journaling_commit(struct journaling *j, token_t lane)
{
	if (!j->aside || j->is_lost)
		return false;
	j->waiting = mem_grow(j->waiting, &j->waiting_cap, j->nwaiting + 1,
	    sizeof(*j->waiting));
	j->waiting[j->nwaiting++] = (struct waiting){ lane, j->written + 1 };
	return true;
}

/* all that was written up to that mark is safe */
static void
on_kept(void *arg, uint64_t mark)
{
	struct journaling *j = arg;
	size_t n = 0;

	while (n < j->nwaiting && j->waiting[n].mark <= mark)
		j->committed(j->arg, j->waiting[n++].lane);
	if (n == 0)
		return;
	j->nwaiting -= n;
	memmove(j->waiting, j->waiting + n, j->nwaiting *
	    sizeof(*j->waiting));
}

/* the turn ends, and out has written what came in it */
static void
on_written(void *arg)
{
	struct journaling *j = arg;
	bool asked = j->nwaiting > 0 &&
	    j->waiting[j->nwaiting - 1].mark > j->written;

	if (j->is_lost || (j->count == writer_count(j->writer) && !asked))
		return;
	j->count = writer_count(j->writer);
	j->written = aside_written(j->aside);
	if (asked)
		aside_hurry(j->aside);
}

static void
on_events_failed(void *arg, int err)
{
	struct journaling *j = arg;

	if (err == EPIPE && j->end.fd == STDOUT_FILENO) {
		j->pipe = true;
		j->gone(j->arg);
		return;
	}
	j->broken = true;
	fprintf(stderr, "pseq: warning: --events: '%s': %s: the rest of it is "
	    "lost\n", j->o->events, strerror(err));
}

/* of --output json */
static void
on_json_failed(void *arg, int err)
{
	struct journaling *j = arg;

	if (err == EPIPE) {
		j->pipe = true;
		j->gone(j->arg);
		return;
	}
	j->broken = true;
	events_lost("standard output", err);
}

static void
on_full(void *arg, bool full)
{
	struct journaling *j = arg;

	j->hold(j->arg, full);
}

/* the turn ends: logs are written before the journal tells of them */
static void
on_flush(void *arg)
{
	struct journaling *j = arg;
	char name[LOGS_NAME];
	uint32_t lane;

	if (!j->logs || logs_flush(j->logs, &lane) == 0)
		return;
	j->broken = true;
	fprintf(stderr, "pseq: warning: '%s/lanes/%s': %s: logs of this run "
	    "are incomplete\n", j->rundir.path, logs_name(name, lane),
	    strerror(errno));
}

static struct moment
moment(const struct journaling *j, double now)
{
	return (struct moment){ now, loop_wall(j->loop) };
}

static bool
wants_json(const struct journaling *j)
{
	return j->o->output == OUTPUT_JSON && !j->mode->stage;
}

/* only a run with a directory has logs */
static enum log_keep
log_of(const struct journaling *j)
{
	return j->rundir.path ? j->plan->log : LOG_NONE;
}

/* files that are open at once: what is left is for the commands */
static unsigned
most_logs(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_max < 64)
		return 1;
	if (limit.rlim_max < 1024)
		return 8;
	return limit.rlim_max < 16384 ? 64 : 512;
}

unsigned
journaling_files(const struct journaling *j)
{
	/* directories, journal, events, the thread's */
	unsigned n = j->writer ? 8 : 0;

	return log_of(j) == LOG_NONE ? n : n + most_logs();
}

static void
write_head(struct journaling *j, struct moment now,
    const struct redact *redact)
{
	static const char *const word[] = {
		[LOG_LANES] = "lanes", [LOG_FAILED] = "failed",
		[LOG_NONE] = "none",
	};
	struct writer_head h;

	head_fill(&h, &j->arena, j->o, j->plan, j->mode, j->dir, redact);
	h.run = j->rundir.run;
	h.log = word[log_of(j)];
	if (j->mode->resumed)
		writer_resume(j->writer, now, &h);
	else
		writer_run(j->writer, now, &h);
}

static struct out *
add_out(struct journaling *j, struct out_config *c)
{
	struct out *out = out_new(j->loop, c);
	struct outlet outlet = out_outlet(out);

	writer_add(j->writer, &outlet);
	return out;
}

/* all records, and the lines beside them */
static void
add_json(struct journaling *j, double now)
{
	struct line_record_options o = { .start = now };
	struct sink sink;

	j->json_config = (struct out_config){
		.fd = STDOUT_FILENO, .arg = j, .full = on_full,
		.failed = on_json_failed,
	};
	j->json = add_out(j, &j->json_config);
	o.outlet = out_outlet(j->json);
	sink = line_record_open(&o);
	bus_add(j->bus, &sink);
}

/* without it records are written, and kept when the system pleases */
static void
keep_aside(struct journaling *j)
{
	struct aside_config c = {
		.fd = j->rundir.journal, .dir = j->rundir.dir, .arg = j,
		.kept = on_kept, .failed = on_journal_failed,
	};

	j->aside = aside_new(j->loop, &c);
	if (j->aside)
		loop_on_flush(j->loop, on_written, j);
}

void
journaling_open(struct journaling *j, struct loop *loop, struct bus *bus,
    double now, const struct redact *redact)
{
	struct sink sink;

	j->loop = loop;
	j->bus = bus;
	if (!j->rundir.path && j->end.fd == -1 && !wants_json(j))
		return;
	j->logs = logs_new(j->rundir.lanes, log_of(j), most_logs());
	j->writer = writer_new(j->logs, moment(j, now));
	loop_on_flush(loop, on_flush, j);
	j->journal_config = (struct out_config){
		.fd = j->rundir.journal, .arg = j,
		.failed = on_journal_failed,
	};
	j->events_config = (struct out_config){
		.fd = j->end.fd, .arg = j, .full = on_full,
		.failed = on_events_failed,
	};
	if (j->rundir.path)
		j->journal = add_out(j, &j->journal_config);
	if (j->end.fd != -1)
		j->events = add_out(j, &j->events_config);
	if (wants_json(j))
		add_json(j, now);
	if (j->journal)
		keep_aside(j);
	write_head(j, moment(j, now), redact);
	sink = writer_sink(j->writer);
	bus_add(bus, &sink);
}

void
journaling_skipped(struct journaling *j, const char *lock, pid_t pid)
{
	events_skipped(&j->end, j->o->events, lock, pid);
	if (wants_json(j))
		events_skipped(&(struct events_end){ .fd = STDOUT_FILENO },
		    "-", lock, pid);
}

/* --- its end ------------------------------------------------------------ */

void
journaling_settle(struct journaling *j)
{
	if (!j->writer)
		return;
	on_flush(j);
	if (j->journal)
		out_drain(j->journal, DRAIN_LIMIT);
	if (j->events)
		out_drain(j->events, DRAIN_LIMIT);
	if (j->json)
		out_drain(j->json, DRAIN_LIMIT);
}

static const char *
why_of(const struct journaling *j, const struct engine_totals *t, int status,
    int signo)
{
	if (signo)
		return "signal";
	if (t->timed_out)
		return "timeout";
	if (status == EXITS_PIPE)
		return "output";
	if (status == EXITS_SYSTEM)
		return "system";
	if (j->quit)
		return "quit";
	return writer_drains(j->writer) ? "drain" : "over";
}

void
journaling_end(struct journaling *j, const struct engine_totals *t,
    int status, int signo, double now)
{
	struct writer_end e = {
		.status = signo ? EXITS_SIGNAL + signo : status,
		.signo = signo,
		.lanes = {
			t->ok, t->rescued, t->failed, t->cancelled,
			t->unstarted
		},
	};

	if (!j->writer)
		return;
	e.why = j->why = why_of(j, t, status, signo);
	writer_run_end(j->writer, moment(j, now), &e);
	journaling_settle(j);
	if (!j->aside || j->is_lost)
		return;
	aside_written(j->aside);
	if (aside_finish(j->aside) == -1)
		on_journal_failed(j, errno);
}

void
journaling_discard(struct journaling *j)
{
	if (!j->mode->resumed && j->rundir.path)
		rundir_discard(&j->rundir);
}

void
journaling_close(struct journaling *j)
{
	if (j->writer)
		loop_off_flush(j->loop, j);
	aside_free(j->aside);
	free(j->waiting);
	out_free(j->journal);
	out_free(j->events);
	out_free(j->json);
	writer_free(j->writer);
	logs_free(j->logs);
	rundir_close(&j->rundir);
	events_close(&j->end);
	arena_fini(&j->arena);
	free(j->dir);
}

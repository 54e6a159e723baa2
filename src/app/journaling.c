/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/head.h"
#include "app/journaling.h"
#include "app/opts.h"
#include "app/session.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "journal/logs.h"
#include "model/plan.h"

/* how long a slow reader of the events is waited for at the end */
enum { DRAIN_LIMIT = 24 * 3600 };

/* --- what --events names ------------------------------------------------ */

bool
journaling_takes_stdout(const struct options *o)
{
	return o->events && !strcmp(o->events, "-");
}

static int
cannot_open(const char *name)
{
	fprintf(stderr, "pseq: error: --events: '%s': %s\n", name,
	    strerror(errno));
	return EXITS_USAGE;
}

/* one that we were given; no command is to have it */
static int
take_descriptor(struct journaling *j, const char *number)
{
	int64_t n;
	int flags;

	if (num_int(number, &n) == -1 || n < 3 || n > INT_MAX) {
		fprintf(stderr, "pseq: error: --events: 'fd:%s': a number "
		    "from 3 stands behind 'fd:'\n", number);
		return EXITS_USAGE;
	}
	j->events_fd = (int)n;
	flags = fcntl(j->events_fd, F_GETFL);
	if (flags != -1 && (flags & O_ACCMODE) == O_RDONLY) {
		flags = -1;
		errno = EBADF;
	}
	if (flags == -1 || fcntl(j->events_fd, F_SETFD, FD_CLOEXEC) == -1)
		return cannot_open(j->o->events);
	return EXITS_OK;
}

static int
open_events(struct journaling *j)
{
	const char *name = j->o->events;

	if (journaling_takes_stdout(j->o)) {
		j->events_fd = STDOUT_FILENO;
		return EXITS_OK;
	}
	if (!strncmp(name, "fd:", 3))
		return take_descriptor(j, name + 3);
	j->events_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOCTTY, 0666);
	if (j->events_fd == -1)
		return cannot_open(name);
	j->events_own = true;
	return EXITS_OK;
}

int
journaling_prepare(struct journaling *j)
{
	j->events_fd = j->rundir.dir = -1;
	j->dir = getcwd(NULL, 0);
	return j->o->events ? open_events(j) : EXITS_OK;
}

/* --- the run directory -------------------------------------------------- */

int
journaling_make(struct journaling *j)
{
	static const struct rundir_keep keep = { .n = KEEP_RUNS };
	struct buf why = { 0 }, left = { 0 };
	int rc = 0;

	if (!j->mode->state)
		return EXITS_OK;
	if (j->mode->resumed) {
		j->rundir = *j->mode->resumed;
		return EXITS_OK;
	}
	rc = rundir_make(&j->rundir, j->plan->name, &keep, &left, &why);
	if (rc == -1)
		fprintf(stderr, "pseq: error: %s\npseq: note: a run keeps a "
		    "journal there; --no-state does without it\n",
		    buf_str(&why));
	else if (left.len > 0)
		fprintf(stderr, "pseq: warning: %s\n", buf_str(&left));
	buf_fini(&why);
	buf_fini(&left);
	return rc == -1 ? EXITS_SYSTEM : EXITS_OK;
}

const char *
journaling_run(const struct journaling *j)
{
	return j->rundir.path ? j->rundir.run : NULL;
}

/* --- while it goes on --------------------------------------------------- */

static void
on_journal_failed(void *arg, int err)
{
	struct journaling *j = arg;

	j->is_lost = true;
	fprintf(stderr, "pseq: error: the journal '%s/journal' cannot be "
	    "written: %s: the run is ended\n", j->rundir.path, strerror(err));
	j->lost(j->arg);
}

static void
on_events_failed(void *arg, int err)
{
	struct journaling *j = arg;

	if (err == EPIPE && j->events_fd == STDOUT_FILENO) {
		j->pipe = true;
		j->gone(j->arg);
		return;
	}
	j->broken = true;
	fprintf(stderr, "pseq: warning: --events: '%s': %s: the rest of it is "
	    "lost\n", j->o->events, strerror(err));
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

static void
write_head(struct journaling *j, struct moment now,
    const struct redact *redact)
{
	struct writer_head h;

	head_fill(&h, &j->arena, j->o, j->plan, j->mode, j->dir, redact);
	h.run = journaling_run(j) ? j->rundir.run : j->mode->run;
	h.log = j->rundir.path ? "lanes" : "none";
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

void
journaling_open(struct journaling *j, struct loop *loop, struct bus *bus,
    double now, const struct redact *redact)
{
	struct sink sink;

	j->loop = loop;
	j->bus = bus;
	if (!j->rundir.path && j->events_fd == -1)
		return;
	j->logs = logs_new(j->rundir.path ? j->rundir.lanes : -1,
	    j->rundir.path ? LOGS_LANES : LOGS_NONE);
	j->writer = writer_new(j->logs, moment(j, now));
	loop_on_flush(loop, on_flush, j);
	j->journal_config = (struct out_config){
		.fd = j->rundir.journal, .arg = j,
		.failed = on_journal_failed,
	};
	j->events_config = (struct out_config){
		.fd = j->events_fd, .arg = j, .full = on_full,
		.failed = on_events_failed,
	};
	if (j->rundir.path)
		j->journal = add_out(j, &j->journal_config);
	if (j->events_fd != -1)
		j->events = add_out(j, &j->events_config);
	write_head(j, moment(j, now), redact);
	sink = writer_sink(j->writer);
	bus_add(bus, &sink);
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
	e.why = why_of(j, t, status, signo);
	writer_run_end(j->writer, moment(j, now), &e);
	journaling_settle(j);
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
	out_free(j->journal);
	out_free(j->events);
	writer_free(j->writer);
	logs_free(j->logs);
	rundir_close(&j->rundir);
	if (j->events_own)
		close(j->events_fd);
	arena_fini(&j->arena);
	free(j->dir);
}

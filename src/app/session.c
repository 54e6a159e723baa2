/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/bare.h"
#include "app/exits.h"
#include "app/finish.h"
#include "app/opts.h"
#include "app/overlap.h"
#include "app/overview.h"
#include "app/pacefile.h"
#include "app/session_part.h"
#include "app/signals.h"
#include "base/buf.h"
#include "base/die.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "io/task.h"
#include "model/plan.h"
#include "model/request.h"
#include "sink/redact.h"
#include "walk/walk.h"

extern char **environ;

static void
on_hold(void *arg, bool on)
{
	struct session *s = arg;

	s->held += on ? 1 : -1;
	if (s->tasks)
		tasks_read_all(s->tasks, s->held == 0);
}

static void
on_gone(void *arg)
{
	struct session *s = arg;

	if (s->engine)
		engine_stop(s->engine, ALWAYS_LIMIT);
}

static void
on_committed(void *arg, token_t lane)
{
	struct session *s = arg;

	engine_committed(s->engine, lane);
}

/* the lock was not to be had */
static void
on_skipped(void *arg, const char *lock, pid_t pid)
{
	struct session *s = arg;

	journaling_skipped(&s->journal, lock, pid);
}

static int
refuse(struct session *s, struct buf *why)
{
	fprintf(stderr, "pseq: error: %s\n", buf_str(why));
	buf_addf(&s->results.summary, "pseq: error: %s\n", buf_str(why));
	buf_fini(why);
	return EXITS_USAGE;
}

static void
name_run(struct session *s)
{
	if (s->mode->run)
		snprintf(s->run, sizeof(s->run), "%s", s->mode->run);
	else
		rundir_name(s->run);
}

/* the run is over, and its output is written: the status */
static int
conclude(struct session *s)
{
	struct engine_totals t = engine_totals(s->engine);
	int status = finish_status(&t, &s->screen, &s->journal,
	    s->plan->allow_empty || s->mode->only_lists || s->signo ||
	    s->astray);

	/* without an end it can still be resumed */
	if (s->astray)
		return status == EXITS_OK ? EXITS_REFUSED : status;
	if (status == EXITS_OK && t.flaky && s->o->flaky == FLAKY_FAIL)
		status = EXITS_FAILED;
	if (status == EXITS_OK && results_broken(&s->results))
		status = EXITS_SYSTEM;
	s->journal.quit = s->steer.quit;
	journaling_end(&s->journal, &t, status, s->signo, session_now(s));
	hint_tell(&s->hint, &s->journal, &t, status);
	return s->journal.is_lost ? EXITS_SYSTEM : status;
}

static void
close_session(struct session *s)
{
	bus_close(&s->bus);
	screen_drain(&s->screen);
	screen_close(&s->screen);
	journaling_close(&s->journal);
	if (s->tasks)
		tasks_free(s->tasks);
	engine_free(s->engine);
	assembly_fini(&s->parts);
	redact_free(s->redact);
	loop_free(s->loop);
}

/* from the first thing that is done to the last; what it came to */
static int
perform(struct session *s)
{
	const char *dir = s->plan->dir;
	struct buf why = { 0 };
	int status;

	if (dir && chdir(dir) == -1) {
		buf_addf(&why, "[job] dir '%s': %s", dir, strerror(errno));
		journaling_close(&s->journal);
		return refuse(s, &why);
	}
	status = journaling_make(&s->journal, s->run, &s->results.summary);
	if (status != EXITS_OK) {
		journaling_close(&s->journal);
		return status;
	}
	/* ours talk to us, not to a run that we are a step of */
	if (s->mode->clients)
		unsetenv(REQUEST_VARIABLE);
	s->env = bare_fill(&s->arena, environ);
	s->screen.arg = s->journal.arg = s;
	s->steer.screen = &s->screen;
	s->screen.key = steer_key;
	s->screen.key_arg = &s->steer;
	s->loop = loop_new();
	if (!s->loop)
		die("cannot make an event loop:");
	if (session_go(s, &why) == -1) {
		if (s->redact)
			redact_text(s->redact, &why);
		status = refuse(s, &why);
		journaling_discard(&s->journal);
		close_session(s);
		return status;
	}
	/* from here on a signal has nothing to tidy up */
	screen_leave(&s->screen);
	signals_default();
	bus_close(&s->bus);
	journaling_settle(&s->journal);
	screen_drain(&s->screen);
	results_write(&s->results);
	status = conclude(s);
	if (s->screen.overview)
		pacefile_write(s->journal.rundir.path,
		    overview_pace(s->screen.overview));
	close_session(s);
	return status;
}

/* `report` hears of every run that was not left out */
static void
report(struct session *s, int status)
{
	struct walk_options w = {
		.plan = s->plan, .run = s->run, .set = s->o->vars.word,
		.nset = s->o->vars.n, .environ = s->env ? s->env : environ,
		.only_lists = true, .partial = true, .warn = session_warn,
		.arg = s,
	};
	struct buf why = { 0 };

	if (s->signo)
		status = EXITS_SIGNAL + s->signo;
	if (!results_reports(&s->results, status))
		return;
	/* it could not be made, or not all of it: what is there will do */
	if (!s->walk)
		s->walk = walk_new(&w, &why);
	results_report(&s->results, s->walk, status);
	buf_fini(&why);
}

int
session_run(const struct options *o, const struct plan *p,
    const struct session_mode *mode)
{
	struct session_mode own = *mode;
	struct session s = {
		.o = o, .plan = p, .mode = &own,
		.heartbeat = {
			.o = o, .screen = &s.screen, .journal = &s.journal
		},
		.parts = { .o = o, .plan = p },
		.results = { .o = o, .plan = p },
		.screen = {
			.hold = on_hold, .gone = on_gone,
			.watched = !p->reads_stdin || !isatty(STDIN_FILENO),
		},
		.journal = {
			.o = o, .plan = p, .mode = &own, .lost = on_gone,
			.gone = on_gone, .hold = on_hold,
			.committed = on_committed,
		},
	};
	int status;

	s.results.real = session_is_real(&s);
	status = o->again ? again_begin(o->again, p, &own) : EXITS_OK;

	if (status != EXITS_OK)
		return status;
	status = journaling_prepare(&s.journal);
	if (status == EXITS_OK)
		status = results_open(&s.results);
	name_run(&s);
	if (status == EXITS_OK && session_is_real(&s))
		status = overlap_take(o, p, s.run, on_skipped, &s);
	if (status == EXITS_OK) {
		status = perform(&s);
		report(&s, status);
	} else {
		journaling_close(&s.journal);
	}
	if (s.walk)
		walk_free(s.walk);
	results_close(&s.results);
	hint_fini(&s.hint);
	arena_fini(&s.arena);
	if (s.signo)
		signals_end_by(s.signo);
	return status;
}

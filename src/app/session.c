/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/assemble.h"
#include "app/bare.h"
#include "app/exits.h"
#include "app/finish.h"
#include "app/heartbeat.h"
#include "app/hint.h"
#include "app/journaling.h"
#include "app/opts.h"
#include "app/overlap.h"
#include "app/overview.h"
#include "app/pacefile.h"
#include "app/results.h"
#include "app/screen.h"
#include "app/session.h"
#include "app/signals.h"
#include "app/steer.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "io/ask.h"
#include "io/loop.h"
#include "io/task.h"
#include "model/event.h"
#include "model/plan.h"
#include "model/request.h"
#include "sink/redact.h"
#include "transport/local.h"
#include "transport/ssh.h"
#include "transport/template.h"
#include "walk/walk.h"

extern char **environ;

struct title session_title;

/* how long `always` may take once the run is being ended from outside */
enum { ALWAYS_LIMIT = 60 };

struct session {
	const struct options *o;
	const struct plan *plan;
	const struct session_mode *mode;
	struct loop *loop;
	struct screen screen;
	struct steer steer;
	struct heartbeat heartbeat;
	struct journaling journal;
	struct results results;
	struct hint hint;
	int held;		/* how many outputs take no more for now */
	struct bus bus;
	struct redact *redact;	/* NULL: the job has no secrets */
	struct engine *engine;
	struct tasks *tasks;
	struct walk *walk;
	char run[RUN_NAME];
	struct assembly parts;
	int signo;		/* that ended the run, or 0 */
	struct arena arena;
	char *const *env;	/* of commands that are run here */
	/* resumed, and not one of its lanes came again */
	bool astray;
};

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

/* monotonic: of the loop, or of whoever acts in its place */
static double
now(const struct session *s)
{
	const struct stage *stage = s->mode->stage;

	return stage ? stage->runner.now(stage->runner.arg) :
	    loop_now(s->loop);
}

/* what the walk has to tell, as an event like all others */
static void
on_warn(void *arg, const char *text)
{
	struct session *s = arg;
	struct event ev = {
		.type = EVT_WARN, .mono = now(s),
		.wall = loop_wall(s->loop), .text = text, .len = strlen(text)
	};

	bus_emit(&s->bus, &ev);
}

/* --- secrets ------------------------------------------------------------ */

static void
on_secret(void *arg, const char *text, size_t len)
{
	struct session *s = arg;

	redact_add(s->redact, text, len);
}

static int
on_ask(void *arg, const char *prompt, struct buf *answer, struct buf *why)
{
	(void)arg;
	return ask_line(prompt, answer, why);
}

/* --- signals ------------------------------------------------------------ */

static void
on_signal(void *arg, int signo)
{
	struct session *s = arg;

	if (s->signo) {
		engine_kill(s->engine);
		tasks_kill_all(s->tasks);
		return;
	}
	s->signo = signo;
	engine_stop(s->engine, ALWAYS_LIMIT);
}

/* --- the journal -------------------------------------------------------- */

static bool
on_commit(void *arg, token_t lane)
{
	struct session *s = arg;

	return journaling_commit(&s->journal, lane);
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

/* --- the run ------------------------------------------------------------ */

/* steps are really run */
static bool
is_real(const struct session *s)
{
	return !s->mode->stage && !s->mode->only_lists;
}

static bool
on_turn(void *arg)
{
	return engine_turn(arg);
}

/* lanes are missing for a reason of their own */
static bool
has_not_begun(const struct engine_totals *t)
{
	return t->lists_failed || t->groups_unstarted || t->setup_failed;
}

static void
on_over(void *arg)
{
	struct session *s = arg;
	struct engine_totals t = engine_totals(s->engine);
	struct buf b = { 0 };

	if (s->o->again && !s->signo && !t.timed_out) {
		s->astray = !again_end(s->o->again, &b);
		/* else it has been told why they did not come */
		if (b.len > 0 && !has_not_begun(&t))
			on_warn(s, buf_str(&b));
		buf_fini(&b);
	}
	loop_break(s->loop);
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

static int
open_walk(struct session *s, struct buf *why)
{
	struct walk_options w = assembly_walk(&s->parts, s->mode);

	w.run = s->run;
	w.environ = s->env;
	w.warn = on_warn;
	w.secret = on_secret;
	w.ask = on_ask;
	w.arg = s;
	s->walk = s->parts.walk = walk_new(&w, why);
	return s->walk ? 0 : -1;
}

/* that fewer fit than lanes were asked for is told now, or when some wait */
static void
set_children(struct session *s)
{
	if (assembly_children(&s->parts, s->engine, s->tasks))
		on_warn(s, s->parts.note);
}

/* all is done in no time: neither processes nor signals */
static void
act(struct session *s)
{
	const struct stage *stage = s->mode->stage;

	if (!s->plan->children.given)
		engine_set_children(s->engine, INT64_MAX, NULL);
	engine_begin(s->engine, &stage->runner);
	stage->run(stage->arg, s->engine);
}

static int
begin(struct session *s, struct buf *why)
{
	struct runner_up up = engine_up(s->engine);
	struct tasks_config config = {
		.program = true, .title = session_title.text,
		.title_len = session_title.len,
		.clients = s->mode->clients,
		.many = s->parts.asked != 1,
		.files = journaling_files(&s->journal),
		/* in part of a line no secret would be known */
		.peeks = s->screen.live && s->plan->nsecret == 0,
	};
	struct runner runner;

	for (size_t i = 0; i < s->plan->nseq; i++)
		config.clients_wait |= s->plan->seq[i].nsends > 0 ||
		    s->plan->seq[i].nreceives > 0;
	s->tasks = tasks_new(s->loop, &up, &config);
	if (!s->tasks)
		die("cannot start:");
	if (assembly_share(&s->parts, s->tasks, why) == -1)
		return -1;
	if (!s->plan->children.given)
		set_children(s);
	runner = tasks_runner(s->tasks);
	loop_on_turn(s->loop, on_turn, s->engine);
	signals_catch(s->loop, on_signal, s);
	steer_signals(&s->steer, s->loop);
	/* whatever is done from here on, its run is known */
	journaling_settle(&s->journal);
	engine_begin(s->engine, &runner);
	if (is_real(s))
		heartbeat_begin(&s->heartbeat, s->loop, s->engine);
	loop_run(s->loop);
	heartbeat_end(&s->heartbeat);
	return 0;
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
	journaling_end(&s->journal, &t, status, s->signo, now(s));
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

static int
run(struct session *s, struct buf *why)
{
	struct engine_config c = {
		.name = s->plan->name, .bus = &s->bus,
		.transport = {
			[REACH_LOCAL] = &transport_local,
			[REACH_SSH] = &transport_ssh,
			[REACH_TEMPLATE] = &transport_template,
		},
		.wall_offset = loop_wall(s->loop) - now(s),
		.children = 1, .past = s->mode->past, .why = s->o->why,
		.facts = s->mode->state || s->o->facts,
		.commit = s->mode->state ? on_commit : NULL,
		.over = on_over, .arg = s,
	};

	for (int i = 0; s->mode->stage && i < REACH_N; i++)
		c.transport[i] = s->mode->stage->transport;
	if (s->plan->nsecret > 0) {
		s->redact = redact_new();
		s->bus.filter = redact_filter(s->redact);
	}
	if (assembly_check(&s->parts, why) == -1 || open_walk(s, why) == -1 ||
	    assembly_configure(&s->parts, &c, why) == -1)
		return -1;
	journaling_open(&s->journal, s->loop, &s->bus, now(s), s->redact);
	if (!s->mode->stage)
		screen_open(&s->screen, s->loop, s->o, !s->mode->sink,
		    &s->bus);
	if (s->mode->sink)
		bus_add(&s->bus, s->mode->sink);
	results_listen(&s->results, &s->bus, s->run);
	if (s->mode->state)
		hint_listen(&s->hint, &s->bus);
	s->engine = s->steer.engine = engine_new(&c);
	if (s->screen.overview) {
		overview_engine(s->screen.overview, s->engine);
		pacefile_read(s->journal.rundir.path,
		    overview_pace(s->screen.overview));
	}
	if (assembly_fill(&s->parts, s->engine, why) == -1)
		return -1;
	if (s->o->again)
		again_restore(s->o->again, s->plan, s->engine);
	if (s->mode->stage)
		act(s);
	else if (begin(s, why) == -1)
		return -1;
	if (s->mode->look)
		s->mode->look(s->mode->arg, s->walk);
	return 0;
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
	if (run(s, &why) == -1) {
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
		.only_lists = true, .partial = true, .warn = on_warn,
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

	s.results.real = is_real(&s);
	status = o->again ? again_begin(o->again, p, &own) : EXITS_OK;

	if (status != EXITS_OK)
		return status;
	status = journaling_prepare(&s.journal);
	if (status == EXITS_OK)
		status = results_open(&s.results);
	name_run(&s);
	if (status == EXITS_OK && is_real(&s))
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

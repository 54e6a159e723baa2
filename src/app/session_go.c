/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/again.h"
#include "app/opts.h"
#include "app/overview.h"
#include "app/pacefile.h"
#include "app/session_part.h"
#include "app/signals.h"
#include "base/buf.h"
#include "base/die.h"
#include "engine/engine.h"
#include "io/ask.h"
#include "io/loop.h"
#include "io/task.h"
#include "model/plan.h"
#include "sink/redact.h"
#include "transport/local.h"
#include "transport/ssh.h"
#include "transport/template.h"
#include "walk/walk.h"

struct title session_title;

double
session_now(const struct session *s)
{
	const struct stage *stage = s->mode->stage;

	return stage ? stage->runner.now(stage->runner.arg) :
	    loop_now(s->loop);
}

void
session_warn(void *arg, const char *text)
{
	struct session *s = arg;
	struct event ev = {
		.type = EVT_WARN, .mono = session_now(s),
		.wall = loop_wall(s->loop), .text = text, .len = strlen(text)
	};

	bus_emit(&s->bus, &ev);
}

/* --- what it is told --------------------------------------------------- */

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

static bool
on_commit(void *arg, token_t lane)
{
	struct session *s = arg;

	return journaling_commit(&s->journal, lane);
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
			session_warn(s, buf_str(&b));
		buf_fini(&b);
	}
	loop_break(s->loop);
}

/* --- what it consists of ------------------------------------------------ */

static int
open_walk(struct session *s, struct buf *why)
{
	struct walk_options w = assembly_walk(&s->parts, s->mode);

	w.run = s->run;
	w.environ = s->env;
	w.warn = session_warn;
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
		session_warn(s, s->parts.note);
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
	if (session_is_real(s))
		heartbeat_begin(&s->heartbeat, s->loop, s->engine);
	loop_run(s->loop);
	heartbeat_end(&s->heartbeat);
	return 0;
}

int
session_go(struct session *s, struct buf *why)
{
	struct engine_config c = {
		.name = s->plan->name, .bus = &s->bus,
		.transport = {
			[REACH_LOCAL] = &transport_local,
			[REACH_SSH] = &transport_ssh,
			[REACH_TEMPLATE] = &transport_template,
		},
		.wall_offset = loop_wall(s->loop) - session_now(s),
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
	journaling_open(&s->journal, s->loop, &s->bus, session_now(s), s->redact);
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

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/opts.h"
#include "app/screen.h"
#include "app/session.h"
#include "app/signals.h"
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
	struct bus bus;
	struct redact *redact;	/* NULL: the job has no secrets */
	struct engine *engine;
	struct tasks *tasks;
	struct walk *walk;
	char run[40];
	char note[128];
	struct walk_shared shared;
	int64_t asked;		/* most lanes at once of a sequence */
	int signo;		/* that ended the run, or 0 */
};

static void
on_hold(void *arg, bool on)
{
	struct session *s = arg;

	if (s->tasks)
		tasks_read_all(s->tasks, !on);
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

/* --- the run ------------------------------------------------------------ */

static bool
on_turn(void *arg)
{
	return engine_turn(arg);
}

static void
on_over(void *arg)
{
	struct session *s = arg;

	loop_break(s->loop);
}

static int
refuse(struct buf *why)
{
	fprintf(stderr, "pseq: error: %s\n", buf_str(why));
	buf_fini(why);
	return EXITS_USAGE;
}

static void
name_run(struct session *s)
{
	struct timespec t;
	struct tm tm;
	char when[24];

	if (s->mode->run) {
		snprintf(s->run, sizeof(s->run), "%s", s->mode->run);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	localtime_r(&t.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	snprintf(s->run, sizeof(s->run), "%s-%05x", when,
	    (unsigned)(t.tv_nsec / 1000 ^ getpid()) & 0xfffff);
}

static int
open_walk(struct session *s, struct buf *why)
{
	struct timespec t;
	struct walk_options w = {
		.plan = s->plan, .run = s->run, .set = s->o->vars.word,
		.nset = s->o->vars.n, .environ = environ,
		.processors = opts_processors(), .jobs = s->o->jobs,
		.unique = s->mode->unique,
		.few_variables = s->mode->few_variables, .warn = on_warn, .arg = s,
		.only_lists = s->mode->only_lists,
		.no_commands = s->mode->no_commands, .list = s->mode->list,
		.nlist = s->mode->nlist, .watcher = s->mode->watcher,
		.secret = on_secret, .ask = on_ask,
	};

	/* what is not real is the same each time */
	clock_gettime(CLOCK_REALTIME, &t);
	w.seed = s->mode->stage ? 1 :
	    (uint64_t)t.tv_nsec << 20 ^ (uint64_t)getpid();
	s->walk = walk_new(&w, why);
	return s->walk ? 0 : -1;
}

/* limits of the whole job: the command line over the file */
static int
configure(struct session *s, struct engine_config *c, struct buf *why)
{
	const struct plan *p = s->plan;
	struct width parallel, children, max_fail;

	if (walk_span(s->walk, &p->parallel, &parallel, why) == -1 ||
	    walk_span(s->walk, &p->children, &children, why) == -1 ||
	    walk_span(s->walk, &p->max_fail, &max_fail, why) == -1 ||
	    walk_figure(s->walk, &p->timeout, &c->timeout, why) == -1)
		return -1;
	c->parallel = parallel.automatic ? opts_processors() : parallel.n;
	c->parallel_percent = parallel.percent;
	if (s->o->jobs > 0) {
		c->parallel = s->o->jobs;
		c->parallel_percent = false;
	}
	if (p->children.given)
		c->children = children.automatic ? opts_processors() : children.n;
	c->has_max_fail = p->max_fail.given;
	c->max_fail = max_fail.n;
	c->max_fail_percent = max_fail.percent;
	c->drain = p->on_fail == ON_FAIL_DRAIN;
	c->stop = p->on_fail == ON_FAIL_STOP;
	c->depth = p->depth;
	c->rounds_s = s->o->rounds;
	return 0;
}

static bool
is_started(const struct session *s, const struct seq *seq)
{
	const struct opts_list *l = &s->o->starts;

	if (seq->routine)
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->word[i], seq->name) == 0)
			return true;
	return l->n == 0;
}

/* the groups that a sequence comes after, as far as they are started */
static void
set_after(const struct seq *seq, const uint32_t *number, bool setup,
    struct group_spec *g, uint32_t *list)
{
	g->after = list;
	if (setup)
		list[g->nafter++] = 0;
	for (size_t i = 0; i < seq->nafter; i++)
		if (number[seq->after[i]] != NOWHERE)
			list[g->nafter++] = number[seq->after[i]];
}

/* a list of unknown length asks for no more than it turns out to have */
static void
note_asked(struct session *s, const struct group_spec *g)
{
	int64_t n = g->lone ? 1 : g->source.count(g->source.state);

	if (n > g->parallel && !g->parallel_percent)
		n = g->parallel;
	if (n > s->asked)
		s->asked = n;
}

/* what lanes share: channels, limits, and who uses them */
static int
add_shared(struct session *s, struct buf *why)
{
	if (walk_shared(s->walk, &s->shared, why) == -1)
		return -1;
	engine_kinds(s->engine, s->shared.kind, s->shared.nkind);
	engine_channels(s->engine, s->shared.channel, s->shared.nchannel);
	engine_limits(s->engine, s->shared.limit, s->shared.nlimit);
	return 0;
}

/* lists must outlive the run: they are freed with the arena of after */
static int
add_groups(struct session *s, uint32_t *after, struct buf *why)
{
	const struct plan *p = s->plan;
	uint32_t *number = mem_alloc(p->nseq * sizeof(*number));
	struct group_spec g;
	bool setup = walk_setup_group(s->walk, &g);
	uint32_t n = setup;
	int rc = 0;

	if (setup)
		engine_add(s->engine, &g);
	for (size_t i = 0; i < p->nseq; i++)
		number[i] = is_started(s, &p->seq[i]) ? n++ : NOWHERE;
	for (size_t i = 0; i < p->nseq && rc == 0; i++) {
		if (number[i] == NOWHERE)
			continue;
		rc = walk_group(s->walk, &p->seq[i], &g, why);
		if (rc == -1)
			break;
		set_after(&p->seq[i], number, setup, &g, after);
		/* lists are made when their sequence starts, not before */
		if (g.nafter == 0)
			note_asked(s, &g);
		after += g.nafter;
		engine_add(s->engine, &g);
	}
	free(number);
	return rc;
}

static void
check_starts(const struct session *s, struct buf *why)
{
	const struct opts_list *l = &s->o->starts;

	for (size_t i = 0; i < l->n && why->len == 0; i++)
		if (plan_find(s->plan, l->word[i], strlen(l->word[i]),
		    false) == NOWHERE)
			buf_addf(why, "there is no sequence '%s' to start",
			    l->word[i]);
}

/*
 * As many processes as the limit of descriptors allows.  That fewer fit than
 * lanes were asked for is told once: now, or when some have to wait.
 */
static void
set_children(struct session *s)
{
	int64_t room = (int64_t)tasks_room(s->tasks);
	bool now = s->asked > room;

	snprintf(s->note, sizeof(s->note), "%lld commands at once fit into "
	    "the limit of open files (ulimit -n); the others wait",
	    (long long)room);
	engine_set_children(s->engine, room, now ? NULL : s->note);
	if (now)
		on_warn(s, s->note);
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

/* limits that other processes know as well */
static int
share_limits(struct session *s, struct buf *why)
{
	for (size_t i = 0; i < s->shared.nlimit; i++) {
		const struct limit_spec *m = &s->shared.limit[i];

		if (m->shared &&
		    tasks_share(s->tasks, m->name, m->n, why) == -1)
			return -1;
	}
	return 0;
}

static int
begin(struct session *s, struct buf *why)
{
	struct runner_up up = engine_up(s->engine);
	struct tasks_config config = {
		.program = true, .title = session_title.text,
		.title_len = session_title.len,
		.clients = s->mode->clients,
	};
	struct runner runner;

	for (size_t i = 0; i < s->plan->nseq; i++)
		config.clients_wait |= s->plan->seq[i].nsends > 0 ||
		    s->plan->seq[i].nreceives > 0;
	s->tasks = tasks_new(s->loop, &up, &config);
	if (!s->tasks)
		die("cannot start:");
	if (share_limits(s, why) == -1)
		return -1;
	if (!s->plan->children.given)
		set_children(s);
	runner = tasks_runner(s->tasks);
	loop_on_turn(s->loop, on_turn, s->engine);
	signals_catch(s->loop, on_signal, s);
	engine_begin(s->engine, &runner);
	loop_run(s->loop);
	return 0;
}

static int
status_of(const struct session *s)
{
	struct engine_totals t = engine_totals(s->engine);
	int64_t lanes = t.ok + t.rescued + t.failed + t.cancelled +
	    t.unstarted;

	if (s->screen.pipe)
		return EXITS_PIPE;
	if (t.failed || t.cancelled || t.unstarted || t.lists_failed ||
	    t.groups_unstarted || t.setup_failed || t.timed_out)
		return EXITS_FAILED;
	if (s->screen.broken)
		return EXITS_SYSTEM;
	if (lanes == 0 && !s->plan->allow_empty && !s->mode->only_lists &&
	    !s->signo) {
		fprintf(stderr, "pseq: nothing to do: no lane had anything "
		    "to run\n");
		return EXITS_REFUSED;
	}
	return EXITS_OK;
}

static void
close_session(struct session *s)
{
	bus_close(&s->bus);
	screen_drain(&s->screen);
	screen_close(&s->screen);
	if (s->tasks)
		tasks_free(s->tasks);
	engine_free(s->engine);
	if (s->walk)
		walk_free(s->walk);
	redact_free(s->redact);
	loop_free(s->loop);
}

static int
run(struct session *s, uint32_t *after, struct buf *why)
{
	struct engine_config c = {
		.name = s->plan->name, .bus = &s->bus,
		.local = &transport_local,
		.wall_offset = loop_wall(s->loop) - now(s),
		.children = 1, .over = on_over, .arg = s,
	};

	if (s->plan->nsecret > 0) {
		s->redact = redact_new();
		s->bus.filter = redact_filter(s->redact);
	}
	check_starts(s, why);
	if (why->len > 0 || open_walk(s, why) == -1 ||
	    configure(s, &c, why) == -1)
		return -1;
	if (!s->mode->stage)
		screen_open(&s->screen, s->loop, s->o, !s->mode->sink,
		    &s->bus);
	if (s->mode->sink)
		bus_add(&s->bus, s->mode->sink);
	s->engine = engine_new(&c);
	if (add_shared(s, why) == -1 || add_groups(s, after, why) == -1)
		return -1;
	if (s->mode->stage)
		act(s);
	else if (begin(s, why) == -1)
		return -1;
	if (s->mode->look)
		s->mode->look(s->mode->arg, s->walk);
	return 0;
}

int
session_run(const struct options *o, const struct plan *p,
    const struct session_mode *mode)
{
	struct session s = {
		.o = o, .plan = p, .mode = mode,
		.screen = { .hold = on_hold, .gone = on_gone },
	};
	struct buf why = { 0 };
	size_t nafter = p->nseq;
	uint32_t *after;
	int status;

	if (p->dir && chdir(p->dir) == -1) {
		buf_addf(&why, "[job] dir '%s': %s", p->dir, strerror(errno));
		return refuse(&why);
	}
	for (size_t i = 0; i < p->nseq; i++)
		nafter += p->seq[i].nafter;
	after = mem_alloc(nafter * sizeof(*after));
	if (!mode->few_variables)
		name_run(&s);
	/* ours talk to us, not to a run that we are a step of */
	if (mode->clients)
		unsetenv(REQUEST_VARIABLE);
	s.screen.arg = &s;
	s.loop = loop_new();
	if (!s.loop)
		die("cannot make an event loop:");
	if (run(&s, after, &why) == -1) {
		if (s.redact)
			redact_text(s.redact, &why);
		status = refuse(&why);
		close_session(&s);
		free(after);
		return status;
	}
	/* from here on a signal has nothing to tidy up */
	signals_default();
	bus_close(&s.bus);
	screen_drain(&s.screen);
	status = status_of(&s);
	close_session(&s);
	free(after);
	if (s.signo)
		signals_end_by(s.signo);
	return status;
}

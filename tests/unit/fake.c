/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "lang/lang.h"
#include "base/mem.h"
#include "model/plan.h"
#include "recall.h"
#include "sim/sim.h"
#include "transport/local.h"
#include "unit.h"
#include "walk/walk.h"

/* --- other hosts --------------------------------------------------------- */

/* what went there, since the last job began */
static char seen[1 << 14];

static void
note(const char *fmt, ...)
{
	size_t n = strlen(seen);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(seen + n, sizeof(seen) - n, fmt, ap);
	va_end(ap);
}

static void
note_endpoint(const struct endpoint *e)
{
	note("%s%s", *seen ? " " : "", e->host);
	if (strcmp(e->host, e->address) != 0)
		note("=%s", e->address);
	if (e->user)
		note("(%s)", e->user);
	if (e->port)
		note(":%u", e->port);
	for (size_t i = 0; e->option && e->option[i]; i++)
		note("+%s", e->option[i]);
	for (size_t i = 0; e->exec && e->exec[i]; i++)
		note("%s%s", i ? "," : "/", e->exec[i]);
}

static const char *
prepare_far(const struct run *r, struct launch *l, struct arena *a)
{
	struct run here = *r;

	note_endpoint(r->at);
	if (r->script) {
		here.text = r->script;
		note("<%.*s>", (int)r->script_len, r->script_bytes);
		for (size_t i = 0; r->args[i]; i++)
			note("<%s>", r->args[i]);
	}
	ck_assert_ptr_null(r->argv);
	return transport_local.prepare(&here, l, a);
}

static const char *
prepare_copy(const struct copy *c, struct launch *l, struct arena *a)
{
	(void)a;
	note_endpoint(c->at);
	note("%s", c->get ? "<-" : "->");
	for (size_t i = 0; i < c->nfrom; i++)
		note("%s,", c->from[i]);
	note("%s%s%s", c->to, c->as ? "~" : "", c->as ? c->as : "");
	*l = (struct launch){ .kind = LAUNCH_COPY, .copy = *c };
	return NULL;
}

static const struct transport far = {
	.name = "far", .prepare = prepare_far, .prepare_copy = prepare_copy,
};

const char *
fake_seen(void)
{
	return seen;
}

/* --- outcomes ------------------------------------------------------------ */

static const char *
command_of(const struct launch *l)
{
	size_t n = 0;

	if (l->kind != LAUNCH_PROCESS)
		return l->kind == LAUNCH_WAIT ? l->wait.text : "copy";
	while (l->argv[n])
		n++;
	/* of a shell's words the command is the one behind -c */
	for (size_t i = 0; i + 1 < n; i++)
		if (strcmp(l->argv[i], "-c") == 0)
			return l->argv[i + 1];
	return l->argv[0];
}

/* the word of this start; NULL: no rule speaks of it */
static const char *
word_of(struct fake *f, const char *command)
{
	for (size_t i = 0; f->rule && f->rule[i].command; i++) {
		const char *s = f->rule[i].outcomes;
		unsigned n = f->used[i];

		if (strcmp(f->rule[i].command, command) != 0)
			continue;
		f->used[i]++;
		while (n-- > 0 && strchr(s, ' '))
			s = strchr(s, ' ') + 1;
		return arena_strndup(&f->arena, s, strcspn(s, " "));
	}
	return NULL;
}

static const struct sim_outcome *
outcome(void *arg, const struct launch *l)
{
	struct fake *f = arg;
	const char *word = word_of(f, command_of(l)), *slash;
	struct sim_outcome *o;

	if (!word)
		return NULL;
	o = arena_alloc(&f->arena, sizeof(*o));
	slash = strchr(word, '/');
	if (slash) {
		o->out = word;
		o->nout = (size_t)(slash - word);
		word = slash + 1;
	}
	if (strcmp(word, "nostart") == 0) {
		o->result = result_made(ST_START, "");
	} else if (strcmp(word, "hang") == 0) {
		o->result = result_made(ST_OK, "");
		o->hang = true;
	} else if (*word >= '0' && *word <= '9') {
		o->result = result_made(ST_EXIT, "");
		o->result.code = atoi(word);
	} else {
		o->result = result_made(ST_SIGNAL, "");
		o->result.signo = status_signal_find(word, strlen(word));
		o->result.code = 128 + o->result.signo;
	}
	return o;
}

/* --- the log ------------------------------------------------------------ */

static int
on_event(void *arg, const struct event *ev)
{
	struct fake *f = arg;
	static const char *const verdicts[] = {
		"ok", "rescued", "failed", "cancelled"
	};
	char text[STATUS_SHOW];

	if (f->watch)
		f->watch(f->engine, ev);
	if (ev->type == EVT_STEP_END && !f->bare)
		buf_addf(&f->log, "%s:%s=%s%s ", ev->lane->name,
		    ev->step->label, status_show(text, ev->result),
		    ev->again ? "~" : "");
	else if (ev->type == EVT_LANE_END)
		buf_addf(&f->log, "%s=%s ", ev->lane->name,
		    verdicts[ev->verdict]);
	else if (ev->type == EVT_SAY)
		buf_addf(&f->log, "'%.*s' ", (int)ev->len, ev->text);
	else if (ev->type == EVT_UNSTARTED)
		buf_addf(&f->log, "%s=unstarted(%d) ", ev->text,
		    (int)ev->count);
	return 0;
}

/* --- a run -------------------------------------------------------------- */

void
fake_open(struct fake *f, const struct fake_rule *rule)
{
	struct sink sink = { .name = "log", .arg = f, .event = on_event };
	struct sim_config config = { .outcome = outcome, .arg = f };

	*f = (struct fake){ .rule = rule, .sim = sim_new(&config) };
	bus_add(&f->bus, &sink);
}

void
fake_config(struct fake *f, struct engine_config *c)
{
	*c = (struct engine_config){
		.name = "fake", .bus = &f->bus, .transport[REACH_LOCAL] = &transport_local,
		.transport[REACH_SSH] = &far, .transport[REACH_TEMPLATE] = &far,
		.children = 100, .depth = 1000,
	};
}

void
fake_begin(struct fake *f)
{
	struct runner r = sim_runner(f->sim);
	struct runner_up up = engine_up(f->engine);

	sim_attach(f->sim, &up);
	engine_begin(f->engine, &r);
}

void
fake_run(struct fake *f, double until)
{
	for (;;) {
		while (engine_turn(f->engine))
			;
		if (engine_is_over(f->engine) || (f->stop && *f->stop))
			return;
		if (f->interrupt && *f->interrupt) {
			f->interrupt = NULL;
			engine_stop(f->engine, 60);
			continue;
		}
		if (f->nkept > 0) {
			buf_adds(&f->log, "kept ");
			engine_committed(f->engine, f->kept[--f->nkept]);
			continue;
		}
		if (sim_step(f->sim, until))
			continue;
		if (engine_progress(f->engine).paused) {
			buf_adds(&f->log, "idle ");
			engine_pause(f->engine, false);
			continue;
		}
		if (until <= 0)
			buf_adds(&f->log, "STUCK ");
		return;
	}
}

void
fake_close(struct fake *f)
{
	engine_free(f->engine);
	f->most = sim_most(f->sim);
	sim_free(f->sim);
	arena_fini(&f->arena);
	buf_fini(&f->log);
}

static bool
on_commit(void *arg, token_t lane)
{
	struct fake *f = arg;

	buf_adds(&f->log, "keep ");
	f->kept[f->nkept++] = lane;
	return true;
}

static void
hide(void *arg, const char *text, size_t len)
{
	(void)arg;
	(void)text;
	(void)len;
}

static void
warn(void *arg, const char *text)
{
	buf_addf(&((struct fake *)arg)->log, "warn(%s) ", text);
}

/* the next run of what was told */
static void
remember(struct fake *f, struct recall *k, struct engine_config *c)
{
	struct sink sink = recall_sink(k);

	bus_add(&f->bus, &sink);
	f->stop = &k->stopped;
	f->interrupt = &k->interrupted;
	if (!k->again)
		return;
	c->past = &k->past;
	for (size_t i = 0; f->rule[i].command; i++)
		f->used[i] = recall_ended(k, f->rule[i].command);
}

const char *
fake_job_more(const char *job, const struct fake_rule *rule,
    const struct fake_more *more)
{
	static char out[1 << 16];
	static char *const no_environ[] = { NULL };
	struct lang_options lang = { .out = stderr };
	struct plan *plan = lang_load_bytes("t.job", job, strlen(job), &lang,
	    NULL);
	struct fake f;
	struct engine_config c;
	struct buf why = { 0 };
	struct walk_options o = {
		.plan = plan, .run = "r",
		.environ = more->environ ? more->environ : no_environ,
		.secret = hide, .why = more->why,
		.processors = 4, .unique = true, .seed = 1, .warn = warn,
		.arg = &f,
	};
	struct walk *w;
	struct group_spec g;
	struct walk_shared shared;
	const int64_t *cap;
	size_t ncap;
	uint32_t number = 0, before[16];
	bool setup;

	ck_assert_ptr_nonnull(plan);
	seen[0] = '\0';
	fake_open(&f, rule);
	f.bare = more->bare;
	f.watch = more->watch;
	fake_config(&f, &c);
	c.why = more->why;
	c.facts = more->recall != NULL;
	if (more->commit) {
		c.commit = on_commit;
		c.arg = &f;
	}
	if (more->recall)
		remember(&f, more->recall, &c);
	o.past = c.past;
	c.has_max_fail = plan->max_fail.given;
	c.max_fail = plan->max_fail.width.n;
	c.max_fail_percent = plan->max_fail.width.percent;
	c.stop = plan->on_fail == ON_FAIL_STOP;
	c.drain = plan->on_fail == ON_FAIL_DRAIN;
	c.parallel = plan->parallel.width.n;
	c.parallel_percent = plan->parallel.width.percent;
	c.timeout = plan->timeout.value;
	if (plan->children.given)
		c.children = plan->children.width.n;
	c.depth = plan->depth;
	w = walk_new(&o, &why);
	ck_assert_msg(w != NULL, "%s", buf_str(&why));
	f.engine = engine_new(&c);
	ck_assert_int_eq(walk_shared(w, &shared, &why), 0);
	engine_kinds(f.engine, shared.kind, shared.nkind);
	engine_channels(f.engine, shared.channel, shared.nchannel);
	engine_limits(f.engine, shared.limit, shared.nlimit);
	ck_assert_int_eq(walk_caps(w, &cap, &ncap, &why), 0);
	engine_caps(f.engine, cap, ncap);
	if (c.past)
		recall_restore(more->recall, f.engine, shared.channel,
		    shared.nchannel);
	setup = walk_setup_group(w, &g);
	if (setup)
		engine_add(f.engine, &g), number++;
	for (size_t i = 0; i < plan->nseq; i++) {
		const struct seq *s = &plan->seq[i];

		ck_assert_uint_lt(i, countof(before));
		before[i] = NOWHERE;
		if (s->routine)
			continue;
		if (walk_hosts_group(w, s, &g)) {
			/* only in jobs without `after` */
			ck_assert_uint_eq(s->nafter, 0);
			before[i] = number++;
			engine_add(f.engine, &g);
		}
		ck_assert_int_eq(walk_group(w, s, &g, &why), 0);
		g.after = s->after;	/* sequences come first */
		g.nafter = s->nafter;
		if (setup && before[i] == NOWHERE) {
			ck_assert_uint_eq(s->nafter, 0);
			before[i] = 0;
		}
		if (before[i] != NOWHERE) {
			g.after = &before[i];
			g.nafter = 1;
		}
		number++;
		engine_add(f.engine, &g);
	}
	fake_begin(&f);
	fake_run(&f, 0);
	snprintf(out, sizeof(out), "%s", buf_str(&f.log));
	if (f.log.len > 0 && f.log.len < sizeof(out))
		out[f.log.len - 1] = '\0';
	fake_close(&f);
	walk_free(w);
	buf_fini(&why);
	lang_free(plan);
	return out;
}

const char *
fake_job(const char *job, const struct fake_rule *rule)
{
	return fake_job_more(job, rule, &(struct fake_more){ 0 });
}

const char *
fake_job_bare(const char *job, const struct fake_rule *rule)
{
	return fake_job_more(job, rule, &(struct fake_more){ .bare = true });
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fake.h"
#include "lang/lang.h"
#include "model/plan.h"
#include "transport/local.h"
#include "unit.h"
#include "walk/walk.h"

struct fake_start {
	token_t token;
	double ends;		/* < 0: when it is stopped */
	double prints;		/* its line, if it has one */
	struct result result;
	char out[128], line[128];
};

struct fake_wake {
	token_t token;
	double at;
};

/* --- the runner --------------------------------------------------------- */

static const char *
command_of(const struct launch *l)
{
	size_t n = 0;

	if (l->kind != LAUNCH_PROCESS)
		return l->kind == LAUNCH_COPY ? "copy" : "read";
	while (l->argv[n])
		n++;
	/* of a shell's words the command is the one behind -c */
	for (size_t i = 0; i + 1 < n; i++)
		if (strcmp(l->argv[i], "-c") == 0)
			return l->argv[i + 1];
	return l->argv[0];
}

static void
outcome(struct fake *f, const char *command, char *word, size_t size)
{
	for (size_t i = 0; f->rule && f->rule[i].command; i++) {
		const char *s = f->rule[i].outcomes;
		unsigned n = f->used[i];

		if (strcmp(f->rule[i].command, command) != 0)
			continue;
		f->used[i]++;
		while (n-- > 0 && strchr(s, ' '))
			s = strchr(s, ' ') + 1;
		snprintf(word, size, "%.*s", (int)strcspn(s, " "), s);
		return;
	}
	snprintf(word, size, "0");
}

static int
start(void *arg, token_t token, const struct launch *l)
{
	struct fake *f = arg;
	struct fake_start *s;
	char text[128], *word = text, *slash;

	outcome(f, command_of(l), text, sizeof(text));
	if (strcmp(text, "nostart") == 0) {
		errno = E2BIG;
		return -1;
	}
	f->start = mem_grow(f->start, &f->start_cap, f->nstart + 1,
	    sizeof(*f->start));
	s = &f->start[f->nstart++];
	if (f->nstart > f->most)
		f->most = (unsigned)f->nstart;
	*s = (struct fake_start){ .token = token, .ends = f->now + 1,
	    .prints = f->now + 0.5 };
	slash = strchr(text, '/');
	if (slash) {
		*slash = '\0';
		word = slash + 1;
		if (*text == '>')
			snprintf(s->out, sizeof(s->out), "%s", text + 1);
		else
			snprintf(s->line, sizeof(s->line), "%s", text);
	}
	s->result.message = "";
	s->result.step = "";
	if (strcmp(word, "hang") == 0) {
		s->ends = -1;
		if (l->timeout > 0) {
			s->ends = f->now + l->timeout;
			s->result.status = ST_TIMEOUT;
			s->result.code = CODE_NONE;
		}
	} else if (*word >= '0' && *word <= '9') {
		s->result.status = ST_EXIT;
		s->result.code = atoi(word);
	} else {
		s->result.status = ST_SIGNAL;
		s->result.signo = status_signal_find(word, strlen(word));
		s->result.code = 128 + s->result.signo;
	}
	return 0;
}

static void
stop(void *arg, token_t token, enum stop_why why)
{
	struct fake *f = arg;

	for (size_t i = 0; i < f->nstart; i++) {
		struct fake_start *s = &f->start[i];

		if (s->token != token)
			continue;
		s->ends = f->now;
		s->result.status = why == STOP_TIMEOUT ? ST_TIMEOUT :
		    ST_CANCELLED;
		s->result.code = CODE_NONE;
	}
}

static void
wake(void *arg, token_t token, double seconds)
{
	struct fake *f = arg;

	for (size_t i = 0; i < f->nwake; i++)
		if (f->wake[i].token == token)
			f->wake[i] = f->wake[--f->nwake];
	if (seconds < 0)
		return;
	f->wake = mem_grow(f->wake, &f->wake_cap, f->nwake + 1,
	    sizeof(*f->wake));
	f->wake[f->nwake++] = (struct fake_wake){ token, f->now + seconds };
}

static void
hold(void *arg, token_t token, unsigned streams, bool on)
{
	(void)arg;
	(void)token;
	(void)streams;
	(void)on;
}

static double
now(void *arg)
{
	return ((struct fake *)arg)->now;
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

	*f = (struct fake){ .rule = rule, .now = 1000 };
	bus_add(&f->bus, &sink);
}

void
fake_config(struct fake *f, struct engine_config *c)
{
	*c = (struct engine_config){
		.name = "fake", .bus = &f->bus, .local = &transport_local,
		.children = 100, .depth = 1000,
	};
}

void
fake_begin(struct fake *f)
{
	struct runner r = {
		.arg = f, .start = start, .stop = stop, .wake = wake,
		.hold = hold, .now = now,
	};

	f->up = engine_up(f->engine);
	engine_begin(f->engine, &r);
}

/* when something of it happens; < 0: never */
static double
due(const struct fake_start *s)
{
	return s->line[0] ? s->prints : s->ends;
}

/* the first of which something happens, or NULL */
static struct fake_start *
next_end(struct fake *f)
{
	struct fake_start *first = NULL;

	for (size_t i = 0; i < f->nstart; i++) {
		struct fake_start *s = &f->start[i];

		if (due(s) >= 0 && (!first || due(s) < due(first)))
			first = s;
	}
	return first;
}

static struct fake_wake *
next_wake(struct fake *f)
{
	struct fake_wake *first = NULL;

	for (size_t i = 0; i < f->nwake; i++)
		if (!first || f->wake[i].at < first->at)
			first = &f->wake[i];
	return first;
}

static void
end(struct fake *f, struct fake_start *s)
{
	struct fake_start copy = *s;

	if (copy.line[0]) {
		s->line[0] = '\0';
		f->up.line(f->up.arg, copy.token, STREAM_OUT, copy.line,
		    strlen(copy.line), 0);
		return;		/* it may have been stopped for it */
	}
	*s = f->start[--f->nstart];
	copy.result.out = copy.out;
	copy.result.nout = strlen(copy.out);
	copy.result.seconds = 1;
	f->up.done(f->up.arg, copy.token, &copy.result);
}

void
fake_run(struct fake *f, double until)
{
	for (int i = 0; i < 1000000; i++) {
		struct fake_start *s;
		struct fake_wake *w;
		token_t t;

		while (engine_turn(f->engine))
			;
		if (engine_is_over(f->engine))
			return;
		s = next_end(f);
		w = next_wake(f);
		if (s && (!w || due(s) <= w->at)) {
			if (until > 0 && due(s) > until)
				break;
			f->now = due(s) > f->now ? due(s) : f->now;
			end(f, s);
		} else if (w) {
			if (until > 0 && w->at > until)
				break;
			f->now = w->at > f->now ? w->at : f->now;
			t = w->token;
			*w = f->wake[--f->nwake];
			f->up.woken(f->up.arg, t);
		} else {
			if (until <= 0)
				buf_adds(&f->log, "STUCK ");
			break;
		}
	}
	if (until > 0)
		f->now = until;
}

void
fake_close(struct fake *f)
{
	engine_free(f->engine);
	free(f->start);
	free(f->wake);
	buf_fini(&f->log);
	buf_fini(&f->text);
}

static void
warn(void *arg, const char *text)
{
	buf_addf(&((struct fake *)arg)->log, "warn(%s) ", text);
}

static const char *
run_job(const char *job, const struct fake_rule *rule, bool bare)
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
		.plan = plan, .run = "r", .environ = no_environ,
		.processors = 4, .unique = true, .seed = 1, .warn = warn,
		.arg = &f,
	};
	struct walk *w;
	struct group_spec g;

	ck_assert_ptr_nonnull(plan);
	fake_open(&f, rule);
	f.bare = bare;
	fake_config(&f, &c);
	c.has_max_fail = plan->max_fail.given;
	c.max_fail = plan->max_fail.width.n;
	c.max_fail_percent = plan->max_fail.width.percent;
	c.stop = plan->on_fail == ON_FAIL_STOP;
	c.drain = plan->on_fail == ON_FAIL_DRAIN;
	c.parallel = plan->parallel.width.n;
	c.timeout = plan->timeout.value;
	if (plan->children.given)
		c.children = plan->children.width.n;
	c.depth = plan->depth;
	w = walk_new(&o, &why);
	ck_assert_msg(w != NULL, "%s", buf_str(&why));
	f.engine = engine_new(&c);
	for (size_t i = 0; i < plan->nseq; i++) {
		const struct seq *s = &plan->seq[i];

		if (s->routine)
			continue;
		ck_assert_int_eq(walk_group(w, s, &g, &why), 0);
		g.after = s->after;	/* sequences come first */
		g.nafter = s->nafter;
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
	return run_job(job, rule, false);
}

const char *
fake_job_bare(const char *job, const struct fake_rule *rule)
{
	return run_job(job, rule, true);
}

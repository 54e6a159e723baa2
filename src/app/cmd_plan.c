/* SPDX-License-Identifier: ISC */
/* what would run: lanes, steps, commands, variables */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/dot.h"
#include "app/exits.h"
#include "app/given.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/session.h"
#include "app/show.h"
#include "app/varies.h"
#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "lang/lang.h"
#include "model/endpoint.h"
#include "model/event.h"
#include "model/program.h"
#include "walk/walk.h"

enum { NAMES_SHOWN = 8 };

/* the lanes of one sequence, as the sink hears of them */
struct census {
	int64_t n;
	struct buf names;	/* of the first ones */
	struct map ways;	/* how its hosts are reached */
	struct hosts **on;	/* … which ones, by number in ways */
	size_t on_cap;
};

struct planner {
	const struct options *o;
	const struct plan *plan;
	struct census *census;	/* by sequence */
	bool *varies;		/* by symbol; freed here */
	struct buf out;
};

static int
on_event(void *arg, const struct event *ev)
{
	struct planner *p = arg;
	struct census *c;
	uint32_t i;

	if (ev->type != EVT_LANE_START || ev->lane->hidden)
		return 0;
	i = plan_find(p->plan, ev->lane->group, strlen(ev->lane->group),
	    false);
	if (i == NOWHERE)
		return 0;
	c = &p->census[i];
	if (c->n++ < NAMES_SHOWN)
		buf_addf(&c->names, " %s", ev->lane->name);
	return 0;
}

/* hosts that are reached in the same way stand together */
static void
on_placed(void *arg, const char *host, const struct seq *q,
    const struct endpoint *e, const char *why)
{
	struct planner *p = arg;
	struct census *c = &p->census[q->index];
	struct buf way = { 0 };
	uint32_t had = c->ways.n, n;

	if (e)
		show_endpoint(e, &way);
	else
		buf_addf(&way, "error: %s", why);
	n = map_add(&c->ways, way.data, way.len);
	c->on = mem_grow(c->on, &c->on_cap, c->ways.n, sizeof(*c->on));
	if (n == had)
		c->on[n] = hosts_new();
	hosts_add(c->on[n], host, strlen(host));
	buf_fini(&way);
}

static void
census_fini(struct census *c)
{
	for (uint32_t i = 0; i < c->ways.n; i++)
		hosts_free(c->on[i]);
	free(c->on);
	map_fini(&c->ways);
	buf_fini(&c->names);
}

/* text of several lines, each indented; the first follows a label */
static void
block(struct buf *b, const char *label, int indent, const char *text,
    size_t len)
{
	const char *end = text + len;
	bool first = true;

	while (text < end || first) {
		const char *eol = len ? memchr(text, '\n',
		    (size_t)(end - text)) : NULL;

		if (!eol)
			eol = end;
		buf_addf(b, "%*s%.*s\n", indent, first ? label : "",
		    (int)(eol - text), text);
		text = eol + 1;
		first = false;
	}
}

static void
show_steps(struct planner *p, const struct show *s, const struct seq *q)
{
	struct buf text = { 0 };

	for (uint32_t i = 0; i < q->nstep; i++) {
		const struct step *st = &q->step[i];
		char label[160];

		buf_clear(&text);
		show_action(s, q, st, &text);
		snprintf(label, sizeof(label), "%3u  %s%s%s ", i + 1,
		    st->name ? st->name : "", st->name ? ": " : "",
		    show_kind(st));
		if (text.len > 0 && memchr(text.data, '\n', text.len)) {
			buf_addf(&p->out, "%s\n", label);
			block(&p->out, "", 9, text.data, text.len);
		} else {
			buf_addf(&p->out, "%s%.*s\n", label, (int)text.len,
			    text.data ? text.data : "");
		}
		buf_clear(&text);
		show_modifiers(s, q, st, &text);
		if (text.len > 0)
			block(&p->out, "", 7, text.data, text.len - 1);
	}
	buf_fini(&text);
}

static void
show_lanes(struct planner *p, const struct seq *q)
{
	const struct census *c = &p->census[q->index];

	buf_addf(&p->out, "   %" PRId64 " lane%s:%.*s", c->n,
	    c->n == 1 ? "" : "s", (int)c->names.len,
	    c->names.data ? c->names.data : "");
	if (c->n > NAMES_SHOWN)
		buf_addf(&p->out, " and %" PRId64 " more",
		    c->n - NAMES_SHOWN);
	buf_addc(&p->out, '\n');
	for (uint32_t i = 0; i < c->ways.n; i++) {
		buf_adds(&p->out, "   on ");
		hosts_fold(c->on[i], &p->out);
		buf_addf(&p->out, ": %s\n", c->ways.name[i]);
	}
}

static void
key(struct planner *p, const char *name, const char *value)
{
	buf_addf(&p->out, "   %s = %s\n", name, value);
}

static void
show_header(struct planner *p, const struct show *s, const struct seq *q)
{
	static const char *const on_fail[] = { "continue", "drain", "stop" };
	struct buf text = { 0 };

	for (size_t i = 0; i < q->neach; i++) {
		buf_clear(&text);
		show_each(s, &q->each[i], &text);
		buf_addf(&p->out, "   %s\n", buf_str(&text));
	}
	buf_clear(&text);
	show_contact(s, &q->contact, &text);
	if (text.len > 0)
		block(&p->out, "", 3, text.data, text.len - 1);
	for (size_t i = 0; i < q->nafter; i++)
		key(p, "after", p->plan->seq[q->after[i]].name);
	for (size_t i = 0; i < q->nparam; i++) {
		buf_addf(&p->out, "   param %s",
		    p->plan->symbols.name[q->param[i].sym]);
		if (q->param[i].has_value) {
			buf_adds(&p->out, " = ");
			show_text(s, &q->param[i].value, &p->out);
		}
		buf_addc(&p->out, '\n');
	}
	for (size_t i = 0; i < q->nvar; i++) {
		buf_addf(&p->out, "   var %s = ",
		    p->plan->symbols.name[q->var[i].sym]);
		show_text(s, &q->var[i].value, &p->out);
		buf_addc(&p->out, '\n');
	}
	buf_clear(&text);
	if (q->parallel.given) {
		show_span(s, &q->parallel, &text);
		key(p, "parallel", buf_str(&text));
		buf_clear(&text);
	}
	if (q->max_fail.given) {
		show_span(s, &q->max_fail, &text);
		key(p, "max-fail", buf_str(&text));
		buf_clear(&text);
	}
	if (q->lane_timeout.given) {
		show_figure(s, &q->lane_timeout, &text);
		key(p, "lane-timeout", buf_str(&text));
		buf_clear(&text);
	}
	if (q->has_label) {
		show_text(s, &q->label, &text);
		key(p, "label", buf_str(&text));
		buf_clear(&text);
	}
	if (q->priority) {
		show_expr(s, q, q->priority, &text);
		key(p, "priority", buf_str(&text));
	}
	if (q->on_fail != ON_FAIL_CONTINUE)
		key(p, "on-fail", on_fail[q->on_fail]);
	if (q->rescue != NOWHERE)
		key(p, "rescue", p->plan->seq[q->rescue].name);
	if (q->always != NOWHERE)
		key(p, "always", p->plan->seq[q->always].name);
	buf_clear(&text);
	show_sharing(s, q, &text);
	if (text.len > 0)
		block(&p->out, "", 3, text.data, text.len - 1);
	buf_fini(&text);
}

static void
show_variables(struct planner *p, const struct show *s)
{
	const struct plan *plan = p->plan;

	if (plan->nvar > 0)
		buf_adds(&p->out, "\nvariables\n");
	for (size_t i = 0; i < plan->nvar; i++) {
		struct piece piece = {
			.kind = PIECE_VAR, .sym = plan->var[i].sym
		};
		struct text text = { .piece = &piece, .n = 1 };

		buf_addf(&p->out, "   %s = ",
		    plan->symbols.name[plan->var[i].sym]);
		walk_show_text(s->walk, &text, &p->out);
		buf_addc(&p->out, '\n');
	}
}

/* where their values would come from: none is read */
static void
show_secrets(struct planner *p, const struct show *s)
{
	static const char *const sources[] = {
		[SECRET_FILE] = "file", [SECRET_ENV] = "env",
		[SECRET_OUTPUT] = "output", [SECRET_ASK] = "ask",
		[SECRET_CAPTURE] = "capture",
	};
	const struct plan *plan = p->plan;

	if (plan->nsecret > 0)
		buf_adds(&p->out, "\nsecrets\n");
	for (size_t i = 0; i < plan->nsecret; i++) {
		const struct secret *e = &plan->secret[i];

		buf_addf(&p->out, "   %s %s = ",
		    plan->symbols.name[e->sym], sources[e->kind]);
		if (e->kind == SECRET_FILE)
			show_text(s, &e->text, &p->out);
		else if (e->kind == SECRET_OUTPUT)
			buf_adds(&p->out, e->command.text);
		else if (e->name)
			buf_adds(&p->out, e->name);
		buf_addc(&p->out, '\n');
	}
}

/* a section of its own for each group, host and way */
static void
section(struct planner *p, const char *kind, const char *name,
    struct buf *text)
{
	buf_addf(&p->out, "\n%s %s\n", kind, name);
	if (text->len > 0)
		block(&p->out, "", 3, text->data, text->len - 1);
	buf_clear(text);
}

static void
show_places(struct planner *p, const struct show *s)
{
	const struct plan *plan = p->plan;
	struct buf text = { 0 };

	for (size_t i = 0; i < plan->ngroup; i++) {
		show_group(s, &plan->group[i], &text);
		section(p, "hosts", plan->group[i].name, &text);
	}
	for (size_t i = 0; i < plan->nhost; i++) {
		show_host(s, &plan->host[i], &text);
		section(p, "host", plan->host[i].name, &text);
	}
	for (size_t i = 0; i < plan->nvia; i++) {
		show_via(s, &plan->via[i], &text);
		section(p, "via", plan->via[i].name, &text);
	}
	buf_fini(&text);
}

static bool
is_started(const struct options *o, const struct seq *q)
{
	for (size_t i = 0; i < o->starts.n; i++)
		if (strcmp(o->starts.word[i], q->name) == 0)
			return true;
	return o->starts.n == 0;
}

static void
look(void *arg, struct walk *w)
{
	struct planner *p = arg;
	const struct plan *plan = p->plan;
	struct show s = { .plan = plan, .walk = w, .varies = p->varies };

	if (p->o->dot) {
		dot_draw(plan, &p->out);
		return;
	}
	buf_addf(&p->out, "job %s\n", plan->name);
	if (*plan->description)
		buf_addf(&p->out, "   %s\n", plan->description);
	show_variables(p, &s);
	show_secrets(p, &s);
	show_shared(&s, &p->out);
	show_places(p, &s);
	for (size_t i = 0; i < plan->nseq; i++) {
		const struct seq *q = &plan->seq[i];

		if (!q->routine && !is_started(p->o, q))
			continue;
		buf_addf(&p->out, "\n%s %s\n", q->routine ? "routine" :
		    "sequence", q->name);
		if (!q->routine)
			show_lanes(p, q);
		show_header(p, &s, q);
		show_steps(p, &s, q);
	}
}

int
cmd_plan(struct options *o, int argc, char **argv)
{
	struct plan *plan = load_files(o, argv, argc);
	struct planner p = { .o = o, .plan = plan };
	struct sink sink = {
		.name = "plan", .arg = &p, .event = on_event
	};
	struct given_lists lists = { 0 };
	const struct walk_watcher watcher = {
		.arg = &p, .placed = on_placed
	};
	struct session_mode mode = {
		.unique = true, .sink = &sink, .only_lists = true,
		.no_commands = !o->lists,
		.look = look, .arg = &p, .watcher = &watcher,
	};
	int status;

	if (!plan)
		return EXITS_USAGE;
	if (given_read(&lists, plan, o) == -1) {
		given_fini(&lists);
		lang_free(plan);
		return EXITS_USAGE;
	}
	mode.list = lists.list;
	mode.nlist = lists.n;
	p.census = mem_calloc(plan->nseq, sizeof(*p.census));
	p.varies = varies_find(plan);
	status = session_run(o, plan, &mode);
	fputs(buf_str(&p.out), stdout);
	if (fflush(stdout) == EOF && status == EXITS_OK)
		status = EXITS_SYSTEM;
	for (size_t i = 0; i < plan->nseq; i++)
		census_fini(&p.census[i]);
	free(p.census);
	free(p.varies);
	buf_fini(&p.out);
	given_fini(&lists);
	lang_free(plan);
	return status;
}

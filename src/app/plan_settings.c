/* SPDX-License-Identifier: ISC */
/* pseq plan: what the steps refer to */
#include <stdio.h>

#include "app/planner.h"
#include "app/tree.h"
#include "model/plan.h"
#include "walk/walk.h"

/* keys of [job] that say what runs, and when */
static void
add_job(const struct show *s, struct buf *b)
{
	static const char *const overlap[] = {
		[OVERLAP_SKIP] = "skip", [OVERLAP_WAIT] = "wait",
		[OVERLAP_REPLACE] = "replace", [OVERLAP_ALLOW] = "allow",
	};
	const struct plan *p = s->plan;

	if (p->dir)
		buf_addf(b, "dir = %s\n", p->dir);
	show_key_span(s, "parallel", &p->parallel, b);
	show_key_span(s, "children", &p->children, b);
	show_key_span(s, "max-fail", &p->max_fail, b);
	show_on_fail(p->on_fail, b);
	show_key_figure(s, "timeout", &p->timeout, b);
	if (p->has_lock) {
		buf_adds(b, "lock = ");
		show_text(s, &p->lock, b);
		buf_addf(b, "\noverlap = %s", overlap[p->overlap]);
		if (p->patience.given) {
			buf_addc(b, ' ');
			show_figure(s, &p->patience, b);
		}
		buf_addc(b, '\n');
	}
	if (p->has_report)
		buf_addf(b, "report = %s\n", p->report.text);
}

static void
show_job(struct planner *p, const struct show *s)
{
	struct tree t = { .out = &p->out };
	struct buf text = { 0 };

	buf_addf(&p->out, "job %s\n", p->plan->name);
	if (*p->plan->description)
		buf_addf(&text, "%s\n", p->plan->description);
	add_job(s, &text);
	tree_indent(&t, 3);
	if (text.len > 0)
		tree_lines(&t, text.data, text.len);
	tree_fini(&t);
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
	struct tree t = { .out = &p->out };

	buf_addf(&p->out, "\n%s %s\n", kind, name);
	tree_indent(&t, 3);
	if (text->len > 0)
		tree_lines(&t, text->data, text->len);
	tree_fini(&t);
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

void
plan_settings(struct planner *p, const struct show *s)
{
	show_job(p, s);
	show_variables(p, s);
	show_secrets(p, s);
	show_shared(s, &p->out);
	show_places(p, s);
}

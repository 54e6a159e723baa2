/* SPDX-License-Identifier: ISC */
/*
 * pseq plan: the steps of a sequence, their reactions, and the routines
 * that they lead into.  A routine is drawn once, where it is called first.
 */
#include <stdlib.h>
#include <string.h>

#include "app/opts.h"
#include "app/planner.h"
#include "app/tree.h"
#include "base/mem.h"
#include "lang/reaction.h"
#include "model/plan.h"

/* what is called from a deeper place is drawn for itself */
enum { DEEP = 4 };

struct drawing {
	struct planner *p;
	const struct show *s;
	struct tree tree;
	struct buf text;
	unsigned depth;		/* of routines */
};

static void draw_body(struct drawing *, const struct seq *);

static void
end_line(struct drawing *d, const char *note)
{
	buf_adds(&d->p->out, note);
	buf_addc(&d->p->out, '\n');
}

static void
lines(struct drawing *d)
{
	if (d->text.len > 0)
		tree_lines(&d->tree, d->text.data, d->text.len);
	buf_clear(&d->text);
}

static void
draw_routine(struct drawing *d, const struct seq *q, bool is_last)
{
	size_t item = tree_begin(&d->tree, is_last);

	buf_addf(&d->p->out, "routine %s\n", q->name);
	d->depth++;
	draw_body(d, q);
	d->depth--;
	tree_end(&d->tree, item);
}

/* the routines that a call may lead into; n of them are not drawn yet */
struct leads {
	uint32_t *fresh;
	size_t n;
	bool any;
};

static struct leads
find_leads(const struct drawing *d, const struct call *c)
{
	const struct plan *p = d->p->plan;
	struct leads l = { 0 };

	if (!c)
		return l;
	l.fresh = mem_alloc(p->nseq * sizeof(*l.fresh));
	for (uint32_t i = 0; i < p->nseq; i++) {
		if (!p->seq[i].routine ||
		    !target_may_be(&c->routine, &p->seq[i]))
			continue;
		l.any = true;
		if (!d->p->drawn[i])
			l.fresh[l.n++] = i;
	}
	return l;
}

/* behind a call that nothing is drawn below */
static const char *
elsewhere(const struct drawing *d, const struct leads *l)
{
	if (l->any && l->n == 0)
		return "   (above)";
	return l->any && d->depth >= DEEP ? "   (below)" : "";
}

/* all of them are marked first: none is drawn within another one */
static void
draw_leads(struct drawing *d, struct leads *l, bool is_last)
{
	if (d->depth >= DEEP)
		l->n = 0;
	for (size_t i = 0; i < l->n; i++)
		d->p->drawn[l->fresh[i]] = true;
	for (size_t i = 0; i < l->n; i++)
		draw_routine(d, &d->p->plan->seq[l->fresh[i]],
		    is_last && i + 1 == l->n);
	free(l->fresh);
}

static const struct call *
called(const struct reaction *re)
{
	return re->kind == DO_CALL || re->kind == DO_SPAWN ? &re->call : NULL;
}

static void
draw_branch(struct drawing *d, const struct reaction *re, bool is_last)
{
	struct leads leads = find_leads(d, called(re));
	size_t item = tree_begin(&d->tree, is_last);

	buf_add(&d->p->out, d->text.data, d->text.len);
	buf_clear(&d->text);
	end_line(d, elsewhere(d, &leads));
	draw_leads(d, &leads, true);
	tree_end(&d->tree, item);
}

static void
draw_branches(struct drawing *d, const struct step *st)
{
	size_t left = st->non + st->non_line;

	for (size_t i = 0; i < st->non; i++) {
		show_branch(&st->on[i], &d->text);
		draw_branch(d, &st->on[i].reaction, --left == 0);
	}
	for (size_t i = 0; i < st->non_line; i++) {
		show_line_branch(&st->on_line[i], &d->text);
		draw_branch(d, &st->on_line[i].reaction, --left == 0);
	}
}

/* "1  mount: run", and a command of several lines below it */
static void
draw_action(struct drawing *d, const struct seq *q, const struct step *st,
    const char *note)
{
	struct buf *out = &d->p->out;
	int width = q->nstep < 10 ? 1 : q->nstep < 100 ? 2 : 3;
	size_t item;

	buf_addf(out, "%*u  %s%s%s", width, st->index + 1,
	    st->name ? st->name : "", st->name ? ": " : "", show_kind(st));
	tree_indent(&d->tree, (size_t)width + 2);
	show_action(d->s, q, st, &d->text);
	if (d->text.len == 0 || !memchr(d->text.data, '\n', d->text.len)) {
		buf_addf(out, "%s%s", d->text.len > 0 ? " " : "",
		    buf_str(&d->text));
		buf_clear(&d->text);
		end_line(d, note);
		return;
	}
	end_line(d, "");
	item = d->tree.stem.len;
	tree_indent(&d->tree, 2);
	lines(d);
	tree_end(&d->tree, item);
}

static void
draw_step(struct drawing *d, const struct seq *q, const struct step *st,
    bool is_last)
{
	const struct call *c = st->kind == STEP_CALL ||
	    st->kind == STEP_SPAWN ? &st->call : NULL;
	struct leads leads = find_leads(d, c);
	size_t item = tree_begin(&d->tree, is_last);

	draw_action(d, q, st, elsewhere(d, &leads));
	show_modifiers(d->s, q, st, &d->text);
	lines(d);
	draw_leads(d, &leads, st->non + st->non_line == 0);
	draw_branches(d, st);
	tree_end(&d->tree, item);
}

static void
draw_handler(struct drawing *d, const char *key, uint32_t index, bool is_last)
{
	const struct seq *q = &d->p->plan->seq[index];
	bool deep = d->depth >= DEEP, drawn = d->p->drawn[index];
	size_t item = tree_begin(&d->tree, is_last);

	buf_addf(&d->p->out, "%s = %s", key, q->name);
	end_line(d, drawn ? "   (above)" : deep ? "   (below)" : "");
	if (!drawn && !deep) {
		d->p->drawn[index] = true;
		d->depth++;
		draw_body(d, q);
		d->depth--;
	}
	tree_end(&d->tree, item);
}

static void
draw_body(struct drawing *d, const struct seq *q)
{
	size_t left = q->nstep + (q->rescue != NOWHERE) +
	    (q->always != NOWHERE);

	plan_header(d->p, d->s, q, &d->text);
	lines(d);
	for (uint32_t i = 0; i < q->nstep; i++)
		draw_step(d, q, &q->step[i], --left == 0);
	if (q->rescue != NOWHERE)
		draw_handler(d, "rescue", q->rescue, --left == 0);
	if (q->always != NOWHERE)
		draw_handler(d, "always", q->always, true);
}

void
plan_sequence(struct planner *p, const struct show *s, const struct seq *q)
{
	struct drawing d = {
		.p = p, .s = s, .tree = { .out = &p->out, .utf8 = opts_utf8() }
	};

	buf_addf(&p->out, "\n%s %s\n", q->routine ? "routine" : "sequence",
	    q->name);
	p->drawn[q->index] = true;
	tree_indent(&d.tree, 3);
	draw_body(&d, q);
	tree_fini(&d.tree);
	buf_fini(&d.text);
}

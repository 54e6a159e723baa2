/* SPDX-License-Identifier: ISC */
/*
 * What a step sets on its lane, for whoever keeps it.  Only names are noted
 * while it goes on; values are looked up once, when it is over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"

static void
add(struct ctx *c, uint32_t sym, struct value *pairs)
{
	c->noted = mem_grow(c->noted, &c->noted_cap, c->nnoted + 1,
	    sizeof(*c->noted));
	c->noted[c->nnoted++] = (struct noted){ sym, pairs };
}

void
note_set(struct ctx *c, uint32_t sym)
{
	if (plan_secret(c->w->plan, sym)) {
		c->noted_secret = true;
		return;
	}
	facts_add(c, sym, NULL);
	/* the last value is the one that counts */
	for (size_t i = c->nnoted; i-- > 0 && !c->noted[i].pairs;)
		if (c->noted[i].sym == sym)
			return;
	add(c, sym, NULL);
}

void
note_pairs(struct ctx *c, uint32_t sym, const char *text, size_t len)
{
	struct value *v = value_new(text, len);

	facts_add(c, sym, v);
	add(c, sym, v);
}

/* --- handed out with the step's end --------------------------------------- */

static void
release(struct walk *w)
{
	while (w->nassigned > 0)
		value_unref(w->assigned[--w->nassigned]);
}

static void
assign(struct walk *w, uint32_t sym, enum assign_kind kind, struct value *v)
{
	size_t n = w->nassigned;

	if (!v)
		return;
	if (n == w->assign_cap) {
		w->assign = mem_grow(w->assign, &w->assign_cap, n + 1,
		    sizeof(*w->assign));
		w->assigned = mem_realloc(w->assigned,
		    w->assign_cap * sizeof(struct value *));
	}
	w->assign[n] = (struct assign){
		.name = vars_name(w, sym), .kind = kind, .text = v->text,
		.len = v->len,
	};
	w->assigned[w->nassigned++] = v;
}

void
note_take(struct walker *f)
{
	struct ctx *c = f->c;
	struct walk *w = c->w;
	const struct step *s = &f->seq->step[f->at];

	release(w);
	for (size_t i = 0; i < c->nnoted; i++) {
		const struct noted *n = &c->noted[i];
		struct value *v = n->pairs ? n->pairs :
		    vars_get(w, c, n->sym);

		assign(w, n->sym, n->pairs ? ASSIGN_PAIRS : v && v->json ?
		    ASSIGN_JSON : ASSIGN_TEXT, v);
	}
	if (f->hit) {
		assign(w, SYM_LINE, ASSIGN_TEXT, value_ref(c->line));
		assign(w, SYM_MATCH, ASSIGN_TEXT, value_ref(c->match));
	}
	f->note = (struct step_note){
		.assign = w->assign, .nassign = w->nassigned,
		.secret = c->noted_secret, .released = f->released,
		.line = f->hit ? (uint32_t)(f->hit - s->on_line) + 1 : 0,
	};
	c->nnoted = 0;
	c->noted_secret = false;
}

void
note_clear(struct ctx *c)
{
	while (c->nnoted > 0)
		value_unref(c->noted[--c->nnoted].pairs);
	c->noted_secret = false;
}

void
note_drop(struct ctx *c)
{
	note_clear(c);
	free(c->noted);
}

void
note_fini(struct walk *w)
{
	release(w);
	free(w->assign);
	free(w->assigned);
}

/* --- … and taken in again ------------------------------------------------- */

static void
apply(struct ctx *c, const struct assign *a)
{
	uint32_t sym = vars_symbol(c->w, a->name, strlen(a->name));
	struct value *v = NULL, **own;
	char why[256];

	if (a->kind == ASSIGN_PAIRS) {
		v = value_new(a->text, a->len);
		facts_add(c, sym, v);
		value_unref(v);
		judge_pairs(c, sym, a->text, a->len);
		return;
	}
	if (a->kind == ASSIGN_JSON)
		v = value_json(a->text, a->len, why, sizeof(why));
	if (!v)
		v = value_new(a->text, a->len);
	if (sym >= SYM_FIXED) {
		facts_add(c, sym, NULL);
		vars_set(c, sym, v);
		return;
	}
	own = sym == SYM_LINE ? &c->line : sym == SYM_MATCH ? &c->match :
	    NULL;
	if (own) {
		value_unref(*own);
		*own = v;
	} else {
		value_unref(v);
	}
}

void
note_apply(struct ctx *c, const struct step_note *n)
{
	for (size_t i = 0; i < n->nassign; i++)
		apply(c, &n->assign[i]);
}

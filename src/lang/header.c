/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/each.h"
#include "lang/expr.h"
#include "lang/figure.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/modifier.h"
#include "lang/reaction.h"
#include "lang/shared.h"
#include "lang/words.h"

/* lists of a header while they grow */
struct lists {
	struct contacting contact;
	struct each *each;
	size_t neach, each_cap;
	struct setting *var;
	size_t nvar, var_cap;
};

static void
read_var(struct loader *ld, const struct entry *e, struct lists *l)
{
	struct setting set = { .pos = e->word[1].pos };

	if (!symbol_set(ld, &e->word[1], SYM_SETTABLE, &set.sym))
		return;
	for (size_t i = 0; i < l->nvar; i++)
		if (l->var[i].sym == set.sym) {
			diag_error(&ld->diag, set.pos,
			    "variable '%s' twice: first in line %u",
			    e->word[1].text, l->var[i].pos.line);
			return;
		}
	if (!text_whole(ld, &e->value, &set.value))
		return;
	l->var = mem_grow(l->var, &l->var_cap, l->nvar + 1, sizeof(*l->var));
	l->var[l->nvar++] = set;
}

static void
add_each(struct loader *ld, const struct entry *e, struct lists *l)
{
	struct each *new;
	bool ok;

	l->each = mem_grow(l->each, &l->each_cap, l->neach + 1,
	    sizeof(*l->each));
	new = &l->each[l->neach];
	/* lists are made before there is a lane */
	ld->in_vars = true;
	ok = read_each(ld, e, (unsigned)l->neach, new);
	ld->in_vars = false;
	if (!ok)
		return;
	each_is_new(ld, e, l->each, l->neach);
	l->neach++;
}

static void
read_after(struct loader *ld, const struct value *v, struct seq *s)
{
	struct word *w;
	uint32_t *list;
	size_t n;

	if (!all_words(ld, v, CUT_COMMA, "a sequence", &w, &n))
		return;
	list = arena_alloc(&ld->plan->arena, n * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		if (!w[i].lit) {
			not_fixed(ld, w[i].pos);
			return;
		}
		list[i] = find_seq(ld, w[i].lit, false);
		if (list[i] == NOWHERE) {
			unknown_seq(ld, w[i].lit, false, w[i].pos);
			return;
		}
	}
	s->after = list;
	s->nafter = n;
}

/* N, N%, …: lanes of each wave */
static void
read_serial(struct loader *ld, const struct value *v, struct seq *s)
{
	struct span *list;
	struct word *w;
	size_t n;
	bool ok;

	ld->in_vars = true;
	ok = all_words(ld, v, CUT_COMMA, "a number of lanes", &w, &n);
	ld->in_vars = false;
	if (!ok)
		return;
	list = arena_alloc(&ld->plan->arena, n * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		list[i] = (struct span){ 0 };
		if (!span_word(ld, &w[i], false, 1, &list[i]))
			return;
	}
	s->serial = list;
	s->nserial = n;
}

static void
read_handler(struct loader *ld, const struct value *v, uint32_t *index)
{
	struct word w;

	if (!one_literal(ld, v, "a routine", &w))
		return;
	*index = find_seq(ld, w.lit, true);
	if (*index == NOWHERE)
		unknown_seq(ld, w.lit, true, w.pos);
}

/* NAME, NAME=DEFAULT */
static bool
read_param(struct loader *ld, struct cutter *c, struct param *p)
{
	const char *text = c->v->text;
	struct keyword name;
	size_t from = c->at, end;
	struct word w;

	for (end = from; end < c->v->len; end++)
		if (strchr(" \t\n,=", text[end]))
			break;
	c->at = end;
	*p = (struct param){ .pos = value_pos(c->v, from, end - from) };
	name = (struct keyword){ arena_strndup(&ld->tmp, text + from,
	    end - from), p->pos };
	if (name.text[0] == '#' || name.text[0] == ';') {
		extra_word(ld, name.text, name.pos);
		return false;
	}
	if (!symbol_set(ld, &name, SYM_SETTABLE, &p->sym))
		return false;
	if (text[end] != '=' || end == c->v->len)
		return true;
	c->at++;
	if (cut_value(c, &w) == -1)
		return false;
	p->has_value = true;
	p->value = w.text;
	return true;
}

static void
read_params(struct loader *ld, const struct value *v, struct draft *d)
{
	struct cutter c = { .ld = ld, .v = v, .flags = CUT_COMMA };
	struct param *p = NULL;
	size_t n = 0, cap = 0;
	struct word w;

	while (cut_peek(&c, &w) == 1) {
		c.at = w.at;
		p = mem_grow(p, &cap, n + 1, sizeof(*p));
		if (!read_param(ld, &c, &p[n])) {
			d->params_bad = true;
			break;
		}
		for (size_t i = 0; i < n; i++)
			if (p[i].sym == p[n].sym) {
				diag_error(&ld->diag, p[n].pos, "'%s' twice",
				    ld->plan->symbols.name[p[n].sym]);
				d->params_bad = true;
			}
		n++;
	}
	if (n == 0 && !d->params_bad)
		missing(ld, v, "a name");
	d->seq->param = arena_copy(&ld->plan->arena, p, n, sizeof(*p));
	d->seq->nparam = n;
	free(p);
}

static void
read_key(struct loader *ld, const struct entry *e, struct draft *d,
    struct lists *l, struct mods *def)
{
	const struct value *v = &e->value;
	struct seq *s = d->seq;
	int i;

	if (read_contact_key(ld, e, &l->contact))
		return;
	switch (e->key->id) {
	case KEY_HOSTS:
	case KEY_EACH:
		add_each(ld, e, l);
		break;
	case KEY_VAR:
		read_var(ld, e, l);
		break;
	case KEY_PARALLEL:
		ld->in_vars = true;
		span_value(ld, v, true, 1, &s->parallel);
		ld->in_vars = false;
		break;
	case KEY_MAX_FAIL:
		ld->in_vars = true;
		span_value(ld, v, false, 0, &s->max_fail);
		ld->in_vars = false;
		break;
	case KEY_ON_FAIL:
		i = one_of(ld, v, "continue drain stop");
		s->on_fail = i > 0 ? (enum on_fail)i : ON_FAIL_CONTINUE;
		break;
	case KEY_PRIORITY:
		s->priority = expr_value(ld, v);
		break;
	case KEY_AFTER:
		read_after(ld, v, s);
		break;
	case KEY_SERIAL:
		read_serial(ld, v, s);
		break;
	case KEY_REPEAT:
		ld->in_vars = true;
		if (figure_value(ld, v, FIG_COUNT, &s->repeat) &&
		    s->repeat.fixed && s->repeat.value < 1)
			diag_error(&ld->diag, value_pos(v, 0, v->len),
			    "'%s' is too small: at least 1", v->text);
		ld->in_vars = false;
		break;
	case KEY_EVERY:
		ld->in_vars = true;
		if (figure_value(ld, v, FIG_DURATION, &s->every) &&
		    s->every.fixed && s->every.value <= 0)
			diag_error(&ld->diag, value_pos(v, 0, v->len),
			    "a round needs some time");
		ld->in_vars = false;
		break;
	case KEY_NEEDS:
		read_needs(ld, v, &s->needs);
		break;
	case KEY_SENDS:
		channel_list(ld, v, &s->sends, &s->nsends);
		break;
	case KEY_RECEIVES:
		channel_list(ld, v, &s->receives, &s->nreceives);
		break;
	case KEY_LANE_TIMEOUT:
		figure_value(ld, v, FIG_DURATION, &s->lane_timeout);
		break;
	case KEY_LABEL:
		s->has_label = text_whole(ld, v, &s->label);
		break;
	case KEY_RESCUE:
		read_handler(ld, v, &s->rescue);
		break;
	case KEY_ALWAYS:
		read_handler(ld, v, &s->always);
		break;
	case KEY_PARAMS:
		read_params(ld, v, d);
		break;
	default:
		read_modifier(ld, e, def);
	}
}

void
read_header(struct loader *ld, struct draft *d)
{
	struct lists l = { 0 };
	struct mods def = { .step = &d->def, .header = true };
	struct seq *s = d->seq;

	ld->reading = d;
	for (size_t i = 0; i < d->nhead; i++)
		read_key(ld, d->head[i], d, &l, &def);
	ld->reading = NULL;
	mods_end(ld, &def);
	contacting_end(ld, &l.contact, &s->contact);
	d->def_given = def.given;
	s->each = arena_copy(&ld->plan->arena, l.each, l.neach,
	    sizeof(*l.each));
	s->neach = l.neach;
	s->var = arena_copy(&ld->plan->arena, l.var, l.nvar, sizeof(*l.var));
	s->nvar = l.nvar;
	free(l.each);
	free(l.var);
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/each.h"
#include "lang/fan.h"
#include "lang/figure.h"
#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/words.h"

/* --- lists of a call or spawn ------------------------------------------- */

static void
add_each(struct loader *ld, const struct entry *e, struct mods *m)
{
	m->each = mem_grow(m->each, &m->each_cap, m->neach + 1,
	    sizeof(*m->each));
	if (read_each(ld, e, (unsigned)m->neach, &m->each[m->neach]) &&
	    each_is_new(ld, e, m->each, m->neach))
		m->neach++;
	else
		m->fan_bad = true;
}

/* collect INTO = FROM */
static void
read_collect(struct loader *ld, const struct entry *e, struct mods *m)
{
	struct collect c;
	struct word w;

	if (!symbol_set(ld, &e->word[1], 0, &c.into) ||
	    !one_literal(ld, &e->value, "a variable", &w))
		return;
	if (!is_var_name(w.lit, strlen(w.lit))) {
		diag_error(&ld->diag, w.pos,
		    "'%s' is no name for a variable", w.lit);
		return;
	}
	c.from = symbol_read(ld, w.lit, strlen(w.lit), w.pos, false, false);
	m->collect = mem_grow(m->collect, &m->collect_cap, m->ncollect + 1,
	    sizeof(*m->collect));
	m->collect[m->ncollect++] = c;
}

void
read_fan_key(struct loader *ld, const struct entry *e, struct mods *m)
{
	if (!m->fan_key || (e->key->id != KEY_EACH && e->key->id != KEY_HOSTS))
		m->fan_key = e;
	switch (e->key->id) {
	case KEY_EACH:
	case KEY_HOSTS:
		add_each(ld, e, m);
		break;
	case KEY_PARALLEL:
		span_value(ld, &e->value, true, 1, &m->fan.parallel);
		break;
	case KEY_MAX_FAIL:
		span_value(ld, &e->value, false, 0, &m->fan.max_fail);
		break;
	case KEY_COLLECT:
		read_collect(ld, e, m);
		break;
	default:
		break;
	}
}

void
end_fan(struct loader *ld, struct mods *m)
{
	struct arena *a = &ld->plan->arena;
	struct step *s = m->step;

	if (s->kind == STEP_CALL && m->fan_key && m->neach == 0 &&
	    !m->fan_bad)
		diag_error(&ld->diag, m->fan_key->word[0].pos,
		    "'%s' without a list: each NAME = …, or hosts = …",
		    m->fan_key->key->name);
	if (s->kind == STEP_SPAWN || m->neach > 0) {
		m->fan.each = arena_copy(a, m->each, m->neach,
		    sizeof(*m->each));
		m->fan.neach = m->neach;
		m->fan.collect = arena_copy(a, m->collect, m->ncollect,
		    sizeof(*m->collect));
		m->fan.ncollect = m->ncollect;
		m->fan.pos = s->pos;
		s->fan = arena_copy(a, &m->fan, 1, sizeof(m->fan));
	}
	free(m->each);
	free(m->collect);
}

/* --- spawn and join ----------------------------------------------------- */

bool
read_spawn(struct cutter *c, struct call *call, const char **as)
{
	struct loader *ld = c->ld;
	struct word w;
	int got;

	*as = NULL;
	if (!read_call(c, "as", call))
		return false;
	if (cut_next(c, &w) == 0)
		return true;
	got = cut_next(c, &w);
	if (got != 1)
		return got == 0 && missing(ld, c->v, "a name");
	if (!w.lit)
		return not_fixed(ld, w.pos);
	if (!is_user_name(w.lit, strlen(w.lit)) || !strcmp(w.lit, "all")) {
		diag_error(&ld->diag, w.pos, "'%s' is no name for what is "
		    "spawned", w.lit);
		return false;
	}
	*as = arena_strdup(&ld->plan->arena, w.lit);
	return cut_end(c);
}

void
read_join(struct loader *ld, const struct value *v, struct step *s)
{
	const char **names;
	struct word *w;
	size_t n;

	if (!all_words(ld, v, CUT_COMMA, "a name, or all", &w, &n))
		return;
	if (n == 1 && word_is(&w[0], "all"))
		return;
	names = arena_alloc(&ld->plan->arena, n * sizeof(*names));
	for (size_t i = 0; i < n; i++) {
		if (!w[i].lit) {
			not_fixed(ld, w[i].pos);
			return;
		}
		if (word_is(&w[i], "all")) {
			diag_error(&ld->diag, w[i].pos,
			    "'all' stands alone");
			return;
		}
		names[i] = arena_strdup(&ld->plan->arena, w[i].lit);
		ld->join = mem_grow(ld->join, &ld->join_cap, ld->njoin + 1,
		    sizeof(*ld->join));
		ld->join[ld->njoin++] = (struct keyword){ names[i],
		    w[i].pos };
	}
	s->names = names;
	s->nnames = n;
}

/* does this name belong to something that the call could start? */
static bool
spawns(const struct loader *ld, const struct call *c, const char *as,
    const char *name, struct near *n)
{
	if (as) {
		near_offer(n, name, as);
		return !strcmp(as, name);
	}
	for (size_t i = 0; i < ld->ndraft; i++) {
		const struct seq *q = &ld->seq[i];

		if (!q->routine || !target_may_be(&c->routine, q))
			continue;
		near_offer(n, name, q->name);
		if (!strcmp(q->name, name))
			return true;
	}
	return false;
}

static bool
is_spawned(const struct loader *ld, const char *name, struct near *n)
{
	for (size_t i = 0; i < ld->ndraft; i++)
		for (uint32_t k = 0; k < ld->seq[i].nstep; k++) {
			const struct step *s = &ld->seq[i].step[k];

			if (s->kind == STEP_SPAWN &&
			    spawns(ld, &s->call, s->alias, name, n))
				return true;
			for (size_t m = 0; m < s->non_line; m++) {
				const struct reaction *r =
				    &s->on_line[m].reaction;

				if (r->kind == DO_SPAWN && spawns(ld,
				    &r->call, r->name, name, n))
					return true;
			}
		}
	return false;
}

void
check_joins(struct loader *ld)
{
	for (size_t i = 0; i < ld->njoin; i++) {
		struct near n = { 0 };

		if (is_spawned(ld, ld->join[i].text, &n) ||
		    ld->incomplete || ld->spawn_bad)
			continue;
		diag_error(&ld->diag, ld->join[i].pos,
		    "nothing is spawned as '%s'", ld->join[i].text);
		diag_near(&ld->diag, &n);
	}
}

/* --- meeting ------------------------------------------------------------ */

void
read_receive(struct loader *ld, const struct value *v, struct step *s)
{
	uint32_t *into;
	struct word *w;
	size_t n;

	if (!all_words(ld, v, CUT_COMMA, "a name", &w, &n))
		return;
	into = arena_alloc(&ld->plan->arena, n * sizeof(*into));
	for (size_t i = 0; i < n; i++) {
		struct keyword name = { w[i].lit, w[i].pos };

		if (!w[i].lit)
			not_fixed(ld, w[i].pos);
		if (!w[i].lit || !symbol_set(ld, &name, 0, &into[i]))
			return;
	}
	if (n > 1 && s->mode == RECEIVE_ALL) {
		diag_error(&ld->diag, w[1].pos, "all messages go into one "
		    "variable, a line each");
		return;
	}
	s->into = into;
	s->ninto = n;
}

void
read_count(struct loader *ld, const struct value *v, struct span *count)
{
	if (strcmp(v->text, "all") != 0)
		span_value(ld, v, false, 1, count);
}

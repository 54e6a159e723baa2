/* SPDX-License-Identifier: ISC */
/*
 * What the lanes of one group share: where they come from, what is done
 * once for all of them, and what they bring back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"

struct party *
party_new(struct walk *w, const struct seq *s)
{
	struct party *p = mem_calloc(1, sizeof(*p));

	p->w = w;
	p->refs = 1;
	p->seq = s;
	p->each = s->each;
	p->neach = s->neach;
	return p;
}

struct party *
party_ref(struct party *p)
{
	p->refs++;
	return p;
}

static void
once_clear(struct party *p)
{
	for (size_t i = 0; i < p->nonce; i++) {
		struct once *o = p->once[i];

		kept_fini(&o->kept);
		vars_fini(&o->vars);
		free(o);
	}
	p->nonce = 0;
}

void
party_unref(void *state)
{
	struct party *p = state;

	if (!p || --p->refs > 0)
		return;
	once_clear(p);
	free(p->once);
	for (size_t i = 0; i < p->ncollected; i++)
		value_unref(p->collected[i]);
	free(p->collected);
	ctx_unref(p->from);
	free(p);
}

bool
party_has_hosts(const struct party *p)
{
	for (size_t i = 0; i < p->neach; i++)
		if (each_is_place(&p->each[i]))
			return true;
	return false;
}

/* --- lists -------------------------------------------------------------- */

static enum source_state
one_next(void *state, struct item *item)
{
	bool *given = state;

	if (*given)
		return SOURCE_OVER;
	*given = true;
	*item = (struct item){ 0 };
	return SOURCE_ITEM;
}

static int64_t
one_count(void *state)
{
	(void)state;
	return 1;
}

void
party_one(struct source *s)
{
	*s = (struct source){
		.state = mem_calloc(1, sizeof(bool)), .next = one_next,
		.count = one_count, .end = free,
	};
}

void
party_lists(struct party *p, struct group_spec *g)
{
	bool fed = items_is_fed(p->w, p->each, p->neach);
	struct items *items;

	g->lone = p->neach == 0;
	if (p->neach == 0) {
		party_one(&g->source);
		return;
	}
	items = items_new(p->w, p->each, p->neach, p->from);
	items_source(items, &g->source);
	g->lazy = fed;
	for (size_t i = 0; i < p->neach; i++)
		g->lazy |= p->each[i].kind == EACH_RANGE;
	if (fed) {
		g->feeder = &feed_program;
		g->feeder_state = feed_new(p->w, p->each, items, p->from);
	}
}

/* the next round of a sequence */
void
party_again(void *state, struct group_spec *g)
{
	struct party *p = state;

	once_clear(p);
	party_lists(p, g);
}

/* lanes at once: as the file says, else -j, else one per processor here */
static void
set_parallel(struct walk *w, struct group_spec *g, const struct span *s,
    const struct width *width, bool on_hosts)
{
	if (s->given) {
		g->parallel = width->automatic ? w->o.processors : width->n;
		g->parallel_percent = width->percent;
	} else {
		g->parallel = w->o.jobs > 0 ? w->o.jobs : on_hosts ?
		    HOSTS_PARALLEL : w->o.processors;
	}
	if (g->parallel < 1 && !g->parallel_percent)
		g->parallel = 1;
}

int
party_group(struct party *p, const struct ctx *c, const struct span *parallel,
    const struct span *max_fail, struct group_spec *g, struct buf *why)
{
	struct walk *w = p->w;
	struct width width, most;

	if (vars_span(w, c, parallel, &width, why) == -1 ||
	    vars_span(w, c, max_fail, &most, why) == -1)
		return -1;
	if ((width.percent || most.percent) &&
	    items_is_fed(w, p->each, p->neach)) {
		why_at(w, p->neach > 0 ? p->each[0].pos : p->seq->pos, why);
		buf_addf(why, "a percentage of the lanes of '%s', whose list "
		    "has no known length", p->seq->name);
		return -1;
	}
	*g = (struct group_spec){
		.name = p->seq->name, .program = &walk_program, .state = p,
		.end = party_unref, .kind = p->seq->index,
		.has_max_fail = max_fail->given, .max_fail = most.n,
		.max_fail_percent = most.percent,
	};
	set_parallel(w, g, parallel, &width, party_has_hosts(p));
	party_lists(p, g);
	return 0;
}

/* --- lanes that a step starts ------------------------------------------- */

int
party_fork(struct walker *f, const struct call *call, const struct fan *fan,
    const char *alias, struct action *a)
{
	static const struct span none;
	struct ctx *c = f->c;
	uint32_t i = step_target(f, &call->routine, true);
	struct party *p;

	if (i == NOWHERE)
		return -1;
	p = party_new(c->w, &c->w->plan->seq[i]);
	p->each = fan ? fan->each : NULL;
	p->neach = fan ? fan->neach : 0;
	p->fan = fan;
	p->call = call;
	p->from = ctx_copy(c);
	p->from->keys = f->keys;
	if (party_group(p, c, fan ? &fan->parallel : &none,
	    fan ? &fan->max_fail : &none, &c->w->spec, &c->why) == -1) {
		party_unref(p);
		return -1;
	}
	a->kind = ACT_FORK;
	a->group = &c->w->spec;
	a->name = alias ? alias : p->seq->name;
	if (fan && fan->ncollect > 0) {
		p->name = a->name;
		p->next = c->collecting;
		c->collecting = party_ref(p);
	}
	return 0;
}

/* --- what comes back ---------------------------------------------------- */

void
party_bring(struct party *p, const struct ctx *c)
{
	size_t n = p->fan ? p->fan->ncollect : 0, at;

	if (n == 0)
		return;
	at = (c->info->index - 1) * n;
	if (at + n > p->ncollected) {
		size_t had = p->ncollected;

		p->ncollected = at + n;
		p->collected = mem_grow(p->collected, &p->collected_cap,
		    p->ncollected, sizeof(struct value *));
		for (size_t i = had; i < p->ncollected; i++)
			p->collected[i] = NULL;
	}
	for (size_t i = 0; i < n; i++)
		p->collected[at + i] = vars_get(p->w, c,
		    p->fan->collect[i].from);
}

/* a line for each lane; one that failed, or has no value, leaves it empty */
static void
collect(struct ctx *c, const struct party *p)
{
	size_t n = p->fan->ncollect;
	struct buf *b = &c->w->text2;

	for (size_t i = 0; i < n; i++) {
		buf_clear(b);
		for (size_t k = i; k < p->ncollected; k += n) {
			const struct value *v = p->collected[k];

			if (k > i)
				buf_addc(b, '\n');
			for (size_t m = 0; v && m < v->len; m++)
				buf_addc(b, v->text[m] == '\n' ? ' ' :
				    v->text[m]);
		}
		vars_set(c, p->fan->collect[i].into,
		    value_new(b->data, b->len));
		note_set(c, p->fan->collect[i].into);
	}
}

static bool
is_named(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return n == 0;
}

/* the oldest first, so that the newest of one name is what counts */
static void
collect_list(struct ctx *c, struct party **at, const char *const *names,
    size_t n)
{
	struct party *p = *at;

	if (!p)
		return;
	collect_list(c, &p->next, names, n);
	if (!is_named(p->name, names, n))
		return;
	collect(c, p);
	*at = p->next;
	party_unref(p);
}

void
party_collect(struct ctx *c, const char *const *names, size_t n)
{
	collect_list(c, &c->collecting, names, n);
}

/* --- once --------------------------------------------------------------- */

struct once *
party_once(struct party *p, uint64_t key)
{
	struct once *o;

	for (size_t i = p->nonce; i-- > 0;)
		if (p->once[i]->key == key)
			return p->once[i];
	p->once = mem_grow(p->once, &p->once_cap, p->nonce + 1,
	    sizeof(struct once *));
	o = p->once[p->nonce++] = mem_calloc(1, sizeof(*o));
	o->key = key;
	return o;
}

/* SPDX-License-Identifier: ISC */
/*
 * Limits: what is needed is taken together or not at all, and who holds
 * some may not ask for more, so nobody waits in a circle.  For one limit
 * the order of the queue holds, so that much is not starved by little; who
 * wants other limits passes by.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* the lane that waits first for this limit, or NULL */
static struct lane *
first(struct engine *e, struct limit *m)
{
	while (m->queue.n > 0) {
		const struct queue_entry *q = &m->queue.entry[0];
		struct lane *l = engine_lookup(e, q->token, SLOT_LANE);

		if (l && l->state == LANE_WAITING &&
		    l->waits == WAIT_LIMITS && l->queued == q->order)
			return l;
		queue_pop(&m->queue);
	}
	return NULL;
}

/* is it first everywhere (NULL: nobody waits), and is enough free? */
static bool
can_take(struct engine *e, const struct lane *l, const struct holding *h)
{
	for (size_t i = 0; i < h->n; i++) {
		struct limit *m = &e->limit[h->held[i].limit];

		if (first(e, m) != l || m->used + h->held[i].n > m->spec.n)
			return false;
	}
	return true;
}

static void
unlock(struct engine *e, struct holding *h, size_t n, bool used)
{
	for (size_t i = 0; i < n; i++)
		if (h->held[i].lock >= 0)
			e->runner.unlock(e->runner.arg, h->held[i].lock,
			    used);
}

/* those of them that other processes know as well */
static bool
lock(struct engine *e, struct holding *h)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct limit_spec *s = &e->limit[h->held[i].limit].spec;

		h->held[i].lock = -1;
		if (!s->shared || !e->runner.lock)
			continue;
		h->held[i].lock = e->runner.lock(e->runner.arg, s->name,
		    h->held[i].n);
		if (h->held[i].lock >= 0)
			continue;
		/* we would be told of it ourselves, and try for ever */
		unlock(e, h, i, false);
		return false;
	}
	return true;
}

static bool
take(struct engine *e, struct lane *l, struct holding *h)
{
	if (!lock(e, h))
		return false;
	for (size_t i = 0; i < h->n; i++)
		e->limit[h->held[i].limit].used += h->held[i].n;
	h->next = l->holding;
	l->holding = h;
	return true;
}

/* who holds limits already: itself, or one that has started it; or NULL */
static const struct lane *
holder(const struct lane *l)
{
	while (l && !l->holding)
		l = l->group->parent;
	return l;
}

static void
refuse(struct engine *e, struct lane *l, const struct lane *by)
{
	const struct holding *h = by->holding;
	struct result r;

	buf_clear(&l->why);
	buf_adds(&l->why, by == l ? "it holds" : "the lane that started it "
	    "holds");
	for (size_t i = 0; i < h->n; i++)
		buf_addf(&l->why, "%s '%s'", i > 0 ? "," : "",
		    e->limit[h->held[i].limit].spec.name);
	buf_adds(&l->why, " and may not ask for more");
	r = result_made(ST_ERROR, buf_str(&l->why));
	lane_give(e, l, &r);
}

static struct holding *
want(const struct lane *l, const struct action *a)
{
	struct holding *h = mem_calloc(1, sizeof(*h) +
	    a->nneed * sizeof(h->held[0]));

	h->frame = (uint32_t)l->nframe - 1;
	h->own = a->own;
	h->n = a->nneed;
	for (size_t i = 0; i < h->n; i++) {
		h->held[i].limit = a->need[i].limit;
		h->held[i].n = a->need[i].n;
		h->held[i].lock = -1;
	}
	return h;
}

void
limit_take(struct engine *e, struct lane *l, const struct action *a)
{
	struct result r = result_made(ST_OK, "");
	const struct lane *by = holder(l);
	struct holding *h;

	if (by) {
		refuse(e, l, by);
		return;
	}
	r.code = 0;
	h = want(l, a);
	if (can_take(e, NULL, h) && take(e, l, h)) {
		lane_give(e, l, &r);
		return;
	}
	l->on.wanted = h;
	l->priority = lane_priority(l);
	l->queued = ++e->order;
	for (size_t i = 0; i < h->n; i++)
		queue_push(&e->limit[h->held[i].limit].queue,
		    (struct queue_entry){ .priority = l->priority,
		    .order = l->queued, .token = l->token });
	wait_begin(e, l, WAIT_LIMITS, NULL, a);
}

void
limit_leave(struct engine *e, struct lane *l)
{
	free(l->on.wanted);
	l->on.wanted = NULL;
	e->check_limits = true;
}

/* the first of this queue, if it can have all it wants */
static bool
serve(struct engine *e, struct limit *m)
{
	struct result r = result_made(ST_OK, "");
	struct lane *l = first(e, m);
	struct holding *h;

	if (!l || !can_take(e, l, l->on.wanted))
		return false;
	h = l->on.wanted;
	if (!take(e, l, h))
		return false;
	/* limit_leave() frees what was wanted: that is what it has now */
	l->on.wanted = mem_calloc(1, sizeof(*h));
	r.code = 0;
	wait_over(e, l, &r);
	return true;
}

bool
limit_is_outside(struct engine *e)
{
	for (size_t i = 0; i < e->nlimit; i++) {
		const struct lane *l = first(e, &e->limit[i]);

		if (l && can_take(e, l, l->on.wanted))
			return true;
	}
	return false;
}

void
limit_check(struct engine *e)
{
	bool again = e->check_limits;

	e->check_limits = false;
	while (again) {
		again = false;
		for (size_t i = 0; i < e->nlimit; i++)
			while (serve(e, &e->limit[i]))
				again = true;
	}
	e->check_limits = false;
}

void
limit_give_back(struct engine *e, struct lane *l, uint32_t frame, bool own)
{
	struct holding **p = &l->holding, *h;

	while ((h = *p)) {
		if (h->frame != frame || (h->own && !own)) {
			p = &h->next;
			continue;
		}
		*p = h->next;
		for (size_t i = 0; i < h->n; i++)
			e->limit[h->held[i].limit].used -= h->held[i].n;
		unlock(e, h, h->n, true);
		free(h);
		e->check_limits = true;
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * Caps: how many lanes may be in progress that have something in common,
 * whatever sequence they are of (hosts of one group).  A cap is part of the
 * lane's place.  Lanes whose caps are used up are put aside, and others
 * begin before them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

void
engine_caps(struct engine *e, const int64_t *most, size_t n)
{
	e->cap = mem_calloc(n, sizeof(*e->cap));
	e->ncap = n;
	for (size_t i = 0; i < n; i++)
		e->cap[i].most = most[i];
}

static bool
is_full(const struct cap *c)
{
	return c->used >= c->most;
}

/* the first one of the lane's that is used up; NOWHERE: none */
static uint32_t
first_full(const struct engine *e, const struct lane *l)
{
	for (size_t i = 0; i < l->ncap; i++)
		if (is_full(&e->cap[l->cap[i]]))
			return l->cap[i];
	return NOWHERE;
}

bool
cap_is_free(const struct engine *e, const struct lane *l)
{
	return first_full(e, l) == NOWHERE;
}

void
cap_take(struct engine *e, const struct lane *l)
{
	for (size_t i = 0; i < l->ncap; i++)
		e->cap[l->cap[i]].used++;
}

void
cap_leave(struct engine *e, const struct lane *l)
{
	struct link *next;

	if (l->ncap == 0)
		return;
	for (size_t i = 0; i < l->ncap; i++)
		e->cap[l->cap[i]].used--;
	for (struct link *k = e->capped.next; k != &e->capped; k = next) {
		struct group *g = (struct group *)(void *)((char *)k -
		    offsetof(struct group, capped));

		next = k->next;
		if (g->naside == 0 && g->returning.n == 0)
			link_del(k);
		else
			group_touch(e, g);
	}
}

void
cap_watch(struct engine *e, struct group *g)
{
	if (!link_in(&g->capped))
		link_add(&e->capped, &g->capped);
}

static void
put(struct engine *e, struct group *g, struct queue_entry entry,
    uint32_t cap)
{
	if (!g->aside) {
		g->aside = mem_calloc(e->ncap, sizeof(*g->aside));
		g->ncaps = e->ncap;
	}
	queue_push(&g->aside[cap], entry);
	g->naside++;
}

void
cap_put_aside(struct engine *e, struct group *g, struct queue_entry entry)
{
	put(e, g, entry, first_full(e, entry.lane));
	cap_watch(e, g);
}

/* the first in this queue that may begin: others move to the cap they want */
static bool
settle(struct engine *e, struct group *g, struct queue *q)
{
	while (q->n > 0) {
		uint32_t full = first_full(e, q->entry[0].lane);

		if (full == NOWHERE)
			return true;
		g->naside--;
		put(e, g, queue_pop(q), full);
	}
	return false;
}

struct queue *
cap_first_aside(struct engine *e, struct group *g)
{
	struct queue *best = NULL;

	for (size_t i = 0; i < g->ncaps && g->naside > 0; i++) {
		struct queue *q = &g->aside[i];

		if (is_full(&e->cap[i]) || !settle(e, g, q))
			continue;
		if (!best || q->entry[0].priority < best->entry[0].priority ||
		    (q->entry[0].priority <= best->entry[0].priority &&
		    q->entry[0].order < best->entry[0].order))
			best = q;
	}
	return best;
}

struct queue_entry
cap_take_aside(struct group *g, struct queue *q)
{
	g->naside--;
	return queue_pop(q);
}

void
cap_fini(struct group *g)
{
	for (size_t i = 0; i < g->ncaps; i++)
		free(g->aside[i].entry);
	free(g->aside);
	g->aside = NULL;
	link_del(&g->capped);
}

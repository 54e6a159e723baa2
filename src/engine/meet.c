/* SPDX-License-Identifier: ISC */
/* where the lanes of a group meet: barriers, and keys that are announced */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"

/* lanes of the group, or of its wave, that may still begin; -1: not known */
static int64_t
to_come(const struct group *g)
{
	int64_t wave = g->wave_size < 0 ? INT64_MAX :
	    g->wave_size - g->wave_begun, n;

	if (g->drained)
		return 0;
	if (g->source_over)
		n = group_unbegun(g);
	else if (g->count < 0)
		return wave == INT64_MAX ? -1 : wave;
	else
		n = g->count - g->begun + group_unbegun(g);
	return n < wave ? n : wave;
}

/* have all come, or can they not any more? */
static bool
is_met(const struct group *g, const struct barrier *b, bool *never)
{
	int64_t come = to_come(g);

	*never = false;
	if (b->want == 0)
		return come == 0 && b->arrived == g->live;
	*never = come >= 0 && g->live + come < b->want;
	return b->arrived >= b->want;
}

/* the lanes that percentages are of: those of the group, or of its wave */
static int64_t
lanes_of(const struct group *g)
{
	int64_t known = g->wave_begun + group_unbegun(g);

	if (g->spec.nwave == 0)
		return g->count;
	return g->source_over && known < g->wave_size ? known : g->wave_size;
}

static void
drop(struct group *g, struct barrier *b)
{
	struct barrier **p = &g->barrier;

	while (*p != b)
		p = &(*p)->next;
	*p = b->next;
	free(b);
}

/* one event for all of them, so that no reader sees it half done */
static void
tell(struct engine *e, const struct group *g, const struct barrier *b,
    const struct result *r)
{
	struct event ev = {
		.type = EVT_BARRIER, .name = b->name, .text = g->spec.name,
		.len = strlen(g->spec.name), .result = r,
	};
	uint32_t *ids = NULL;
	size_t cap = 0;

	for (struct link *k = b->lanes.next; k != &b->lanes; k = k->next) {
		const struct lane *l = ((struct waiter *)(void *)k)->who;

		ids = mem_grow(ids, &cap, ev.nlanes + 1, sizeof(*ids));
		ids[ev.nlanes++] = l->info.id;
	}
	ev.lanes = ids;
	engine_emit(e, &ev);
	free(ids);
}

/* all that wait go on; the barrier is there for the next round */
static void
open_barrier(struct engine *e, struct group *g, struct barrier *b,
    enum status status)
{
	struct result r = result_made(status, "");

	if (status == ST_OK)
		r.code = 0;
	else
		r.message = "too few lanes can still come";
	tell(e, g, b, &r);
	/* none of them is let go from within: the count is kept by us */
	b->arrived = INT64_MIN / 2;
	while (link_in(&b->lanes))
		wait_over(e, link_first(&b->lanes)->who, &r);
	drop(g, b);
}

static bool
look(struct engine *e, struct group *g, struct barrier *b)
{
	bool never;

	if (b->arrived < 0)
		return false;		/* it is being opened */
	if (is_met(g, b, &never))
		open_barrier(e, g, b, ST_OK);
	else if (never)
		open_barrier(e, g, b, ST_CLOSED);
	else
		return false;
	return true;
}

void
meet_barrier(struct engine *e, struct lane *l, const struct action *a)
{
	struct group *g = l->group;
	struct barrier *b = g->barrier;
	int64_t want = a->count;

	if (a->percent && g->count < 0 && !g->source_over) {
		struct result r = result_made(ST_ERROR, "a percentage of "
		    "lanes whose number is not known yet");

		lane_give(e, l, &r);
		return;
	}
	if (a->percent) {
		want = lanes_of(g) * want / 100;
		if (want < 1)
			want = 1;
	}
	while (b && (b->want != want || strcmp(b->name, a->name) != 0))
		b = b->next;
	if (!b) {
		size_t len = strlen(a->name) + 1;

		b = mem_alloc(sizeof(*b) + len);
		*b = (struct barrier){
			.next = g->barrier, .want = want,
			.name = memcpy(b + 1, a->name, len),
		};
		link_init(&b->lanes);
		g->barrier = b;
	}
	l->on.barrier = b;
	b->arrived++;
	wait_begin(e, l, WAIT_BARRIER, &b->lanes, a);
	look(e, g, b);
}

void
meet_leave(struct engine *e, struct lane *l)
{
	struct barrier *b = l->on.barrier;

	(void)e;
	b->arrived--;
	if (!link_in(&b->lanes) && b->arrived >= 0)
		drop(l->group, b);
}

void
meet_fewer(struct engine *e, struct group *g)
{
	struct barrier *next;

	for (struct barrier *b = g->barrier; b; b = next) {
		next = b->next;
		look(e, g, b);
	}
}

void
meet_fini(struct group *g)
{
	while (g->barrier)
		drop(g, g->barrier);
}

/* --- keys --------------------------------------------------------------- */

void
meet_await(struct engine *e, struct lane *l, const struct action *a)
{
	l->on.key = a->key;
	wait_begin(e, l, WAIT_KEY, &l->group->keyed, a);
}

void
meet_announce(struct engine *e, struct group *g, uint64_t key, bool all)
{
	struct result r = result_made(ST_OK, "");
	struct link *next;

	for (struct link *k = g->keyed.next; k != &g->keyed; k = next) {
		struct lane *l = ((struct waiter *)(void *)k)->who;

		next = k->next;
		if (l->on.key != key)
			continue;
		wait_over(e, l, &r);
		if (!all)
			break;
	}
}

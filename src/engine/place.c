/* SPDX-License-Identifier: ISC */
/*
 * Places: how many lanes are in progress.  A lane has one from its begin to
 * its end, but lends it to others while it waits for them; who wants his
 * back comes before lanes that are new.
 */
#include "engine/inner.h"
#include "model/plan.h"

/* lanes that were started by others need no place of the job */
static bool
is_of_job(const struct group *g)
{
	return g->number != NOWHERE && !g->spec.hidden;
}

static bool
is_room(const struct engine *e, const struct group *g)
{
	if (is_of_job(g) && e->config.parallel > 0 &&
	    e->places >= e->config.parallel)
		return false;
	return g->spec.lone || g->parallel <= 0 || g->placed < g->parallel;
}

static void
take(struct engine *e, struct lane *l)
{
	l->placed = true;
	l->lent = false;
	l->group->placed++;
	e->places += is_of_job(l->group);
}

static void
leave(struct engine *e, struct lane *l)
{
	l->placed = false;
	l->group->placed--;
	e->places -= is_of_job(l->group);
	group_touch(e, l->group);
	/* perhaps for those of another sequence */
	e->fill |= is_of_job(l->group);
}

void
place_lend(struct engine *e, struct lane *l)
{
	if (!l->placed)
		return;
	leave(e, l);
	l->lent = true;
}

void
place_drop(struct engine *e, struct lane *l)
{
	if (l->placed)
		leave(e, l);
	l->lent = false;
}

void
place_return(struct engine *e, struct lane *l)
{
	struct group *g = l->group;

	if (!l->lent || is_room(e, g)) {
		if (l->lent)
			take(e, l);
		engine_ready(e, l);
		return;
	}
	l->state = LANE_WAITING;
	l->waits = WAIT_PLACE;
	l->timed = false;
	l->priority = lane_priority(l);
	l->queued = ++e->order;
	queue_push(&g->returning, (struct queue_entry){
		.priority = l->priority, .order = l->queued,
		.token = l->token,
	});
	e->returning++;
}

/* the lane that is first in the queue for its place back, or NULL */
static struct lane *
first_returning(struct engine *e, struct group *g)
{
	while (g->returning.n > 0) {
		const struct queue_entry *q = &g->returning.entry[0];
		struct lane *l = engine_lookup(e, q->token, SLOT_LANE);

		if (l && l->state == LANE_WAITING && l->waits == WAIT_PLACE &&
		    l->queued == q->order)
			return l;
		queue_pop(&g->returning);	/* it was ended meanwhile */
	}
	return NULL;
}

static void
let_return(struct engine *e, struct lane *l)
{
	queue_pop(&l->group->returning);
	wait_leave(e, l);
	take(e, l);
	engine_ready(e, l);
}

/* the first of those that want their places back; any: without a place */
static bool
return_one(struct engine *e, bool any)
{
	struct lane *best = NULL;

	for (size_t i = 0; i < e->ngroup && e->returning > 0; i++) {
		struct group *g = e->group[i];
		struct lane *l;

		if (g->returning.n == 0 || !(any || is_room(e, g)))
			continue;
		l = first_returning(e, g);
		if (l && (!best || l->priority < best->priority ||
		    (l->priority <= best->priority &&
		    l->queued < best->queued)))
			best = l;
	}
	if (best)
		let_return(e, best);
	return best != NULL;
}

bool
place_force(struct engine *e)
{
	if (e->returning == 0)
		return false;
	if (return_one(e, true))
		return true;
	/* of lanes that were started by others */
	for (struct lane *l = e->lanes; l; l = l->next)
		if (l->state == LANE_WAITING && l->waits == WAIT_PLACE) {
			let_return(e, first_returning(e, l->group));
			return true;
		}
	return false;
}

/* --- lanes that begin --------------------------------------------------- */

static bool
may_begin(const struct engine *e, const struct group *g)
{
	if (g->state != GROUP_OPEN || g->drained || group_wave_full(g) ||
	    !is_room(e, g))
		return false;
	return g->queue.n > 0 || (!g->source_over && !g->dry);
}

/* queue lanes by their priority: all of them, or a chunk of a lazy list */
static void
queue_lanes(struct engine *e, struct group *g)
{
	enum { CHUNK = 64 };

	while (!g->source_over && !g->dry &&
	    (!g->spec.lazy || g->queue.n < CHUNK)) {
		struct lane *l = group_pull(e, g);

		if (!l)
			break;
		g->spec.program->priority(l->frame[0].state, &l->priority);
		queue_push(&g->queue, (struct queue_entry){
			.priority = l->priority, .order = ++e->order,
			.lane = l,
		});
	}
}

/* the group whose next lane is due: lowest priority, then file order */
static struct group *
pick(struct engine *e)
{
	struct group *best = NULL;
	double lowest = 0;

	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = e->group[i];
		double p = 0;

		if (!may_begin(e, g))
			continue;
		if (g->spec.prioritized) {
			queue_lanes(e, g);
			if (g->queue.n == 0)
				continue;
			p = g->queue.entry[0].priority;
		}
		if (!best || p < lowest) {
			best = g;
			lowest = p;
		}
	}
	return best;
}

static void
begin(struct engine *e, struct group *g)
{
	struct lane *l = g->queue.n > 0 ? queue_pop(&g->queue).lane :
	    group_pull(e, g);

	if (!l)
		return;
	g->live++;
	g->wave_begun++;
	l->info.wave = g->wave;
	if (g->spec.nwave > 0) {
		l->info.index = (uint32_t)g->wave_begun;
		l->info.lanes = round_lanes(g);
	}
	take(e, l);
	lane_begin(e, l);
}

void
place_fill(struct engine *e)
{
	struct group *g;

	while (e->returning > 0 && return_one(e, false))
		;
	while ((g = pick(e)))
		begin(e, g);
}

void
place_fill_group(struct engine *e, struct group *g)
{
	struct lane *l;

	while (g->returning.n > 0 && is_room(e, g) &&
	    (l = first_returning(e, g)))
		let_return(e, l);
	while (may_begin(e, g))
		begin(e, g);
}

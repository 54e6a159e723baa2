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
	cap_take(e, l);
}

static void
leave(struct engine *e, struct lane *l)
{
	l->placed = false;
	l->group->placed--;
	e->places -= is_of_job(l->group);
	cap_leave(e, l);
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

	if (!l->lent || (is_room(e, g) && cap_is_free(e, l))) {
		if (l->lent)
			take(e, l);
		engine_ready(e, l);
		return;
	}
	if (l->ncap > 0)
		cap_watch(e, g);
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
		if (l && (any || cap_is_free(e, l)) && (!best || l->priority < best->priority ||
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

/* so many lanes are put aside before a list is read no further */
enum { ASIDE = 1000 };

/* are there lanes that it may still take from its list? */
static bool
pulls(const struct group *g)
{
	return !g->source_over && (!g->draining || g->known > 0);
}

static bool
may_begin(struct engine *e, struct group *g)
{
	if (is_of_job(g) && steer_holds(e, g))
		return false;
	if (g->state != GROUP_OPEN || g->drained || group_wave_full(g) ||
	    !is_room(e, g))
		return false;
	if (g->queue.n > 0 || cap_first_aside(e, g))
		return true;
	return pulls(g) && !g->dry && g->naside < ASIDE;
}

/* queue lanes by their priority: all of them, or a chunk of a lazy list */
static void
queue_lanes(struct engine *e, struct group *g)
{
	enum { CHUNK = 64 };

	while (pulls(g) && !g->dry &&
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

/* the priority of the lane that is next; false: there is none */
static bool
lowest_of(struct engine *e, struct group *g, double *p)
{
	const struct queue *q = cap_first_aside(e, g);

	queue_lanes(e, g);
	if (g->queue.n == 0 && !q)
		return false;
	if (!q || (g->queue.n > 0 &&
	    g->queue.entry[0].priority < q->entry[0].priority))
		q = &g->queue;
	*p = q->entry[0].priority;
	return true;
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
		if (g->spec.prioritized && !lowest_of(e, g, &p))
			continue;
		if (!best || p < lowest) {
			best = g;
			lowest = p;
		}
	}
	return best;
}

/* who is next: one that was put aside, one that queues, or a new one */
static struct queue_entry
next_lane(struct engine *e, struct group *g)
{
	struct queue *q = cap_first_aside(e, g);
	struct queue_entry new = { 0 };

	if (q && (g->queue.n == 0 ||
	    q->entry[0].priority <= g->queue.entry[0].priority))
		return cap_take_aside(g, q);
	if (g->queue.n > 0)
		return queue_pop(&g->queue);
	if (pulls(g))
		new.lane = group_pull(e, g);
	new.order = ++e->order;
	return new;
}

void
place_number(struct lane *l)
{
	struct group *g = l->group;

	g->wave_begun++;
	l->info.wave = g->wave;
	if (g->spec.nwave > 0) {
		l->info.index = (uint32_t)g->wave_begun;
		l->info.lanes = round_lanes(g);
	}
}

/* the next lane, if there is one; it may have to be put aside */
static void
begin(struct engine *e, struct group *g)
{
	struct queue_entry next = next_lane(e, g);
	struct lane *l = next.lane;

	if (!l || past_spares(e, l)) {
		past_drained(e, g);
		return;
	}
	if (!cap_is_free(e, l)) {
		cap_put_aside(e, g, next);
		return;
	}
	g->live++;
	place_number(l);
	take(e, l);
	lane_begin(e, l);
	/* what ended the others ends it as well */
	if (g->stopped || e->stopping)
		cut_lane(e, l, 0, ST_CANCELLED, ST_CANCELLED, "");
	past_drained(e, g);
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
	    (l = first_returning(e, g)) && cap_is_free(e, l))
		let_return(e, l);
	while (may_begin(e, g))
		begin(e, g);
}

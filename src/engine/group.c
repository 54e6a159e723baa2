/* SPDX-License-Identifier: ISC */
/*
 * Groups: which lanes begin when, and what a failed one means for the
 * others.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

enum { CHUNK = 64 };		/* lanes of a lazy list queued ahead */

static int64_t
share(int64_t n, bool percent, int64_t count, int64_t least)
{
	int64_t v = n;

	if (percent)
		v = count < 0 ? least : count * n / 100;
	return v < least ? least : v;
}

/* the lanes that fail beyond this number are too many */
static bool
is_beyond(const struct group *g)
{
	return g->bad > (g->spec.has_max_fail ? g->max_fail : 0);
}

/* may its lanes begin, must they not, or is it too early to say? */
static enum group_state
after(const struct engine *e, const struct group *g, bool *never)
{
	*never = e->draining && !g->spec.hidden;
	for (size_t i = 0; i < g->spec.nafter; i++) {
		const struct group *other = &e->group[g->spec.after[i]];

		if (other->state != GROUP_OVER)
			return *never ? GROUP_OPEN : GROUP_WAITING;
		if (other->failed)
			*never = true;
	}
	return GROUP_OPEN;
}

/* lanes of the whole job; -1: not known */
static int64_t
count_all(struct engine *e)
{
	int64_t all = 0;

	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = &e->group[i];

		if (g->spec.hidden)
			continue;
		if (g->count < 0)
			g->count = g->spec.source.count(g->spec.source.state);
		if (g->count < 0)
			return -1;
		all += g->count;
	}
	return all;
}

static void
open_group(struct engine *e, struct group *g)
{
	const struct group_spec *s = &g->spec;

	if (e->config.parallel_percent && !s->hidden) {
		e->config.parallel = share(e->config.parallel, true,
		    count_all(e), 1);
		e->config.parallel_percent = false;
	}
	g->state = GROUP_OPEN;
	g->count = s->source.count(s->source.state);
	if (s->parallel > 0 || s->parallel_percent)
		g->parallel = share(s->parallel, s->parallel_percent,
		    g->count, 1);
	g->max_fail = share(s->max_fail, s->max_fail_percent, g->count, 0);
	if (!s->feeder)
		return;
	g->feeder = lane_new(e, g);
	lane_feeder(g->feeder);
	g->spec.feeder = NULL;		/* its state is the lane's now */
	lane_begin(e, g->feeder);
}

/* has the list ended just where no more lanes were to begin? */
static bool
has_rest(struct group *g)
{
	const struct source *s = &g->spec.source;
	struct item item;

	if (g->source_over)
		return false;
	if (g->count >= 0)
		return g->begun < g->count;
	return g->cut || s->next(s->state, &item) != SOURCE_OVER;
}

/* nothing of it will begin any more */
static void
close_group(struct engine *e, struct group *g, bool never)
{
	int64_t left = g->count < 0 ? -1 : g->count - g->begun;
	struct event ev = {
		.type = EVT_UNSTARTED, .text = g->spec.name,
		.len = strlen(g->spec.name), .count = left
	};

	g->state = GROUP_OVER;
	g->failed = g->failed || never || is_beyond(g);
	e->open--;
	e->fill = true;
	if (g->spec.hidden) {
		e->totals.setup_failed |= g->failed;
		return;
	}
	if (!has_rest(g))
		return;
	if (left > 0)
		e->totals.unstarted += left;
	e->totals.groups_unstarted |= never;
	engine_emit(e, &ev);
}

void
group_drop_queue(struct engine *e, struct group *g)
{
	for (size_t i = 0; i < g->queue.n; i++) {
		struct lane *l = g->queue.entry[i].lane;

		l->frame[0].program->end(l->frame[0].state);
		l->nframe = 0;
		g->begun--;
		lane_free(e, l);
	}
	if (g->queue.n > 0)
		g->source_over = false;
	g->queue.n = 0;
}

static void
drain_group(struct engine *e, struct group *g)
{
	g->drained = true;
	group_drop_queue(e, g);
	if (g->feeder) {
		g->cut = true;
		cut_lane(e, g->feeder, 0, ST_CANCELLED, ST_CANCELLED, "");
	}
}

/* open what may be opened, close what is over */
void
group_update(struct engine *e)
{
	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = &e->group[i];
		bool never = false;

		if (g->state == GROUP_WAITING &&
		    after(e, g, &never) == GROUP_OPEN) {
			if (!never) {
				open_group(e, g);
			} else {
				g->count = g->spec.source.count(
				    g->spec.source.state);
				close_group(e, g, true);
				i = (size_t)-1;		/* others wait for it */
				continue;
			}
		}
		if (g->state != GROUP_OPEN)
			continue;
		if (e->draining && !g->spec.hidden && !g->drained)
			drain_group(e, g);
		if ((g->source_over || g->drained) && g->queue.n == 0 &&
		    g->live == 0 && !g->feeder) {
			close_group(e, g, false);
			i = (size_t)-1;
		}
	}
}

/* a list that could not be read: told as a lane that failed */
static void
list_failed(struct engine *e, const struct group *g, const char *why)
{
	char name[256];
	struct lane_info info = {
		.name = name, .tag = name, .group = g->spec.name,
		.hidden = true,
	};
	struct result r = result_made(ST_ERROR, why);
	struct event ev = {
		.type = EVT_LANE_END, .lane = &info, .result = &r,
		.verdict = LANE_FAILED
	};

	snprintf(name, sizeof(name), "list of %s", g->spec.name);
	engine_emit(e, &ev);
}

/* the list's feeder may go on */
static void
unhold(struct engine *e, struct group *g)
{
	if (g->held)
		e->runner.hold(e->runner.arg, g->held->token, false);
	g->held = NULL;
}

/* the next lane of the list, not begun; NULL: none now */
static struct lane *
pull(struct engine *e, struct group *g)
{
	const struct source *s = &g->spec.source;
	struct lane *l;
	struct item item;

	switch (s->next(s->state, &item)) {
	case SOURCE_OVER:
		g->source_over = true;
		if (g->count < 0)
			g->count = g->begun;
		e->fill = true;
		return NULL;
	case SOURCE_WAIT:
		g->dry = true;
		unhold(e, g);
		return NULL;
	case SOURCE_FAILED:
		g->source_over = g->failed = true;
		e->totals.lists_failed = true;
		e->fill = true;
		list_failed(e, g, s->why(s->state));
		return NULL;
	case SOURCE_ITEM:
		break;
	}
	l = lane_new(e, g);
	lane_fork(l, &item);
	if (g->held && s->wants(s->state))
		unhold(e, g);
	return l;
}

/* queue lanes by their priority: all of them, or a chunk of a lazy list */
static void
queue_lanes(struct engine *e, struct group *g)
{
	while (!g->source_over && !g->dry &&
	    (!g->spec.lazy || g->queue.n < CHUNK)) {
		struct lane *l = pull(e, g);

		if (!l)
			break;
		g->spec.program->priority(l->frame[0].state, &l->priority);
		queue_push(&g->queue, (struct queue_entry){
			.priority = l->priority, .order = ++e->order,
			.lane = l,
		});
	}
}

static bool
has_room(const struct engine *e, const struct group *g)
{
	if (g->state != GROUP_OPEN || g->drained)
		return false;
	if (!g->spec.hidden && e->config.parallel > 0 &&
	    e->places >= e->config.parallel)
		return false;
	if (!g->spec.lone && g->parallel > 0 && g->live >= g->parallel)
		return false;
	return g->queue.n > 0 || (!g->source_over && !g->dry);
}

/* the group whose next lane is due: lowest priority, then file order */
static struct group *
pick(struct engine *e)
{
	struct group *best = NULL;
	double lowest = 0;

	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = &e->group[i];
		double p = 0;

		if (!has_room(e, g))
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

/* begin all lanes that may begin */
void
group_fill(struct engine *e)
{
	struct group *g;

	while ((g = pick(e))) {
		struct lane *l = g->spec.prioritized ?
		    queue_pop(&g->queue).lane : pull(e, g);

		if (!l)
			continue;
		g->live++;
		e->places += !g->spec.hidden;
		lane_begin(e, l);
	}
}

static void
stop_group(struct engine *e, struct group *g)
{
	g->stopped = true;
	drain_group(e, g);
	for (struct lane *l = e->lanes; l; l = l->next)
		if (l->group == g && l->nframe > 0)
			cut_lane(e, l, 0, ST_CANCELLED, ST_CANCELLED, "");
}

/* a lane failed: is that one too many, for its sequence or for the job? */
static void
judge(struct engine *e, struct group *g)
{
	const struct engine_config *c = &e->config;
	int64_t all = 0, most;

	if ((g->spec.has_max_fail || g->spec.drain || g->spec.stop) &&
	    is_beyond(g)) {
		if (g->spec.stop && !g->stopped)
			stop_group(e, g);
		else if (!g->drained)
			drain_group(e, g);
	}
	if (!c->has_max_fail && !c->drain && !c->stop)
		return;
	if (c->max_fail_percent)
		all = count_all(e);
	most = c->has_max_fail ?
	    share(c->max_fail, c->max_fail_percent, all, 0) : 0;
	if (e->bad <= most)
		return;
	if (c->stop)
		engine_stop(e, 0);
	else
		engine_drain(e);
}

void
group_lane_over(struct engine *e, struct lane *l, enum lane_verdict v)
{
	struct group *g = l->group;
	bool is_feeder = g->feeder == l;

	lane_free(e, l);
	e->fill = true;
	if (is_feeder) {
		g->feeder = NULL;
		g->held = NULL;
		g->dry = false;
		if (v == LANE_FAILED) {
			g->failed = true;
			e->totals.lists_failed = true;
		}
		return;
	}
	g->live--;
	if (g->spec.hidden) {
		g->bad += v != LANE_OK;
		return;
	}
	e->places--;
	switch (v) {
	case LANE_OK:
		e->totals.ok++;
		break;
	case LANE_RESCUED:
		e->totals.rescued++;
		break;
	case LANE_CANCELLED:
		e->totals.cancelled++;
		break;
	case LANE_FAILED:
		e->totals.failed++;
		g->bad++;
		e->bad++;
		judge(e, g);
		break;
	}
}

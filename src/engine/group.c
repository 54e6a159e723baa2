/* SPDX-License-Identifier: ISC */
/*
 * Groups: which lanes begin when, and what a failed one means for the
 * others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/inner.h"
#include "model/plan.h"

int64_t
group_share(int64_t n, bool percent, int64_t count, int64_t least)
{
	int64_t v = n;

	if (percent)
		v = count < 0 ? least : count * n / 100;
	return v < least ? least : v;
}

/* the lanes that fail beyond this number are too many */
bool
group_is_beyond(const struct group *g)
{
	return g->bad > (g->spec.has_max_fail ? g->max_fail : 0);
}

/* may its lanes begin, must they not, or is it too early to say? */
static enum group_state
after(const struct engine *e, const struct group *g, bool *never)
{
	*never = e->draining && !g->spec.hidden &&
	    past_was_begun(e, g, g->round + 1) == 0;
	for (size_t i = 0; i < g->spec.nafter; i++) {
		const struct group *other = e->group[g->spec.after[i]];

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
		struct group *g = e->group[i];

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

void
group_open(struct engine *e, struct group *g)
{
	const struct group_spec *s = &g->spec;

	if (e->config.parallel_percent && !s->hidden && !g->parent) {
		e->config.parallel = group_share(e->config.parallel, true,
		    count_all(e), 1);
		e->config.parallel_percent = false;
	}
	g->state = GROUP_OPEN;
	g->round++;
	g->round_at = engine_now(e);
	g->known = past_was_begun(e, g, g->round);
	g->count = s->source.count(s->source.state);
	if (s->parallel > 0 || s->parallel_percent)
		g->parallel = group_share(s->parallel, s->parallel_percent,
		    g->count, 1) + g->more;
	g->max_fail = group_share(s->max_fail, s->max_fail_percent, g->count, 0);
	g->wave = 1;
	round_size_wave(g);
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

	if (g->dropped > 0)
		return true;
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
	int64_t left = g->count < 0 ? -1 : g->count - g->begun + g->dropped;
	struct event ev = {
		.type = EVT_UNSTARTED, .text = g->spec.name,
		.len = strlen(g->spec.name), .count = left
	};

	g->failed = g->failed || never || group_is_beyond(g);
	if (!never && round_rest(e, g))
		return;
	g->state = GROUP_OVER;
	e->open--;
	e->fill = e->settle = true;
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

int64_t
group_unbegun(const struct group *g)
{
	return (int64_t)(g->queue.n + g->naside);
}

static void
drop(struct engine *e, struct group *g, struct queue *q)
{
	for (size_t i = 0; i < q->n; i++) {
		struct lane *l = q->entry[i].lane;

		l->frame[0].program->end(l->frame[0].state);
		l->nframe = 0;
		g->begun--;
		lane_free(e, l);
	}
	q->n = 0;
}

static void
drop_queue(struct engine *e, struct group *g)
{
	if (group_unbegun(g) > 0)
		g->source_over = false;
	drop(e, g, &g->queue);
	for (size_t i = 0; i < g->ncaps; i++)
		drop(e, g, &g->aside[i]);
	g->naside = 0;
}

void
group_drain(struct engine *e, struct group *g)
{
	if (g->drained || past_drain(e, g))
		return;
	g->drained = true;
	e->settle = true;
	drop_queue(e, g);
	group_touch(e, g);
	meet_fewer(e, g);
	if (g->feeder) {
		g->cut = true;
		cut_lane(e, g->feeder, 0, ST_CANCELLED, ST_CANCELLED, "");
	}
}

bool
group_is_over(const struct group *g)
{
	return (g->source_over || g->drained) && group_unbegun(g) == 0 &&
	    g->live == 0 && !g->feeder;
}

void
group_touch(struct engine *e, struct group *g)
{
	if (!g->parent) {
		e->fill = true;
		return;
	}
	/* one that is over may be freed at any time */
	if (g->on_list || g->state == GROUP_OVER)
		return;
	g->on_list = true;
	g->list_next = NULL;
	*e->look_end = g;
	e->look_end = &g->list_next;
}

/* it waits for others, or for its next round; true: begin again with all */
static bool
update_waiting(struct engine *e, struct group *g)
{
	bool never = false;

	if (g->state == GROUP_RESTING && e->draining) {
		round_wake(e, g);
		g->drained = true;
		g->state = GROUP_OPEN;
		return false;
	}
	if (g->state != GROUP_WAITING || after(e, g, &never) != GROUP_OPEN)
		return false;
	if (!never) {
		group_open(e, g);
		return false;
	}
	g->count = g->spec.source.count(g->spec.source.state);
	close_group(e, g, true);
	return true;
}

/* open what may be opened, close what is over */
void
group_update(struct engine *e)
{
	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = e->group[i];

		if (update_waiting(e, g)) {
			i = (size_t)-1;		/* others wait for it */
			continue;
		}
		if (g->state != GROUP_OPEN)
			continue;
		if (e->draining && !g->spec.hidden && !g->drained)
			group_drain(e, g);
		if (group_wave_full(g) && g->live == 0 && !g->drained)
			round_next_wave(e, g);
		if (group_is_over(g)) {
			close_group(e, g, false);
			i = (size_t)-1;
		}
	}
}

/* a list that could not be read: told as a lane that failed */
static void
list_failed(struct engine *e, struct group *g, const char *why)
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

	if (g->parent) {
		sub_keep(g, &r);
		return;
	}
	e->totals.lists_failed = true;
	snprintf(name, sizeof(name), "list of %s", g->spec.name);
	engine_emit(e, &ev);
}

/* the list's feeder may go on */
static void
unhold(struct engine *e, struct group *g)
{
	if (g->held)
		e->runner.hold(e->runner.arg, g->held->token,
		    STREAM_OUT | STREAM_ERR, false);
	g->held = NULL;
}

struct lane *
group_pull(struct engine *e, struct group *g)
{
	const struct source *s = &g->spec.source;
	struct lane *l;
	struct item item;

	switch (s->next(s->state, &item)) {
	case SOURCE_OVER:
		g->source_over = true;
		if (g->count < 0)
			g->count = g->begun;
		group_touch(e, g);
		meet_fewer(e, g);
		return NULL;
	case SOURCE_WAIT:
		g->dry = true;
		unhold(e, g);
		return NULL;
	case SOURCE_FAILED:
		g->source_over = g->failed = true;
		list_failed(e, g, s->why(s->state));
		group_touch(e, g);
		meet_fewer(e, g);
		return NULL;
	case SOURCE_ITEM:
		break;
	}
	l = lane_new(e, g);
	lane_fork(e, l, &item);
	if (g->held && s->wants(s->state))
		unhold(e, g);
	return l;
}

/* --- failures ----------------------------------------------------------- */

void
group_stop(struct engine *e, struct group *g)
{
	struct lane *next;

	if (!g->drained && (!g->source_over || group_unbegun(g) > 0))
		g->lacking = true;
	group_drain(e, g);
	if (g->stopped && !e->killed)
		return;
	g->stopped = true;
	for (struct lane *l = g->lane; l; l = next) {
		next = l->gnext;
		if (l->nframe > 0 && l->info.id > 0)
			cut_lane(e, l, 0, ST_CANCELLED, ST_CANCELLED, "");
	}
}

/* is it one too many for the whole job? */
static void
judge_job(struct engine *e)
{
	const struct engine_config *c = &e->config;
	int64_t all = 0, most;

	if (!c->has_max_fail && !c->drain && !c->stop)
		return;
	if (c->max_fail_percent)
		all = count_all(e);
	most = c->has_max_fail ?
	    group_share(c->max_fail, c->max_fail_percent, all, 0) : 0;
	if (e->bad <= most)
		return;
	engine_halt(e, "too many lanes failed", c->stop);
}

/* a lane failed: is that one too many, for its group or for the job? */
static void
judge(struct engine *e, struct group *g)
{
	if ((g->spec.has_max_fail || g->spec.drain || g->spec.stop) &&
	    group_is_beyond(g)) {
		if (g->spec.stop)
			group_stop(e, g);
		else
			group_drain(e, g);
	}
	if (!g->parent)
		judge_job(e);
}

static void
feeder_over(struct engine *e, struct group *g, enum lane_verdict v)
{
	g->feeder = NULL;
	g->held = NULL;
	g->dry = false;
	if (v != LANE_FAILED)
		return;
	g->failed = true;
	e->totals.lists_failed |= !g->parent;
}

static void
add_total(struct engine_totals *t, const struct lane *l, enum lane_verdict v)
{
	switch (v) {
	case LANE_OK:
		t->ok++;
		t->flaky += l->tries > 1;
		break;
	case LANE_RESCUED:
		t->rescued++;
		break;
	case LANE_CANCELLED:
		t->cancelled++;
		break;
	case LANE_FAILED:
		t->failed++;
		break;
	}
}

void
group_lane_over(struct engine *e, struct lane *l, enum lane_verdict v)
{
	struct group *g = l->group;
	bool is_feeder = g->feeder == l;

	place_drop(e, l);
	if (l->travelled && e->runner.forget)
		e->runner.forget(e->runner.arg, &l->info);
	lane_free(e, l);
	group_touch(e, g);
	if (is_feeder) {
		feeder_over(e, g, v);
		return;
	}
	g->live--;
	g->lacking |= g->stopped && v == LANE_CANCELLED;
	meet_fewer(e, g);
	if (g->spec.hidden) {
		g->bad += v != LANE_OK;
		return;
	}
	if (!g->parent)
		add_total(&e->totals, l, v);
	if (v != LANE_FAILED)
		return;
	g->bad++;
	e->bad += !g->parent;
	judge(e, g);
}

/* --- making and freeing ------------------------------------------------- */

void
group_init(struct group *g, const struct group_spec *spec)
{
	*g = (struct group){
		.spec = *spec, .number = NOWHERE, .state = GROUP_WAITING,
		.count = -1, .wave_size = -1,
	};
	link_init(&g->keyed);
}

void
group_fini(struct group *g)
{
	if (g->spec.feeder)
		g->spec.feeder->end(g->spec.feeder_state);
	if (g->spec.source.end)
		g->spec.source.end(g->spec.source.state);
	if (g->spec.end)
		g->spec.end(g->spec.state);
	free(g->queue.entry);
	free(g->returning.entry);
	cap_fini(g);
	meet_fini(g);
	stored_fini(&g->why);
}

/* SPDX-License-Identifier: ISC */
/*
 * Groups that lanes start: the sub-lanes of a call over a list, and what
 * was spawned.  They belong to the lane, end before it, and count for it
 * only.  Those of a call are freed when it is over; a spawned one that
 * failed is kept until somebody has heard of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* the engine does not want it after all */
static void
drop_spec(const struct group_spec *s)
{
	struct group g;

	group_init(&g, s);
	group_fini(&g);
}

void
sub_forgo(const struct action *a)
{
	if (a->kind == ACT_FORK)
		drop_spec(a->group);
}

static struct group *
start(struct engine *e, struct lane *l, const struct step_ref *by,
    const struct action *a)
{
	struct group *g = mem_alloc(sizeof(*g)), **end = &l->child;

	group_init(g, a->group);
	g->parent = l;
	g->frame = (uint32_t)l->nframe - 1;
	g->name = a->waits ? NULL : a->name;
	g->by = *by;
	g->by.command = NULL;
	for (uint32_t i = 0; i < l->nframe; i++)
		if (l->frame[i].shield)
			g->shield = i;
	/* in the order in which they were started */
	while (*end)
		end = &(*end)->sibling;
	*end = g;
	group_open(e, g);
	group_touch(e, g);
	return g;
}

static void
drop(struct lane *l, struct group *g)
{
	struct group **p = &l->child;

	while (*p != g)
		p = &(*p)->sibling;
	*p = g->sibling;
	group_fini(g);
	free(g);
}

void
sub_fork(struct engine *e, struct lane *l, const struct action *a)
{
	struct result r = result_made(ST_OK, "");
	struct group *g;

	if (lane_is_too_deep(e, l, 0)) {
		drop_spec(a->group);
		return;
	}
	g = start(e, l, &a->step, a);
	if (!a->waits) {
		r.code = 0;
		lane_give(e, l, &r);
		return;
	}
	l->on.called = g;
	wait_begin(e, l, WAIT_CALL, NULL, a);
}

void
sub_spawn(struct engine *e, struct work *w, const struct action *a)
{
	struct lane *l = w->lane;
	uint32_t by = w->step.id + 1;

	for (struct group *g = l->child; g; g = g->sibling)
		if (g->by_step == by && g->state != GROUP_OVER) {
			drop_spec(a->group);
			return;
		}
	if (l->state == LANE_CLOSING || e->killed ||
	    l->depth + l->nframe > e->config.depth) {
		drop_spec(a->group);
		return;
	}
	start(e, l, &w->step, a)->by_step = by;
}

/* --- join --------------------------------------------------------------- */

static bool
is_meant(const struct lane *l, const struct group *g)
{
	if (!g->name)
		return false;
	for (size_t i = 0; i < l->on.join.n; i++)
		if (!strcmp(l->on.join.name[i], g->name))
			return true;
	return l->on.join.n == 0;
}

/* are all of them over?  Then what that comes to, and they can go */
static bool
is_joined(struct lane *l, struct result *r)
{
	const struct group *first = NULL;

	for (const struct group *g = l->child; g; g = g->sibling) {
		if (!is_meant(l, g))
			continue;
		if (g->state != GROUP_OVER)
			return false;
		if (!first && g->failed)
			first = g;
	}
	*r = result_made(ST_OK, "");
	r->code = 0;
	if (first)
		*r = first->why.r;
	return true;
}

static void
forget_joined(struct lane *l)
{
	struct group *next;

	for (struct group *g = l->child; g; g = next) {
		next = g->sibling;
		if (is_meant(l, g))
			drop(l, g);
	}
}

void
sub_join(struct engine *e, struct lane *l, const struct action *a)
{
	struct result r;

	l->on.join.name = a->names;
	l->on.join.n = a->nnames;
	for (struct group *g = l->child; g && a->cancel; g = g->sibling)
		if (is_meant(l, g))
			group_stop(e, g);
	if (is_joined(l, &r)) {
		lane_give_kept(e, l, &r);
		forget_joined(l);
		return;
	}
	wait_begin(e, l, WAIT_JOIN, NULL, a);
}

/* --- the end of one ----------------------------------------------------- */

void
sub_keep(struct group *g, const struct result *r)
{
	if (g->why.r.message)
		return;		/* the first one counts */
	store_result(&g->why, r);
	g->why.r.outside = g->why.r.finished = false;
}

/* what the call comes to */
static struct result
outcome(const struct group *g)
{
	struct result r = result_made(ST_OK, "");

	r.code = 0;
	if (g->timed_out) {
		r = result_made(ST_TIMEOUT, "");
	} else if (g->failed && g->why.r.message) {
		r = g->why.r;
	} else if (g->stopped) {
		r = result_made(ST_CANCELLED, "");
	}
	return r;
}

static void
over(struct engine *e, struct group *g)
{
	struct lane *l = g->parent;
	struct result r;

	g->state = GROUP_OVER;
	g->failed = g->failed || group_is_beyond(g);
	if (g->failed && !g->why.r.message) {
		r = result_made(ST_ERROR, "its list could not be read");
		sub_keep(g, &r);
	}
	if (l->state == LANE_CLOSING) {
		drop(l, g);
		lane_close(e, l);
	} else if (l->state == LANE_WAITING && l->waits == WAIT_CALL &&
	    l->on.called == g) {
		r = outcome(g);
		/* with all of its lanes it might have come to something else */
		if (g->lacking && !g->timed_out && cut_due(e, l))
			r = result_made(ST_CANCELLED, "");
		wait_over(e, l, &r);
		drop(l, g);
	} else if (l->state == LANE_WAITING && l->waits == WAIT_JOIN) {
		if (is_joined(l, &r)) {
			wait_over(e, l, &r);
			forget_joined(l);
		} else if (!g->failed) {
			drop(l, g);
		}
	} else if (!g->failed) {
		drop(l, g);
	}
}

static void
update(struct engine *e, struct group *g)
{
	if (g->state != GROUP_OPEN)
		return;
	place_fill_group(e, g);
	/* if that changed anything it is on the list again */
	if (!g->on_list && group_is_over(g))
		over(e, g);
}

void
sub_update(struct engine *e)
{
	struct group *g;

	while ((g = e->look)) {
		e->look = g->list_next;
		if (!e->look)
			e->look_end = &e->look;
		g->on_list = false;
		update(e, g);
	}
}

/* --- ending them -------------------------------------------------------- */

void
sub_cut(struct engine *e, struct lane *l, uint32_t frame)
{
	for (struct group *g = l->child; g; g = g->sibling) {
		uint32_t of = g->name ? 0 : g->frame;

		if (g->state != GROUP_OVER && of >= frame &&
		    (e->killed || g->shield <= frame))
			group_stop(e, g);
	}
}

bool
sub_end(struct engine *e, struct lane *l)
{
	struct group *next;

	for (struct group *g = l->child; g; g = next) {
		next = g->sibling;
		if (g->state == GROUP_OVER)
			drop(l, g);
		else
			group_stop(e, g);
	}
	return !l->child;
}

/* SPDX-License-Identifier: ISC */
/* a run that is resumed: what is known of its lanes, and done with it */
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"

void
past_find(struct engine *e, struct lane *l)
{
	const struct past *p = e->config.past;

	struct group *g = l->group;

	if (!p)
		return;
	l->info.past = p->lane(p->arg, &l->info);
	g->known -= l->info.past && g->known > 0;
}

uint32_t
past_was_begun(const struct engine *e, const struct group *g, int64_t round)
{
	const struct past *p = e->config.past;

	if (!p || !p->began || g->parent || g->spec.hidden || e->halted)
		return 0;
	return p->began(p->arg, g->spec.name, (uint32_t)round);
}

/* --- lanes that are not begun -------------------------------------------- */

/* it was taken from the list, and nothing more comes of it */
static void
forget(struct engine *e, struct lane *l)
{
	l->frame[0].program->end(l->frame[0].state);
	l->nframe = 0;
	lane_free(e, l);
}

/* it is over: one event, and it counts as if that had just happened */
static void
skip(struct engine *e, struct lane *l)
{
	const struct past_lane *p = l->info.past;
	struct result r = p->result;
	struct event ev = {
		.type = EVT_LANE_END, .lane = &l->info, .result = &r,
		.verdict = p->verdict, .tries = p->tries, .past = true,
	};
	struct event why = {
		.type = EVT_PAST, .lane = &l->info, .text = PAST_OVER,
		.len = sizeof(PAST_OVER) - 1,
	};

	bool drains = e->draining;

	l->info.id = p->id;
	r.past = NULL;
	if (p->nfacts > 0) {
		buf_clear(&e->text);
		buf_add(&e->text, p->facts, p->nfacts);
		ev.facts = &e->text;
	}
	if (e->config.why)
		engine_emit(e, &why);
	engine_emit(e, &ev);
	l->group->live++;
	l->tries = p->tries;
	l->frame[0].program->end(l->frame[0].state);
	l->nframe = 0;
	group_lane_over(e, l, p->verdict);
	/* it may be one too many for those that would begin now */
	if (e->draining && !drains)
		group_update(e);
}

bool
past_spares(struct engine *e, struct lane *l)
{
	struct group *g = l->group;
	const struct past_lane *p = l->info.past;

	if (!e->config.past || g->parent || g->spec.hidden)
		return false;
	if (p && p->over) {
		place_number(l);
		skip(e, l);
		return true;
	}
	if (p || !g->draining)
		return false;
	place_number(l);
	g->dropped++;
	forget(e, l);
	meet_fewer(e, g);
	return true;
}

/* --- draining ------------------------------------------------------------ */

static bool
any_known_in(const struct queue *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->entry[i].lane->info.past)
			return true;
	return false;
}

/* lanes that had begun, and have not yet begun again */
static bool
any_known(const struct group *g)
{
	for (size_t i = 0; i < g->ncaps && g->naside > 0; i++)
		if (any_known_in(&g->aside[i]))
			return true;
	return g->known > 0 || any_known_in(&g->queue);
}

bool
past_drain(struct engine *e, struct group *g)
{
	if (e->halted || !e->config.past || !any_known(g))
		return false;
	g->draining = true;
	return true;
}

void
past_drained(struct engine *e, struct group *g)
{
	if (g->draining && g->known == 0 && group_unbegun(g) == 0)
		group_drain(e, g);
}

/* --- the way back to where a lane was ------------------------------------ */

/* is it anything but to repeat what is known? */
static bool
is_new(const struct action *a)
{
	switch (a->kind) {
	case ACT_DONE:
		return !a->result.past;
	case ACT_CALL:
	case ACT_END:
		return false;
	default:
		return !a->past;
	}
}

void
past_goes_on(struct lane *l, const struct action *a)
{
	if (l->replays && is_new(a))
		l->replays = false;
}

/* --- frames that were ended ----------------------------------------------- */

/* a message that lasts: those of the engine itself are no texts of a lane */
static const char *
message(struct lane *l, const char *text)
{
	static const char *const own[] = {
		"", CUT_LANE_TIMEOUT, CUT_CALL_TIMEOUT
	};

	for (size_t i = 0; i < countof(own); i++)
		if (!strcmp(own[i], text))
			return own[i];
	buf_clear(&l->text);
	buf_adds(&l->text, text);
	return buf_str(&l->text);
}

void
past_cut(struct engine *e, struct lane *l, const struct result *r)
{
	uint32_t top = (uint32_t)l->nframe - 1;
	uint32_t i = r->cut.frame < top ? r->cut.frame : top;
	struct frame *f = &l->frame[i];

	if (r->cut.status == ST_TIMEOUT)
		f->deadline = 0;
	cut_lane(e, l, i, r->cut.status, r->cut.inner,
	    message(l, r->message));
	/* whatever else is still to end it */
	f->cut.later = false;
	/* the result that is handed out tells the innermost one */
	l->frame[top].told = f->cut.seq;
	l->frame[top].deadline = 0;
}

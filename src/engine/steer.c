/* SPDX-License-Identifier: ISC */
/* a run is looked at, held up and let go on by who watches it */
#include "engine/inner.h"
#include "model/plan.h"

/* lanes of the user's own, not those that others start */
static bool
counts(const struct group *g)
{
	return !g->spec.hidden;
}

/* lanes that it will still begin, as far as is known; -1: it is not */
static int64_t
to_begin(const struct engine *e, struct group *g)
{
	const struct source *s = &g->spec.source;
	int64_t all;

	if (g->state == GROUP_OVER || g->drained || g->stopped ||
	    g->draining || e->draining || e->stopping)
		return 0;
	if (g->state == GROUP_RESTING)
		return 0;
	if (g->count < 0)
		g->count = s->count(s->state);
	all = g->count < 0 && s->found ? s->found(s->state) : g->count;
	if (all < 0)
		return -1;
	/* those that queue have been taken from the list already */
	return all - g->begun + g->dropped + group_unbegun(g);
}

/* will there be another round of it? */
static bool
comes_again(const struct engine *e, const struct group *g)
{
	const struct group_spec *s = &g->spec;

	return g->state != GROUP_OVER && !g->drained && !e->draining &&
	    !e->stopping && (s->rounds < 0 || g->round < s->rounds);
}

struct engine_progress
engine_progress(struct engine *e)
{
	struct engine_progress p = {
		.paused = e->paused, .draining = e->draining || e->stopping,
		.stopping = e->stopping,
	};

	for (size_t i = 0; i < e->ngroup; i++) {
		struct group *g = e->group[i];
		int64_t n;

		if (!counts(g))
			continue;
		p.running += g->live;
		n = comes_again(e, g) ? -1 : to_begin(e, g);
		if (n < 0)
			p.waiting = -1;
		else if (p.waiting >= 0)
			p.waiting += n;
	}
	p.most = e->config.parallel_percent ? 0 : e->config.parallel;
	return p;
}

/* room may have come for lanes that wait */
static void
look_again(struct engine *e)
{
	e->fill = true;
	for (size_t i = 0; i < e->ngroup; i++)
		group_touch(e, e->group[i]);
}

bool
steer_holds(struct engine *e, struct group *g)
{
	if (!e->paused || !counts(g) || g->state != GROUP_OPEN || g->drained)
		return false;
	if (group_unbegun(g) > 0)
		return true;
	/* that there are no more is found out by asking for the next one */
	if (g->count < 0)
		g->count = g->spec.source.count(g->spec.source.state);
	return !g->source_over && (g->count < 0 || g->begun < g->count);
}

bool
steer_holds_any(struct engine *e)
{
	for (size_t i = 0; i < e->ngroup && e->paused; i++)
		if (steer_holds(e, e->group[i]))
			return true;
	return false;
}

void
engine_pause(struct engine *e, bool on)
{
	e->paused = on;
	if (!on)
		look_again(e);
}

int64_t
engine_more(struct engine *e, int64_t by)
{
	struct engine_progress p = engine_progress(e);
	int64_t now = p.most > 0 ? p.most : p.running, n = now + by;

	if (p.most == 0 && by > 0)
		n = 0;		/* as many as there can be, they are */
	else if (n < 1)
		n = 1;
	/* until a sequence begins the share is not known */
	if (!e->config.parallel_percent || by < 0) {
		e->config.parallel = n;
		e->config.parallel_percent = false;
	}
	for (size_t i = 0; i < e->ngroup && by > 0; i++) {
		struct group *g = e->group[i];

		if (!counts(g) || g->parallel <= 0 ||
		    g->placed < g->parallel)
			continue;
		g->parallel += by;
		g->more += by;
	}
	look_again(e);
	return n;
}

void
engine_tell_waiting(struct engine *e, void (*fn)(void *arg,
    const struct lane_info *, const char *what), void *arg)
{
	struct buf *b = &e->text;

	for (const struct lane *l = e->lanes; l; l = l->next) {
		if (l->state != LANE_WAITING || l->info.id == 0)
			continue;
		buf_clear(b);
		stuck_tell(b, e, l);
		fn(arg, &l->info, buf_str(b));
	}
}

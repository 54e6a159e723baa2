/* SPDX-License-Identifier: ISC */
/* lanes of a sequence in waves, and the whole of it in rounds */
#include "engine/inner.h"

/* --- waves -------------------------------------------------------------- */

/* how many lanes the wave that begins now has */
void
round_size_wave(struct group *g)
{
	const struct group_spec *s = &g->spec;
	size_t i = g->wave - 1 < s->nwave ? g->wave - 1 : s->nwave - 1;
	/* those that queue have been taken from the list already */
	int64_t left = g->count < 0 ? INT64_MAX :
	    g->count - (int64_t)g->begun + group_unbegun(g);

	g->wave_begun = 0;
	g->wave_size = -1;
	/* behind the last one the list is only asked for its end */
	if (s->nwave == 0 || left == 0)
		return;
	g->wave_size = group_share(s->wave[i].n, s->wave[i].percent, g->count, 1);
	if (g->wave_size > left)
		g->wave_size = left;
}

int64_t
round_lanes(const struct group *g)
{
	return g->count < 0 ? -1 : g->wave_size;
}

bool
group_wave_full(const struct group *g)
{
	return g->wave_size >= 0 && g->wave_begun >= g->wave_size;
}

/* the wave is over: the next one, unless too many failed */
void
round_next_wave(struct engine *e, struct group *g)
{
	if (group_is_beyond(g)) {
		group_drain(e, g);
		return;
	}
	g->wave++;
	round_size_wave(g);
}

/* --- rounds ------------------------------------------------------------- */

/* the group is over, but its next round comes; false: it has none */
bool
round_rest(struct engine *e, struct group *g)
{
	const struct group_spec *s = &g->spec;
	double now = engine_now(e), next = g->round_at + s->every;
	bool known = past_was_begun(e, g, g->round + 1) > 0;

	if (s->rounds == 0 || (s->rounds > 0 && g->round >= s->rounds) ||
	    ((g->drained || e->draining) && !known))
		return false;
	if (next < now || known)
		next = now;
	if (!known && e->config.rounds_s > 0 && next >= e->began + e->config.rounds_s)
		return false;
	if (!g->token)
		g->token = engine_token(e, SLOT_GROUP, g);
	g->state = GROUP_RESTING;
	e->outside++;
	e->runner.wake(e->runner.arg, g->token, next - now);
	return true;
}

void
round_wake(struct engine *e, struct group *g)
{
	e->outside--;
	e->runner.wake(e->runner.arg, g->token, -1);
	g->state = GROUP_WAITING;
}

void
group_woken(struct engine *e, struct group *g)
{
	struct group_spec *s = &g->spec;

	if (g->state != GROUP_RESTING)
		return;
	round_wake(e, g);
	if (s->source.end)
		s->source.end(s->source.state);
	s->source = (struct source){ 0 };
	s->again(s->state, s);
	g->source_over = g->dry = g->cut = false;
	g->drained = g->draining = false;
	g->dropped = 0;
	g->begun = 0;
	g->bad = 0;
	group_open(e, g);
	e->fill = true;
}

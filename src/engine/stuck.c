/* SPDX-License-Identifier: ISC */
/*
 * Who can still go on: by that channels close by themselves, and a run
 * whose lanes all wait for one another ends.
 *
 * It is found out for kinds of lanes, not for each lane: who can send where
 * is a matter of the kind.  A kind lives if one of its lanes is active, or
 * waits for something that a kind that lives can bring about.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

static bool
has(const uint32_t *list, size_t n, uint32_t x)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == x)
			return true;
	return false;
}

static bool
sends(const struct kind *k, size_t channel)
{
	return has(k->spec.sends, k->spec.nsends, (uint32_t)channel);
}

static bool
receives(const struct kind *k, size_t channel)
{
	return has(k->spec.receives, k->spec.nreceives, (uint32_t)channel);
}

/* will lanes of this sequence begin, as far as others let them? */
static bool
comes(const struct engine *e, const struct group *g)
{
	switch (g->state) {
	case GROUP_WAITING:
		for (size_t i = 0; i < g->spec.nafter; i++) {
			const struct group *o = e->group[g->spec.after[i]];

			if (o->state != GROUP_OVER &&
			    (o->spec.kind >= e->nkind ||
			    !e->kind[o->spec.kind].lives))
				return false;
		}
		return !e->draining || past_was_begun(e, g, g->round + 1) > 0;
	case GROUP_OPEN:
		return !g->drained && !group_wave_full(g) &&
		    (group_unbegun(g) > 0 || !g->source_over);
	case GROUP_RESTING:
		return true;
	case GROUP_OVER:
		break;
	}
	return false;
}

static bool
any_lives(const struct engine *e, size_t channel, bool receiver)
{
	for (size_t i = 0; i < e->nkind; i++)
		if (e->kind[i].lives && (receiver ?
		    receives(&e->kind[i], channel) :
		    sends(&e->kind[i], channel)))
			return true;
	return false;
}

/* is there one at all, or will there be, that could receive from it? */
static bool
any_receiver(const struct engine *e, size_t channel)
{
	for (size_t i = 0; i < e->nkind; i++)
		if (e->kind[i].alive > 0 && receives(&e->kind[i], channel))
			return true;
	for (size_t i = 0; i < e->ngroup; i++) {
		const struct group *g = e->group[i];

		if (g->spec.kind < e->nkind && g->state != GROUP_OVER &&
		    !g->drained && !(e->draining && !g->live &&
		    past_was_begun(e, g, g->round) == 0) &&
		    receives(&e->kind[g->spec.kind], channel) &&
		    (g->state != GROUP_OPEN || group_unbegun(g) > 0 ||
		    !g->source_over))
			return true;
	}
	return false;
}

/* one that waits can go on if somebody that lives lets it */
static bool
can_go_on(const struct engine *e, size_t kind)
{
	const struct kind *k = &e->kind[kind];

	for (size_t i = 0; i < k->spec.nstarts && k->joining > 0; i++)
		if (e->kind[k->spec.starts[i]].lives)
			return true;
	for (size_t i = 0; i < e->nchannel; i++) {
		const struct channel *c = &e->channel[i];

		if (c->receiving[kind] > 0 && any_lives(e, i, false))
			return true;
		/* one that is full can grow, a hand-over cannot */
		if (c->sending[kind] > 0 && (c->capacity > 0 ?
		    any_receiver(e, i) : any_lives(e, i, true)))
			return true;
	}
	return false;
}

static void
find_living(struct engine *e)
{
	bool again = true;

	for (size_t i = 0; i < e->nkind; i++)
		e->kind[i].lives = e->kind[i].active > 0;
	while (again) {
		again = false;
		for (size_t i = 0; i < e->ngroup; i++) {
			struct group *g = e->group[i];

			if (g->spec.kind < e->nkind &&
			    !e->kind[g->spec.kind].lives && comes(e, g))
				again = e->kind[g->spec.kind].lives = true;
		}
		for (size_t i = 0; i < e->nkind; i++)
			if (!e->kind[i].lives && can_go_on(e, i))
				again = e->kind[i].lives = true;
	}
}

void
stuck_settle(struct engine *e)
{
	e->settle = false;
	if (e->nchannel == 0)
		return;
	find_living(e);
	for (size_t i = 0; i < e->nchannel; i++) {
		struct channel *c = &e->channel[i];

		if (c->closed)
			continue;
		/* what a command has not confirmed may come back */
		if (link_in(&c->receivers) && c->unproven == 0 &&
		    !any_lives(e, i, false))
			channel_close(e, c);
		else if (link_in(&c->senders) && !any_receiver(e, i))
			channel_close(e, c);
	}
}

/* --- nothing goes on at all --------------------------------------------- */

static bool
grow_smallest(struct engine *e)
{
	struct channel *best = NULL;
	struct buf *b = &e->text;

	for (size_t i = 0; i < e->nchannel; i++) {
		struct channel *c = &e->channel[i];

		if (!c->closed && link_in(&c->senders) &&
		    c->capacity > 0 && (!best ||
		    c->capacity < best->capacity))
			best = c;
	}
	if (!best)
		return false;
	buf_clear(b);
	buf_addf(b, "channel '%s' is full and nothing can go on: its capacity "
	    "is now %lld", best->spec.name, (long long)best->capacity * 2);
	engine_warn(e, NULL, buf_str(b));
	channel_grow(e, best);
	return true;
}

void
stuck_tell(struct buf *b, const struct engine *e, const struct lane *l)
{
	switch (l->waits) {
	case WAIT_CALL:
	case WAIT_JOIN:
		buf_adds(b, "for the lanes it started");
		break;
	case WAIT_BARRIER:
		buf_addf(b, "at barrier '%s'", l->on.barrier->name);
		break;
	case WAIT_KEY:
		buf_adds(b, "for a step that is done once");
		break;
	case WAIT_SEND:
		buf_addf(b, "to send to '%s'",
		    l->on.message.channel->spec.name);
		break;
	case WAIT_RECEIVE:
		buf_addf(b, "to receive from '%s'",
		    l->on.message.channel->spec.name);
		break;
	case WAIT_LIMITS:
		buf_addf(b, "for limit '%s'",
		    e->limit[l->on.wanted->held[0].limit].spec.name);
		break;
	case WAIT_PLACE:
		buf_adds(b, "for a place");
		break;
	}
}

/* those who wait for what others do go on when these have failed */
static bool
fails(const struct lane *l, bool all)
{
	return l->state == LANE_WAITING && (all ||
	    (l->waits != WAIT_CALL && l->waits != WAIT_JOIN &&
	    l->waits != WAIT_KEY));
}

static bool
fail_all(struct engine *e, bool all)
{
	enum { SHOWN = 4 };
	struct result r = result_made(ST_ERROR, "");
	struct buf text = { 0 }, one = { 0 };
	struct lane *next;
	unsigned n = 0;

	/* the list begins with the newest */
	for (struct lane *l = e->lanes; l; l = l->next)
		if (fails(l, all) && n++ < SHOWN) {
			buf_adds(&text, n == 1 ? "deadlock: " : ", ");
			buf_addf(&text, "%s waits ", l->info.name);
			stuck_tell(&text, e, l);
		}
	for (size_t i = 0; client_tell_waiting(e, &i, &one); n++) {
		if (n < SHOWN) {
			buf_adds(&text, n == 0 ? "deadlock: " : ", ");
			buf_add(&text, one.data, one.len);
		}
		buf_clear(&one);
	}
	if (n > SHOWN)
		buf_addf(&text, ", and %u more", n - SHOWN);
	r.message = buf_str(&text);
	clients_fail(e, r.message);
	for (struct lane *l = e->lanes; l; l = next) {
		next = l->next;
		if (!fails(l, all))
			continue;
		if (l->waits == WAIT_CALL)
			group_stop(e, l->on.called);
		else
			wait_over(e, l, &r);
	}
	buf_fini(&text);
	buf_fini(&one);
	return n > 0;
}

/* commands wait to send, and whoever could receive waits for them */
static bool
close_held(struct engine *e)
{
	for (size_t i = 0; i < e->nchannel; i++) {
		struct channel *c = &e->channel[i];

		if (c->closed || !link_in(&c->senders))
			continue;
		channel_close(e, c);
		return true;
	}
	return false;
}

bool
stuck_resolve(struct engine *e)
{
	if (place_force(e) || engine_force(e))
		return true;
	stuck_settle(e);
	/* a command that waited goes on by itself */
	if (e->ready || e->outside > 0)
		return true;
	return grow_smallest(e) || fail_all(e, false) || close_held(e) ||
	    fail_all(e, true);
}

/* SPDX-License-Identifier: ISC */
/*
 * Lanes that wait for other lanes.  Whoever lets one go on calls
 * wait_over(); the lane then goes on in its own turn, never from within
 * the action of another.
 */
#include "engine/inner.h"

/* in these it lends its place to others, so that they can come as well */
static bool
lends(enum wait_for kind)
{
	switch (kind) {
	case WAIT_CALL:
	case WAIT_JOIN:
	case WAIT_BARRIER:
	case WAIT_SEND:
	case WAIT_RECEIVE:
		return true;
	case WAIT_KEY:
	case WAIT_LIMITS:
	case WAIT_PLACE:
		break;
	}
	return false;
}

static uint32_t *
counter(struct engine *e, const struct lane *l)
{
	struct channel *c = l->on.message.channel;
	uint32_t kind = l->group->spec.kind;

	if (kind >= e->nkind)
		return NULL;
	return l->waits == WAIT_SEND ? &c->sending[kind] :
	    &c->receiving[kind];
}

/* what has to be known of the lanes of its kind, to see who is stuck */
static void
count(struct engine *e, struct lane *l, int by)
{
	uint32_t kind = l->group->spec.kind, *n;

	switch (l->waits) {
	case WAIT_CALL:
	case WAIT_JOIN:
		if (kind < e->nkind)
			e->kind[kind].joining += by;
		break;
	case WAIT_SEND:
	case WAIT_RECEIVE:
		n = counter(e, l);
		if (n)
			*n += (uint32_t)by;
		break;
	case WAIT_LIMITS:
	case WAIT_PLACE:
		return;
	case WAIT_BARRIER:
	case WAIT_KEY:
		break;
	}
	lane_active(e, l, by < 0);
}

void
wait_begin(struct engine *e, struct lane *l, enum wait_for kind,
    struct link *ring, const struct action *a)
{
	lane_tell_start(e, l, a);
	l->state = LANE_WAITING;
	l->waits = kind;
	l->since = engine_now(e);
	l->waiter.kind = WAITER_LANE;
	l->waiter.who = l;
	if (ring)
		link_add(ring, &l->waiter.link);
	count(e, l, 1);
	if (lends(kind))
		place_lend(e, l);
	l->timed = a->limit > 0;
	if (!l->timed)
		return;
	e->outside++;
	l->limit_at = engine_now(e) + a->limit;
	lane_arm(e, l);
}

void
wait_leave(struct engine *e, struct lane *l)
{
	link_del(&l->waiter.link);
	count(e, l, -1);
	if (l->waits == WAIT_BARRIER)
		meet_leave(e, l);
	else if (l->waits == WAIT_LIMITS)
		limit_leave(e, l);
	else if (l->waits == WAIT_PLACE)
		e->returning--;
	if (!l->timed)
		return;
	l->timed = false;
	e->outside--;
	l->limit_at = 0;
	lane_arm(e, l);
}

void
wait_over(struct engine *e, struct lane *l, const struct result *r)
{
	struct frame *due = l->waits == WAIT_CALL ? cut_due(e, l) : NULL;

	l->last = *lane_keep(l, r);
	/* not what the lane took whose failure it is */
	if (lends(l->waits))
		l->last.seconds = engine_now(e) - l->since;
	wait_leave(e, l);
	if (due)
		cut_told_end(l, due, &l->last);
	l->has_last = true;
	/* one that is to end need not stand in line for that */
	if (due)
		engine_ready(e, l);
	else
		place_return(e, l);
}

void
wait_timeout(struct engine *e, struct lane *l)
{
	struct result r = result_made(ST_TIMEOUT, "");

	if (l->waits != WAIT_CALL) {
		wait_over(e, l, &r);
		return;
	}
	/* those of the call are ended, and waited for */
	l->timed = false;
	l->limit_at = 0;
	e->outside--;
	lane_arm(e, l);
	l->on.called->timed_out = true;
	group_stop(e, l->on.called);
}

void
wait_cut(struct engine *e, struct lane *l)
{
	/* the lanes of a call are being ended: it is over when they are */
	if (l->waits == WAIT_CALL)
		return;
	wait_leave(e, l);
	engine_ready(e, l);
}

/* SPDX-License-Identifier: ISC */
/*
 * Channels: queues of messages between lanes, and between them and
 * commands.  Who waits for a message finds the queue empty and nobody who
 * waits to send; who waits to send finds it full.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

enum { SLOT_KEEP = 4096 };	/* bytes of a slot that are not given back */

/* --- the queue ---------------------------------------------------------- */

static struct message *
slot(struct channel *c, size_t i)
{
	return &c->slot[(c->first + i) % c->size];
}

/* twice as many slots; the first message comes to the first one */
static void
more_slots(struct channel *c)
{
	size_t size = c->size ? c->size * 2 : 16;
	struct message *new = mem_calloc(size, sizeof(*new));

	for (size_t i = 0; i < c->size; i++)
		new[i] = *slot(c, i);
	free(c->slot);
	c->slot = new;
	c->size = size;
	c->first = 0;
}

static void
store(struct channel *c, uint64_t number, const char *text, size_t len)
{
	struct message *m;

	if (c->n == c->size)
		more_slots(c);
	m = slot(c, c->n++);
	m->number = number;
	buf_clear(&m->text);
	buf_add(&m->text, text, len);
}

static void
tidy(struct buf *b)
{
	if (b->cap > SLOT_KEEP)
		buf_fini(b);
	else
		buf_clear(b);
}

static void
drop_first(struct channel *c)
{
	tidy(&slot(c, 0)->text);
	c->first = (c->first + 1) % c->size;
	c->n--;
}

/* --- what is told of messages ------------------------------------------- */

static void
tell(struct engine *e, enum event_type type, const struct channel *c,
    const struct lane *l, const struct step_ref *step, uint64_t number)
{
	struct event ev = {
		.type = type, .name = c->spec.name, .number = number,
		.to = number, .lane = l ? &l->info : NULL, .step = step,
	};

	engine_emit(e, &ev);
}

/* the next message of the channel: its number */
static uint64_t
tell_sent(struct engine *e, struct channel *c, struct origin from,
    const char *text, size_t len)
{
	struct event ev = {
		.type = EVT_SENT, .name = c->spec.name, .number = ++c->sent,
		.lane = &from.lane->info, .step = from.step,
		.text = text, .len = len,
	};

	engine_emit(e, &ev);
	return c->sent;
}

void
channel_taken(struct engine *e, const struct channel *c, const struct lane *l,
    uint64_t number)
{
	tell(e, EVT_TAKEN, c, l, NULL, number);
}

/* --- who waits ---------------------------------------------------------- */

static void
give_lane(struct engine *e, struct lane *l, const struct channel *c,
    uint64_t number, const char *text, size_t len)
{
	struct result r = result_made(ST_OK, "");

	r.code = 0;
	r.out = text;
	r.nout = len;
	r.took = (struct took){ c->spec.name, number, number };
	wait_over(e, l, &r);
}

/* the first that waits and takes it, out of the queue; NULL: there is none */
static struct waiter *
taker(struct engine *e, struct channel *c, uint64_t number, const char *text,
    size_t len)
{
	while (link_in(&c->receivers)) {
		struct waiter *p = link_first(&c->receivers);

		link_del(&p->link);
		if (p->kind != WAITER_INPUT ||
		    flow_give(e, p->who, number, text, len))
			return p;
	}
	return NULL;
}

static void
hand(struct engine *e, struct channel *c, struct waiter *p, uint64_t number,
    const char *text, size_t len)
{
	if (p->kind == WAITER_LANE) {
		give_lane(e, p->who, c, number, text, len);
	} else if (p->kind == WAITER_CLIENT) {
		client_give(e, p->who, number, text, len);
	} else {
		struct flow *f = ((struct work *)p->who)->flow;

		flow_given(e, p->who);
		/* it may take more, but after the others */
		if (!f->full && !f->shut)
			link_add(&c->receivers, &p->link);
	}
}

bool
channel_put(struct engine *e, struct channel *c, struct origin from,
    const char *text, size_t len)
{
	struct waiter *p;

	if (c->closed)
		return false;
	p = taker(e, c, c->sent + 1, text, len);
	if (!p && (int64_t)c->n >= c->capacity)
		return false;
	tell_sent(e, c, from, text, len);
	if (p)
		hand(e, c, p, c->sent, text, len);
	else
		store(c, c->sent, text, len);
	return true;
}

void
channel_put_back(struct engine *e, struct channel *c, uint64_t number,
    const char *text, size_t len)
{
	struct waiter *p = taker(e, c, number, text, len);

	if (p) {
		hand(e, c, p, number, text, len);
		return;
	}
	store(c, number, text, len);
	/* the last becomes the first */
	c->first = (c->first + c->size - 1) % c->size;
	if (c->n < c->size) {
		struct message m = *slot(c, 0);

		*slot(c, 0) = *slot(c, c->n);
		*slot(c, c->n) = m;
	}
}

void
channel_pump(struct engine *e, struct channel *c)
{
	while (link_in(&c->senders) && !c->closed &&
	    ((int64_t)c->n < c->capacity || link_in(&c->receivers))) {
		struct waiter *p = link_first(&c->senders);
		struct result r = result_made(ST_OK, "");
		struct lane *l = p->who;

		link_del(&p->link);
		if (p->kind == WAITER_OUTPUT) {
			flow_on(e, p->who);
			continue;
		}
		if (p->kind == WAITER_CLIENT) {
			if (client_send(e, p->who))
				continue;
			link_add(&c->senders, &p->link);
			break;
		}
		if (!channel_put(e, c, (struct origin){ l, &lane_top(l)->step },
		    l->on.message.text, l->on.message.len)) {
			/* whoever was there takes nothing any more */
			link_add(&c->senders, &p->link);
			break;
		}
		r.code = 0;
		wait_over(e, l, &r);
	}
}

/* --- what lanes ask for ------------------------------------------------- */

static void
closed(struct engine *e, struct lane *l)
{
	struct result r = result_made(ST_CLOSED, "the channel is closed");

	lane_give(e, l, &r);
}

void
channel_send(struct engine *e, struct lane *l, const struct action *a)
{
	struct channel *c = &e->channel[a->channel];
	struct result r = result_made(ST_OK, "");

	if (c->closed) {
		closed(e, l);
		return;
	}
	r.code = 0;
	if (channel_put(e, c, (struct origin){ l, &a->step }, a->text,
	    a->len)) {
		lane_give(e, l, &r);
		return;
	}
	l->on.message.channel = c;
	l->on.message.text = a->text;
	l->on.message.len = a->len;
	wait_begin(e, l, WAIT_SEND, &c->senders, a);
}

uint64_t
channel_get(struct channel *c, struct buf *b)
{
	uint64_t number;

	if (c->n == 0)
		return 0;
	number = slot(c, 0)->number;
	buf_add(b, slot(c, 0)->text.data, slot(c, 0)->text.len);
	drop_first(c);
	return number;
}

/* the message that the mode asks for, in the scratch */
static struct took
take(struct engine *e, struct channel *c, enum receive_mode mode)
{
	struct took took = { c->spec.name, slot(c, 0)->number, 0 };
	struct buf *b = &e->text;

	while (mode == RECEIVE_LAST && c->n > 1)
		drop_first(c);
	buf_clear(b);
	took.to = channel_get(c, b);
	while (mode == RECEIVE_ALL && c->n > 0) {
		buf_addc(b, '\n');
		took.to = channel_get(c, b);
	}
	return took;
}

void
channel_receive(struct engine *e, struct lane *l, const struct action *a)
{
	struct channel *c = &e->channel[a->channel];
	struct result r = result_made(ST_OK, "");

	if (c->n > 0) {
		r.took = take(e, c, a->mode);
		r.code = 0;
		r.out = buf_str(&e->text);
		r.nout = e->text.len;
		lane_give_kept(e, l, &r);
		channel_pump(e, c);
		return;
	}
	if (c->closed) {
		closed(e, l);
		return;
	}
	l->on.message.channel = c;
	wait_begin(e, l, WAIT_RECEIVE, &c->receivers, a);
	channel_pump(e, c);
}

/* all who wait in the ring are told that it is over */
static void
dismiss(struct engine *e, struct link *ring)
{
	struct result r = result_made(ST_CLOSED, "the channel is closed");

	while (link_in(ring)) {
		struct waiter *p = link_first(ring);

		link_del(&p->link);
		switch (p->kind) {
		case WAITER_LANE:
			wait_over(e, p->who, &r);
			break;
		case WAITER_CLIENT:
			client_closed(e, p->who);
			break;
		case WAITER_INPUT:
			flow_shut(e, p->who);
			break;
		case WAITER_OUTPUT:
			flow_on(e, p->who);
			break;
		}
	}
}

void
channel_close(struct engine *e, struct channel *c)
{
	if (c->closed)
		return;
	c->closed = true;
	dismiss(e, &c->receivers);
	dismiss(e, &c->senders);
}

void
channel_close_by(struct engine *e, struct lane *l, const struct action *a)
{
	struct channel *c = &e->channel[a->channel];

	if (!c->closed)
		tell(e, EVT_CLOSED, c, l, &a->step, c->sent);
	channel_close(e, c);
}

void
channel_clear_by(struct engine *e, struct lane *l, const struct action *a)
{
	struct channel *c = &e->channel[a->channel];

	tell(e, EVT_CLEARED, c, l, &a->step, c->sent);
	while (c->n > 0)
		drop_first(c);
	channel_pump(e, c);
}

void
engine_restore(struct engine *e, uint32_t channel,
    const struct past_message *list, size_t n, uint64_t last, bool closed)
{
	struct channel *c = &e->channel[channel];

	c->sent = last;
	c->closed = closed;
	for (size_t i = 0; i < n; i++)
		store(c, list[i].number, list[i].text, list[i].len);
}

void
channel_grow(struct engine *e, struct channel *c)
{
	c->capacity *= 2;
	channel_pump(e, c);
}

void
channel_input(struct engine *e, struct channel *c, struct waiter *p)
{
	struct work *w = p->who;

	while (c->n > 0 && !w->flow->full && !w->flow->shut) {
		const struct message *m = slot(c, 0);

		if (!flow_give(e, w, m->number, m->text.data, m->text.len))
			break;
		drop_first(c);
		flow_given(e, w);
	}
	if (c->n == 0 && c->closed) {
		flow_shut(e, w);
	} else if (!w->flow->full && !w->flow->shut) {
		link_add(&c->receivers, &p->link);
		/* all that could send may have ended before */
		e->settle = true;
	}
	channel_pump(e, c);
}

void
channel_output(struct engine *e, struct channel *c, struct waiter *p)
{
	(void)e;
	link_add(&c->senders, &p->link);
}

void
channel_fini(struct channel *c)
{
	for (size_t i = 0; i < c->size; i++)
		buf_fini(&c->slot[i].text);
	free(c->slot);
	free(c->receiving);
	free(c->sending);
}

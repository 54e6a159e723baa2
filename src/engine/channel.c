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

static struct buf *
slot(struct channel *c, size_t i)
{
	return &c->slot[(c->first + i) % c->size];
}

/* twice as many slots; the first message comes to the first one */
static void
more_slots(struct channel *c)
{
	size_t size = c->size ? c->size * 2 : 16;
	struct buf *new = mem_calloc(size, sizeof(*new));

	for (size_t i = 0; i < c->size; i++)
		new[i] = *slot(c, i);
	free(c->slot);
	c->slot = new;
	c->size = size;
	c->first = 0;
}

static void
store(struct channel *c, const char *text, size_t len)
{
	struct buf *b;

	if (c->n == c->size)
		more_slots(c);
	b = slot(c, c->n++);
	buf_clear(b);
	buf_add(b, text, len);
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
	tidy(slot(c, 0));
	c->first = (c->first + 1) % c->size;
	c->n--;
}

/* --- who waits ---------------------------------------------------------- */

static void
give_lane(struct engine *e, struct lane *l, const char *text, size_t len)
{
	struct result r = result_made(ST_OK, "");

	r.code = 0;
	r.out = text;
	r.nout = len;
	wait_over(e, l, &r);
}

/* to the first that waits and takes it; false: there is none */
static bool
hand(struct engine *e, struct channel *c, const char *text, size_t len)
{
	while (link_in(&c->receivers)) {
		struct waiter *p = link_first(&c->receivers);

		link_del(&p->link);
		if (p->kind == WAITER_LANE) {
			give_lane(e, p->who, text, len);
			return true;
		}
		if (p->kind == WAITER_CLIENT) {
			client_give(e, p->who, text, len);
			return true;
		}
		if (flow_give(e, p->who, text, len)) {
			struct flow *f = ((struct work *)p->who)->flow;

			/* it may take more, but after the others */
			if (!f->full && !f->shut)
				link_add(&c->receivers, &p->link);
			return true;
		}
	}
	return false;
}

bool
channel_put(struct engine *e, struct channel *c, const char *text, size_t len)
{
	if (c->closed)
		return false;
	if (hand(e, c, text, len))
		return true;
	if ((int64_t)c->n >= c->capacity)
		return false;
	store(c, text, len);
	return true;
}

void
channel_put_back(struct engine *e, struct channel *c, const char *text,
    size_t len)
{
	if (hand(e, c, text, len))
		return;
	store(c, text, len);
	/* the last becomes the first */
	c->first = (c->first + c->size - 1) % c->size;
	if (c->n < c->size) {
		struct buf b = *slot(c, 0);

		*slot(c, 0) = *slot(c, c->n);
		*slot(c, c->n) = b;
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
		if (!channel_put(e, c, l->on.message.text,
		    l->on.message.len)) {
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
	if (channel_put(e, c, a->text, a->len)) {
		lane_give(e, l, &r);
		return;
	}
	l->on.message.channel = c;
	l->on.message.text = a->text;
	l->on.message.len = a->len;
	wait_begin(e, l, WAIT_SEND, &c->senders, a);
}

/* the message that the mode asks for, in the scratch */
static void
take(struct engine *e, struct channel *c, enum receive_mode mode)
{
	struct buf *b = &e->text;

	buf_clear(b);
	switch (mode) {
	case RECEIVE_NEXT:
		buf_add(b, slot(c, 0)->data, slot(c, 0)->len);
		drop_first(c);
		return;
	case RECEIVE_LAST:
		while (c->n > 1)
			drop_first(c);
		take(e, c, RECEIVE_NEXT);
		return;
	case RECEIVE_ALL:
		while (c->n > 0) {
			buf_add(b, slot(c, 0)->data, slot(c, 0)->len);
			drop_first(c);
			if (c->n > 0)
				buf_addc(b, '\n');
		}
		return;
	}
}

bool
channel_get(struct channel *c, struct buf *b)
{
	if (c->n == 0)
		return false;
	buf_add(b, slot(c, 0)->data, slot(c, 0)->len);
	drop_first(c);
	return true;
}

void
channel_receive(struct engine *e, struct lane *l, const struct action *a)
{
	struct channel *c = &e->channel[a->channel];
	struct result r = result_made(ST_OK, "");

	if (c->n > 0) {
		take(e, c, a->mode);
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
channel_clear(struct engine *e, struct channel *c)
{
	while (c->n > 0)
		drop_first(c);
	channel_pump(e, c);
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
		if (!flow_give(e, w, slot(c, 0)->data, slot(c, 0)->len))
			break;
		drop_first(c);
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
		buf_fini(&c->slot[i]);
	free(c->slot);
	free(c->receiving);
	free(c->sending);
}

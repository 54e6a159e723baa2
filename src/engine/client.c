/* SPDX-License-Identifier: ISC */
/*
 * Commands that send to channels and receive from them.  A command that
 * waits for a channel counts as waiting itself, as a lane would.  A message
 * that was handed to one is its only once it says so: if it goes away
 * before that, the message goes back to the front of its channel.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"
#include "model/request.h"

static void
reply(struct engine *e, token_t client, enum reply_status status,
    const char *text, size_t len)
{
	struct reply r = { .status = status, .data = text, .len = len };

	e->runner.reply(e->runner.arg, client, &r);
}

static void
refuse(struct engine *e, token_t client, const char *why)
{
	reply(e, client, REPLY_REFUSED, why, strlen(why));
}

static struct client *
client_of(const struct engine *e, token_t t)
{
	uint32_t i = token_index(t);
	struct client *c = i < e->client_cap ? e->client[i] : NULL;

	return c && c->token == t ? c : NULL;
}

static struct client *
client_new(struct engine *e, struct work *w, token_t t, struct channel *ch)
{
	struct client *c = mem_calloc(1, sizeof(*c));
	uint32_t i = token_index(t);
	size_t had = e->client_cap;

	e->client = mem_grow(e->client, &e->client_cap, i + 1UL,
	    sizeof(struct client *));
	for (size_t k = had; k < e->client_cap; k++)
		e->client[k] = NULL;
	e->client[i] = c;
	c->waiter.kind = WAITER_CLIENT;
	c->waiter.who = c;
	c->token = t;
	c->channel = ch;
	c->work = w;
	c->next = w->clients;
	w->clients = c;
	return c;
}

static void
client_free(struct engine *e, struct client *c)
{
	struct client **p = &c->work->clients;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	e->client[token_index(c->token)] = NULL;
	buf_fini(&c->message);
	free(c);
}

/* --- who waits ---------------------------------------------------------- */

static struct kind *
kind_of(struct engine *e, const struct work *w)
{
	uint32_t kind = w->lane->group->spec.kind;

	return kind < e->nkind ? &e->kind[kind] : NULL;
}

/* a command beside its lane may still send, as long as it does not wait */
static void
count(struct engine *e, struct work *w, bool on)
{
	struct kind *k = kind_of(e, w);

	if (w->counted == on || !k)
		return;
	w->counted = on;
	k->active += on ? 1 : -1;
	e->settle |= !on;
}

/*
 * A command that waits for others brings nothing about; but one that got a
 * message and did not confirm it yet is under way.
 */
static void
look(struct engine *e, struct work *w)
{
	bool blocked = w->waiting > 0 && w->having == 0;
	bool beside = w->lane->work != w;

	if (blocked == w->blocked)
		return;
	w->blocked = blocked;
	if (blocked && w->outside && !w->timed) {
		w->outside = false;
		w->hushed = true;
		e->outside--;
	} else if (!blocked && w->hushed) {
		w->hushed = false;
		e->outside += !w->outside;
		w->outside = true;
	}
	if (!beside)
		lane_active(e, w->lane, !blocked);
	else
		count(e, w, !blocked && w->sends && w->outside);
}

void
clients_wait(struct engine *e, struct work *w, bool more)
{
	w->waiting += more ? 1 : -1U;
	e->settle |= more;
	look(e, w);
}

static uint32_t *
counter(struct engine *e, const struct client *c)
{
	uint32_t kind = c->work->lane->group->spec.kind;

	if (kind >= e->nkind)
		return NULL;
	return c->state == CLIENT_SENDS ? &c->channel->sending[kind] :
	    &c->channel->receiving[kind];
}

static void
wait_for(struct engine *e, struct client *c, enum client_state state,
    double seconds)
{
	uint32_t *n;

	c->state = state;
	link_add(state == CLIENT_SENDS ? &c->channel->senders :
	    &c->channel->receivers, &c->waiter.link);
	n = counter(e, c);
	if (n)
		++*n;
	clients_wait(e, c->work, true);
	if (seconds <= 0)
		return;
	c->timer = engine_token(e, SLOT_CLIENT, c);
	c->timed = true;
	e->outside++;
	e->runner.wake(e->runner.arg, c->timer, seconds);
}

static bool
waits(const struct client *c)
{
	return c->state != CLIENT_HAS;
}

/* it waits no more */
static void
leave(struct engine *e, struct client *c)
{
	uint32_t *n = counter(e, c);

	link_del(&c->waiter.link);
	if (n)
		--*n;
	clients_wait(e, c->work, false);
	if (!c->timed)
		return;
	c->timed = false;
	e->outside--;
	e->runner.wake(e->runner.arg, c->timer, -1);
	engine_untoken(e, c->timer);
}

/* … and that is how it ends for it */
static void
end_wait(struct engine *e, struct client *c, enum reply_status status,
    const char *text)
{
	token_t t = c->token;

	leave(e, c);
	client_free(e, c);
	reply(e, t, status, text, strlen(text));
}

/* it has a message, but does not own it yet */
static void
handed(struct engine *e, struct client *c)
{
	c->state = CLIENT_HAS;
	c->channel->unproven++;
	c->work->having++;
	look(e, c->work);
	reply(e, c->token, REPLY_DONE, c->message.data, c->message.len);
}

/* it is its own now, or somebody else's */
static void
settle(struct engine *e, struct client *c)
{
	c->channel->unproven--;
	c->work->having--;
	look(e, c->work);
	e->settle = true;
	client_free(e, c);
}

/* --- what channels tell ------------------------------------------------- */

void
client_give(struct engine *e, struct client *c, uint64_t number,
    const char *text, size_t len)
{
	leave(e, c);
	c->number = number;
	buf_add(&c->message, text, len);
	handed(e, c);
}

bool
client_send(struct engine *e, struct client *c)
{
	if (!channel_put(e, c->channel, (struct origin){ c->work->lane, NULL },
	    c->message.data, c->message.len))
		return false;
	end_wait(e, c, REPLY_DONE, "");
	return true;
}

void
client_closed(struct engine *e, struct client *c)
{
	end_wait(e, c, REPLY_CLOSED, "the channel is closed");
}

/* --- requests ----------------------------------------------------------- */

static void
send(struct engine *e, struct work *w, token_t t, const struct request *q,
    struct channel *ch)
{
	struct client *c;

	if (ch->closed) {
		reply(e, t, REPLY_CLOSED, "the channel is closed", 21);
	} else if (channel_put(e, ch, (struct origin){ w->lane, NULL },
	    q->data, q->len)) {
		reply(e, t, REPLY_DONE, NULL, 0);
	} else {
		c = client_new(e, w, t, ch);
		buf_add(&c->message, q->data, q->len);
		wait_for(e, c, CLIENT_SENDS, 0);
	}
}

static void
receive(struct engine *e, struct work *w, token_t t, const struct request *q,
    struct channel *ch)
{
	struct client *c;

	if (ch->n == 0 && ch->closed) {
		reply(e, t, REPLY_CLOSED, "the channel is closed", 21);
		return;
	}
	c = client_new(e, w, t, ch);
	c->number = channel_get(ch, &c->message);
	if (c->number) {
		handed(e, c);
	} else {
		wait_for(e, c, CLIENT_RECEIVES, q->wait_ms / 1000.);
	}
	channel_pump(e, ch);
}

/* the message that it has is its own now */
static void
taken(struct engine *e, token_t t)
{
	struct client *c = client_of(e, t);

	if (!c || c->state != CLIENT_HAS) {
		refuse(e, t, "there is no message to confirm");
		return;
	}
	channel_taken(e, c->channel, c->work->lane, c->number);
	settle(e, c);
	reply(e, t, REPLY_DONE, NULL, 0);
}

void
engine_asked(void *engine, token_t client, token_t step,
    const struct request *request)
{
	struct engine *e = engine;
	struct work *w = engine_lookup(e, step, SLOT_WORK);
	struct request q = *request;
	struct reply r = { .status = REPLY_DONE };
	struct frame *f;

	if (q.kind == REQUEST_TAKEN) {
		taken(e, client);
		return;
	}
	if (!w) {
		refuse(e, client, "the step of this command has ended");
		return;
	}
	/* one that was released belongs to the lane, whatever runs now */
	q.released = w->frame == NOWHERE;
	f = &w->lane->frame[q.released ? 0 : w->frame];
	if (!f->program->ask || client_of(e, client)) {
		refuse(e, client, "this cannot be asked now");
		return;
	}
	f->program->ask(f->state, &q, &r);
	if (r.status != REPLY_DONE ||
	    (q.kind != REQUEST_SEND && q.kind != REQUEST_RECEIVE))
		e->runner.reply(e->runner.arg, client, &r);
	else if (q.kind == REQUEST_SEND)
		send(e, w, client, &q, &e->channel[r.channel]);
	else
		receive(e, w, client, &q, &e->channel[r.channel]);
}

/* --- ends --------------------------------------------------------------- */

static void
give_back(struct engine *e, struct client *c)
{
	struct channel *ch = c->channel;
	struct buf message = c->message;
	uint64_t number = c->number;

	c->message = (struct buf){ 0 };
	settle(e, c);
	channel_put_back(e, ch, number, message.data, message.len);
	buf_fini(&message);
}

void
engine_left(void *engine, token_t client)
{
	struct engine *e = engine;
	struct client *c = client_of(e, client);

	if (!c)
		return;
	if (!waits(c)) {
		give_back(e, c);
		return;
	}
	leave(e, c);
	client_free(e, c);
}

void
client_woken(struct engine *e, struct client *c)
{
	end_wait(e, c, REPLY_TIMEOUT, "");
}

void
clients_released(struct engine *e, struct work *w)
{
	/* the lane goes on, whether its command waits or not */
	lane_active(e, w->lane, true);
	count(e, w, w->sends && !w->blocked);
}

void
clients_settled(struct engine *e, struct work *w)
{
	w->hushed = false;
	count(e, w, false);
}

void
clients_refuse(struct engine *e, struct work *w, const char *why)
{
	struct client *next;

	for (struct client *c = w->clients; c; c = next) {
		next = c->next;
		if (waits(c))
			end_wait(e, c, REPLY_REFUSED, why);
	}
}

void
clients_over(struct engine *e, struct work *w)
{
	clients_refuse(e, w, "the step of this command has ended");
	while (w->clients)
		give_back(e, w->clients);
}

bool
client_tell_waiting(struct engine *e, size_t *i, struct buf *b)
{
	for (; *i < e->client_cap; ++*i) {
		const struct client *c = e->client[*i];

		if (!c || !waits(c))
			continue;
		++*i;
		buf_addf(b, "a command of %s waits to %s '%s'",
		    c->work->lane->info.name, c->state == CLIENT_SENDS ?
		    "send to" : "receive from", c->channel->spec.name);
		return true;
	}
	return false;
}

void
clients_fail(struct engine *e, const char *why)
{
	for (size_t i = 0; i < e->client_cap; i++)
		if (e->client[i] && waits(e->client[i]))
			end_wait(e, e->client[i], REPLY_REFUSED, why);
}

void
clients_fini(struct engine *e)
{
	for (size_t i = 0; i < e->client_cap; i++) {
		if (!e->client[i])
			continue;
		buf_fini(&e->client[i]->message);
		free(e->client[i]);
	}
	free(e->client);
}

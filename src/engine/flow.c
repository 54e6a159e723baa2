/* SPDX-License-Identifier: ISC */
/*
 * Commands that read from a channel or whose lines go to one.  What a
 * command has sent and what finds no place yet is kept here, while its
 * output is not read; so at most the sends of one line wait.  A message
 * for its input counts as delivered when its last byte was written.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* what stands in front of a pending message */
struct header {
	uint32_t channel;
	size_t len;
};

static struct flow *
flow_of(struct work *w)
{
	struct flow *f = w->flow;

	if (f)
		return f;
	f = w->flow = mem_calloc(1, sizeof(*f));
	f->in = f->out = NOWHERE;
	f->input.kind = WAITER_INPUT;
	f->output.kind = WAITER_OUTPUT;
	f->input.who = f->output.who = w;
	return f;
}

void
flow_begin(struct engine *e, struct work *w, const struct action *a)
{
	const struct run *r = &a->run;

	if (a->kind != ACT_RUN || (!r->in_channel && !r->out_channel))
		return;
	flow_of(w)->out = r->out_channel ? r->out_channel - 1 : NOWHERE;
	if (!r->in_channel)
		return;
	w->flow->in = r->in_channel - 1;
	channel_input(e, &e->channel[w->flow->in], &w->flow->input);
}

/* --- its output --------------------------------------------------------- */

/* it waits for room as a lane would: until then it brings nothing about */
static void
wait_at(struct engine *e, struct work *w, struct channel *c)
{
	struct flow *f = w->flow;
	uint32_t kind = w->lane->group->spec.kind;

	f->at = c;
	if (kind < e->nkind)
		c->sending[kind]++;
	channel_output(e, c, &f->output);
	clients_wait(e, w, true);
}

static void
wait_no_more(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;
	uint32_t kind = w->lane->group->spec.kind;

	if (!f->at)
		return;
	if (kind < e->nkind)
		f->at->sending[kind]--;
	f->at = NULL;
	link_del(&f->output.link);
	clients_wait(e, w, false);
}

static void
warn_dropped(struct engine *e, struct work *w, const struct channel *c)
{
	struct buf text = { 0 };

	/* who is being ended knows that not all arrives */
	if (w->flow->warned || e->stopping)
		return;
	w->flow->warned = true;
	buf_addf(&text, "channel '%s' is closed: what '%s' sends is dropped",
	    c->spec.name, w->step.label ? w->step.label : "a command");
	engine_warn(e, w->lane, buf_str(&text));
	buf_fini(&text);
}

static void
hold(struct engine *e, struct work *w, bool on)
{
	if (!w->flow->done)
		e->runner.hold(e->runner.arg, w->token,
		    STREAM_OUT | STREAM_ERR, on);
}

static void
keep_pending(struct flow *f, uint32_t channel, const char *text, size_t len)
{
	struct header h = { channel, len };

	buf_add(&f->pending, &h, sizeof(h));
	buf_add(&f->pending, text, len);
}

void
flow_send(struct engine *e, struct work *w, uint32_t channel,
    const char *text, size_t len)
{
	struct channel *c = &e->channel[channel];
	struct flow *f = flow_of(w);

	if (f->pending.len > 0) {
		keep_pending(f, channel, text, len);
		return;
	}
	if (channel_put(e, c, (struct origin){ w->lane, NULL }, text, len))
		return;
	if (c->closed) {
		warn_dropped(e, w, c);
		return;
	}
	keep_pending(f, channel, text, len);
	hold(e, w, true);
	wait_at(e, w, c);
}

/* a part of a line for its channel; the last one sends it */
void
flow_line(struct engine *e, struct work *w, const char *text, size_t len,
    bool more)
{
	struct flow *f = w->flow;

	if (!more && f->line.len == 0) {
		flow_send(e, w, f->out, text, len);
		return;
	}
	buf_add(&f->line, text, len);
	if (more)
		return;
	flow_send(e, w, f->out, f->line.data, f->line.len);
	buf_clear(&f->line);
}

/* nothing waits any more: it is read again, or its step is over */
static void
flushed(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;

	buf_clear(&f->pending);
	f->pending_at = 0;
	wait_no_more(e, w);
	if (f->done)
		lane_work_ended(e, w, &f->result.r);
	else
		hold(e, w, false);
}

void
flow_on(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;

	wait_no_more(e, w);
	while (f->pending_at < f->pending.len) {
		const char *p = f->pending.data + f->pending_at;
		struct channel *c;
		struct header h;

		memcpy(&h, p, sizeof(h));
		c = &e->channel[h.channel];
		if (!channel_put(e, c, (struct origin){ w->lane, NULL },
		    p + sizeof(h), h.len)) {
			if (!c->closed) {
				wait_at(e, w, c);
				return;
			}
			warn_dropped(e, w, c);
		}
		f->pending_at += sizeof(h) + h.len;
	}
	flushed(e, w);
}

/* by us, so that it does not wait for anything any more */
static bool
is_ended(const struct result *r)
{
	return r->status == ST_TIMEOUT || r->status == ST_SILENT ||
	    r->status == ST_CANCELLED;
}

bool
flow_done(struct engine *e, struct work *w, const struct result *r)
{
	struct flow *f = w->flow;

	link_del(&f->input.link);
	if (f->part.len > 0)
		/* it was not written to its end */
		channel_put_back(e, &e->channel[f->in], f->number,
		    f->part.data, f->part.len - 1);
	buf_clear(&f->part);
	f->shut = true;
	if (is_ended(r)) {
		buf_clear(&f->pending);
		wait_no_more(e, w);
	}
	if (f->pending.len == 0)
		return false;
	f->done = true;
	store_result(&f->result, r);
	return true;
}

void
flow_drop(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;

	if (!f || f->pending.len == 0)
		return;
	flushed(e, w);
}

void
flow_free(struct work *w)
{
	struct flow *f = w->flow;

	if (!f)
		return;
	link_del(&f->input.link);
	link_del(&f->output.link);
	buf_fini(&f->pending);
	buf_fini(&f->line);
	buf_fini(&f->part);
	stored_fini(&f->result);
	free(f);
	w->flow = NULL;
}

/* --- its input ---------------------------------------------------------- */

/* false: it reads no more */
static bool
write_on(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;
	ssize_t n = e->runner.feed(e->runner.arg, w->token,
	    f->part.data + f->part_at, f->part.len - f->part_at);

	if (n < 0)
		return false;
	f->part_at += (size_t)n;
	f->full = f->part_at < f->part.len;
	if (!f->full)
		buf_clear(&f->part);
	return true;
}

bool
flow_give(struct engine *e, struct work *w, uint64_t number, const char *text,
    size_t len)
{
	struct flow *f = w->flow;

	if (f->shut || f->full)
		return false;
	f->number = number;
	buf_clear(&f->part);
	buf_add(&f->part, text, len);
	buf_addc(&f->part, '\n');
	f->part_at = 0;
	if (write_on(e, w))
		return true;
	buf_clear(&f->part);
	f->shut = true;
	return false;
}

void
flow_given(struct engine *e, struct work *w)
{
	const struct flow *f = w->flow;

	if (!f->full)
		channel_taken(e, &e->channel[f->in], w->lane, f->number);
}

void
flow_room(struct engine *e, struct work *w)
{
	struct flow *f = w->flow;

	if (!f || !f->full)
		return;
	if (!write_on(e, w)) {
		/* somebody else gets what it did not read */
		f->shut = true;
		f->full = false;
		channel_put_back(e, &e->channel[f->in], f->number,
		    f->part.data, f->part.len - 1);
		buf_clear(&f->part);
	} else if (!f->full) {
		flow_given(e, w);
		channel_input(e, &e->channel[f->in], &f->input);
	}
}

void
flow_shut(struct engine *e, struct work *w)
{
	if (w->flow->shut)
		return;
	w->flow->shut = true;
	e->runner.shut(e->runner.arg, w->token);
}

/* SPDX-License-Identifier: ISC */
/* what the runner tells the engine */
#include "engine/inner.h"
#include "model/plan.h"

/* the event of a stream is filled once and used as long as it goes on */
static struct event *
line_event(struct engine *e, const struct work *w, unsigned stream)
{
	struct event *ev = &e->line;
	double now = engine_now(e);

	if (e->line_work != w || ev->stream != stream) {
		*ev = (struct event){
			.type = EVT_LINE, .lane = &w->lane->info,
			.step = &w->step, .attempt = w->attempt,
			.stream = stream
		};
		e->line_work = w;
	}
	ev->mono = now;
	ev->wall = now + e->config.wall_offset;
	return ev;
}

static void
release(struct engine *e, struct work *w)
{
	struct lane *l = w->lane;

	w->frame = NOWHERE;
	l->work = NULL;
	/*
	 * Its lane goes on, and must not wait for itself; but what it
	 * sends to a channel others may wait for.
	 */
	if (!w->sends) {
		work_settled(e, w);
	} else if (w->process) {
		w->process = false;
		e->children--;
		e->room = 0;
	}
	clients_released(e, w);
	l->last = result_made(ST_OK, "");
	l->has_last = true;
	engine_ready(e, l);
}

/* let the program look at a line while its step runs */
static void
look(struct engine *e, struct work *w, unsigned stream, const char *text,
    size_t len, unsigned flags)
{
	struct lane *l = w->lane;
	struct frame *f = &l->frame[w->frame];
	struct action act = { 0 };
	bool again = false;

	for (;;) {
		struct event say = {
			.type = EVT_SAY, .lane = &l->info, .step = &w->step
		};

		switch (f->program->line(f->state, stream, text, len,
		    flags, again, &act)) {
		case LINE_SAY:
			say.text = act.text;
			say.len = act.len;
			engine_emit(e, &say);
			again = true;
			continue;
		case LINE_SEND:
			flow_send(e, w, act.channel, act.text, act.len);
			again = true;
			continue;
		case LINE_SPAWN:
			sub_spawn(e, w, &act);
			again = true;
			continue;
		case LINE_ON:
			break;
		case LINE_HOLD:
			l->group->held = w;
			e->runner.hold(e->runner.arg, w->token,
			    STREAM_OUT | STREAM_ERR, true);
			break;
		case LINE_RELEASE:
			w->watch = 0;
			release(e, w);
			break;
		case LINE_KILL:
			w->watch = 0;
			e->runner.stop(e->runner.arg, w->token, STOP_KILL);
			break;
		}
		return;
	}
}

static void
on_line(void *arg, token_t t, unsigned stream, const char *text, size_t len,
    unsigned flags)
{
	struct engine *e = arg;
	struct work *w = engine_lookup(e, t, SLOT_WORK);

	if (!w)
		return;
	if (!(w->divert & stream)) {
		struct event *ev = line_event(e, w, stream);

		ev->text = text;
		ev->len = len;
		ev->flags = flags;
		bus_emit(e->config.bus, ev);
	}
	if (w->watch & stream) {
		look(e, w, stream, text, len, flags);
		if (w->lane->info.hidden) {
			w->lane->group->dry = false;
			group_touch(e, w->lane->group);
		}
	}
	if (stream == STREAM_OUT && w->flow && w->flow->out != NOWHERE)
		flow_line(e, w, text, len, flags & LINE_PART);
}

static void
on_peek(void *arg, token_t t, unsigned stream, const char *text, size_t len)
{
	struct engine *e = arg;
	struct work *w = engine_lookup(e, t, SLOT_WORK);
	struct event ev;

	if (!w || w->divert & stream)
		return;
	ev = (struct event){
		.type = EVT_PEEK, .lane = &w->lane->info, .step = &w->step,
		.attempt = w->attempt, .stream = stream, .text = text,
		.len = len
	};
	engine_emit(e, &ev);
}

static void
on_done(void *arg, token_t t, const struct result *r)
{
	struct engine *e = arg;
	struct work *w = engine_lookup(e, t, SLOT_WORK);

	if (!w)
		return;
	if (w->flow && flow_done(e, w, r))
		work_settled(e, w);	/* but its messages have to go */
	else
		lane_work_over(e, w, r);
}

static void
on_room(void *arg, token_t t)
{
	struct engine *e = arg;
	struct work *w = engine_lookup(e, t, SLOT_WORK);

	if (w)
		flow_room(e, w);
}

static void
on_freed(void *arg)
{
	struct engine *e = arg;

	e->check_limits = true;
}

static void
on_woken(void *arg, token_t t)
{
	struct engine *e = arg;
	struct lane *l = engine_lookup(e, t, SLOT_LANE);
	struct group *g = engine_lookup(e, t, SLOT_GROUP);
	struct client *c = engine_lookup(e, t, SLOT_CLIENT);

	if (l) {
		lane_woken(e, l);
	} else if (g) {
		group_woken(e, g);
	} else if (c) {
		client_woken(e, c);
	} else if (t == e->self && !e->over) {
		e->totals.timed_out = true;
		engine_warn(e, NULL, "the job's time is over");
		engine_stop(e, 60);
	}
}

static void
on_warn(void *arg, token_t t, const char *text)
{
	struct engine *e = arg;
	struct work *w = engine_lookup(e, t, SLOT_WORK);

	engine_warn(e, w ? w->lane : NULL, text);
}

struct runner_up
engine_up(struct engine *e)
{
	return (struct runner_up){
		.arg = e, .line = on_line, .peek = on_peek, .done = on_done,
		.woken = on_woken, .warn = on_warn, .room = on_room,
		.freed = on_freed, .asked = engine_asked,
		.left = engine_left,
	};
}

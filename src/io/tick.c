/* SPDX-License-Identifier: ISC */
#include <ev.h>
#include <stdlib.h>

#include "base/mem.h"
#include "io/loop.h"
#include "io/tick.h"

struct tick {
	struct loop *loop;
	ev_timer timer;
	void (*fn)(void *arg);
	void *arg;
};

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct tick *t = w->data;

	(void)ev, (void)events;
	t->fn(t->arg);
}

struct tick *
tick_new(struct loop *loop, double seconds, void (*fn)(void *arg), void *arg)
{
	struct tick *t = mem_alloc(sizeof(*t));

	*t = (struct tick){ .loop = loop, .fn = fn, .arg = arg };
	ev_timer_init(&t->timer, on_timer, 0, seconds);
	t->timer.data = t;
	ev_timer_start(loop_ev(loop), &t->timer);
	return t;
}

void
tick_free(struct tick *t)
{
	if (!t)
		return;
	ev_timer_stop(loop_ev(t->loop), &t->timer);
	free(t);
}

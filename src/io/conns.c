/* SPDX-License-Identifier: ISC */
/* all connections of a run */
#include <stdlib.h>

#include "base/mem.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/program.h"

static void
begin(struct gate_place *p)
{
	conn_begin(container(p, struct conn, place));
}

struct conn *
conn_find(struct conns *a, const struct launch *l)
{
	uint32_t id = l->at->id;

	while (a->n <= id) {
		a->conn = mem_grow(a->conn, &a->cap, a->n + 1,
		    sizeof(*a->conn));
		a->conn[a->n++] = NULL;
	}
	if (!a->conn[id])
		a->conn[id] = conn_new(a, l);
	if (l->lane && uses_add(&a->uses, l->lane->id, a->conn[id])) {
		a->conn[id]->users++;
		a->conn[id]->used = true;
	}
	return a->conn[id];
}

static void
on_forgotten(void *arg)
{
	struct conn *c = arg;

	if (--c->users == 0)
		conn_rest(c);
}

void
conns_forget(struct conns *a, uint32_t lane)
{
	uses_end(&a->uses, lane, on_forgotten);
}

static void
on_turn(struct ev_loop *ev, ev_timer *w, int events)
{
	struct conns *a = w->data;

	(void)ev, (void)events;
	a->turn_due = true;
}

void
conns_flush(struct conns *a)
{
	double next, t;

	if (a->turn_due) {
		a->turn_due = false;
		t = loop_clock();
		next = gates_turn(a->gates, t);
		ev_timer_stop(a->hub.ev, &a->turn);
		if (next > 0) {
			ev_now_update(a->hub.ev);
			ev_timer_set(&a->turn, next > t ? next - t : 0., 0.);
			ev_timer_start(a->hub.ev, &a->turn);
		}
	}
	mux_flush(&a->hub);
}

struct conns *
conns_new(struct tasks *t)
{
	struct conns *a = mem_calloc(1, sizeof(*a));

	a->tasks = t;
	a->hub = (struct mux_hub){
		.loop = t->loop, .ev = t->ev, .buf = t->buf, .size = READ_SIZE
	};
	link_init(&a->hub.dirty);
	a->masters = masters_new(t);
	a->gates = gates_new(begin);
	ev_init(&a->turn, on_turn);
	a->turn.data = a;
	return a;
}

bool
conns_reaped(struct conns *a, pid_t pid)
{
	return a && masters_reaped(a->masters, pid);
}

void
conns_free(struct conns *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (a->conn[i])
			conn_free(a->conn[i]);
	masters_free(a->masters);
	ev_timer_stop(a->hub.ev, &a->turn);
	gates_free(a->gates);
	uses_fini(&a->uses);
	free(a->conn);
	free(a);
}

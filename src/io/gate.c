/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/gate.h"

#define WINDOW 8.0		/* at first, and the most of a jump host */
#define WINDOW_DIRECT 32.0	/* the most of all others */
#define SLOW 2.0		/* a try that lasts longer is not counted */

struct gate {
	struct gate *next;
	char *name;
	double window, most;
	double closed_at;	/* when it was halved */
	unsigned n;		/* that are counted */
	struct link queue, inside;	/* inside: the oldest first */
};

struct gates {
	struct gate *first;
	void (*begin)(struct gate_place *);
};

#define place_of(l) \
	((struct gate_place *)(void *)((char *)(l) - \
	offsetof(struct gate_place, link)))

struct gates *
gates_new(void (*begin)(struct gate_place *))
{
	struct gates *g = mem_calloc(1, sizeof(*g));

	g->begin = begin;
	return g;
}

void
gates_free(struct gates *all)
{
	struct gate *g;

	while ((g = all->first)) {
		all->first = g->next;
		free(g->name);
		free(g);
	}
	free(all);
}

struct gate *
gates_find(struct gates *all, const char *name)
{
	struct gate *g;

	for (g = all->first; g; g = g->next)
		if (strcmp(g->name, name) == 0)
			return g;
	g = mem_calloc(1, sizeof(*g));
	g->name = mem_strdup(name);
	g->window = WINDOW;
	g->most = *name ? WINDOW : WINDOW_DIRECT;
	link_init(&g->queue);
	link_init(&g->inside);
	g->next = all->first;
	all->first = g;
	return g;
}

void
gate_enter(struct gate *g, struct gate_place *p)
{
	p->gate = g;
	p->inside = p->slow = false;
	link_add(&g->queue, &p->link);
}

void
gate_leave(struct gate_place *p, enum gate_outcome how, double now)
{
	struct gate *g = p->gate;

	if (!g)
		return;
	link_del(&p->link);
	p->gate = NULL;
	if (!p->inside)
		return;
	g->n -= !p->slow;
	if (how == GATE_UP && g->window < g->most) {
		g->window += 1 / g->window;
	} else if (how == GATE_BUSY && !p->counted &&
	    p->since >= g->closed_at) {
		/* those that were let in together count as one */
		g->window = g->window > 2 ? g->window / 2 : 1;
		g->closed_at = now;
	}
	/* one host that always says so is not to stop the others */
	p->counted = how == GATE_BUSY;
}

/* those that last long are not counted; when this is to be seen again */
static double
let_go(struct gate *g, double now)
{
	while (link_in(&g->inside)) {
		struct gate_place *p = place_of(g->inside.next);

		if (p->since + SLOW > now)
			return p->since + SLOW;
		link_del(&p->link);
		p->slow = true;
		g->n--;
	}
	return 0;
}

double
gates_turn(struct gates *all, double now)
{
	double next = 0, at;

	for (struct gate *g = all->first; g; g = g->next) {
		if (!link_in(&g->queue))
			continue;
		at = let_go(g, now);
		while (link_in(&g->queue) && g->n < (unsigned)g->window) {
			struct gate_place *p = place_of(g->queue.next);

			link_del(&p->link);
			link_add(&g->inside, &p->link);
			p->inside = true;
			p->slow = false;
			p->since = now;
			g->n++;
			all->begin(p);
		}
		if (link_in(&g->queue) && at && (!next || at < next))
			next = at;
	}
	return next;
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sink/board_part.h"

/* --- lanes by number ---------------------------------------------------- */

static struct board_lane **
slot_of(const struct board *b, uint32_t id)
{
	return &b->slot[id & (b->nslot - 1)];
}

struct board_lane *
board_find(struct board *b, uint32_t id)
{
	struct board_lane *l = b->last;

	/* most lines come in runs */
	if (l && l->id == id)
		return l;
	if (b->n == 0)
		return NULL;
	for (l = *slot_of(b, id); l && l->id != id; l = l->next)
		;
	if (l)
		b->last = l;
	return l;
}

static void
insert(struct board *b, struct board_lane *l)
{
	struct board_lane **p = slot_of(b, l->id);

	l->next = *p;
	*p = l;
}

static void
rehash(struct board *b)
{
	struct board_lane **old = b->slot, *next;
	size_t n = b->nslot;

	b->nslot = n ? n * 2 : 64;
	b->slot = mem_calloc(b->nslot, sizeof(struct board_lane *));
	for (size_t i = 0; i < n; i++)
		for (struct board_lane *l = old[i]; l; l = next) {
			next = l->next;
			insert(b, l);
		}
	free(old);
}

void
board_keep(char *to, size_t size, const char *text)
{
	size_t n = strnlen(text, size);

	if (n == size) {
		n--;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(to, text, n);
	to[n] = '\0';
}

struct board_lane *
board_add(struct board *b, uint32_t id)
{
	struct board_lane *l = b->free;

	if (l)
		b->free = l->next;
	else
		l = mem_alloc(sizeof(*l));
	/* the texts are set when they are known */
	memset(l, 0, offsetof(struct board_lane, name));
	l->id = id;
	l->name[0] = l->step[0] = '\0';
	if (b->n >= b->nslot)
		rehash(b);
	b->n++;
	insert(b, l);
	return l;
}

static void
leave(struct board_lane *l)
{
	if (l->ring)
		l->ring->n--;
	link_del(&l->link);
	l->ring = NULL;
}

static void
enter(struct board_ring *r, struct board_lane *l)
{
	l->ring = r;
	r->n++;
	link_add(&r->lane, &l->link);
}

void
board_drop(struct board *b, struct board_lane *l)
{
	struct board_lane **p = slot_of(b, l->id);

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	b->n--;
	b->running -= l->counts;
	leave(l);
	if (b->last == l)
		b->last = NULL;
	l->next = b->free;
	b->free = l;
}

/* --- their order -------------------------------------------------------- */

static struct board_ring *
ring_of(struct board *b, const struct board_lane *l)
{
	/* between two of them as well */
	if (l->stepping && (l->begun > 1 || (l->begun > 0 && l->of > 1)))
		return &b->lists;
	return l->waits ? &b->held : &b->shown;
}

void
board_show(struct board *b, struct board_lane *l, double mono)
{
	leave(l);
	enter(ring_of(b, l), l);
	l->since = mono;
}

void
board_wait(struct board *b, struct board_lane *l, int more)
{
	struct board_ring *r;

	l->waits = (unsigned)((int)l->waits + more);
	r = ring_of(b, l);
	if (l->ring == r)
		return;
	leave(l);
	enter(r, l);
}

/* --- all of them -------------------------------------------------------- */

struct board_lane *
board_lane(struct link *l)
{
	return (struct board_lane *)((char *)l -
	    offsetof(struct board_lane, link));
}

void
board_init_lanes(struct board *b)
{
	link_init(&b->shown.lane);
	link_init(&b->lists.lane);
	link_init(&b->held.lane);
}

static void
free_ring(struct board_ring *r)
{
	while (link_in(&r->lane)) {
		struct board_lane *l = board_lane(r->lane.next);

		link_del(&l->link);
		free(l);
	}
}

void
board_free_lanes(struct board *b)
{
	struct board_lane *next;

	free_ring(&b->shown);
	free_ring(&b->lists);
	free_ring(&b->held);
	for (struct board_lane *l = b->free; l; l = next) {
		next = l->next;
		free(l);
	}
	free(b->slot);
}

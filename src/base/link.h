/*
 * link - rings: lists whose elements hold their own links
 *
 * The head is a link as well.  An element that is in no ring points to NULL,
 * or to itself.
 */
#ifndef BASE_LINK_H
#define BASE_LINK_H

#include <stdbool.h>
#include <stddef.h>

struct link {
	struct link *prev, *next;
};

static inline void
link_init(struct link *l)
{
	l->prev = l->next = l;
}

/* is it in a ring; of a head: has it any elements? */
static inline bool
link_in(const struct link *l)
{
	return l->next && l->next != l;
}

/* at the end */
static inline void
link_add(struct link *ring, struct link *l)
{
	l->prev = ring->prev;
	l->next = ring;
	ring->prev->next = l;
	ring->prev = l;
}

/* one that is in no ring is left alone */
static inline void
link_del(struct link *l)
{
	if (!l->next)
		return;
	l->prev->next = l->next;
	l->next->prev = l->prev;
	l->prev = l->next = NULL;
}

#endif

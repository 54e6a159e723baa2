/* SPDX-License-Identifier: ISC */
/* a binary heap */
#include <stdlib.h>

#include "base/mem.h"
#include "engine/inner.h"

static int
before(const struct queue_entry *a, const struct queue_entry *b)
{
	if (a->priority < b->priority || a->priority > b->priority)
		return a->priority < b->priority;
	return a->order < b->order;
}

void
queue_push(struct queue *q, struct queue_entry e)
{
	size_t i = q->n++;

	q->entry = mem_grow(q->entry, &q->cap, q->n, sizeof(*q->entry));
	while (i > 0 && before(&e, &q->entry[(i - 1) / 2])) {
		q->entry[i] = q->entry[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	q->entry[i] = e;
}

struct queue_entry
queue_pop(struct queue *q)
{
	struct queue_entry top = q->entry[0];
	struct queue_entry e = q->entry[--q->n];
	size_t i = 0;

	for (;;) {
		size_t k = 2 * i + 1;

		if (k >= q->n)
			break;
		if (k + 1 < q->n && before(&q->entry[k + 1], &q->entry[k]))
			k++;
		if (before(&e, &q->entry[k]))
			break;
		q->entry[i] = q->entry[k];
		i = k;
	}
	q->entry[i] = e;
	return top;
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/mem.h"
#include "sim/due.h"

static bool
is_before(const struct due *a, const struct due *b)
{
	if (a->at < b->at || b->at < a->at)
		return a->at < b->at;
	if (a->late != b->late)
		return b->late;
	return a->order < b->order;
}

void
due_push(struct due_queue *q, struct due d)
{
	size_t i = q->n++;

	q->due = mem_grow(q->due, &q->cap, q->n, sizeof(*q->due));
	for (; i > 0 && is_before(&d, &q->due[(i - 1) / 2]); i = (i - 1) / 2)
		q->due[i] = q->due[(i - 1) / 2];
	q->due[i] = d;
}

struct due
due_pop(struct due_queue *q)
{
	struct due first = q->due[0], last = q->due[--q->n];
	size_t i = 0, k;

	for (; (k = 2 * i + 1) < q->n; i = k) {
		if (k + 1 < q->n && is_before(&q->due[k + 1], &q->due[k]))
			k++;
		if (!is_before(&q->due[k], &last))
			break;
		q->due[i] = q->due[k];
	}
	if (q->n > 0)
		q->due[i] = last;
	return first;
}

void
due_fini(struct due_queue *q)
{
	free(q->due);
	*q = (struct due_queue){ 0 };
}

/* SPDX-License-Identifier: ISC */
/* what stands in line: a binary heap, rings; results that last */
#include <stdlib.h>
#include <string.h>

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

/* --- those who wait ------------------------------------------------------ */

struct waiter *
link_first(const struct link *ring)
{
	return (struct waiter *)(void *)ring->next;
}

/* --- results that last -------------------------------------------------- */

static size_t
add(struct buf *b, const char *s, size_t len)
{
	size_t at = b->len;

	buf_add(b, s, len);
	buf_addc(b, '\0');
	return at;
}

void
store_result(struct stored *k, const struct result *r)
{
	size_t len = strlen(r->message), message, step, tail, out, err, both;

	k->r = *r;
	buf_clear(&k->out);
	out = add(&k->out, r->out, r->out ? r->nout : 0);
	err = add(&k->out, r->err, r->err ? r->nerr : 0);
	both = add(&k->out, r->both, r->both ? r->nboth : 0);
	buf_clear(&k->text);
	message = add(&k->text, r->message, len);
	step = add(&k->text, r->step, r->step ? strlen(r->step) : 0);
	tail = add(&k->text, r->tail, r->ntail);
	k->r.out = k->out.data + out;
	k->r.err = k->out.data + err;
	k->r.both = k->out.data + both;
	k->r.message = k->text.data + message;
	k->r.step = k->text.data + step;
	k->r.tail = k->text.data + tail;
}

void
stored_fini(struct stored *k)
{
	if (!k)
		return;
	buf_fini(&k->text);
	buf_fini(&k->out);
}

/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sink/fold.h"

enum {
	DIGITS_MAX = 18,	/* longer ones are text */
	RUNS_MAX = 6,		/* numbers looked at in a name, from its end */
	RANGES_MAX = 10		/* within one pair of brackets, then … */
};

/* a name, and the number in it that is looked at */
struct part {
	const char *name;
	size_t order;
	size_t at, len;		/* of the number; len is 0: it has none */
	size_t pad;		/* least width, 0: no zeros in front */
	uint64_t value;
};

/* the digits that end before end; false: there are none */
static bool
digits_before(const char *s, size_t end, size_t *at, size_t *len)
{
	size_t i = end;

	while (i > 0 && (s[i - 1] < '0' || s[i - 1] > '9'))
		i--;
	*len = 0;
	while (i > 0 && s[i - 1] >= '0' && s[i - 1] <= '9') {
		i--;
		++*len;
	}
	*at = i;
	return *len > 0;
}

/* look at the number that is the nth from the end */
static void
look_at(struct part *p, size_t nth)
{
	size_t end = strlen(p->name);

	do {
		if (!digits_before(p->name, end, &p->at, &p->len))
			return;
		end = p->at;
	} while (nth-- > 0);
	if (p->len > DIGITS_MAX) {
		p->len = 0;
		return;
	}
	p->value = 0;
	for (size_t i = 0; i < p->len; i++)
		p->value = p->value * 10 +
		    (uint64_t)(p->name[p->at + i] - '0');
	p->pad = p->len > 1 && p->name[p->at] == '0' ? p->len : 0;
}

/* order of the texts around the number */
static int
around(const struct part *a, const struct part *b)
{
	int c;

	if (!a->len || !b->len)
		return !a->len && !b->len ? strcmp(a->name, b->name) :
		    a->len ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	c = memcmp(a->name, b->name, a->at);
	return c ? c : strcmp(a->name + a->at + a->len,
	    b->name + b->at + b->len);
}

static int
by_number(const void *pa, const void *pb)
{
	const struct part *a = pa, *b = pb;
	int c = around(a, b);

	if (c)
		return c;
	if (a->pad != b->pad)
		return a->pad < b->pad ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
by_name(const void *pa, const void *pb)
{
	const struct part *a = pa, *b = pb;
	int c = strcmp(a->name, b->name);

	return c ? c : a->order < b->order ? -1 : a->order > b->order;
}

/* 10 belongs to 08, 09 and is written the same with and without padding */
static void
share_padding(struct part *p, size_t n)
{
	size_t pad = 0;

	for (size_t i = 0; i < n; i++)
		if (p[i].pad && (!pad || p[i].pad < pad))
			pad = p[i].pad;
	if (!pad)
		return;
	for (size_t i = 0; i < n; i++)
		if (!p[i].pad && p[i].len >= pad)
			p[i].pad = pad;
}

static void
number(struct buf *b, const struct part *p)
{
	buf_add(b, p->name + p->at, p->len);
}

static void
write_out(struct buf *b, const struct part *p, size_t n)
{
	size_t i = 0, ranges = 0;
	/* s[1] and s[2] are s[1-2]: the brackets are there already */
	bool within = p->at > 0 && p->name[p->at - 1] == '[' &&
	    p->name[p->at + p->len] == ']';

	buf_add(b, p->name, p->at);
	buf_adds(b, within ? "" : "[");
	while (i < n) {
		size_t k = i;

		while (k + 1 < n && p[k + 1].value == p[k].value + 1)
			k++;
		if (i > 0)
			buf_addc(b, ',');
		if (ranges++ == RANGES_MAX) {
			buf_adds(b, "...");
			break;
		}
		number(b, &p[i]);
		if (k > i) {
			buf_addc(b, '-');
			number(b, &p[k]);
		}
		i = k + 1;
	}
	buf_adds(b, within ? "" : "]");
	buf_adds(b, p->name + p->at + p->len);
}

struct made {
	char *text;
	size_t order, count;
};

struct work {
	struct part *part;	/* those not yet in a fold */
	size_t n;
	struct made *made;
	size_t nmade, cap;
};

static void
make(struct work *w, char *text, const struct part *p, size_t n)
{
	size_t order = p->order;

	for (size_t i = 1; i < n; i++)
		if (p[i].order < order)
			order = p[i].order;
	w->made = mem_grow(w->made, &w->cap, w->nmade + 1, sizeof(*w->made));
	w->made[w->nmade++] = (struct made){ text, order, n };
}

/* take out all that differ only in the number looked at */
static void
fold_once(struct work *w, size_t nth)
{
	size_t left = 0;

	for (size_t i = 0; i < w->n; i++)
		look_at(&w->part[i], nth);
	qsort(w->part, w->n, sizeof(*w->part), by_number);
	for (size_t i = 0, k; i < w->n; i = k) {
		for (k = i + 1; k < w->n; k++)
			if (around(&w->part[i], &w->part[k]))
				break;
		share_padding(w->part + i, k - i);
		qsort(w->part + i, k - i, sizeof(*w->part), by_number);
	}
	for (size_t i = 0, k; i < w->n; i = k) {
		struct part *p = &w->part[i];
		struct buf b = { 0 };

		for (k = i + 1; k < w->n; k++)
			if (!p->len || around(p, &w->part[k]) ||
			    p->pad != w->part[k].pad)
				break;
		if (k == i + 1) {
			w->part[left++] = *p;
			continue;
		}
		write_out(&b, p, k - i);
		make(w, mem_strndup(b.data, b.len), p, k - i);
		buf_fini(&b);
	}
	w->n = left;
}

static int
by_order(const void *pa, const void *pb)
{
	const struct made *a = pa, *b = pb;

	return a->order < b->order ? -1 : a->order > b->order;
}

void
fold_names(struct fold *f, const char *const *names, size_t n)
{
	struct work w = { .part = mem_calloc(n + 1, sizeof(struct part)) };
	size_t had;

	for (size_t i = 0; i < n; i++)
		w.part[i] = (struct part){ .name = names[i], .order = i };
	qsort(w.part, n, sizeof(*w.part), by_name);
	for (size_t i = 0; i < n; i++)
		if (!w.n || strcmp(w.part[w.n - 1].name, w.part[i].name))
			w.part[w.n++] = w.part[i];
	had = w.n;
	for (size_t nth = 0; nth < RUNS_MAX && had > 1 && w.n > 0; nth++)
		fold_once(&w, nth);
	for (size_t i = 0; i < w.n; i++)
		make(&w, mem_strdup(w.part[i].name), &w.part[i], 1);
	if (w.nmade)
		qsort(w.made, w.nmade, sizeof(*w.made), by_order);
	f->n = w.nmade;
	f->text = mem_calloc(w.nmade + 1, sizeof(*f->text));
	f->count = mem_calloc(w.nmade + 1, sizeof(*f->count));
	for (size_t i = 0; i < w.nmade; i++) {
		f->text[i] = w.made[i].text;
		f->count[i] = w.made[i].count;
	}
	free(w.part);
	free(w.made);
}

void
fold_fini(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->text[i]);
	free(f->text);
	free(f->count);
}

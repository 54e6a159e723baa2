/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hostset.h"
#include "base/map.h"
#include "base/mem.h"

/* what is compared: all numbers but one */
struct view {
	unsigned dims, but;
	const struct hostset *f;
};

/* --- sets of numbers ---------------------------------------------------- */

const uint64_t *
hostset_members(const struct hostset *f, const uint64_t *c, size_t *n)
{
	const struct hostset_span *s;

	*n = 1;
	if (!(*c & HOSTSET_SET))
		return c;
	s = &f->set[*c & ~HOSTSET_SET];
	*n = s->n;
	return f->member + s->at;
}

/* append its members */
static void
gather(struct hostset *f, uint64_t c)
{
	struct hostset_span s = { 0, 1 };

	if (c & HOSTSET_SET)
		s = f->set[c & ~HOSTSET_SET];
	f->member = mem_grow(f->member, &f->member_cap, f->nmember + s.n,
	    sizeof(*f->member));
	if (c & HOSTSET_SET)
		memcpy(f->member + f->nmember, f->member + s.at,
		    s.n * sizeof(*f->member));
	else
		f->member[f->nmember] = c;
	f->nmember += s.n;
}

static int
by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

static size_t
set_place(const struct hostset *f, const uint64_t *m, size_t n)
{
	size_t i = map_hash((const char *)m, n * sizeof(*m)) & (f->nslot - 1);

	for (; f->slot[i]; i = (i + 1) & (f->nslot - 1)) {
		const struct hostset_span *s = &f->set[f->slot[i] - 1];

		if (s->n == n && !memcmp(f->member + s->at, m, n * sizeof(*m)))
			break;
	}
	return i;
}

static void
more_slots(struct hostset *f)
{
	f->nslot = f->nslot ? f->nslot * 2 : 64;
	free(f->slot);
	f->slot = mem_calloc(f->nslot, sizeof(*f->slot));
	for (size_t k = 0; k < f->nset; k++)
		f->slot[set_place(f, f->member + f->set[k].at,
		    f->set[k].n)] = (uint32_t)k + 1;
}

/* the set of the members from at on; equal ones are one */
static uint64_t
intern(struct hostset *f, size_t at)
{
	size_t n = f->nmember - at, i;

	if (2 * (f->nset + 1) > f->nslot)
		more_slots(f);
	qsort(f->member + at, n, sizeof(*f->member), by_value);
	i = set_place(f, f->member + at, n);
	if (f->slot[i]) {
		f->nmember = at;
		return HOSTSET_SET | (f->slot[i] - 1);
	}
	f->set = mem_grow(f->set, &f->cap, f->nset + 1, sizeof(*f->set));
	f->set[f->nset++] = (struct hostset_span){ at, n };
	f->slot[i] = (uint32_t)f->nset;
	return HOSTSET_SET | (f->nset - 1);
}

/* --- folding ------------------------------------------------------------ */

static bool
is_like(const uint64_t *a, const uint64_t *b, struct view v)
{
	for (unsigned d = 0; d < v.dims; d++)
		if (d != v.but && a[d] != b[d])
			return false;
	return true;
}

static int
by_others(const void *pa, const void *pb, void *arg)
{
	const uint64_t *a = pa, *b = pb;
	const struct view *v = arg;

	for (unsigned d = 0; d < v->dims; d++)
		if (d != v->but && a[d] != b[d])
			return a[d] < b[d] ? -1 : 1;
	return by_value(&a[v->but], &b[v->but]);
}

static void
sort(struct hostset_rows *s, int (*by)(const void *, const void *, void *),
    struct view *v)
{
	size_t i = 1;

	/* names come sorted more often than not */
	while (i < s->n && by(s->cell + (i - 1) * s->dims,
	    s->cell + i * s->dims, v) <= 0)
		i++;
	if (i < s->n)
		qsort_r(s->cell, s->n, s->dims * sizeof(*s->cell), by, v);
}

/* words that differ in this number only become one */
static void
merge(struct hostset *f, struct hostset_rows *s, unsigned dim)
{
	struct view v = { .dims = s->dims, .but = dim };
	size_t left = 0;

	sort(s, by_others, &v);
	for (size_t i = 0, k; i < s->n; i = k) {
		uint64_t *row = s->cell + i * s->dims;
		size_t at = f->nmember;

		for (k = i + 1; k < s->n; k++)
			if (!is_like(row, s->cell + k * s->dims, v))
				break;
		for (size_t j = i; k > i + 1 && j < k; j++)
			gather(f, s->cell[j * s->dims + dim]);
		if (k > i + 1)
			row[dim] = intern(f, at);
		memmove(s->cell + left++ * s->dims, row,
		    s->dims * sizeof(*row));
	}
	s->n = left;
}

static uint64_t
mix(uint64_t h, uint64_t c)
{
	h = (h ^ c) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* how many words merge() would leave */
static size_t
words_left(const struct hostset_rows *s, unsigned dim)
{
	struct view v = { .dims = s->dims, .but = dim };
	size_t nslot = 64, left = 0;
	uint32_t *slot;

	while (nslot < 2 * s->n)
		nslot *= 2;
	slot = mem_calloc(nslot, sizeof(*slot));
	for (size_t k = 0; k < s->n; k++) {
		const uint64_t *row = s->cell + k * s->dims;
		uint64_t h = 0;
		size_t i;

		for (unsigned d = 0; d < s->dims; d++)
			if (d != dim)
				h = mix(h, row[d]);
		for (i = h & (nslot - 1); slot[i]; i = (i + 1) & (nslot - 1))
			if (is_like(s->cell + (slot[i] - 1) * s->dims, row, v))
				break;
		left += !slot[i];
		if (!slot[i])
			slot[i] = (uint32_t)k + 1;
	}
	free(slot);
	return left;
}

static bool
varies(const struct hostset_rows *s, unsigned dim)
{
	for (size_t k = 1; k < s->n; k++)
		if (s->cell[k * s->dims + dim] != s->cell[dim])
			return true;
	return false;
}

/*
 * The number that gives the fewest words first, the last one if that is the
 * same; then the next, which finds products such as r[1-4]n[01-40].
 */
static bool
merge_best(struct hostset *f, struct hostset_rows *s)
{
	unsigned candidate[HOSTSET_DIMS], n = 0, best = 0;
	size_t least = s->n;

	for (unsigned d = s->dims; d-- > 0;)
		if (varies(s, d))
			candidate[n++] = d;
	if (n == 1) {
		merge(f, s, candidate[0]);
		return false;
	}
	for (unsigned i = 0; i < n; i++) {
		size_t left = words_left(s, candidate[i]);

		if (left < least) {
			least = left;
			best = candidate[i];
		}
	}
	if (least == s->n)
		return false;
	merge(f, s, best);
	return true;
}

static int
by_first(const void *pa, const void *pb, void *arg)
{
	const uint64_t *a = pa, *b = pb;
	const struct view *v = arg;
	size_t n;

	for (unsigned d = 0; d < v->dims; d++) {
		uint64_t x = *hostset_members(v->f, &a[d], &n);
		uint64_t y = *hostset_members(v->f, &b[d], &n);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

void
hostset_fold(struct hostset *f, struct hostset_rows *s)
{
	struct view v = { .dims = s->dims, .f = f };

	for (unsigned i = 0; i < 4 * s->dims && s->n > 1; i++)
		if (!merge_best(f, s))
			break;
	if (s->dims > 0)
		sort(s, by_first, &v);
}

void
hostset_fini(struct hostset *f)
{
	free(f->member);
	free(f->set);
	free(f->slot);
}

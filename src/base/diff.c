/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/diff.h"
#include "base/mem.h"

/* the lines of one text that are also in the other, and where they stand */
struct part {
	uint32_t *line;
	size_t *at;
	size_t n;
	bool *odd;
};

/* --- what can be told at once ------------------------------------------- */

static int
by_number(const void *pa, const void *pb)
{
	const uint32_t *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

static uint32_t *
sorted(const uint32_t *line, size_t n)
{
	uint32_t *s = mem_alloc((n + 1) * sizeof(*s));

	if (n > 0) {
		memcpy(s, line, n * sizeof(*s));
		qsort(s, n, sizeof(*s), by_number);
	}
	return s;
}

/* from, n: between the common begin and the common end */
static struct part
part_of(struct diff_text *t, size_t from, size_t n, const uint32_t *other,
    size_t nother)
{
	struct part p = { .odd = t->odd };

	p.line = mem_alloc((n + 1) * sizeof(*p.line));
	p.at = mem_alloc((n + 1) * sizeof(*p.at));
	for (size_t i = from; i < from + n; i++) {
		t->odd[i] = true;
		if (nother == 0 || !bsearch(&t->line[i], other, nother,
		    sizeof(*other), by_number))
			continue;
		p.line[p.n] = t->line[i];
		p.at[p.n++] = i;
	}
	return p;
}

/* --- Myers: the fewest lines to be left out or put in -------------------- */

/*
 * How far one gets with d lines left out or put in is kept for each d, one
 * row behind the other: row d has d + 1 places, the i-th for the diagonal
 * x - y = 2i - d.
 */
struct search {
	const struct part *a, *b;
	uint32_t *reach;
	size_t cap, work;
};

static size_t
row(size_t d)
{
	return d * (d + 1) / 2;
}

/* the last of d steps was one down (a line of b), not right (one of a) */
static bool
is_down(const struct search *s, size_t d, size_t i)
{
	const uint32_t *last = s->reach + row(d - 1);

	return i == 0 || (i < d && last[i] > last[i - 1]);
}

/* x behind that step */
static size_t
arrive(const struct search *s, size_t d, size_t i)
{
	const uint32_t *last = s->reach + row(d - 1);

	if (d == 0)
		return 0;
	return is_down(s, d, i) ? last[i] : (size_t)last[i - 1] + 1;
}

/* along the diagonal, over lines in common; x and y may be outside */
static size_t
slide(struct search *s, size_t x, size_t y)
{
	while (x < s->a->n && y < s->b->n &&
	    s->a->line[x] == s->b->line[y]) {
		x++;
		y++;
		s->work++;
	}
	return x;
}

/* the way back from the end: what lies on diagonals is common */
static void
trace(const struct search *s, size_t d, size_t i)
{
	size_t x = s->a->n, y = s->b->n;

	for (;;) {
		size_t from = arrive(s, d, i);

		while (x > from) {
			s->a->odd[s->a->at[--x]] = false;
			s->b->odd[s->b->at[--y]] = false;
		}
		if (d == 0)
			return;
		if (is_down(s, d, i)) {
			y--;
		} else {
			x--;
			i--;
		}
		d--;
	}
}

static int
search(struct search *s)
{
	for (size_t d = 0;; d++) {
		if (row(d + 1) > DIFF_DEAR || s->work > 16 * DIFF_DEAR)
			return -1;
		s->reach = mem_grow(s->reach, &s->cap, row(d + 1),
		    sizeof(*s->reach));
		for (size_t i = 0; i <= d; i++) {
			size_t x = arrive(s, d, i);

			x = slide(s, x, x + d - 2 * i);
			s->reach[row(d) + i] = (uint32_t)x;
			if (x == s->a->n && x + d - 2 * i == s->b->n) {
				trace(s, d, i);
				return 0;
			}
		}
	}
}

int
diff_lines(struct diff_text *a, struct diff_text *b)
{
	size_t head = 0, tail = 0, na, nb;
	struct part pa, pb;
	struct search s = { .a = &pa, .b = &pb };
	uint32_t *of_a, *of_b;
	int rc;

	memset(a->odd, 0, a->n * sizeof(*a->odd));
	memset(b->odd, 0, b->n * sizeof(*b->odd));
	while (head < a->n && head < b->n && a->line[head] == b->line[head])
		head++;
	while (tail < a->n - head && tail < b->n - head &&
	    a->line[a->n - 1 - tail] == b->line[b->n - 1 - tail])
		tail++;
	na = a->n - head - tail;
	nb = b->n - head - tail;
	of_a = sorted(a->line + head, na);
	of_b = sorted(b->line + head, nb);
	pa = part_of(a, head, na, of_b, nb);
	pb = part_of(b, head, nb, of_a, na);
	rc = search(&s);
	free(of_a);
	free(of_b);
	free(pa.line);
	free(pa.at);
	free(pb.line);
	free(pb.at);
	free(s.reach);
	return rc;
}

/* --- hunks -------------------------------------------------------------- */

/* from a common place on: how many lines are common; both move */
static size_t
common(const struct diff_text *a, const struct diff_text *b, size_t *i,
    size_t *k)
{
	size_t n = 0;

	while (*i < a->n && *k < b->n && !a->odd[*i] && !b->odd[*k]) {
		++*i;
		++*k;
		n++;
	}
	return n;
}

bool
diff_next(const struct diff_text *a, const struct diff_text *b,
    size_t context, struct diff_hunk *h)
{
	size_t i = h->to_a, k = h->to_b;
	size_t n = common(a, b, &i, &k);

	if (i == a->n && k == b->n)
		return false;
	n = n < context ? n : context;
	h->from_a = i - n;
	h->from_b = k - n;
	do {
		while (i < a->n && a->odd[i])
			i++;
		while (k < b->n && b->odd[k])
			k++;
		h->to_a = i;
		h->to_b = k;
		n = common(a, b, &i, &k);
	} while ((i < a->n || k < b->n) && n <= 2 * context);
	n = n < context ? n : context;
	h->to_a += n;
	h->to_b += n;
	return true;
}

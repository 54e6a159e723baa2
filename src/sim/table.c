/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/program.h"
#include "model/transport.h"
#include "sim/sim.h"
#include "sim/table.h"

void
table_add(struct table *t, const struct sim_row *row)
{
	t->row = mem_grow(t->row, &t->cap, t->n + 1, sizeof(*t->row));
	t->row[t->n++] = *row;
	t->sorted = false;
}

static size_t
character(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

bool
table_match(const char *p, const char *s)
{
	const char *star = NULL, *from = NULL;

	while (*s) {
		if (*p == '*') {
			star = ++p;
			from = s;
		} else if (*p == '?') {
			p++;
			s += character(s);
		} else if (*p == *s) {
			p++;
			s++;
		} else if (star) {
			/* the last star takes one byte more */
			p = star;
			s = ++from;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return *p == '\0';
}

bool
table_fits(const char *pattern, const struct lane_info *l)
{
	return !pattern || table_match(pattern, l->name) ||
	    (l->tag && table_match(pattern, l->tag)) ||
	    (l->group && table_match(pattern, l->group));
}

/* rows of a step stand together, in the order they were added */
static int
by_step(const void *pa, const void *pb)
{
	const struct sim_row *a = pa, *b = pb;

	if (a->step != b->step)
		return a->step < b->step ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t
first_of(const struct table *t, uint32_t step)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->row[mid].step < step)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* which of the row's outcomes is this lane's turn */
static size_t
turn(struct table *t, size_t row, const struct lane_info *l)
{
	char key[48];
	int len = snprintf(key, sizeof(key), "%u %zu", l->id, row);
	uint32_t had = t->count.n, i;

	i = map_add(&t->count, key, (size_t)len);
	if (i == had) {
		t->started = mem_grow(t->started, &t->started_cap, i + 1UL,
		    sizeof(*t->started));
		t->started[i] = 0;
	}
	if (t->started[i] + 1 < t->row[row].n)
		return t->started[i]++;
	return t->row[row].n - 1;
}

const struct sim_outcome *
table_outcome(void *arg, const struct launch *l)
{
	struct table *t = arg;

	if (!l->step || !l->step->label || !l->lane || l->lane->hidden)
		return NULL;
	if (!t->sorted && t->n > 0)
		qsort(t->row, t->n, sizeof(*t->row), by_step);
	t->sorted = true;
	for (size_t i = first_of(t, l->step->id);
	    i < t->n && t->row[i].step == l->step->id; i++) {
		struct sim_row *row = &t->row[i];

		if (!table_fits(row->lane, l->lane))
			continue;
		row->used++;
		return &row->outcome[row->n > 1 ? turn(t, i, l->lane) : 0];
	}
	return NULL;
}

void
table_fini(struct table *t)
{
	free(t->row);
	free(t->started);
	map_fini(&t->count);
	*t = (struct table){ 0 };
}

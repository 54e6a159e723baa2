/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/diff.h"
#include "base/mem.h"
#include "model/plan.h"
#include "sink/alike.h"
#include "sink/compare.h"
#include "sink/rows.h"

enum { CONTEXT = 3 };

void
compare_add(struct compare_side *s, unsigned kind, const char *text,
    size_t len)
{
	if (s->too_long)
		return;
	if (s->text.len + len > COMPARE_MAX) {
		compare_side_fini(s);
		*s = (struct compare_side){ .tag = s->tag, .too_long = true };
		return;
	}
	s->line = mem_grow(s->line, &s->cap, s->n + 1, sizeof(*s->line));
	s->line[s->n++] = (struct compare_line){ s->text.len, len, kind };
	buf_add(&s->text, text, len);
}

void
compare_side_fini(struct compare_side *s)
{
	buf_fini(&s->text);
	free(s->line);
}

/* first standard output, then standard error: how they mix is mere chance */
static void
part_streams(struct compare_side *s)
{
	struct compare_line *line = mem_alloc((s->n + 1) * sizeof(*line));
	size_t n = 0;

	for (int err = 0; err < 2; err++)
		for (size_t i = 0; i < s->n; i++)
			if ((ROWS_STREAM(s->line[i].kind) == STREAM_ERR) == err)
				line[n++] = s->line[i];
	free(s->line);
	s->line = line;
	s->cap = n;
}

/* the key of a line; a NUL would end it */
static void
make_key(struct buf *b, const struct compare_side *s, size_t i, bool blind)
{
	const struct compare_line *l = &s->line[i];
	const char *text = s->text.data + l->at;

	buf_clear(b);
	buf_addc(b, blind ? '@' : '=');
	buf_addc(b, (char)(l->kind & 0xff));
	if (blind)
		alike_blind(b, s->tag, text, l->len);
	else
		buf_add(b, text, l->len);
	for (size_t k = 0; k < b->len; k++)
		if (b->data[k] == '\0')
			b->data[k] = ' ';
}

/* the number of the key, made if there is none; new lines get the next one */
static uint32_t
enter(struct compare *c, const struct buf *key, uint32_t number)
{
	uint32_t had = c->keys.n, k = map_add(&c->keys, key->data, key->len);

	c->number = mem_grow(c->number, &c->cap, (size_t)k + 1,
	    sizeof(*c->number));
	if (k == had)
		c->number[k] = number;
	return c->number[k];
}

void
compare_ready(struct compare *c)
{
	struct buf key = { 0 };

	part_streams(&c->most);
	c->numbers = mem_alloc((c->most.n + 1) * sizeof(*c->numbers));
	for (size_t i = 0; i < c->most.n; i++) {
		make_key(&key, &c->most, i, true);
		c->numbers[i] = enter(c, &key, (uint32_t)i);
		make_key(&key, &c->most, i, false);
		enter(c, &key, c->numbers[i]);
	}
	buf_fini(&key);
}

/* the number of the line of most that it is equal to; else one of no line */
static uint32_t
number_of(const struct compare *c, const struct compare_side *s, size_t i,
    struct buf *key)
{
	uint32_t k;

	make_key(key, s, i, false);
	k = map_find(&c->keys, key->data, key->len);
	if (k == MAP_NONE) {
		make_key(key, s, i, true);
		k = map_find(&c->keys, key->data, key->len);
	}
	return k == MAP_NONE ? MAP_NONE : c->number[k];
}

static void
put(struct rows *r, char sign, const struct compare_side *s, size_t i)
{
	const struct compare_line *l = &s->line[i];

	rows_below(r, sign, l->kind, s->text.data + l->at, l->len);
}

/* where a hunk is, as in a unified diff */
static void
add_range(struct buf *b, char sign, size_t from, size_t to)
{
	size_t n = to - from;

	buf_addf(b, " %c%zu", sign, n > 0 ? from + 1 : from);
	if (n != 1)
		buf_addf(b, ",%zu", n);
}

static void
show_hunk(const struct compare_side *sa, const struct diff_text *a,
    const struct compare_side *sb, const struct diff_text *b,
    const struct diff_hunk *h, struct rows *r)
{
	size_t i = h->from_a, k = h->from_b;
	struct buf head = { 0 };

	buf_adds(&head, "@@");
	add_range(&head, '-', h->from_a, h->to_a);
	add_range(&head, '+', h->from_b, h->to_b);
	buf_adds(&head, " @@");
	rows_head(r, head.data, head.len);
	buf_fini(&head);
	while (i < h->to_a || k < h->to_b) {
		if (i < h->to_a && a->odd[i]) {
			put(r, '-', sa, i++);
		} else if (k < h->to_b && b->odd[k]) {
			put(r, '+', sb, k++);
		} else {
			put(r, ' ', sb, k++);
			i++;
		}
	}
}

static bool
has_common(const struct diff_text *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (!t->odd[i])
			return true;
	return false;
}

bool
compare_show(struct compare *c, struct compare_side *s, struct rows *r)
{
	uint32_t *numbers = mem_alloc((s->n + 1) * sizeof(*numbers));
	struct diff_text a = {
		.line = c->numbers, .n = c->most.n,
		.odd = mem_calloc(c->most.n + 1, sizeof(*a.odd)),
	};
	struct diff_text b = {
		.line = numbers, .n = s->n,
		.odd = mem_calloc(s->n + 1, sizeof(*b.odd)),
	};
	struct diff_hunk h = { 0 };
	struct buf key = { 0 };
	static const char same[] = "(the same but for the names)";
	bool ok, odd = false;

	part_streams(s);
	for (size_t i = 0; i < s->n; i++)
		numbers[i] = number_of(c, s, i, &key);
	ok = diff_lines(&a, &b) == 0 && has_common(&b);
	while (ok && diff_next(&a, &b, CONTEXT, &h)) {
		show_hunk(&c->most, &a, s, &b, &h, r);
		odd = true;
	}
	if (ok && !odd)
		rows_head(r, same, sizeof(same) - 1);
	buf_fini(&key);
	free(numbers);
	free(a.odd);
	free(b.odd);
	return ok;
}

void
compare_fini(struct compare *c)
{
	compare_side_fini(&c->most);
	map_fini(&c->keys);
	free(c->number);
	free(c->numbers);
}

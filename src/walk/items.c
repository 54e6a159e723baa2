/* SPDX-License-Identifier: ISC */
/*
 * The list of a sequence: every combination of its `each` lists, the first
 * varying slowest.  A first list that comes from a stream is held as a
 * short queue; ranges are counted; the others are read once, when the
 * sequence opens.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/runner.h"
#include "walk/list.h"

enum { QUEUE_ITEMS = 256, QUEUE_BYTES = 64 * 1024 };

/* items that came from a stream and were not taken yet */
struct stream {
	struct buf *slot;	/* a ring */
	size_t size, first, n, bytes;
	size_t group;		/* so many make a lane */
	size_t taken;		/* groups */
	bool over;
	bool open;		/* the last one may still grow */
	bool tail;		/* … or had no end of its own */
};

struct items {
	struct walk *w;
	struct list *list;
	size_t nlist;
	bool fed;		/* the first list comes from a stream */
	bool ready, failed, begun, over;
	struct stream stream;
	struct field *field;
	size_t field_cap;
	struct buf text;	/* of the current item's fields */
	struct buf current;	/* the stream's item of this combination */
	bool has_current;
	struct buf why;
};

bool
items_is_fed(const struct walk *w, const struct each *each, size_t n)
{
	if (n == 0 || list_given(w, &each[0]))
		return false;
	switch (each[0].kind) {
	case EACH_LINES:
		return true;
	case EACH_STDIN:
	case EACH_OUTPUT:
		return !w->o.no_commands;
	case EACH_ITEMS:
		return each[0].items == NULL;
	default:
		return false;
	}
}

struct items *
items_new(struct walk *w, const struct each *each, size_t n,
    const struct ctx *c)
{
	struct items *it = mem_calloc(1, sizeof(*it));

	it->w = w;
	it->nlist = n;
	it->fed = items_is_fed(w, each, n);
	it->list = mem_calloc(n, sizeof(*it->list));
	for (size_t i = 0; i < n; i++)
		it->list[i] = (struct list){
			.w = w, .ctx = c, .why = &it->why, .each = &each[i]
		};
	if (it->fed)
		it->stream.group = each[0].group ? each[0].group : 1;
	return it;
}

/* --- the stream --------------------------------------------------------- */

static struct buf *
slot(struct stream *s, size_t i)
{
	return &s->slot[(s->first + i) % s->size];
}

bool
items_is_full(const struct items *it)
{
	const struct stream *s = &it->stream;

	/* whoever cannot take a whole lane yet must not hold */
	if (s->n - s->open < s->group)
		return false;
	return s->n >= QUEUE_ITEMS || s->bytes >= QUEUE_BYTES;
}

/* twice as many places; the first item comes to the first one */
static void
grow(struct stream *s)
{
	size_t size = s->size ? s->size * 2 : 64;
	struct buf *new = mem_calloc(size, sizeof(*new));

	for (size_t i = 0; i < s->size; i++)
		new[i] = *slot(s, i);
	free(s->slot);
	s->slot = new;
	s->size = size;
	s->first = 0;
}

bool
items_feed(struct items *it, const char *text, size_t len, unsigned flags)
{
	struct stream *s = &it->stream;
	struct buf *b;

	if (!(flags & LINE_MORE) || s->n == 0) {
		if (s->n == s->size)
			grow(s);
		b = slot(s, s->n++);
		buf_clear(b);
	}
	b = slot(s, s->n - 1);
	buf_add(b, text, len);
	s->bytes += len;
	s->open = flags & LINE_PART;
	s->tail = flags & LINE_TAIL;
	return b->len <= ITEM_MAX;
}

void
items_fed(struct items *it, bool well)
{
	struct stream *s = &it->stream;

	/* of a stream that broke off the last item may be half of one */
	if (!well && s->n > 0 && (s->open || s->tail))
		s->bytes -= slot(s, --s->n)->len;
	s->over = true;
	s->open = false;
}

/* the next group of items of the stream becomes the current one */
static enum source_state
take(struct items *it)
{
	struct stream *s = &it->stream;
	size_t ready = s->n - s->open;

	if (ready == 0 || (ready < s->group && !s->over))
		return s->over && ready == 0 ? SOURCE_OVER : SOURCE_WAIT;
	buf_clear(&it->current);
	for (size_t i = 0; i < s->group && ready > 0; i++, ready--) {
		struct buf *b = slot(s, 0);

		buf_add(&it->current, b->data, b->len);
		buf_addc(&it->current, '\0');
		s->bytes -= b->len;
		s->first = (s->first + 1) % s->size;
		s->n--;
	}
	it->has_current = true;
	s->taken++;
	return SOURCE_ITEM;
}

static bool
prepare(struct items *it)
{
	if (it->ready || it->failed)
		return it->ready;
	for (size_t i = it->fed; i < it->nlist; i++)
		if (list_read(&it->list[i]) == -1) {
			it->failed = true;
			return false;
		}
	return it->ready = true;
}

/* --- combinations ------------------------------------------------------- */

/* texts stand one behind the other; pointers come when all are there */
static void
add_field(struct items *it, size_t *n, const char *s, size_t len)
{
	it->field = mem_grow(it->field, &it->field_cap, *n + 1,
	    sizeof(*it->field));
	it->field[*n] = (struct field){ .len = len };
	buf_add(&it->text, s, len);
	buf_addc(&it->text, '\0');
	++*n;
}

bool
items_field(const char **at, const char *end, bool last, size_t *len)
{
	const char *s = *at, *from;

	while (s < end && isspace((unsigned char)*s))
		s++;
	from = s;
	if (last)
		for (s = end; s > from && isspace((unsigned char)s[-1]);)
			s--;
	while (!last && s < end && !isspace((unsigned char)*s))
		s++;
	*at = from;
	*len = (size_t)(s - from);
	return *len > 0;
}

/* as the shell's read: blanks separate, the last name takes the rest */
static void
split(struct items *it, size_t *n, const char *s, size_t len, size_t names)
{
	const char *end = s + len;

	if (names == 1) {
		add_field(it, n, s, len);
		return;
	}
	for (size_t k = 0; k < names; k++) {
		size_t field;

		items_field(&s, end, k + 1 == names, &field);
		add_field(it, n, s, field);
		s += field;
	}
}

static void
add_words_of(struct items *it, size_t *n)
{
	const char *s = it->current.data, *end = s + it->current.len;

	for (; s < end; s += strlen(s) + 1)
		add_field(it, n, s, strlen(s));
}

static void
add_arguments(struct items *it, size_t *n, const struct list *l)
{
	const struct each *e = l->each;
	size_t group = e->group ? e->group : 1;

	for (size_t i = l->at * group; i < e->nitems &&
	    i < (l->at + 1) * group; i++)
		add_field(it, n, e->items[i], strlen(e->items[i]));
}

static void
combine(struct items *it, struct item *item)
{
	size_t n = 0;

	buf_clear(&it->text);
	for (size_t i = 0; i < it->nlist; i++) {
		const struct list *l = &it->list[i];
		const struct each *e = l->each;
		char number[32];

		if (e->kind == EACH_ITEMS && e->items) {
			add_arguments(it, &n, l);
		} else if (e->kind == EACH_ITEMS) {
			add_words_of(it, &n);
		} else if (i == 0 && it->fed) {
			split(it, &n, it->current.data, it->current.len - 1,
			    e->nsym);
		} else if (e->kind == EACH_RANGE && !l->item) {
			int len = snprintf(number, sizeof(number),
			    "%0*" PRId64, l->width,
			    (int64_t)((uint64_t)l->lo + l->step * l->at));

			add_field(it, &n, number, (size_t)len);
		} else {
			split(it, &n, l->item[l->at],
			    strlen(l->item[l->at]),
			    each_is_place(e) ? 1 : e->nsym);
		}
	}
	for (size_t i = 0, at = 0; i < n; i++) {
		it->field[i].text = it->text.data + at;
		at += it->field[i].len + 1;
	}
	item->field = it->field;
	item->n = n;
}

/* step to the next combination, the last list fastest; false: all done */
static bool
advance(struct items *it)
{
	for (size_t i = it->nlist; i-- > it->fed;) {
		struct list *l = &it->list[i];

		if (++l->at < l->n)
			return true;
		l->at = 0;
	}
	return false;
}

static enum source_state
next_fed(struct items *it)
{
	enum source_state s;

	if (it->has_current && advance(it))
		return SOURCE_ITEM;
	for (size_t i = 1; i < it->nlist; i++)
		if (it->list[i].n == 0)
			return SOURCE_OVER;
	s = take(it);
	it->has_current = s == SOURCE_ITEM;
	return s;
}

static enum source_state
next(void *state, struct item *item)
{
	struct items *it = state;

	if (!prepare(it))
		return SOURCE_FAILED;
	if (it->fed) {
		enum source_state s = next_fed(it);

		if (s == SOURCE_ITEM)
			combine(it, item);
		return s;
	}
	if (it->over)
		return SOURCE_OVER;
	for (size_t i = 0; i < it->nlist && !it->begun; i++)
		it->over |= it->list[i].n == 0;
	if (it->over || (it->begun && !advance(it))) {
		it->over = true;
		return SOURCE_OVER;
	}
	it->begun = true;
	combine(it, item);
	return SOURCE_ITEM;
}

/* so many, with each of the other lists */
static int64_t
combinations(struct items *it, int64_t n)
{
	if (!prepare(it))
		return -1;
	for (size_t i = it->fed; i < it->nlist; i++)
		if (__builtin_mul_overflow(n, (int64_t)it->list[i].n, &n))
			return INT64_MAX;
	return n;
}

static int64_t
count(void *state)
{
	struct items *it = state;

	return it->fed ? -1 : combinations(it, 1);
}

static int64_t
found(void *state)
{
	struct items *it = state;
	const struct stream *s = &it->stream;

	if (!it->fed || !s->over)
		return -1;
	return combinations(it, (int64_t)(s->taken +
	    (s->n + s->group - 1) / s->group));
}

static bool
wants(void *state)
{
	const struct items *it = state;

	const struct stream *s = &it->stream;

	return s->n < QUEUE_ITEMS / 2 && s->bytes < QUEUE_BYTES / 2;
}

static const char *
why(void *state)
{
	struct items *it = state;

	return buf_str(&it->why);
}

static void
end(void *state)
{
	struct items *it = state;

	for (size_t i = 0; i < it->nlist; i++)
		list_fini(&it->list[i]);
	for (size_t i = 0; i < it->stream.size; i++)
		buf_fini(&it->stream.slot[i]);
	free(it->stream.slot);
	free(it->list);
	free(it->field);
	buf_fini(&it->text);
	buf_fini(&it->current);
	buf_fini(&it->why);
	free(it);
}

void
items_source(struct items *it, struct source *s)
{
	*s = (struct source){
		.state = it, .next = next, .why = why, .count = count,
		.found = found,
		.wants = wants, .end = end,
	};
}

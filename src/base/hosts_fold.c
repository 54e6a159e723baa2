/* SPDX-License-Identifier: ISC */
/* names to few words: the inverse of reading a set */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/hostset.h"
#include "base/map.h"
#include "base/mem.h"

/* names of one shape: the same texts around their numbers */
struct shape {
	const char *key;	/* the map's */
	const char *like;	/* one of them */
	struct hostset_rows rows;
};

struct fold {
	struct map shapes;	/* names with each number written as 0 */
	struct shape *shape;
	size_t cap;
	uint32_t last;		/* shape of the name before */
	struct hostset sets;
	struct buf b;
};

/* --- cutting names up --------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_number(size_t digits)
{
	return digits > 0 && digits <= HOSTSET_DIGITS;
}

static uint64_t
number(const char *s, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (uint64_t)(s[i] - '0');
	return (uint64_t)n << HOSTSET_LENGTH | v;
}

static size_t
digits_at(const char *s)
{
	size_t n = 0;

	while (is_digit(s[n]))
		n++;
	return n;
}

static unsigned
numbers_in(const char *s)
{
	unsigned n = 0;

	while (*s) {
		size_t d = digits_at(s);

		n += is_number(d);
		s += d ? d : 1;
	}
	return n;
}

/*
 * Goes through a name: the texts between the numbers that are looked at,
 * and these.  Returns the length of the next piece.
 */
static size_t
piece(const char *s, unsigned *skip, bool *is_dim)
{
	size_t d = digits_at(s);

	*is_dim = is_number(d) && *skip == 0;
	if (is_number(d) && *skip > 0)
		--*skip;
	return d ? d : 1;
}

static unsigned
skipped(const char *s)
{
	unsigned n = numbers_in(s);

	return n > HOSTSET_DIMS ? n - HOSTSET_DIMS : 0;
}

/* the shape of a name into f->b, its numbers into row; returns how many */
static unsigned
cut(struct fold *f, const char *s, uint64_t *row)
{
	unsigned skip = skipped(s), dims = 0;

	buf_clear(&f->b);
	while (*s) {
		bool is_dim;
		size_t n = piece(s, &skip, &is_dim);

		if (is_dim)
			row[dims++] = number(s, n);
		buf_add(&f->b, is_dim ? "0" : s, is_dim ? 1 : n);
		s += n;
	}
	return dims;
}

/* most often it is that of the name before */
static struct shape *
shape_of(struct fold *f, const char *name, unsigned dims)
{
	const char *key = buf_str(&f->b);
	uint32_t had = f->shapes.n;

	if (had > 0 && !strcmp(f->shapes.name[f->last], key))
		return &f->shape[f->last];
	f->last = map_add(&f->shapes, key, f->b.len);
	f->shape = mem_grow(f->shape, &f->cap, f->shapes.n,
	    sizeof(*f->shape));
	if (f->shapes.n > had)
		f->shape[f->last] = (struct shape){
			.like = name, .rows = { .dims = dims }
		};
	return &f->shape[f->last];
}

static void
add_name(struct fold *f, const char *name)
{
	uint64_t row[HOSTSET_DIMS];
	unsigned dims = cut(f, name, row);
	struct hostset_rows *r = &shape_of(f, name, dims)->rows;

	r->cell = mem_grow(r->cell, &r->cap, (r->n + 1) * dims,
	    sizeof(*r->cell));
	if (dims > 0)
		memcpy(r->cell + r->n * dims, row, dims * sizeof(*row));
	r->n++;
}

/* --- writing ------------------------------------------------------------ */

static int
length(uint64_t c)
{
	return (int)(c >> HOSTSET_LENGTH);
}

static uint64_t
value(uint64_t c)
{
	return c & (((uint64_t)1 << HOSTSET_LENGTH) - 1);
}

static void
write_number(struct buf *b, uint64_t c)
{
	buf_addf(b, "%0*llu", length(c), (unsigned long long)value(c));
}

/* zeros in front */
static bool
is_padded(uint64_t c)
{
	uint64_t least = 1;

	for (int d = length(c); d > 1; d--)
		least *= 10;
	return length(c) > 1 && value(c) < least;
}

/* may a range that begins with first go on from a to b? */
static bool
follows(uint64_t first, uint64_t a, uint64_t b)
{
	return value(b) == value(a) + 1 && (length(a) == length(b) ||
	    (!is_padded(first) && !is_padded(b)));
}

static void
write_ranges(struct buf *b, const uint64_t *m, size_t n)
{
	for (size_t i = 0, k; i < n; i = k + 1) {
		for (k = i; k + 1 < n && follows(m[i], m[k], m[k + 1]);)
			k++;
		if (i > 0)
			buf_addc(b, ',');
		write_number(b, m[i]);
		if (k > i) {
			buf_addc(b, '-');
			write_number(b, m[k]);
		}
	}
}

/* returns how many names it stands for */
static size_t
write_word(struct fold *f, const struct shape *shape, const uint64_t *row)
{
	const char *s = shape->like;
	unsigned skip = skipped(s);
	size_t names = 1;

	buf_clear(&f->b);
	while (*s) {
		bool is_dim, within;
		size_t len = piece(s, &skip, &is_dim), n;
		const uint64_t *m;

		if (!is_dim) {
			buf_add(&f->b, s, len);
			s += len;
			continue;
		}
		m = hostset_members(&f->sets, row++, &n);
		/* s[1] and s[2] are s[1-2]: the brackets are there already */
		within = s > shape->like && s[-1] == '[' && s[len] == ']';
		buf_adds(&f->b, n > 1 && !within ? "[" : "");
		write_ranges(&f->b, m, n);
		buf_adds(&f->b, n > 1 && !within ? "]" : "");
		names *= n;
		s += len;
	}
	return names;
}

/* --- all of it ---------------------------------------------------------- */

static int
by_shape(const void *pa, const void *pb)
{
	const struct shape *a = pa, *b = pb;

	return strcmp(a->key, b->key);
}

static void
fold_shape(struct fold *f, struct shape *s, void (*fn)(void *arg,
    const char *text, size_t n), void *arg)
{
	hostset_fold(&f->sets, &s->rows);
	for (size_t k = 0; k < s->rows.n; k++) {
		size_t n = write_word(f, s, s->rows.cell + k * s->rows.dims);

		fn(arg, buf_str(&f->b), n);
	}
}

void
hosts_fold_words(const struct hosts *h, void (*fn)(void *arg,
    const char *text, size_t n), void *arg)
{
	struct fold f = { 0 };

	for (size_t i = 0; i < hosts_count(h); i++)
		add_name(&f, hosts_name(h, i));
	for (uint32_t k = 0; k < f.shapes.n; k++)
		f.shape[k].key = f.shapes.name[k];
	if (f.shapes.n > 0)
		qsort(f.shape, f.shapes.n, sizeof(*f.shape), by_shape);
	for (uint32_t k = 0; k < f.shapes.n; k++) {
		fold_shape(&f, &f.shape[k], fn, arg);
		free(f.shape[k].rows.cell);
	}
	map_fini(&f.shapes);
	free(f.shape);
	hostset_fini(&f.sets);
	buf_fini(&f.b);
}

static void
add_folded(void *arg, const char *text, size_t n)
{
	struct buf *b = arg;

	(void)n;
	if (b->len > 0)
		buf_addc(b, ',');
	buf_adds(b, text);
}

/* what is in the buffer already stays in front */
void
hosts_fold(const struct hosts *h, struct buf *b)
{
	struct buf text = { 0 };

	hosts_fold_words(h, add_folded, &text);
	buf_add(b, text.data, text.len);
	buf_fini(&text);
}

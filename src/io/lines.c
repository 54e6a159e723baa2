/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/lines.h"
#include "model/runner.h"

/* buffers up to this size are kept from one unfinished line to the next */
enum { KEEP = 256 };

static void
keep(struct lines *l, const char *p, size_t n)
{
	size_t cap = l->cap;

	if (l->len + n > cap) {
		cap = cap ? cap : KEEP / 2;
		while (cap < l->len + n)
			cap *= 2;
		l->buf = mem_realloc(l->buf, cap);
		l->cap = (uint32_t)cap;
	}
	memcpy(l->buf + l->len, p, n);
	l->len += (uint32_t)n;
}

/* nothing is kept any more; give memory back if it was much */
static void
drop(struct lines *l)
{
	l->len = 0;
	if (l->cap > KEEP) {
		free(l->buf);
		l->buf = NULL;
		l->cap = 0;
	}
}

static void
hand(struct lines *l, const char *p, size_t n, unsigned flags, lines_fn *fn,
    void *arg)
{
	if (l->more)
		flags |= LINE_MORE;
	l->more = flags & LINE_PART;
	if (l->strip_cr && !(flags & (LINE_PART | LINE_TAIL)) && n > 0 &&
	    p[n - 1] == '\r')
		n--;
	fn(arg, p, n, flags);
}

/*
 * The line that was begun: take bytes from p until it is whole or too long.
 * Returns how many were taken.
 */
static size_t
go_on(struct lines *l, const char *p, size_t n, lines_fn *fn, void *arg)
{
	const char *end = memchr(p, l->separator, n);
	size_t take = end ? (size_t)(end - p) : n;

	if (l->len + take > LINES_MAX) {
		take = LINES_MAX - l->len;
		keep(l, p, take);
		hand(l, l->buf, l->len, LINE_PART, fn, arg);
		l->len = 0;	/* probably needed again at once */
		return take;
	}
	keep(l, p, take);
	if (!end)
		return take;
	hand(l, l->buf, l->len, 0, fn, arg);
	drop(l);
	return take + 1;
}

size_t
lines_feed(struct lines *l, const char *data, size_t len, lines_fn *fn,
    void *arg)
{
	const char *p = data, *const end = data + len, *q;

	while (p < end && !l->stop) {
		if (l->len > 0) {
			p += go_on(l, p, (size_t)(end - p), fn, arg);
			continue;
		}
		if (l->block && !l->more &&
		    (q = memrchr(p, l->separator, (size_t)(end - p)))) {
			fn(arg, p, (size_t)(q + 1 - p), LINE_BLOCK);
			p = q + 1;
			continue;
		}
		q = memchr(p, l->separator, (size_t)(end - p));
		if (q && q - p <= LINES_MAX && !l->more && !l->strip_cr) {
			fn(arg, p, (size_t)(q - p), 0);
			p = q + 1;
		} else if ((q ? q : end) - p > LINES_MAX) {
			hand(l, p, LINES_MAX, LINE_PART, fn, arg);
			p += LINES_MAX;
		} else if (q) {
			hand(l, p, (size_t)(q - p), 0, fn, arg);
			p = q + 1;
		} else {
			keep(l, p, (size_t)(end - p));
			p = end;
		}
	}
	if (l->len == 0)
		drop(l);
	return (size_t)(p - data);
}

bool
lines_waiting(const struct lines *l)
{
	return l->len > 0;
}

const char *
lines_peek(const struct lines *l, size_t *len)
{
	enum { ENOUGH = 1024 };

	*len = l->len < ENOUGH ? l->len : ENOUGH;
	return l->len > 0 ? l->buf + l->len - *len : "";
}

void
lines_flush(struct lines *l, lines_fn *fn, void *arg)
{
	if (l->len == 0)
		return;
	hand(l, l->buf, l->len, LINE_PART, fn, arg);
	drop(l);
}

void
lines_end(struct lines *l, lines_fn *fn, void *arg)
{
	if (l->len > 0 || l->more)
		hand(l, l->len ? l->buf : "", l->len, LINE_TAIL, fn, arg);
	lines_fini(l);
}

void
lines_fini(struct lines *l)
{
	free(l->buf);
	l->buf = NULL;
	l->len = l->cap = 0;
	l->more = false;
}

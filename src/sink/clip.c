/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "sink/clip.h"
#include "sink/escape.h"

/* more marks on one character than any language has are left out */
enum { MARKS_MAX = 4 };

/* terminals do not agree whether it makes what it stands behind wide */
#define WIDE_SELECTOR "\uFE0F"

/* where a text could be cut, so that the sign for that has room */
struct cut {
	size_t max, sign;
	size_t columns;		/* so far */
	size_t len, at;		/* of the buffer and in columns, at that place */
};

/* b has grown by a piece that is so wide; false: it is one too many */
static bool
took(struct cut *c, const struct buf *b, size_t columns)
{
	c->columns += columns;
	if (c->columns + c->sign <= c->max) {
		c->len = b->len;
		c->at = c->columns;
	}
	return c->columns <= c->max;
}

/* plain characters, as many as can count */
static size_t
run(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= ' ' && s[i] < 0x7f)
		i++;
	return i;
}

static bool
plain(struct cut *c, struct buf *b, const char *s, size_t n)
{
	size_t room = c->max - c->columns, safe = 0;

	/* the last place for a cut may be within */
	if (c->columns + c->sign < c->max)
		safe = c->max - c->sign - c->columns;
	if (safe > n)
		safe = n;
	if (safe > 0) {
		buf_add(b, s, safe);
		took(c, b, safe);
	}
	if (n > room)
		return false;
	buf_add(b, s + safe, n - safe);
	return took(c, b, n - safe);
}

static bool
fill(struct cut *c, struct buf *b, const char *s, size_t len)
{
	unsigned marks = 0;

	for (size_t i = 0, n; i < len; i += n) {
		size_t was = b->len, columns;
		size_t most = c->max - c->columns + 1;

		n = run(s + i, len - i < most ? len - i : most);
		if (n > 0) {
			marks = 0;
			if (!plain(c, b, s + i, n))
				return false;
			continue;
		}
		n = escape_piece(b, s + i, len - i);
		columns = b->data ? utf8_columns(b->data + was,
		    b->len - was) : 0;
		marks = columns > 0 ? 0 : marks + (b->len > was);
		if (marks > MARKS_MAX || (n == sizeof(WIDE_SELECTOR) - 1 &&
		    !memcmp(s + i, WIDE_SELECTOR, n)))
			b->len = was;
		if (!took(c, b, columns))
			return false;
	}
	return true;
}

size_t
clip_add(struct buf *b, const char *text, size_t len, size_t max, bool utf8)
{
	struct cut c = { .max = max, .sign = utf8 ? 1 : 3, .len = b->len };

	if (c.sign > max)
		c.sign = 0;
	if (fill(&c, b, text, len))
		return c.columns;
	b->len = c.len;
	if (c.sign > 0)
		buf_adds(b, utf8 ? "…" : "...");
	return c.at + c.sign;
}

static bool
has_room(struct buf *b, const char *text, size_t len, size_t max)
{
	struct cut c = { .max = max, .len = b->len };
	size_t was = b->len;
	bool whole = fill(&c, b, text, len);

	b->len = was;
	return whole;
}

size_t
clip_tail(struct buf *b, const char *text, size_t len, size_t max, bool utf8)
{
	size_t sign = utf8 ? 1 : 3, from = 0;

	if (sign >= max || has_room(b, text, len, max))
		return clip_add(b, text, len, max, utf8);
	do {
		from++;
	} while (from < len && (((unsigned char)text[from] & 0xc0) == 0x80 ||
	    !has_room(b, text + from, len - from, max - sign)));
	buf_adds(b, utf8 ? "…" : "...");
	return sign + clip_add(b, text + from, len - from, max - sign, utf8);
}

void
clip_blanks(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	memset(buf_room(b, n), ' ', n);
	b->len += n;
}

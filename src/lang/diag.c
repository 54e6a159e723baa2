/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/utf8.h"
#include "lang/diag.h"
#include "lang/source.h"

/* columns of a source line that are shown, and left of the caret */
enum { WINDOW = 120, LEFT = 40, LONG = 150 };
/* bytes of a message, and of its end when it is cut */
enum { TEXT_MAX = 240, TEXT_TAIL = 80 };

/* one character of a source line as it is safe to show */
static size_t
glyph(const char *s, size_t n, char out[8], unsigned *columns)
{
	uint32_t c = 0;
	size_t len = utf8_decode(s, n, &c);

	*columns = 1;
	if (len == 0 || c < ' ' || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff) {
		strcpy(out, c == '\t' && len ? "\t" : "?");
		return len ? len : 1;
	}
	memcpy(out, s, len);
	out[len] = '\0';
	*columns = utf8_width(c);
	return len;
}

/*
 * Names in a message come from the file: they must neither drive the
 * terminal nor fill it.
 */
static char *format(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));

static char *
format(const char *fmt, va_list ap)
{
	struct buf raw = { 0 }, b = { 0 };
	char one[8], *s;
	unsigned columns;

	buf_vaddf(&raw, fmt, ap);
	for (size_t i = 0; i < raw.len; ) {
		if (raw.len > TEXT_MAX && i >= TEXT_MAX - TEXT_TAIL &&
		    i < raw.len - TEXT_TAIL) {
			i = raw.len - TEXT_TAIL;
			while (i < raw.len && (raw.data[i] & 0xc0) == 0x80)
				i++;
			buf_adds(&b, "…");
			continue;
		}
		i += glyph(raw.data + i, raw.len - i, one, &columns);
		buf_adds(&b, one[0] == '\t' ? " " : one);
	}
	s = mem_strdup(buf_str(&b));
	buf_fini(&raw);
	buf_fini(&b);
	return s;
}

void
diag_error(struct diag *d, struct pos p, const char *fmt, ...)
{
	va_list ap;
	struct mistake m = { .pos = p, .nth = d->n };

	va_start(ap, fmt);
	m.text = format(fmt, ap);
	va_end(ap);
	if (d->n == DIAG_KEPT) {
		free(d->list[DIAG_KEPT - 1].text);
		free(d->list[DIAG_KEPT - 1].note);
		d->list[DIAG_KEPT - 1] = m;
		return;
	}
	d->list = mem_grow(d->list, &d->cap, d->n + 1, sizeof(*d->list));
	d->list[d->n++] = m;
}

void
diag_note(struct diag *d, const char *fmt, ...)
{
	struct mistake *m = &d->list[d->n - 1];
	va_list ap;

	free(m->note);
	va_start(ap, fmt);
	m->note = format(fmt, ap);
	va_end(ap);
}

void
diag_near(struct diag *d, const struct near *n)
{
	if (n->best)
		diag_note(d, "did you mean '%s'?", n->best);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct mistake *a = pa, *b = pb;

	if (a->pos.file != b->pos.file)
		return a->pos.file < b->pos.file ? -1 : 1;
	if (a->pos.line != b->pos.line)
		return a->pos.line < b->pos.line ? -1 : 1;
	if (a->pos.col != b->pos.col)
		return a->pos.col < b->pos.col ? -1 : 1;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

/* where a window of a long line begins: LEFT characters before the caret */
static size_t
window_start(const char *s, size_t col)
{
	size_t at = col > LEFT ? col - LEFT : 0;

	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* the line and, under it, the word; tabs are kept so the caret lines up */
static void
show_line(FILE *out, const char *s, size_t len, struct pos p, bool color)
{
	struct buf line = { 0 }, under = { 0 };
	size_t col = p.col - 1 > len ? len : p.col - 1;
	size_t word = p.len ? p.len : 1;
	size_t at = len > LONG ? window_start(s, col) : 0;
	size_t end = len > LONG && len - at > WINDOW ? at + WINDOW : len;

	if (at > 0) {
		buf_adds(&line, "…");
		buf_addc(&under, ' ');
	}
	while (at < end) {
		char one[8];
		unsigned columns;
		size_t n = glyph(s + at, len - at, one, &columns);
		char mark = at < col ? (one[0] == '\t' ? '\t' : ' ') :
		    at == col ? '^' : '~';

		buf_adds(&line, one);
		if (at < col + word) {
			if (mark != '\t' && one[0] == '\t')
				columns = 1;
			for (unsigned i = 0; i < columns; i++) {
				buf_addc(&under, mark);
				mark = mark == '^' ? '~' : mark;
			}
		}
		at += n;
	}
	if (end < len)
		buf_adds(&line, "…");
	if (col >= len)
		buf_addc(&under, '^');
	fprintf(out, "%5u | %s\n      | %s%s%s\n", p.line, buf_str(&line),
	    color ? "\033[1;32m" : "", buf_str(&under), color ? "\033[m" : "");
	buf_fini(&line);
	buf_fini(&under);
}

static void
show(FILE *out, const struct sources *src, const struct mistake *m,
    bool color)
{
	char place[64] = "";
	const char *name = "pseq", *line;
	size_t len;

	if (m->pos.line) {
		name = src->list[m->pos.file].name;
		snprintf(place, sizeof(place), ":%u:%u", m->pos.line,
		    m->pos.col);
	}
	fprintf(out, "%s%s: %serror:%s %s\n", name, place,
	    color ? "\033[1;31m" : "", color ? "\033[m" : "", m->text);
	if (m->pos.line) {
		line = source_line(&src->list[m->pos.file], m->pos.line, &len);
		show_line(out, line, len, m->pos, color);
	}
	if (m->note)
		fprintf(out, "%s%s: note: %s\n", name, place, m->note);
}

/* what stands at the same place came of the first mistake there */
static size_t
without_echoes(struct mistake *m, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && m[i].pos.line &&
		    m[i].pos.file == m[kept - 1].pos.file &&
		    m[i].pos.line == m[kept - 1].pos.line &&
		    m[i].pos.col == m[kept - 1].pos.col) {
			free(m[i].text);
			free(m[i].note);
		} else
			m[kept++] = m[i];
	}
	return kept;
}

unsigned
diag_print(struct diag *d, const struct sources *src, FILE *out, bool color)
{
	if (d->n == 0)
		return 0;
	qsort(d->list, d->n, sizeof(*d->list), by_place);
	d->n = without_echoes(d->list, d->n);
	for (size_t i = 0; i < d->n && i < DIAG_SHOWN; i++)
		show(out, src, &d->list[i], color);
	if (d->n > DIAG_SHOWN)
		fprintf(out, "pseq: error: too many mistakes: %zu more\n",
		    d->n - DIAG_SHOWN);
	return (unsigned)d->n;
}

void
diag_fini(struct diag *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].text);
		free(d->list[i].note);
	}
	free(d->list);
	*d = (struct diag){ 0 };
}

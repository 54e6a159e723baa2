/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "model/plan.h"
#include "model/runner.h"
#include "sink/escape.h"
#include "sink/rows.h"

/* --- each line by itself ------------------------------------------------ */

/* as much as is asked of the outlet at a time */
enum { BATCH = 16 * 1024 };

/* the way of nearly all lines: many at once */
void
rows_block(struct rows *r, uint32_t lane, const char *tag, char mark,
    bool red, const char *text, size_t len)
{
	struct outlet *o = &r->out.face.outlet;
	const char *end = text + len;
	size_t used = 0, cap = 0, n;
	char *p = NULL;

	tag_set(&r->tag, lane, tag, mark, red);
	n = r->tag.prefix.len > TAG_FIXED ? r->tag.prefix.len : TAG_FIXED;
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)(nl + 1 - text);

		if (used + n + line > cap) {
			if (used > 0)
				o->commit(o->arg, used);
			used = 0;
			cap = n + line > BATCH ? n + line : BATCH;
			p = o->room(o->arg, cap);
		}
		if (n == TAG_FIXED)
			memcpy(p + used, r->tag.prefix.data, TAG_FIXED);
		else
			memcpy(p + used, r->tag.prefix.data, n);
		used += r->tag.prefix.len;
		memcpy(p + used, text, line);
		used += line;
		text = nl + 1;
	}
	o->commit(o->arg, used);
}

/* a single one */
void
rows_plain(struct rows *r, uint32_t lane, const char *tag, char mark,
    bool red, const char *text, size_t len)
{
	struct outlet *o = &r->out.face.outlet;
	size_t n;
	char *p;

	tag_set(&r->tag, lane, tag, mark, red);
	n = r->tag.prefix.len;
	p = o->room(o->arg, n + len + TAG_FIXED);
	if (n <= TAG_FIXED)
		memcpy(p, r->tag.prefix.data, TAG_FIXED);
	else
		memcpy(p, r->tag.prefix.data, n);
	if (len)
		memcpy(p + n, text, len);
	p[n + len] = '\n';
	o->commit(o->arg, n + len + 1);
}

static void
put_tagged(struct rows *r, uint32_t lane, const char *tag, unsigned kind,
    const char *text, size_t len)
{
	/* only the newline of the line above was still missing */
	if (len == 0 && (kind & 0xff) == TAG_MORE)
		return;
	if (r->out.face.escape) {
		buf_clear(&r->text);
		escape_line(&r->text, text, len);
		text = r->text.data;
		len = r->text.len;
	}
	rows_plain(r, lane, tag, (char)(kind & 0xff),
	    ROWS_STREAM(kind) == STREAM_ERR, text, len);
}

/* without tags; the newline is there only if it was there */
static void
put_bare(struct rows *r, uint32_t lane, unsigned kind, const char *text,
    size_t len)
{
	struct rows_port *port = ROWS_STREAM(kind) == STREAM_ERR ? &r->err :
	    &r->out;
	struct outlet *o = &port->face.outlet;
	bool whole = !(kind >> 8 & (LINE_PART | LINE_TAIL));
	const char *mark = (kind & 0xff) == TAG_COMMAND ? "$ " : "";
	/* what we say is a line of its own */
	bool own = *mark || (kind & 0xff) == TAG_SAY, timed;
	size_t n = strlen(mark), at = 0, ntime;
	const char *time = tag_time(&r->tag, &ntime);
	char *p;

	if (port->face.escape) {
		buf_clear(&r->text);
		escape_line(&r->text, text, len);
		text = r->text.data;
		len = r->text.len;
	}
	timed = ntime > 0 && !(kind >> 8 & LINE_MORE);
	p = o->room(o->arg, ntime + n + len + 3);
	if (port->open && (own || timed || (port->lane != lane && r->mixed)))
		p[at++] = '\n';
	if (timed) {
		memcpy(p + at, time, ntime);
		at += ntime;
		p[at++] = ' ';
	}
	memcpy(p + at, mark, n);
	at += n;
	if (len)
		memcpy(p + at, text, len);
	at += len;
	if (whole)
		p[at++] = '\n';
	o->commit(o->arg, at);
	port->open = !whole;
	port->lane = lane;
}

void
rows_line(struct rows *r, uint32_t lane, const char *tag, unsigned kind,
    const char *text, size_t len)
{
	size_t head = ROWS_HEAD(kind);

	if (head > 0) {
		tag_head(&r->tag, text, head);
		text += head;
		len -= head;
	}
	if (r->no_tag)
		put_bare(r, lane, kind, text, len);
	else
		put_tagged(r, lane, tag, kind, text, len);
}

/* --- below heads -------------------------------------------------------- */

static void
colour(struct rows *r, const char *code)
{
	if (r->out.face.color)
		buf_adds(&r->below, code);
}

/* what was made in r->below, as rows of standard output */
static void
put_below(struct rows *r)
{
	struct rows_port *port = &r->out;
	struct outlet *o = &port->face.outlet;
	char *p = o->room(o->arg, r->below.len + 2);
	size_t at = 0;

	if (port->open)
		p[at++] = '\n';
	port->open = false;
	memcpy(p + at, r->below.data, r->below.len);
	at += r->below.len;
	p[at++] = '\n';
	o->commit(o->arg, at);
}

void
rows_head(struct rows *r, const char *text, size_t len)
{
	buf_clear(&r->below);
	colour(r, "\033[1m");
	buf_add(&r->below, text, len);
	colour(r, "\033[0m");
	put_below(r);
}

void
rows_below(struct rows *r, char sign, unsigned kind, const char *text,
    size_t len)
{
	struct buf *b = &r->below;
	char mark = (char)(kind & 0xff);
	bool red = ROWS_STREAM(kind) == STREAM_ERR;

	if (r->no_tag && !sign) {
		put_bare(r, 0, kind, text, len);
		return;
	}
	if (len == 0 && mark == TAG_MORE)
		return;
	buf_clear(b);
	if (sign) {
		colour(r, sign == '-' ? "\033[31m" : sign == '+' ?
		    "\033[32m" : "");
		buf_addc(b, sign);
		colour(r, "\033[0m");
	}
	if (!r->no_tag) {
		buf_adds(b, sign ? " " : "");
		colour(r, red ? "\033[31m" : "");
		buf_addc(b, mark);
		colour(r, red ? "\033[0m" : "");
		buf_addc(b, ' ');
	}
	if (r->out.face.escape)
		escape_line(b, text, len);
	else
		buf_add(b, text, len);
	put_below(r);
}

/* --- messages ----------------------------------------------------------- */

static void
put(struct rows_port *p, const char *text, size_t len)
{
	struct outlet *o = &p->face.outlet;

	memcpy(o->room(o->arg, len), text, len);
	o->commit(o->arg, len);
}

void
rows_message(struct rows *r, const char *text, size_t len)
{
	if (r->err.open)
		put(&r->err, "\n", 1);
	r->err.open = false;
	put(&r->err, text, len);
}

void
rows_init(struct rows *r, const struct face *out, const struct face *err)
{
	*r = (struct rows){ .out.face = *out, .err.face = *err };
	r->tag.color = out->color;
	r->tag.escape = out->escape;
}

void
rows_fini(struct rows *r)
{
	tag_fini(&r->tag);
	buf_fini(&r->text);
	buf_fini(&r->below);
}

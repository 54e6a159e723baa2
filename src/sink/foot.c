/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/buf.h"
#include "model/cluster.h"
#include "sink/clip.h"
#include "sink/face.h"
#include "sink/foot.h"
#include "sink/foot_part.h"
#include "sink/kind.h"

enum {
	ROWS_MIN = 5,		/* of a terminal; with less: only the first */
	TWO_ROWS = 16, ONE_COLUMNS = 100,	/* for the figures */
	APART_COLUMNS = 60, APART_MIN = 10,
	KINDS_SHOWN = 3,
	OTHERS_COLUMNS = 50
};

/* how the rows are shared out */
struct plan {
	size_t most;
	bool two;		/* rows of figures */
	bool apart;		/* last words of failures */
	size_t kinds;
};

/* too narrow for what failed and why in one row */
static bool
is_narrow(const struct foot_style *s)
{
	return s->columns < APART_COLUMNS && s->columns >= APART_MIN;
}

static struct plan
plan(const struct foot_style *s)
{
	struct plan p = { .most = s->rows / 2 };

	if (s->rows < ROWS_MIN || s->columns < 2) {
		p.most = s->rows > 1 && s->columns > 1;
		return p;
	}
	if (p.most < 3)
		p.most = 3;
	p.two = s->rows >= TWO_ROWS && s->columns < ONE_COLUMNS;
	p.apart = is_narrow(s) && p.most >= 5;
	p.kinds = p.most >= 10 ? KINDS_SHOWN : p.most >= 7 ? 2 : 1;
	if (p.apart && p.kinds > 1)
		p.kinds--;
	return p;
}

static struct foot_pen
pen(const struct foot_style *s, struct buf *b)
{
	return (struct foot_pen){
		.b = b, .color = s->color, .utf8 = s->utf8,
		.width = s->columns > 0 ? s->columns - 1 : FOOT_WIDE,
	};
}

size_t
foot_lanes(const struct foot_style *s)
{
	struct plan p = plan(s);

	return p.most > 0 ? p.most - 1 - p.two : 0;
}

/* --- failures ----------------------------------------------------------- */

/*
 * The largest first; the cluster itself stays as it is, since it goes on to
 * be filled.  Returns how many lanes are of other kinds.
 */
static uint64_t
pick(const struct cluster *c, const struct kind **kind, size_t *n, size_t max)
{
	uint64_t others = c->others;

	*n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct kind *k = &c->kind[i];
		size_t at = *n < max ? (*n)++ : max;

		if (at == max) {
			if (max == 0 || kind[max - 1]->lanes.count >=
			    k->lanes.count) {
				others += k->lanes.count;
				continue;
			}
			others += kind[--at]->lanes.count;
		}
		for (; at > 0; at--) {
			if (kind[at - 1]->lanes.count >= k->lanes.count)
				break;
			kind[at] = kind[at - 1];
		}
		kind[at] = k;
	}
	return others;
}

static void
put_others(const struct foot_pen *p, uint64_t n)
{
	struct face f = { .color = p->color };

	kind_failed(p->b, &f);
	buf_adds(p->b, " in other ways  ");
	kind_lanes(p->b, n);
}

/* each row behind a newline; returns how many */
static size_t
put_kinds(const struct foot_pen *p, const struct cluster *c, size_t max,
    bool apart)
{
	const struct kind *kind[CLUSTER_KINDS];
	size_t n, rows = 0;
	uint64_t others;

	if (!c)
		return 0;
	others = pick(c, kind, &n, max);
	/* the others take the place of one */
	if (others > 0 && n == max && max >= KINDS_SHOWN)
		others += kind[--n]->lanes.count;
	for (size_t i = 0; i < n; i++) {
		buf_addc(p->b, '\n');
		rows += foot_kind(p, kind[i], apart);
	}
	if (others > 0 && max >= KINDS_SHOWN && p->width >= OTHERS_COLUMNS) {
		buf_addc(p->b, '\n');
		put_others(p, others);
		rows++;
	}
	return rows;
}

/* --- lanes -------------------------------------------------------------- */

static size_t
in_work(const struct foot_view *v)
{
	size_t n = v->work;

	if (n == 0 && v->running > 0)
		n = (size_t)v->running;
	return n > v->nrow ? n : v->nrow;
}

/* so many, and how many more there are; each behind a newline */
static size_t
put_lanes(const struct foot_pen *p, const struct foot_view *v, size_t room)
{
	struct foot_columns c;
	size_t n = in_work(v), shown = v->nrow < room ? v->nrow : room;
	char more[64];
	int len;

	if (n > room && room > 1 && shown == room)
		shown--;
	foot_measure(p, &c, v->row, shown);
	for (size_t i = 0; i < shown; i++) {
		buf_addc(p->b, '\n');
		foot_lane(p, &c, &v->row[i]);
	}
	if (n == shown || shown == 0 || shown == room)
		return shown;
	buf_addc(p->b, '\n');
	len = snprintf(more, sizeof(more), "... and %zu more in work",
	    n - shown);
	clip_add(p->b, more, (size_t)len, p->width, p->utf8);
	return shown + 1;
}

size_t
foot_draw(const struct foot_view *v, const struct foot_style *s,
    struct buf *b)
{
	struct plan p = plan(s);
	struct foot_pen to = pen(s, b);
	size_t rows, kinds, lanes = in_work(v);

	if (p.most == 0)
		return 0;
	p.two = p.two && !foot_is_one(v);
	foot_head(&to, v, p.two, s->keys);
	if (p.most == 1)
		return 1;
	rows = 1 + p.two;
	/* what lanes leave free is for more kinds */
	kinds = p.most - rows > lanes ? (p.most - rows - lanes) /
	    (1 + p.apart) : 0;
	if (kinds < p.kinds)
		kinds = p.kinds;
	rows += put_kinds(&to, v->failures, kinds, p.apart);
	return rows + put_lanes(&to, v, p.most - rows);
}

void
foot_tell(const struct foot_view *v, const struct foot_style *s,
    struct buf *b)
{
	struct foot_pen to = pen(s, b);

	foot_head_tell(&to, v);
	put_kinds(&to, v->failures, CLUSTER_KINDS, is_narrow(s));
	put_lanes(&to, v, in_work(v) + 1);
	buf_addc(b, '\n');
}

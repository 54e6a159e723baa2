/* SPDX-License-Identifier: ISC */
/* what failed and why; what is in work, and slow */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/cluster.h"
#include "sink/clip.h"
#include "sink/escape.h"
#include "sink/face.h"
#include "sink/foot.h"
#include "sink/foot_part.h"
#include "sink/kind.h"

enum {
	GAP = 2,
	FAILED = sizeof("FAILED") - 1,
	STEP_MIN = 12,		/* bytes; a command must not hide its failure */
	NAMES_MIN = 8,		/* columns; with less they are left out */
	NAME_LEAST = 7, NAME_WIDE = 32,
	STEP_LEAST = 6, STEP_WIDE = 40,
	TRY_LEAST = 4,		/* columns of the step in front of it */
	BRIEF = 59,
	LAST_MIN = 6,
	MARK_SHOW = 24
};

/* --- failures ----------------------------------------------------------- */

/* the message, or else the last line of standard error */
static const char *
last_words(const struct kind *k, size_t *len)
{
	const char *end = k->tail + k->ntail, *nl;

	*len = strlen(k->message);
	if (*len > 0 || k->ntail == 0)
		return k->message;
	end--;			/* its newline */
	nl = memrchr(k->tail, '\n', (size_t)(end - k->tail));
	nl = nl ? nl + 1 : k->tail;
	*len = (size_t)(end - nl);
	return escape_overwritten(nl, len);
}

/* cut first, painted then; returns the columns */
static size_t
put_head(const struct foot_pen *pen, const struct kind *k, size_t width,
    bool brief)
{
	struct face face = { .escape = true };
	struct buf head = { 0 };
	size_t at = 0, step = pen->width / 4;

	kind_brief(&head, &face, k, !brief,
	    step < STEP_MIN ? STEP_MIN : step);
	if (pen->color && width >= FAILED) {
		face.color = true;
		kind_failed(pen->b, &face);
		at = FAILED;
	}
	at += clip_add(pen->b, head.data + at, head.len - at, width - at,
	    pen->utf8);
	buf_fini(&head);
	return at;
}

/* ": web[01-12]", and room for the words behind; returns the columns */
static size_t
put_names(const struct foot_pen *pen, const struct kind *k, size_t room,
    size_t words)
{
	struct buf b = { 0 };
	size_t n, want = words > 0 ? words + GAP : 0;

	if (room < GAP + NAMES_MIN)
		return 0;
	room -= GAP;
	/* the words may take two thirds of it */
	n = want < room * 2 / 3 ? room - want : room - room * 2 / 3;
	kind_names(&b, true, &k->lanes, 0, 0);
	buf_adds(pen->b, ": ");
	n = clip_add(pen->b, b.data, b.len, n, pen->utf8);
	buf_fini(&b);
	return n + GAP;
}

size_t
foot_kind(const struct foot_pen *pen, const struct kind *k, bool apart)
{
	bool brief = pen->width < BRIEF;
	struct buf count = { 0 };
	size_t len, at, want;
	const char *words = last_words(k, &len);

	kind_lanes(&count, k->lanes.count);
	want = count.len + GAP;
	if (want > pen->width / 2)
		want = 0;
	at = put_head(pen, k, pen->width - want, brief) + want;
	if (want > 0) {
		buf_adds(pen->b, "  ");
		buf_add(pen->b, count.data, count.len);
	}
	buf_fini(&count);
	at += put_names(pen, k, pen->width - at, apart || len == 0 ? 0 :
	    utf8_columns(words, len));
	if (len == 0)
		return 1;
	if (apart) {
		buf_adds(pen->b, "\n  ! ");
		clip_add(pen->b, words, len, pen->width - 4, pen->utf8);
		return 2;
	}
	if (pen->width - at >= GAP + LAST_MIN) {
		buf_adds(pen->b, ": ");
		clip_add(pen->b, words, len, pen->width - at - GAP,
		    pen->utf8);
	}
	return 1;
}

/* --- lanes -------------------------------------------------------------- */

static bool
is_slow(const struct foot_row *r)
{
	return r->usual > 0 && r->seconds > FOOT_SLOW_S &&
	    r->seconds > FOOT_SLOW * r->usual;
}

static const char *
mark(const struct foot_pen *pen, const struct foot_row *r, char *show)
{
	double times;

	*show = '\0';
	if (!is_slow(r))
		return show;
	times = r->seconds / r->usual;
	snprintf(show, MARK_SHOW, "%s%.0fx%s", times > 999 ? ">" : "",
	    times > 999 ? 999 : times, pen->width < BRIEF ? "" : " usual");
	return show;
}

static const char *
try(const struct foot_row *r, char *show)
{
	*show = '\0';
	if (r->attempt > 1 && *r->step)
		snprintf(show, MARK_SHOW, " (try %u)", r->attempt);
	return show;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
raise(size_t *most, size_t n)
{
	if (n > *most)
		*most = n;
}

static size_t
put_step(const struct foot_pen *pen, const struct foot_row *r, size_t width)
{
	char show[MARK_SHOW];
	size_t tail = strlen(try(r, show)), n;

	if (tail + TRY_LEAST > width)
		tail = 0;
	n = clip_add(pen->b, r->step, strlen(r->step), width - tail,
	    pen->utf8);
	buf_add(pen->b, show, tail);
	return n + tail;
}

/* in a narrow row the step goes first, then the mark */
static void
fit(const struct foot_pen *pen, struct foot_columns *c)
{
	size_t used = c->name + GAP + c->time;

	if (c->mark > 0 && used + GAP + c->mark > pen->width)
		c->mark = 0;
	if (c->mark > 0)
		used += GAP + c->mark;
	if (used + GAP + STEP_LEAST > pen->width)
		c->step = 0;
	else
		c->step = least(c->step, pen->width - used - GAP);
}

void
foot_measure(const struct foot_pen *pen, struct foot_columns *c,
    const struct foot_row *row, size_t n)
{
	size_t name = least(NAME_WIDE, pen->width / 4);
	size_t step = least(STEP_WIDE, pen->width / 3), was = pen->b->len;
	char show[NUM_SHOW];

	raise(&name, least(NAME_LEAST, pen->width));
	*c = (struct foot_columns){ 0 };
	for (size_t i = 0; i < n; i++) {
		raise(&c->name, clip_tail(pen->b, row[i].name,
		    strlen(row[i].name), name, pen->utf8));
		raise(&c->step, put_step(pen, &row[i], step));
		pen->b->len = was;
		raise(&c->time, strlen(foot_time(show, row[i].seconds)));
		raise(&c->mark, strlen(mark(pen, &row[i], show)));
	}
	fit(pen, c);
}

/* n blanks and a text of ours, if there is room; returns the columns */
static size_t
put(const struct foot_pen *pen, size_t at, size_t blanks, const char *text)
{
	size_t n = strlen(text);

	if (at + blanks + n > pen->width)
		return at;
	clip_blanks(pen->b, blanks);
	buf_add(pen->b, text, n);
	return at + blanks + n;
}

static size_t
pad(const struct foot_pen *pen, size_t at, size_t to)
{
	to = least(to, pen->width);
	return to > at ? put(pen, at, to - at, "") : at;
}

void
foot_lane(const struct foot_pen *pen, const struct foot_columns *c,
    const struct foot_row *r)
{
	struct buf *b = pen->b;
	char show[NUM_SHOW];
	size_t at, len = r->len, begin = b->len, time, wide;
	const char *line = r->line ? escape_overwritten(r->line, &len) : "";
	bool slow = pen->color && is_slow(r);

	at = clip_tail(b, r->name, strlen(r->name), least(c->name,
	    pen->width), pen->utf8);
	at = pad(pen, at, c->name);
	if (c->step > 0) {
		wide = at + GAP + c->step;
		at = put(pen, at, GAP, "");
		at += put_step(pen, r, c->step);
		at = pad(pen, at, wide);
	}
	time = strlen(foot_time(show, r->seconds));
	if (slow)
		buf_adds(b, "\033[33m");
	at = put(pen, at, GAP + c->time - time, show);
	wide = at;
	if (c->mark > 0) {
		wide += GAP + c->mark;
		at = put(pen, at, GAP, mark(pen, r, show));
	}
	if (slow)
		buf_adds(b, "\033[0m");
	at = pad(pen, at, wide);
	if (r->line && len > 0 && at + GAP + LAST_MIN <= pen->width) {
		at = put(pen, at, GAP, "");
		clip_add(b, line, len, pen->width - at, pen->utf8);
	}
	while (b->len > begin && b->data[b->len - 1] == ' ')
		b->len--;
}

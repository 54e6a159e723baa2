/* SPDX-License-Identifier: ISC */
/* how far it is, and how long still */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "sink/clip.h"
#include "sink/foot.h"
#include "sink/foot_part.h"

enum {
	GAP = 2,		/* between two parts */
	BAR_MIN = 10, BAR_MAX = 42,	/* with its brackets */
	JOB_MAX = 24
};

#define BOLD_RED "\033[1;31m"
#define YELLOW "\033[33m"
#define GREEN "\033[32m"

/* in the order in which they stand */
enum part_name {
	JOB, BAR, DONE, FAILED, LEFT, LATE, RUNNING, WAITING, MOST, RESCUED,
	CANCELLED, STATE, SPENT, HINT, PARTS
};

/* which of them stay when not all have room: those named first */
static const enum part_name keep[] = {
	DONE, FAILED, STATE, LEFT, LATE, RUNNING, BAR, SPENT, WAITING, JOB,
	CANCELLED, RESCUED, HINT, MOST
};

static const bool second[PARTS] = {
	[RUNNING] = true, [WAITING] = true, [MOST] = true, [RESCUED] = true,
	[CANCELLED] = true, [STATE] = true, [SPENT] = true,
};

struct head {
	const struct foot_pen *pen;
	const struct foot_view *view;
	struct buf text;
	struct part {
		size_t at, len;		/* in text, with colours */
		size_t columns;		/* 0: it is not there */
		bool on;
	} part[PARTS];
};

char *
foot_time(char *buf, double seconds)
{
	if (seconds < 59.5)
		snprintf(buf, NUM_SHOW, "%.0fs", seconds > 0 ? seconds : 0);
	else
		num_show_duration(buf, seconds);
	return buf;
}

/* --- parts -------------------------------------------------------------- */

/* texts of ours: a byte is a column */
static void __attribute__((format(printf, 4, 5)))
set(struct head *h, enum part_name name, const char *colour,
    const char *fmt, ...)
{
	struct part *p = &h->part[name];
	bool paint = h->pen->color && *colour;
	va_list ap;
	size_t from;

	p->at = h->text.len;
	if (paint)
		buf_adds(&h->text, colour);
	from = h->text.len;
	va_start(ap, fmt);
	buf_vaddf(&h->text, fmt, ap);
	va_end(ap);
	p->columns = h->text.len - from;
	if (paint)
		buf_adds(&h->text, "\033[0m");
	p->len = h->text.len - p->at;
}

static int64_t
done(const struct foot_view *v)
{
	return v->ok + v->rescued + v->failed + v->cancelled;
}

bool
foot_is_one(const struct foot_view *v)
{
	return done(v) == 0 && v->waiting >= 0 && v->running + v->waiting == 1;
}

/* nobody knows it that well: "about 2m" */
static void
set_left(struct head *h, double left, bool brief)
{
	const char *about = brief ? "" : "about ";
	double minutes = left / 60;

	if (left < 8)
		set(h, LEFT, "", "%s left", brief ? "<10s" : "a few seconds");
	else if (left < 55)
		set(h, LEFT, "", "%s%.0fs left", about, left < 28 ?
		    (int)(left / 5 + 0.5) * 5.0 :
		    (int)(left / 10 + 0.5) * 10.0);
	else if (minutes < 59.5)
		set(h, LEFT, "", "%s%.0fm left", about, minutes);
	else if (minutes < 595)
		set(h, LEFT, "", "%s%dh%02dm left", about,
		    (int)(minutes / 10 + 0.5) / 6,
		    (int)(minutes / 10 + 0.5) % 6 * 10);
	else if (minutes < 2 * 1440)
		set(h, LEFT, "", "%s%.0fh left", about, minutes / 60);
	else
		set(h, LEFT, "", "%s%.0fd left", about, minutes / 1440);
}

static void
set_counts(struct head *h, bool brief)
{
	const struct foot_view *v = h->view;

	if (v->waiting >= 0)
		set(h, DONE, "", "%" PRId64 "/%" PRId64 "%s", done(v),
		    done(v) + v->running + v->waiting, brief ? "" : " done");
	else
		set(h, DONE, "", "%" PRId64 " done", done(v));
	if (v->failed > 0)
		set(h, FAILED, BOLD_RED, "%" PRId64 " failed", v->failed);
	if (v->rescued > 0)
		set(h, RESCUED, YELLOW, "%" PRId64 " rescued", v->rescued);
	if (v->cancelled > 0)
		set(h, CANCELLED, YELLOW, "%" PRId64 " cancelled",
		    v->cancelled);
	set(h, RUNNING, "", "%" PRId64 " running", v->running);
	if (v->waiting > 0)
		set(h, WAITING, "", "%" PRId64 " waiting", v->waiting);
	else if (v->waiting < 0)
		set(h, WAITING, "", "more to come");
	if (v->most > 0 && v->waiting != 0)
		set(h, MOST, "", "at most %" PRId64 " at once", v->most);
}

/* nothing else is to be done */
static bool
all_are_late(const struct foot_view *v)
{
	return v->late > 0 && v->waiting == 0 &&
	    (int64_t)v->late >= v->running;
}

static void
set_parts(struct head *h, bool brief)
{
	const struct foot_view *v = h->view;
	char show[NUM_SHOW];

	buf_clear(&h->text);
	memset(h->part, 0, sizeof(h->part));
	set_counts(h, brief);
	if (v->ending)
		set(h, STATE, YELLOW, "ending");
	else if (v->draining)
		set(h, STATE, YELLOW, "draining");
	else if (v->paused)
		set(h, STATE, YELLOW, "paused");
	/* while nothing begins nobody knows */
	if (v->left >= 0 && !v->paused && !v->ending && !all_are_late(v))
		set_left(h, v->left, brief);
	if (v->left >= 0 && v->late > 0)
		set(h, LATE, YELLOW, "%zu late", v->late);
	set(h, SPENT, "", "%s so far", foot_time(show, v->seconds));
}

static void
set_job(struct head *h)
{
	struct part *p = &h->part[JOB];
	const char *job = h->view->job;

	if (!job || !*job)
		return;
	p->at = h->text.len;
	p->columns = clip_add(&h->text, job, strlen(job), JOB_MAX,
	    h->pen->utf8);
	p->len = h->text.len - p->at;
}

/* --- the bar ------------------------------------------------------------ */

static void
bar(const struct head *h, size_t width)
{
	static const char *const eighth[] = {
		"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"
	};
	const struct foot_view *v = h->view;
	struct buf *b = h->pen->b;
	size_t inner = width - 2, full, at;
	double all = (double)(done(v) + v->running + v->waiting);
	double part = all > 0 ? (double)done(v) / all : 0;

	at = (size_t)((double)inner * 8 * part);
	full = at / 8;
	buf_addc(b, '[');
	if (h->pen->color)
		buf_adds(b, GREEN);
	for (size_t i = 0; i < full; i++)
		buf_adds(b, h->pen->utf8 ? "█" : "#");
	if (h->pen->utf8 && at % 8 > 0) {
		buf_adds(b, eighth[at % 8]);
		full++;
	}
	if (h->pen->color)
		buf_adds(b, "\033[0m");
	for (; full < inner; full++)
		buf_addc(b, h->pen->utf8 ? ' ' : '-');
	buf_addc(b, ']');
}

/* --- rows --------------------------------------------------------------- */

static bool
is_of(enum part_name p, int row)
{
	return row < 0 || second[p] == (row == 1);
}

/* what has room in this row (-1: there is but one); returns the columns */
static size_t
choose(struct head *h, int row)
{
	size_t used = 0;

	for (size_t i = 0; i < PARTS; i++) {
		struct part *p = &h->part[keep[i]];
		size_t want = p->columns + (used ? GAP : 0);

		if (!p->columns || !is_of(keep[i], row) ||
		    used + want > h->pen->width)
			continue;
		p->on = true;
		used += want;
	}
	return used;
}

static void
put_row(struct head *h, int row)
{
	size_t used = choose(h, row), spare = h->pen->width - used;
	size_t wide = BAR_MIN;
	bool first = true;

	if (h->part[BAR].on && is_of(BAR, row)) {
		size_t more = BAR_MAX - BAR_MIN;

		more = more < spare ? more : spare;
		wide += more;
		spare -= more;
	}
	for (int i = 0; i < PARTS; i++) {
		const struct part *p = &h->part[i];

		if (!p->on || !is_of(i, row))
			continue;
		clip_blanks(h->pen->b, (first ? 0 : GAP) +
		    (i == HINT ? spare : 0));
		first = false;
		if (i == BAR)
			bar(h, wide);
		else
			buf_add(h->pen->b, h->text.data + p->at, p->len);
	}
}

/* do the figures that stay longest have room? */
static bool
is_tight(const struct head *h)
{
	size_t n = h->part[DONE].columns;

	if (h->part[FAILED].columns)
		n += GAP + h->part[FAILED].columns;
	if (h->part[LEFT].columns)
		n += GAP + h->part[LEFT].columns;
	return n > h->pen->width;
}

void
foot_head(const struct foot_pen *pen, const struct foot_view *v, bool two,
    bool hint)
{
	struct head h = { .pen = pen, .view = v };

	set_parts(&h, false);
	if (is_tight(&h))
		set_parts(&h, true);
	set_job(&h);
	if (foot_is_one(v))
		h.part[DONE].columns = h.part[RUNNING].columns =
		    h.part[WAITING].columns = 0;
	else if (v->waiting >= 0)
		h.part[BAR].columns = BAR_MIN;
	if (hint)
		set(&h, HINT, "", "? keys");
	put_row(&h, two ? 0 : -1);
	if (two) {
		buf_addc(pen->b, '\n');
		put_row(&h, 1);
	}
	buf_fini(&h.text);
}

void
foot_head_tell(const struct foot_pen *pen, const struct foot_view *v)
{
	struct head h = { .pen = pen, .view = v };
	size_t at = sizeof("pseq: ") - 1, n = 0;

	set_parts(&h, false);
	set_job(&h);
	buf_adds(pen->b, "pseq: ");
	for (int i = 0; i < PARTS; i++) {
		const struct part *p = &h.part[i];
		const char *gap = n == 0 ? "" : h.part[JOB].columns && n == 1 ?
		    ": " : ", ";
		size_t gaps = strlen(gap);

		if (!p->columns)
			continue;
		if (gaps && at + gaps + p->columns + 1 > pen->width) {
			buf_addf(pen->b, "%c\n", *gap);
			clip_blanks(pen->b, 4);
			at = 4;
		} else {
			buf_adds(pen->b, gap);
			at += gaps;
		}
		buf_add(pen->b, h.text.data + p->at, p->len);
		at += p->columns;
		n++;
	}
	buf_fini(&h.text);
}

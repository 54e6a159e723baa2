/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/view_lane.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/story.h"
#include "sink/escape.h"

enum { LOG_CHUNK = 64 * 1024 };

struct view {
	FILE *out;
	struct buf *b;		/* what is not written yet */
	const struct story *story;
	const struct story_lane *lane;
	int log;		/* -1: there is none */
	uint64_t shown;		/* of it */
	bool color, escape;
};

static void
paint(const struct view *v, const char *colour, const char *text)
{
	if (v->color)
		buf_adds(v->b, colour);
	buf_adds(v->b, text);
	if (v->color)
		buf_adds(v->b, "\033[0m");
}

static void
word(const struct view *v, const char *text)
{
	escape_word(v->b, v->escape, text, strlen(text));
}

static void
duration(const struct view *v, double seconds)
{
	char show[NUM_SHOW];

	buf_adds(v->b, num_show_duration(show, seconds < 0 ? 0 : seconds));
}

static const char *
colour_of(enum status status)
{
	return status == ST_OK || status == ST_SKIPPED ? "\033[32m" :
	    status == ST_CANCELLED ? "\033[33m" : "\033[31m";
}

/* --- the log ----------------------------------------------------------------- */

static void
log_line(const struct view *v, const char *text, size_t len)
{
	buf_adds(v->b, "          | ");
	if (v->escape)
		escape_line(v->b, text, len);
	else
		buf_add(v->b, text, len);
	buf_addc(v->b, '\n');
}

static void
flush(struct view *v)
{
	fwrite(v->b->data, 1, v->b->len, v->out);
	buf_clear(v->b);
}

/* whole lines of it; what is longer than all that is read comes in pieces */
static size_t
log_lines(const struct view *v, const char *text, size_t len, bool last)
{
	const char *p = text, *end = text + len, *nl;

	while (p < end && (nl = memchr(p, '\n', (size_t)(end - p)))) {
		log_line(v, p, (size_t)(nl - p));
		p = nl + 1;
	}
	if (p < end && (last || p == text)) {
		log_line(v, p, (size_t)(end - p));
		p = end;
	}
	return (size_t)(p - text);
}

/* up to this offset; what is in front of it and was not shown, too */
static void
log_upto(struct view *v, uint64_t upto)
{
	char text[LOG_CHUNK];

	while (v->log != -1 && v->shown < upto) {
		uint64_t left = upto - v->shown;
		size_t want = left < LOG_CHUNK ? (size_t)left : LOG_CHUNK;
		ssize_t n = pread(v->log, text, want, (off_t)v->shown);

		if (n <= 0)
			return;
		v->shown += log_lines(v, text, (size_t)n,
		    (uint64_t)n == left);
		if (v->b->len > LOG_CHUNK)
			flush(v);
	}
}

/* --- steps ------------------------------------------------------------------- */

static void
show_try(struct view *v, const struct story_step *s,
    const struct story_try *t)
{
	char what[STATUS_SHOW];

	/* what was written before is of a try that has no end */
	if (t->log_to > t->log_from)
		log_upto(v, t->log_from);
	buf_addf(v->b, "%9.3fs  ", t->began < v->lane->began ? 0 :
	    t->began - v->lane->began);
	word(v, s->label);
	if (s->ntry > 1 || t->attempt > 1)
		/* the one before it was ended with the run */
		buf_addf(v->b, " (try %u%s)", t->attempt, t > s->try &&
		    t->attempt <= t[-1].attempt ? " again" : "");
	buf_adds(v->b, "  ");
	if (t->ended < 0) {
		paint(v, "\033[33m", v->lane->over ? "no end is known" :
		    "no end yet");
	} else {
		paint(v, colour_of(t->result.status),
		    status_show(what, &t->result));
		buf_adds(v->b, "  ");
		duration(v, t->result.seconds);
	}
	if (*t->reaction) {
		buf_adds(v->b, "  -> ");
		word(v, t->reaction);
	}
	if (*t->result.message) {
		buf_adds(v->b, "  ");
		word(v, t->result.message);
	}
	buf_addc(v->b, '\n');
	if (s->command && strcmp(s->command, s->label) != 0 &&
	    t == &s->try[0]) {
		buf_adds(v->b, "          $ ");
		word(v, s->command);
		buf_addc(v->b, '\n');
	}
	log_upto(v, t->log_to);
}

/* tries of all steps as they began: a call encloses those of its routine */
struct place {
	const struct story_step *step;
	const struct story_try *try;
};

static int
by_begin(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->try->began != y->try->began)
		return x->try->began < y->try->began ? -1 : 1;
	/* of one moment: in the order of the journal */
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	return x->try < y->try ? -1 : 1;
}

static void
show_steps(struct view *v)
{
	size_t n = 0, at = 0;
	struct place *place;

	for (size_t i = 0; i < v->lane->nstep; i++)
		n += v->lane->step[i].ntry;
	place = mem_calloc(n + 1, sizeof(*place));
	for (size_t i = 0; i < v->lane->nstep; i++)
		for (size_t k = 0; k < v->lane->step[i].ntry; k++)
			place[at++] = (struct place){
				&v->lane->step[i], &v->lane->step[i].try[k]
			};
	qsort(place, n, sizeof(*place), by_begin);
	for (size_t i = 0; i < n; i++)
		show_try(v, place[i].step, place[i].try);
	free(place);
}

/* --- the lane ---------------------------------------------------------------- */

static void
show_verdict(struct view *v)
{
	const struct story_lane *l = v->lane;
	char what[STATUS_SHOW];

	if (!l->over) {
		paint(v, "\033[33m", "no end yet");
		return;
	}
	paint(v, l->verdict == LANE_OK ? "\033[32m" :
	    l->verdict == LANE_FAILED ? "\033[31m" : "\033[33m",
	    verdict_name(l->verdict));
	if (l->verdict == LANE_FAILED) {
		buf_adds(v->b, ": ");
		if (*l->result.step) {
			buf_adds(v->b, "step '");
			word(v, l->result.step);
			buf_adds(v->b, "': ");
		}
		buf_adds(v->b, status_show(what, &l->result));
	}
	if (*l->result.message) {
		buf_adds(v->b, ": ");
		word(v, l->result.message);
	}
	buf_adds(v->b, "; ");
	duration(v, story_active(v->story, l->began, l->ended));
	if (l->tries > 1)
		buf_addf(v->b, "; %u tries of a step", l->tries);
}

void
view_lane(FILE *out, const struct story *s, const struct story_lane *l,
    bool color, bool escape)
{
	struct buf b = { 0 };
	struct view v = {
		.out = out, .b = &b, .story = s, .lane = l, .color = color,
		.escape = escape,
		.log = l->log ? open(l->log, O_RDONLY | O_CLOEXEC) : -1,
	};

	word(&v, l->name);
	if (l->host) {
		buf_adds(&b, " on ");
		word(&v, l->host);
	}
	buf_adds(&b, ": ");
	show_verdict(&v);
	buf_addc(&b, '\n');
	show_steps(&v);
	/* of a command that was let go, or is still at it */
	log_upto(&v, l->log_size);
	flush(&v);
	buf_fini(&b);
	if (v.log != -1)
		close(v.log);
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "model/action.h"
#include "model/event.h"
#include "model/program.h"
#include "sink/escape.h"
#include "sink/mark.h"

enum { STEP_SHOWN = 48 };	/* bytes of a step's label */

enum word {
	WORD_NAME, WORD_TAG, WORD_SEQUENCE, WORD_STEP, WORD_HOST,
	WORD_NUMBER, WORD_INDEX, WORDS
};

static const char *const words[WORDS] = {
	"{name}", "{tag}", "{sequence}", "{step}", "{host}", "{number}",
	"{index}",
};

/* --- the format --------------------------------------------------------- */

/* the word at s, which begins with a brace; WORDS: it is none */
static enum word
word_at(const char *s)
{
	enum word w = 0;

	while (w < WORDS && strncmp(s, words[w], strlen(words[w])) != 0)
		w++;
	return w;
}

const char *
mark_check(const char *format, size_t *len, struct near *near)
{
	for (const char *s = format; (s = strchr(s, '{'));) {
		enum word w = word_at(s);
		char text[32];

		if (w < WORDS || s[1] == '{') {
			s += w < WORDS ? strlen(words[w]) : 2;
			continue;
		}
		*len = strcspn(s, "}");
		*len += s[*len] == '}';
		snprintf(text, sizeof(text), "%.*s", (int)*len, s);
		for (w = 0; w < WORDS; w++)
			near_offer(near, text, words[w]);
		return s;
	}
	return NULL;
}

static void
add_word(struct buf *b, enum word w, const struct lane_info *l,
    const struct step_ref *step)
{
	switch (w) {
	case WORD_NAME:
		buf_adds(b, l->name);
		break;
	case WORD_TAG:
		buf_adds(b, l->tag);
		break;
	case WORD_SEQUENCE:
		buf_adds(b, l->group ? l->group : "");
		break;
	case WORD_STEP:
		if (step && step->label)
			escape_short(b, false, step->label,
			    strlen(step->label), STEP_SHOWN);
		break;
	case WORD_HOST:
		buf_adds(b, l->host ? l->host : "");
		break;
	case WORD_NUMBER:
		buf_addf(b, "%" PRIu32, l->id);
		break;
	case WORD_INDEX:
		buf_addf(b, "%" PRIu32, l->index);
		break;
	case WORDS:
		break;
	}
}

static void
add_name(struct buf *b, const char *format, const struct lane_info *l,
    const struct step_ref *step)
{
	for (const char *s = format; *s;) {
		size_t n = strcspn(s, "{");
		enum word w;

		buf_add(b, s, n);
		s += n;
		if (!*s)
			break;
		w = word_at(s);
		add_word(b, w, l, step);
		if (w == WORDS)
			buf_addc(b, '{');
		s += w < WORDS ? strlen(words[w]) : 2;
	}
}

/* --- the time ----------------------------------------------------------- */

/* the wall clock, or the time since the run began, in milliseconds */
static int64_t
millisecond(const struct mark *m, const struct event *ev)
{
	double t = m->time == MARK_ABS ? ev->wall : ev->mono - m->start;

	return (int64_t)floor(t * 1000);
}

static void
add_time(struct mark *m, struct buf *b)
{
	time_t second = (time_t)(m->made / 1000);
	struct tm tm;

	if (m->time == MARK_REL) {
		buf_addf(b, "%+9.3fs", (double)m->made / 1000);
		return;
	}
	if (second != m->second || !m->clock[0]) {
		m->second = second;
		localtime_r(&second, &tm);
		strftime(m->clock, sizeof(m->clock), "%H:%M:%S", &tm);
	}
	buf_addf(b, "%s.%03d", m->clock, (int)(m->made % 1000));
}

/* --- the whole ---------------------------------------------------------- */

void
mark_hear(struct mark *m, const struct event *ev)
{
	/* what the pointer to a step stands for may be another one now */
	if (ev->type != EVT_LINE)
		m->stale = true;
	if (ev->type == EVT_RUN_START)
		m->start = ev->mono;
}

void
mark_line(struct mark *m, const struct event *ev)
{
	struct buf *b = &m->head;
	int64_t now = m->time == MARK_NO_TIME ? 0 : millisecond(m, ev);

	if (!m->stale && now == m->made && m->lane == ev->lane->id &&
	    m->step == ev->step)
		return;
	m->stale = false;
	m->made = now;
	m->lane = ev->lane->id;
	m->step = ev->step;
	buf_clear(b);
	buf_addc(b, 0);
	if (m->time != MARK_NO_TIME)
		add_time(m, b);
	b->data[0] = (char)(b->len - 1);
	if (m->format)
		add_name(b, m->format, ev->lane, ev->step);
	else
		buf_adds(b, ev->lane->tag);
	if (b->len > MARK_MAX)
		b->len = MARK_MAX;
}

const char *
mark_name(struct mark *m, const struct lane_info *lane)
{
	if (!m->format)
		return lane->tag;
	m->stale = true;
	buf_clear(&m->head);
	add_name(&m->head, m->format, lane, NULL);
	return buf_str(&m->head);
}

void
mark_init(struct mark *m, enum mark_time time, const char *format)
{
	*m = (struct mark){ .time = time, .format = format, .stale = true };
}

void
mark_fini(struct mark *m)
{
	buf_fini(&m->head);
}

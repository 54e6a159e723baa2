/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "model/story.h"
#include "report/trace.h"

/* of the run itself, beside its lanes */
enum { PROCESS = 1, RUN_THREAD = 0 };

/* an object of the list, with what all have */
static void
begin(struct buf *b, const char *phase, uint32_t thread)
{
	if (b->data[b->len - 1] == '}')
		buf_adds(b, ",\n");
	json_open(b, '{');
	json_word(b, "ph", phase);
	json_int(b, "pid", PROCESS);
	json_uint(b, "tid", thread);
}

static void
end(struct buf *b)
{
	json_close(b, '}');
}

static void
when(struct buf *b, const char *key, double seconds)
{
	json_int(b, key, (int64_t)(seconds * 1e6 + 0.5));
}

static void
name(struct buf *b, const char *what, uint32_t thread, const char *text)
{
	begin(b, "M", thread);
	json_word(b, "name", what);
	json_key(b, "args");
	json_open(b, '{');
	json_text(b, "name", text, strlen(text));
	json_close(b, '}');
	end(b);
}

static void
order(struct buf *b, uint32_t thread)
{
	begin(b, "M", thread);
	json_word(b, "name", "thread_sort_index");
	json_key(b, "args");
	json_open(b, '{');
	json_uint(b, "sort_index", thread);
	json_close(b, '}');
	end(b);
}

/* from here to there; its args are left open */
static void
complete(struct buf *b, uint32_t thread, const char *category,
    const char *text, double from, double to)
{
	begin(b, "X", thread);
	json_text(b, "name", text, strlen(text));
	json_word(b, "cat", category);
	when(b, "ts", from);
	/* both are rounded: so that what is within stays within */
	json_int(b, "dur", (int64_t)(to * 1e6 + 0.5) -
	    (int64_t)(from * 1e6 + 0.5));
	json_key(b, "args");
	json_open(b, '{');
}

static void
args(struct buf *b, const struct result *r, bool known)
{
	char what[STATUS_SHOW];

	if (!known) {
		json_word(b, "result", "no end");
		return;
	}
	json_str(b, "result", status_show(what, r));
	json_str(b, "message", r->message);
	if (r->ntail > 0)
		json_text(b, "stderr_tail", r->tail, r->ntail);
}

static void
close_args(struct buf *b)
{
	json_close(b, '}');
	end(b);
}

/* --- lanes ------------------------------------------------------------------- */

static double
end_of(const struct story *s, const struct story_lane *l)
{
	return l->ended >= l->began ? l->ended : s->seconds;
}

/* a step ends when its last try does */
static double
step_end(const struct story_step *st, double lane_end)
{
	double last = st->try[st->ntry - 1].ended;

	return last >= 0 ? last : lane_end;
}

static void
step(struct buf *b, const struct story_lane *l, const struct story_step *st,
    double lane_end)
{
	const struct story_try *last = &st->try[st->ntry - 1];

	complete(b, l->id, "step", st->label, st->try[0].began,
	    step_end(st, lane_end));
	json_str(b, "command", st->command);
	if (st->entry > 1)
		json_uint(b, "entry", st->entry);
	args(b, &last->result, last->ended >= 0);
	close_args(b);
	for (size_t i = 0; st->ntry > 1 && i < st->ntry; i++) {
		const struct story_try *t = &st->try[i];
		char text[32];

		snprintf(text, sizeof(text), "try %u", t->attempt);
		complete(b, l->id, "try", text, t->began, t->ended >= 0 ?
		    t->ended : i + 1 < st->ntry ? st->try[i + 1].began :
		    lane_end);
		args(b, &t->result, t->ended >= 0);
		json_str(b, "reaction", t->reaction);
		close_args(b);
	}
}

static void
lane(struct buf *b, const struct story *s, const struct story_lane *l)
{
	double last = end_of(s, l);

	name(b, "thread_name", l->id, *l->name ? l->name : l->sequence);
	order(b, l->id);
	complete(b, l->id, "lane", l->name, l->began, last);
	json_str(b, "verdict", l->over ? verdict_name(l->verdict) : "no end");
	json_str(b, "host", l->host);
	if (l->parent)
		json_uint(b, "parent", l->parent);
	if (l->over && l->verdict == LANE_FAILED) {
		json_str(b, "step", l->result.step);
		args(b, &l->result, true);
	}
	close_args(b);
	for (size_t i = 0; i < l->nstep; i++)
		step(b, l, &l->step[i], last);
}

/* --- the rest ---------------------------------------------------------------- */

static void
note(struct buf *b, const struct story_note *n)
{
	begin(b, "i", n->lane);
	json_text(b, "name", n->text, strlen(n->text));
	json_word(b, "cat", n->warning ? "warning" : "say");
	when(b, "ts", n->time);
	json_word(b, "s", n->lane ? "t" : "p");
	end(b);
}

static void
session(struct buf *b, const struct story *s, size_t i)
{
	const struct story_session *u = &s->session[i];

	complete(b, RUN_THREAD, "run", i == 0 ? "run" : "resume", u->began,
	    u->ended >= 0 ? u->ended : i + 1 < s->nsession ?
	    s->session[i + 1].began : s->seconds);
	json_str(b, "why", u->why);
	if (u->status >= 0)
		json_int(b, "status", u->status);
	close_args(b);
}

void
report_trace(struct buf *b, const struct story *s)
{
	json_open(b, '{');
	json_word(b, "displayTimeUnit", "ms");
	json_key(b, "otherData");
	json_open(b, '{');
	json_str(b, "job", s->job);
	json_str(b, "run", s->run);
	json_seconds(b, "began", s->wall);
	json_close(b, '}');
	json_key(b, "traceEvents");
	json_open(b, '[');
	buf_addc(b, '\n');
	name(b, "process_name", RUN_THREAD, s->job);
	name(b, "thread_name", RUN_THREAD, s->run);
	for (size_t i = 0; i < s->nsession; i++)
		session(b, s, i);
	for (size_t i = 0; i < s->nlane; i++)
		lane(b, s, &s->lane[i]);
	for (size_t i = 0; i < s->nnote; i++)
		note(b, &s->note[i]);
	buf_addc(b, '\n');
	json_close(b, ']');
	json_close(b, '}');
	buf_addc(b, '\n');
}

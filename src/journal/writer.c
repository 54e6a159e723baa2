/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/logs.h"
#include "journal/writer.h"
#include "journal/writing.h"
#include "model/action.h"
#include "model/program.h"
#include "model/status.h"

enum { OUTLETS = 3 };

struct writer {
	struct outlet outlet[OUTLETS];
	size_t noutlet;
	struct logs *logs;
	struct buf line;	/* the record that is being made */
	double start;		/* monotonic */
	uint64_t count;
	bool drains;
};

/* --- a record ----------------------------------------------------------- */

struct buf *
writing_begin(struct writer *w, const char *type,
    const struct lane_info *lane, struct moment at)
{
	struct buf *b = &w->line;

	buf_clear(b);
	json_open(b, '{');
	json_word(b, "type", type);
	if (lane)
		json_uint(b, "lane", lane->id);
	json_seconds(b, "time", at.wall);
	json_seconds(b, "at", writing_since(w, at));
	return b;
}

void
writing_end(struct writer *w)
{
	struct buf *b = &w->line;

	buf_adds(b, "}\n");
	for (size_t i = 0; i < w->noutlet; i++) {
		const struct outlet *o = &w->outlet[i];

		memcpy(o->room(o->arg, b->len), b->data, b->len);
		o->commit(o->arg, b->len);
	}
	w->count++;
}

/* of an event */
static struct buf *
begin_ev(struct writer *w, const char *type, const struct event *ev)
{
	return writing_begin(w, type, ev->lane,
	    (struct moment){ ev->mono, ev->wall });
}

static void
add_text(struct buf *b, const struct event *ev)
{
	json_text(b, "text", ev->text ? ev->text : "", ev->len);
}

/* which step of the lane it is */
static void
add_identity(struct buf *b, const struct step_ref *s)
{
	if (!s || !s->identity)
		return;
	json_str(b, "in", s->in);
	json_text(b, "step", s->identity, strlen(s->identity));
	json_uint(b, "entry", s->entry);
}

/* a step that goes on in a record of its own */
static void
add_step(struct buf *b, const struct event *ev)
{
	const struct step_ref *s = ev->step;
	const char *label = s->label ? s->label : "";

	add_identity(b, s);
	json_uint(b, "attempt", ev->attempt);
	if (!s->identity || strcmp(label, s->identity) != 0)
		json_str(b, "label", label);
}

/* --- results ------------------------------------------------------------ */

static void
add_result(struct buf *b, const struct result *r)
{
	json_word(b, "result", status_name(r->status));
	if (r->code != CODE_NONE)
		json_int(b, "code", r->code);
	if (r->signo)
		json_str(b, "signal", status_signal_name(r->signo));
	if (r->ending != END_OWN)
		json_word(b, "end", r->ending == END_CONFIRMED ?
		    "confirmed" : "unknown");
	json_str(b, "message", r->message);
	if (r->ntail > 0)
		json_text(b, "stderr_tail", r->tail, r->ntail);
}

static void
add_assigns(struct buf *b, const struct step_note *n)
{
	static const char *const kind[] = {
		[ASSIGN_TEXT] = "text", [ASSIGN_JSON] = "json",
		[ASSIGN_PAIRS] = "pairs",
	};

	if (n->nassign == 0)
		return;
	json_key(b, "set");
	json_open(b, '[');
	for (size_t i = 0; i < n->nassign; i++) {
		const struct assign *a = &n->assign[i];

		json_open(b, '{');
		json_str(b, "name", a->name);
		json_word(b, "kind", kind[a->kind]);
		json_text(b, "value", a->text ? a->text : "", a->len);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void
add_note(struct buf *b, const struct step_note *n)
{
	if (!n)
		return;
	add_assigns(b, n);
	json_flag(b, "secret", n->secret);
	json_flag(b, "released", n->released);
	json_flag(b, "once", n->once);
	if (n->line > 0)
		json_uint(b, "line", n->line);
}

/* that the result came with the end of a frame, or took messages */
static void
add_circumstance(struct buf *b, const struct result *r)
{
	if (r->outside) {
		json_key(b, "cut");
		json_open(b, '{');
		json_uint(b, "frame", r->cut.frame);
		json_word(b, "result", status_name(r->cut.status));
		json_word(b, "inner", status_name(r->cut.inner));
		json_close(b, '}');
	}
	if (r->took.channel) {
		json_key(b, "took");
		json_open(b, '{');
		json_str(b, "channel", r->took.channel);
		json_uint(b, "from", r->took.from);
		json_uint(b, "to", r->took.to);
		json_close(b, '}');
	}
}

/* --- events ------------------------------------------------------------- */

static void
lane_start(struct writer *w, const struct event *ev)
{
	const struct lane_info *l = ev->lane;
	struct buf *b = begin_ev(w, "lane_start", ev);

	json_str(b, "name", l->name);
	json_str(b, "tag", l->tag);
	json_str(b, "sequence", l->group);
	json_uint(b, "index", l->index);
	if (l->round > 1)
		json_uint(b, "round", l->round);
	if (l->wave > 1)
		json_uint(b, "wave", l->wave);
	json_str(b, "host", l->host);
	if (l->sub)
		json_uint(b, "parent", l->parent);
	if (l->sub && l->by.identity) {
		json_key(b, "by");
		json_open(b, '{');
		add_identity(b, &l->by);
		json_close(b, '}');
	}
	json_flag(b, "hidden", l->hidden);
	writing_end(w);
}

static void
step_start(struct writer *w, const struct event *ev)
{
	struct buf *b = begin_ev(w, "step_start", ev);

	add_step(b, ev);
	json_str(b, "command", ev->step->command);
	writing_end(w);
}

static void
add_output(struct buf *b, const struct log_part *p)
{
	if (p->to > p->from) {
		json_key(b, "log");
		buf_addf(b, "[%llu,%llu]", (unsigned long long)p->from,
		    (unsigned long long)p->to);
	}
	if (p->out > 0)
		json_uint(b, "out", p->out);
	if (p->err > 0)
		json_uint(b, "err", p->err);
}

static void
step_end(struct writer *w, const struct event *ev)
{
	const struct result *r = ev->result;
	struct buf *b = begin_ev(w, "step_end", ev);

	add_step(b, ev);
	add_result(b, r);
	json_seconds(b, "seconds", r->seconds);
	json_flag(b, "again", ev->again);
	json_str(b, "reaction", ev->reaction);
	json_flag(b, "changed", r->changed);
	add_note(b, ev->note);
	/* of a call: the step of it that failed */
	if (r->step && *r->step && strcmp(r->step, ev->step->label) != 0)
		json_str(b, "cause", r->step);
	add_circumstance(b, r);
	if (w->logs) {
		struct log_part part = logs_step_end(w->logs, ev);

		add_output(b, &part);
	}
	writing_end(w);
}

/* it is to end, between two steps */
static void
cut(struct writer *w, const struct event *ev)
{
	struct buf *b = begin_ev(w, "cut", ev);

	if (ev->step->label)
		add_step(b, ev);
	json_word(b, "result", status_name(ev->result->status));
	json_str(b, "message", ev->result->message);
	add_circumstance(b, ev->result);
	writing_end(w);
}

static void
lane_end(struct writer *w, const struct event *ev)
{
	const struct lane_info *l = ev->lane;
	struct buf *b = begin_ev(w, "lane_end", ev);

	json_str(b, "name", l->name);
	json_str(b, "sequence", l->group);
	json_word(b, "verdict", verdict_name(ev->verdict));
	json_seconds(b, "seconds", ev->result->seconds);
	add_result(b, ev->result);
	json_str(b, "step", ev->result->step);
	if (ev->tries > 1)
		json_uint(b, "tries", ev->tries);
	if (ev->facts && ev->facts->len > 0) {
		json_key(b, "facts");
		buf_add(b, ev->facts->data, ev->facts->len);
	}
	json_flag(b, "hidden", l->hidden);
	if (l->sub)
		json_uint(b, "parent", l->parent);
	writing_end(w);
	if (w->logs)
		logs_lane_end(w->logs, ev);
}

/* what lanes have to do with one another through a channel */
static void
about_channel(struct writer *w, const struct event *ev)
{
	static const char *const type[] = {
		[EVT_SENT] = "sent", [EVT_TAKEN] = "taken",
		[EVT_CLEARED] = "cleared", [EVT_CLOSED] = "closed",
	};
	struct buf *b = begin_ev(w, type[ev->type], ev);

	json_str(b, "channel", ev->name);
	if (ev->type == EVT_SENT) {
		json_uint(b, "number", ev->number);
		add_text(b, ev);
		json_flag(b, "secret", ev->note && ev->note->secret);
	} else if (ev->type == EVT_TAKEN) {
		json_uint(b, "from", ev->number);
		json_uint(b, "to", ev->to);
	} else if (ev->type == EVT_CLEARED) {
		json_uint(b, "to", ev->number);
	}
	add_identity(b, ev->step);
	writing_end(w);
}

static void
barrier(struct writer *w, const struct event *ev)
{
	struct buf *b = writing_begin(w, "barrier", NULL,
	    (struct moment){ ev->mono, ev->wall });

	json_str(b, "name", ev->name);
	json_text(b, "sequence", ev->text, ev->len);
	if (ev->result)
		json_word(b, "result", status_name(ev->result->status));
	json_key(b, "lanes");
	json_open(b, '[');
	for (size_t i = 0; i < ev->nlanes; i++)
		buf_addf(b, i > 0 ? ",%u" : "%u", (unsigned)ev->lanes[i]);
	json_close(b, ']');
	writing_end(w);
}

/* what is only said */
static void
words(struct writer *w, const char *type, const struct event *ev)
{
	add_text(begin_ev(w, type, ev), ev);
	writing_end(w);
}

static void
drain(struct writer *w, const struct event *ev)
{
	struct buf *b = begin_ev(w, "drain", ev);

	add_text(b, ev);
	json_flag(b, "stop", ev->name && !strcmp(ev->name, "stop"));
	writing_end(w);
}

static void
unstarted(struct writer *w, const struct event *ev)
{
	struct buf *b = begin_ev(w, "unstarted", ev);

	json_str(b, "sequence", ev->text);
	if (ev->count >= 0)
		json_int(b, "count", ev->count);
	writing_end(w);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct writer *w = arg;

	switch (ev->type) {
	case EVT_LINE:
		if (w->logs)
			logs_line(w->logs, ev);
		break;
	case EVT_LANE_START:
		lane_start(w, ev);
		break;
	case EVT_STEP_START:
		if (w->logs)
			logs_step_start(w->logs, ev);
		step_start(w, ev);
		break;
	case EVT_STEP_END:
		step_end(w, ev);
		break;
	case EVT_CUT:
		cut(w, ev);
		break;
	case EVT_LANE_END:
		lane_end(w, ev);
		break;
	case EVT_UNSTARTED:
		unstarted(w, ev);
		break;
	case EVT_SENT:
	case EVT_TAKEN:
	case EVT_CLEARED:
	case EVT_CLOSED:
		about_channel(w, ev);
		break;
	case EVT_BARRIER:
		barrier(w, ev);
		break;
	case EVT_SAY:
		words(w, "say", ev);
		break;
	case EVT_WARN:
		words(w, "warn", ev);
		break;
	case EVT_DRAIN:
		w->drains = true;
		drain(w, ev);
		break;
	case EVT_RUN_START:
	case EVT_PAST:
	case EVT_RUN_END:
		break;
	}
	return 0;
}

/* --- the sink ----------------------------------------------------------- */

struct writer *
writer_new(struct logs *logs, struct moment now)
{
	struct writer *w = mem_calloc(1, sizeof(*w));

	w->logs = logs;
	w->start = now.mono;
	return w;
}

void
writer_add(struct writer *w, const struct outlet *o)
{
	assert(w->noutlet < OUTLETS);
	w->outlet[w->noutlet++] = *o;
}

double
writing_since(const struct writer *w, struct moment at)
{
	return at.mono - w->start;
}

uint64_t
writer_count(const struct writer *w)
{
	return w->count;
}

bool
writer_drains(const struct writer *w)
{
	return w->drains;
}

struct sink
writer_sink(struct writer *w)
{
	return (struct sink){ .name = "journal", .arg = w, .event = on_event };
}

void
writer_free(struct writer *w)
{
	if (!w)
		return;
	buf_fini(&w->line);
	free(w);
}

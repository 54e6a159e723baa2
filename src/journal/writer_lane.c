/* SPDX-License-Identifier: ISC */
/* the records that are about a lane and its steps */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "journal/logs.h"
#include "journal/writing.h"
#include "model/action.h"
#include "model/program.h"
#include "model/status.h"

void
writing_identity(struct buf *b, const struct step_ref *s)
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

	writing_identity(b, s);
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

/* --- records ------------------------------------------------------------- */

void
writing_lane_start(struct writer *w, const struct event *ev)
{
	const struct lane_info *l = ev->lane;
	struct buf *b = writing_begin_ev(w, "lane_start", ev);

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
		writing_identity(b, &l->by);
		json_close(b, '}');
	}
	json_flag(b, "hidden", l->hidden);
	writing_end(w);
}

void
writing_step_start(struct writer *w, const struct event *ev)
{
	struct buf *b = writing_begin_ev(w, "step_start", ev);

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

void
writing_step_end(struct writer *w, const struct event *ev,
    const struct log_part *output)
{
	const struct result *r = ev->result;
	struct buf *b = writing_begin_ev(w, "step_end", ev);

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
	add_output(b, output);
	writing_end(w);
}

void
writing_cut(struct writer *w, const struct event *ev)
{
	struct buf *b = writing_begin_ev(w, "cut", ev);

	if (ev->step->label)
		add_step(b, ev);
	json_word(b, "result", status_name(ev->result->status));
	json_str(b, "message", ev->result->message);
	add_circumstance(b, ev->result);
	writing_end(w);
}

void
writing_lane_end(struct writer *w, const struct event *ev)
{
	const struct lane_info *l = ev->lane;
	struct buf *b = writing_begin_ev(w, "lane_end", ev);

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
}

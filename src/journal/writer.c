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

struct buf *
writing_begin_ev(struct writer *w, const char *type, const struct event *ev)
{
	return writing_begin(w, type, ev->lane,
	    (struct moment){ ev->mono, ev->wall });
}

static void
add_text(struct buf *b, const struct event *ev)
{
	json_text(b, "text", ev->text ? ev->text : "", ev->len);
}

/* --- events ------------------------------------------------------------- */

/* what lanes have to do with one another through a channel */
static void
about_channel(struct writer *w, const struct event *ev)
{
	static const char *const type[] = {
		[EVT_SENT] = "sent", [EVT_TAKEN] = "taken",
		[EVT_CLEARED] = "cleared", [EVT_CLOSED] = "closed",
	};
	struct buf *b = writing_begin_ev(w, type[ev->type], ev);

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
	writing_identity(b, ev->step);
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
	add_text(writing_begin_ev(w, type, ev), ev);
	writing_end(w);
}

static void
drain(struct writer *w, const struct event *ev)
{
	struct buf *b = writing_begin_ev(w, "drain", ev);

	add_text(b, ev);
	json_flag(b, "stop", ev->name && !strcmp(ev->name, "stop"));
	writing_end(w);
}

static void
unstarted(struct writer *w, const struct event *ev)
{
	struct buf *b = writing_begin_ev(w, "unstarted", ev);

	json_str(b, "sequence", ev->text);
	if (ev->count >= 0)
		json_int(b, "count", ev->count);
	writing_end(w);
}

static void
step_end(struct writer *w, const struct event *ev)
{
	struct log_part output = { 0 };

	if (w->logs)
		output = logs_step_end(w->logs, ev);
	writing_step_end(w, ev, &output);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct writer *w = arg;

	switch (ev->type) {
	case EVT_PEEK:
		break;
	case EVT_LINE:
		if (w->logs)
			logs_line(w->logs, ev);
		break;
	case EVT_LANE_START:
		writing_lane_start(w, ev);
		break;
	case EVT_STEP_START:
		if (w->logs)
			logs_step_start(w->logs, ev);
		writing_step_start(w, ev);
		break;
	case EVT_STEP_END:
		step_end(w, ev);
		break;
	case EVT_CUT:
		writing_cut(w, ev);
		break;
	case EVT_LANE_END:
		writing_lane_end(w, ev);
		if (w->logs)
			logs_lane_end(w->logs, ev);
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

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/line_record.h"
#include "model/plan.h"
#include "model/program.h"
#include "model/runner.h"

/* as much as is asked of the outlet at a time */
enum { BATCH = 32 * 1024 };

struct line_record {
	struct line_record_options o;
	struct buf out;
	/* what all lines of a lane begin with that came at one time */
	struct buf head;
	uint32_t lane;
	unsigned stream;
	double mono;
};

static void
make_head(struct line_record *r, const struct event *ev)
{
	struct buf *b = &r->head;

	if (b->len > 0 && r->lane == ev->lane->id &&
	    r->stream == ev->stream && r->mono == ev->mono)
		return;
	r->lane = ev->lane->id;
	r->stream = ev->stream;
	r->mono = ev->mono;
	buf_clear(b);
	json_open(b, '{');
	json_word(b, "type", "line");
	json_uint(b, "lane", r->lane);
	json_seconds(b, "time", ev->wall);
	json_seconds(b, "at", ev->mono - r->o.start);
	if (!r->o.merged)
		json_word(b, "stream", r->stream == STREAM_ERR ? "err" :
		    "out");
}

static void
flush(struct line_record *r)
{
	const struct outlet *o = &r->o.outlet;

	if (r->out.len == 0)
		return;
	memcpy(o->room(o->arg, r->out.len), r->out.data, r->out.len);
	o->commit(o->arg, r->out.len);
	buf_clear(&r->out);
}

static void
add(struct line_record *r, const char *text, size_t len, unsigned flags)
{
	struct buf *b = &r->out;

	buf_add(b, r->head.data, r->head.len);
	json_text(b, "text", text, len);
	json_flag(b, "part", flags & LINE_PART);
	json_flag(b, "tail", flags & LINE_TAIL);
	buf_adds(b, "}\n");
	if (b->len >= BATCH)
		flush(r);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct line_record *r = arg;
	const char *text = ev->text, *end = ev->text + ev->len;

	if (ev->type != EVT_LINE)
		return 0;
	make_head(r, ev);
	if (!(ev->flags & LINE_BLOCK)) {
		add(r, text, ev->len, ev->flags);
		flush(r);
		return 0;
	}
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));

		add(r, text, (size_t)(nl - text), 0);
		text = nl + 1;
	}
	flush(r);
	return 0;
}

static void
on_close(void *arg)
{
	struct line_record *r = arg;

	buf_fini(&r->out);
	buf_fini(&r->head);
	free(r);
}

void
line_record_start(void *arg, double mono)
{
	struct line_record *r = arg;

	r->o.start = mono;
	buf_clear(&r->head);
}

struct sink
line_record_open(const struct line_record_options *o)
{
	struct line_record *r = mem_calloc(1, sizeof(*r));

	r->o = *o;
	return (struct sink){
		.name = "lines", .arg = r, .event = on_event,
		.close = on_close,
	};
}

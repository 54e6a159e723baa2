/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/action.h"
#include "model/plan.h"
#include "model/program.h"
#include "model/runner.h"
#include "sink/folding.h"
#include "sink/later.h"
#include "sink/notice.h"
#include "sink/printer.h"
#include "sink/rows.h"
#include "sink/shelf.h"

struct printer {
	struct printer_options o;
	struct rows rows;
	struct mark mark;
	struct buf text;	/* of messages, and of lines with a head */
	struct hold_store store;
	struct shelf shelf;
	struct folding folding;	/* for MODE_FOLD */

	struct later later;	/* for options.quiet */
	bool bad;		/* some lane did not end well */
	bool past;		/* what happens did so before the resume */
	bool troubled;		/* that lines cannot be kept was said */
	bool mute;
	bool fast;		/* lines go straight through, as they are */
};

/* --- messages ----------------------------------------------------------- */

/* a message that was written into s->text */
static void
message(struct printer *s)
{
	rows_message(&s->rows, s->text.data, s->text.len);
}

static void
on_trouble(void *arg, int error, bool lost)
{
	struct printer *s = arg;
	struct buf b = { 0 };

	if (s->troubled && !lost)
		return;
	s->troubled |= !lost;
	buf_addf(&b, "output that waits %s in %s: %s",
	    lost ? "was lost" : "cannot be kept",
	    s->store.dir && *s->store.dir ? s->store.dir : "/tmp",
	    strerror(error));
	if (!lost)
		buf_adds(&b, "; it is shown as it comes");
	notice_warning(&s->text, &s->rows.err.face, NULL, b.data, b.len);
	message(s);
	buf_fini(&b);
}

/* --- lines -------------------------------------------------------------- */

static void
on_show(void *arg, uint32_t lane, const char *tag, unsigned kind,
    const char *text, size_t len)
{
	struct printer *s = arg;

	if (s->mute)
		return;
	if (s->folding.alike.taking)
		alike_line(&s->folding.alike, kind, text, len);
	else
		rows_line(&s->rows, lane, tag, kind, text, len);
}

/* a line that may have to be kept: what stands before it goes with it */
static unsigned
headed(struct printer *s, const struct event *ev, unsigned kind,
    const char **text, size_t *len)
{
	const struct buf *head = &s->mark.head;

	if (!mark_is_on(&s->mark))
		return kind;
	mark_line(&s->mark, ev);
	buf_clear(&s->text);
	buf_add(&s->text, head->data, head->len);
	buf_add(&s->text, *text, *len);
	*text = s->text.data;
	*len = s->text.len;
	return ROWS_HEADED(kind, head->len);
}

/* the whole output of a lane begins, or ends */
static void
on_piece(void *arg, const struct shelf_piece *p, bool ended)
{
	struct printer *s = arg;

	if (s->past || s->mute)
		return;
	if (ended)
		alike_end(&s->folding.alike, p);
	else
		alike_begin(&s->folding.alike, p);
}

static void line(struct printer *, const struct event *);

/* one by one, for ways on which each line is looked at */
static void
split(struct printer *s, const struct event *ev)
{
	const char *text = ev->text, *end = ev->text + ev->len;
	struct event one = *ev;

	one.flags = 0;
	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));

		one.text = text;
		one.len = (size_t)(nl - text);
		line(s, &one);
		text = nl + 1;
	}
}

static void
line(struct printer *s, const struct event *ev)
{
	bool more = ev->flags & LINE_MORE;
	unsigned mark = ev->stream == STREAM_ERR ? TAG_ERR : TAG_OUT;
	unsigned kind = ROWS_KIND(more ? (unsigned)TAG_MORE : mark,
	    ev->flags, ev->stream);
	const char *text = ev->text;
	size_t len = ev->len;

	if (s->o.mode >= MODE_NONE)
		return;
	if (ev->flags & LINE_BLOCK) {
		split(s, ev);
		return;
	}
	kind = headed(s, ev, kind, &text, &len);
	if (s->folding.live && !(ev->step && ev->step->quiet))
		gather_add(&s->folding.gather, ev->lane, kind, text, len,
		    ev->mono);
	if (shelf_is_open(&s->shelf) && !(ev->step && ev->step->quiet))
		on_show(s, ev->lane->id, ev->lane->tag, kind, text, len);
	else
		shelf_line(&s->shelf, ev->lane, ev->step, kind, text, len);
}

/* a text of ours, a line for each of its own */
static void
lines(struct printer *s, const struct event *ev, unsigned kind,
    const char *text, size_t len)
{
	const char *nl;

	while (len > 0 && text[len - 1] == '\n')
		len--;
	do {
		const char *row = text;
		size_t n = len;
		unsigned k;

		if ((nl = len ? memchr(text, '\n', len) : NULL))
			n = (size_t)(nl - text);
		k = headed(s, ev, kind, &row, &n);
		if (s->folding.live)
			gather_add(&s->folding.gather, ev->lane, k, row, n,
			    ev->mono);
		shelf_line(&s->shelf, ev->lane, NULL, k, row, n);
		if (nl) {
			len -= (size_t)(nl + 1 - text);
			text = nl + 1;
		}
	} while (nl);
}

/* --- events ------------------------------------------------------------- */

static void
step_start(struct printer *s, const struct event *ev)
{
	const char *command = ev->step->command;

	shelf_step_start(&s->shelf, ev->lane, ev->step);
	/* without tags our own lines stay out of the commands' output */
	if (s->o.show_commands && command && !ev->lane->hidden &&
	    s->o.mode != MODE_MESSAGES)
		lines(s, ev, ROWS_KIND(TAG_COMMAND, 0, s->o.no_tag ?
		    STREAM_ERR : STREAM_OUT), command, strlen(command));
}

static void
lane_end(struct printer *s, const struct event *ev)
{
	shelf_end(&s->shelf, ev->lane);
	if (ev->verdict == LANE_FAILED) {
		notice_failure(&s->text, &s->rows.err.face, ev->lane,
		    ev->result);
		message(s);
	}
	if (!ev->lane->sub && (ev->verdict == LANE_FAILED ||
	    ev->verdict == LANE_CANCELLED))
		s->bad = true;
	if (s->o.flaky_fails && !ev->lane->sub && !ev->lane->hidden &&
	    ev->verdict == LANE_OK && ev->tries > 1)
		s->bad = true;
}

static void
run_end(struct printer *s)
{
	shelf_flush(&s->shelf);
	folding_show(&s->folding);
	if (s->bad)
		later_show(&s->later);
	else
		later_drop(&s->later);
}

/* why a step of a run that is resumed is run again, or is not */
static void
why(struct printer *s, const struct event *ev)
{
	struct buf b = { 0 };

	shelf_start(&s->shelf, ev->lane);
	if (ev->step && ev->step->label)
		buf_addf(&b, "%s: ", ev->step->label);
	buf_add(&b, ev->text, ev->len);
	lines(s, ev, ROWS_KIND(TAG_SAY, 0, STREAM_OUT), b.data, b.len);
	buf_fini(&b);
}

/* before the run was resumed: it was shown then, only its place is taken */
static void
past(struct printer *s, const struct event *ev)
{
	if (ev->type == EVT_LANE_START || ev->type == EVT_LANE_END)
		shelf_start(&s->shelf, ev->lane);
	if (ev->type == EVT_LANE_START && !ev->lane->hidden)
		tag_widen(&s->rows.tag, mark_name(&s->mark, ev->lane));
	if (ev->type != EVT_LANE_END)
		return;
	s->past = true;
	shelf_end(&s->shelf, ev->lane);
	s->past = false;
	s->bad |= !ev->lane->sub && (ev->verdict == LANE_FAILED ||
	    ev->verdict == LANE_CANCELLED);
}

/* the way of nearly all lines */
static void
fast_line(struct printer *s, const struct event *ev)
{
	bool err = ev->stream == STREAM_ERR;

	if (mark_is_on(&s->mark)) {
		mark_line(&s->mark, ev);
		tag_head(&s->rows.tag, s->mark.head.data, s->mark.head.len);
	}
	if (ev->flags)
		rows_block(&s->rows, ev->lane->id, ev->lane->tag,
		    err ? TAG_ERR : TAG_OUT, err, ev->text, ev->len);
	else
		rows_plain(&s->rows, ev->lane->id, ev->lane->tag,
		    err ? TAG_ERR : TAG_OUT, err, ev->text, ev->len);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct printer *s = arg;

	if (ev->type == EVT_LINE && s->fast &&
	    !(ev->flags & ~(unsigned)LINE_BLOCK) &&
	    !(ev->step && ev->step->quiet)) {
		fast_line(s, ev);
		return 0;
	}
	if (s->mute)
		return 0;
	mark_hear(&s->mark, ev);
	if (ev->past) {
		past(s, ev);
		return 0;
	}
	if (s->folding.live)
		folding_hear(&s->folding, ev);
	switch (ev->type) {
	case EVT_LINE:
		line(s, ev);
		break;
	case EVT_SAY:
		if (s->o.mode == MODE_MESSAGES)
			break;
		lines(s, ev, ROWS_KIND(TAG_SAY, 0, STREAM_OUT),
		    ev->text, ev->len);
		break;
	case EVT_LANE_START:
		if (!ev->lane->hidden)
			tag_widen(&s->rows.tag,
			    mark_name(&s->mark, ev->lane));
		shelf_start(&s->shelf, ev->lane);
		break;
	case EVT_STEP_START:
		step_start(s, ev);
		break;
	case EVT_STEP_END:
		if (!ev->again)
			shelf_step_end(&s->shelf, ev->lane, ev->step,
			    ev->result);
		break;
	case EVT_LANE_END:
		lane_end(s, ev);
		break;
	case EVT_WARN:
		notice_warning(&s->text, &s->rows.err.face, ev->lane,
		    ev->text, ev->len);
		message(s);
		break;
	case EVT_PAST:
		why(s, ev);
		break;
	case EVT_UNSTARTED:
		s->bad = true;
		break;
	case EVT_RUN_END:
		run_end(s);
		break;
	default:
		break;
	}
	return 0;
}

static void
on_close(void *arg)
{
	struct printer *s = arg;

	/* after the end of the run nothing is left to show */
	s->bad = true;
	if (!s->mute)
		run_end(s);
	shelf_fini(&s->shelf);
	folding_fini(&s->folding);
	later_fini(&s->later);
	hold_close(&s->store);
	rows_fini(&s->rows);
	mark_fini(&s->mark);
	buf_fini(&s->text);
	free(s);
}

void
printer_tick(void *arg, double now)
{
	struct printer *s = arg;

	if (s->folding.live && !s->mute)
		gather_tick(&s->folding.gather, now);
}

void
printer_mute(void *arg)
{
	struct printer *s = arg;

	s->mute = true;
	s->fast = false;
}

static void
open_fold(struct printer *s)
{
	const struct printer_options *o = &s->o;

	/* lines of many lanes have no mark of their own */
	mark_init(&s->mark, MARK_NO_TIME, NULL);
	s->shelf.group = true;
	s->shelf.order = false;
	s->shelf.piece = on_piece;
	s->folding.alike = (struct alike){
		.store = &s->store, .diff = o->diff, .order = o->keep_order,
		.trouble = on_trouble, .arg = s,
	};
	/* names and their order can be told at the end only */
	s->folding.live = o->live && !o->no_tag && !o->keep_order &&
	    !o->quiet;
	folding_open(&s->folding, &s->rows);
}

struct sink
printer_open(const struct printer_options *o)
{
	struct printer *s = mem_calloc(1, sizeof(*s));

	s->o = *o;
	rows_init(&s->rows, &o->out, &o->err);
	s->rows.no_tag = o->no_tag;
	mark_init(&s->mark, o->time, o->tag);
	hold_open(&s->store, o->tmpdir, o->hold_max ? o->hold_max : HOLD_MAX);
	s->shelf.group = o->mode == MODE_GROUP;
	s->shelf.order = o->keep_order;
	if (o->mode == MODE_FOLD)
		open_fold(s);
	s->rows.mixed = shelf_is_open(&s->shelf);
	s->shelf.show = on_show;
	s->shelf.trouble = on_trouble;
	s->shelf.arg = s;
	s->shelf.store = &s->store;
	s->later = (struct later){
		.store = &s->store, .trouble = on_trouble, .arg = s
	};
	if (o->quiet)
		later_begin(&s->later, &s->rows.out.face.outlet,
		    &s->rows.err.face.outlet);
	s->fast = o->mode == MODE_STREAM && !o->keep_order && !o->no_tag &&
	    !o->out.escape;
	return (struct sink){
		.name = "stream", .arg = s, .event = on_event,
		.close = on_close, .past = true,
	};
}

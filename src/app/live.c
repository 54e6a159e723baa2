/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/live.h"
#include "app/overview.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "io/loop.h"
#include "io/out.h"
#include "io/term.h"
#include "io/tick.h"
#include "model/event.h"
#include "sink/foot.h"

/* seconds between two looks at what is new */
#define EVERY_S 0.1
#define FRAME_S 0.05
/* a run that is over at once shows no view */
#define FIRST_S 0.3
/* so many bytes of lines do not wait for the next frame */
enum { ENOUGH = 256 * 1024 };

/* all of a frame is shown at once by terminals that know how to */
#define SYNC_ON "\033[?2026h"
#define SYNC_OFF "\033[?2026l"
/* what is too wide is cut: the terminal may be narrower than we know yet */
#define WRAP_OFF "\033[?7l"
#define WRAP_ON "\033[?7h"

struct live {
	struct loop *loop;
	struct live_config c;
	struct out *out;
	struct term *term;
	struct tick *tick;
	struct foot_style style;
	struct buf lines;	/* to come above the view */
	struct buf shown;	/* the view as it is drawn, if it is */
	struct buf next;	/* as it is to be */
	struct buf text;	/* what is written */
	double at;		/* of the last frame */
	bool drawn, stopped, over, lost;
};

/* --- one frame ------------------------------------------------------------ */

/* columns of a row of ours, without its colours */
static size_t
row_columns(const char *s, size_t n)
{
	size_t columns = 0;

	while (n > 0) {
		const char *esc = memchr(s, '\033', n), *end;
		size_t len = esc ? (size_t)(esc - s) : n;

		columns += utf8_columns(s, len);
		s += len;
		n -= len;
		end = n > 0 ? memchr(s, 'm', n) : NULL;
		if (!end)
			break;
		n -= (size_t)(end + 1 - s);
		s = end + 1;
	}
	return columns;
}

/* rows of the terminal from the first of the view to the cursor's */
static size_t
rows_above(const struct live *v)
{
	const char *s = v->shown.data, *end = s + v->shown.len;
	size_t rows = 0, width = v->style.columns;
	bool reflows = term_reflows(v->term);

	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((nl ? nl : end) - s);
		size_t columns = reflows ? row_columns(s, n) : 0;

		rows += columns > width ? (columns - 1) / width : 0;
		if (!nl)
			break;
		rows++;
		s = nl + 1;
	}
	return rows;
}

/* the cursor goes to where the view begins */
static void
go_up(struct live *v)
{
	size_t n = v->drawn ? rows_above(v) : 0;

	if (!v->drawn)
		return;
	buf_addc(&v->text, '\r');
	if (n > 0)
		buf_addf(&v->text, "\033[%zuA", n);
}

/* each row over what stood there */
static void
put_view(struct live *v)
{
	const char *s = v->next.data, *end = s + v->next.len;

	buf_adds(&v->text, WRAP_OFF);
	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((nl ? nl : end) - s);

		buf_add(&v->text, s, n);
		buf_adds(&v->text, nl ? "\033[K\n" : "\033[J");
		s += n + (nl != NULL);
	}
	buf_adds(&v->text, WRAP_ON);
}

static void
send(struct live *v)
{
	if (!v->lost)
		out_write(v->out, v->text.data, v->text.len);
	buf_clear(&v->text);
}

/* lines, and behind them the view (next), which may be empty */
static void
draw(struct live *v)
{
	bool frame = v->drawn || v->next.len > 0;

	if (frame)
		buf_adds(&v->text, SYNC_ON);
	go_up(v);
	if (v->drawn && (v->lines.len > 0 || v->next.len == 0))
		buf_adds(&v->text, "\033[J");
	if (v->lines.len > 0)
		buf_add(&v->text, v->lines.data, v->lines.len);
	buf_clear(&v->lines);
	if (v->next.len > 0)
		put_view(v);
	if (frame)
		buf_adds(&v->text, SYNC_OFF);
	v->drawn = v->next.len > 0;
	buf_clear(&v->shown);
	buf_add(&v->shown, v->next.data, v->next.len);
	v->at = loop_now(v->loop);
	send(v);
}

static bool
is_wanted(const struct live *v)
{
	return !v->over && !v->stopped && !v->lost &&
	    overview_seconds(v->c.overview) >= FIRST_S &&
	    term_is_front(v->term);
}

static void
compose(struct live *v)
{
	buf_clear(&v->next);
	if (is_wanted(v))
		overview_draw(v->c.overview, &v->style, &v->next);
}

static void
frame(struct live *v)
{
	compose(v);
	if (v->lines.len == 0 && v->next.len == v->shown.len &&
	    (v->next.len == 0 ||
	    !memcmp(v->next.data, v->shown.data, v->next.len)))
		return;
	draw(v);
}

/* the view is taken away, lines go out */
static void
clear(struct live *v)
{
	buf_clear(&v->next);
	if (v->drawn || v->lines.len > 0)
		draw(v);
}

/* --- when ------------------------------------------------------------------- */

static void
on_tick(void *arg)
{
	struct live *v = arg;

	/* a terminal that is slow gets no frames that it cannot show */
	if (v->over || v->stopped || out_pending(v->out) > 0)
		return;
	frame(v);
}

/* the turn ends: what came is shown, unless a frame has just been */
static void
on_flush(void *arg)
{
	struct live *v = arg;

	if (v->lines.len == 0 || v->stopped)
		return;
	if (!v->drawn && !is_wanted(v)) {
		clear(v);
		return;
	}
	if (loop_now(v->loop) - v->at >= FRAME_S && out_pending(v->out) == 0)
		frame(v);
}

static char *
room(void *arg, size_t n)
{
	struct live *v = arg;

	return buf_room(&v->lines, n);
}

static void
commit(void *arg, size_t n)
{
	struct live *v = arg;

	v->lines.len += n;
	if (v->lines.len < ENOUGH || v->stopped)
		return;
	/* under them the view stays as it is */
	buf_clear(&v->next);
	buf_add(&v->next, v->shown.data, v->shown.len);
	draw(v);
}

/* --- the terminal ------------------------------------------------------------ */

static void
on_key(void *arg, int key)
{
	struct live *v = arg;

	v->c.key(v->c.arg, key);
	frame(v);
}

static void
on_resized(void *arg)
{
	struct live *v = arg;

	term_size(v->term, &v->style.rows, &v->style.columns);
	if (v->stopped || !v->drawn)
		return;
	compose(v);
	draw(v);
}

static void
on_stop(void *arg)
{
	struct live *v = arg;

	clear(v);
	v->stopped = true;
	out_drain(v->out, 1);
}

static void
on_cont(void *arg)
{
	struct live *v = arg;

	v->stopped = false;
	term_size(v->term, &v->style.rows, &v->style.columns);
	frame(v);
}

/* --- the whole ---------------------------------------------------------------- */

static int
on_event(void *arg, const struct event *ev)
{
	if (ev->type == EVT_RUN_END)
		live_end(arg);
	return 0;
}

struct sink
live_sink(struct live *v)
{
	return (struct sink){
		.name = "live", .arg = v, .event = on_event,
	};
}

struct outlet
live_outlet(struct live *v)
{
	return (struct outlet){ .arg = v, .room = room, .commit = commit };
}

unsigned
live_columns(const struct live *v)
{
	return v->style.columns;
}

void
live_end(struct live *v)
{
	v->over = true;
	clear(v);
}

void
live_leave(struct live *v)
{
	live_end(v);
	tick_free(v->tick);
	v->tick = NULL;
	term_free(v->term);
	v->term = NULL;
}

void
live_lost(struct live *v)
{
	v->lost = true;
}

void
live_attach(struct live *v, struct out *out)
{
	v->out = out;
}

struct live *
live_new(struct loop *loop, const struct live_config *c)
{
	struct live *v = mem_calloc(1, sizeof(*v));
	struct term_config t = {
		.fd = c->fd, .keys = true, .arg = v, .key = on_key,
		.resized = on_resized, .stop = on_stop, .cont = on_cont,
	};

	v->loop = loop;
	v->c = *c;
	v->style = (struct foot_style){
		.color = c->color, .utf8 = c->utf8, .keys = true,
	};
	v->term = term_new(loop, &t);
	term_size(v->term, &v->style.rows, &v->style.columns);
	v->tick = tick_new(loop, EVERY_S, on_tick, v);
	loop_on_flush(loop, on_flush, v);
	return v;
}

void
live_free(struct live *v)
{
	if (!v)
		return;
	loop_off_flush(v->loop, v);
	tick_free(v->tick);
	term_free(v->term);
	buf_fini(&v->lines);
	buf_fini(&v->shown);
	buf_fini(&v->next);
	buf_fini(&v->text);
	free(v);
}

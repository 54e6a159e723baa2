/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/overview.h"
#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "model/event.h"
#include "model/program.h"
#include "sink/board.h"
#include "sink/escape.h"
#include "sink/foot.h"
#include "sink/pace.h"

enum {
	NAME_SHOWN = 40,
	WAITS_SHOWN = 100	/* lanes whose reasons are told */
};

struct overview {
	struct loop *loop;
	struct engine *engine;	/* NULL: not ours */
	struct board *board;
	struct pace *pace;
	bool begun;
	double began;		/* by the clock of the events */
	double mono, wall;	/* of the last event */
	struct foot_row *row;
	size_t row_cap;
};

static int
on_event(void *arg, const struct event *ev)
{
	struct overview *v = arg;

	if (ev->type == EVT_RUN_START && !v->begun) {
		v->begun = true;
		v->began = ev->mono;
	}
	v->mono = ev->mono;
	v->wall = ev->wall;
	return 0;
}

double
overview_now(const struct overview *v)
{
	if (v->engine)
		return loop_now(v->loop);
	/* what others write has its own clock */
	return v->mono + loop_wall(v->loop) - v->wall;
}

double
overview_seconds(const struct overview *v)
{
	return v->begun ? overview_now(v) - v->began : 0;
}

static void
fill(struct overview *v, struct foot_view *f, size_t most)
{
	double now = overview_now(v);
	struct engine_progress p = { .waiting = -1 };
	struct board_counts n = board_counts(v->board);

	if (v->engine)
		p = engine_progress(v->engine);
	else
		p.running = board_running(v->board);
	v->row = mem_grow(v->row, &v->row_cap, most + 1, sizeof(*v->row));
	*f = (struct foot_view){
		.job = board_job(v->board), .seconds = overview_seconds(v),
		.ok = n.ok, .rescued = n.rescued, .failed = n.failed,
		.cancelled = n.cancelled, .running = p.running,
		.waiting = p.waiting, .most = p.most, .paused = p.paused,
		.draining = p.draining, .ending = p.stopping,
		.failures = board_failures(v->board),
		.left = board_left(v->board, p.waiting, now),
		.late = board_late(v->board),
		.row = v->row, .work = board_work(v->board),
		.nrow = board_rows(v->board, now, v->row, most),
	};
}

void
overview_draw(struct overview *v, const struct foot_style *style,
    struct buf *b)
{
	struct foot_view f;

	fill(v, &f, foot_lanes(style));
	foot_draw(&f, style, b);
}

struct waits {
	struct buf *b;
	size_t n;
};

static void
on_waiting(void *arg, const struct lane_info *lane, const char *what)
{
	struct waits *w = arg;

	if (w->n++ >= WAITS_SHOWN)
		return;
	buf_adds(w->b, "  ");
	escape_short(w->b, true, lane->name, strlen(lane->name), NAME_SHOWN);
	buf_adds(w->b, " waits ");
	escape_word(w->b, true, what, strlen(what));
	buf_addc(w->b, '\n');
}

void
overview_tell(struct overview *v, const struct foot_style *style,
    struct buf *b)
{
	struct waits w = { .b = b };
	struct foot_view f;

	fill(v, &f, board_work(v->board));
	foot_tell(&f, style, b);
	if (v->engine)
		engine_tell_waiting(v->engine, on_waiting, &w);
	if (w.n > WAITS_SHOWN)
		buf_addf(b, "  ... and %zu more wait\n", w.n - WAITS_SHOWN);
}

void
overview_engine(struct overview *v, struct engine *e)
{
	v->engine = e;
}

struct pace *
overview_pace(struct overview *v)
{
	return v->pace;
}

struct board *
overview_board(struct overview *v)
{
	return v->board;
}

struct overview *
overview_new(struct loop *loop, struct bus *bus)
{
	struct overview *v = mem_calloc(1, sizeof(*v));
	struct sink own = {
		.name = "overview", .arg = v, .past = true,
		.event = on_event,
	}, sink;

	v->loop = loop;
	v->pace = pace_new();
	v->board = board_new(v->pace);
	bus_add(bus, &own);
	sink = board_sink(v->board);
	bus_add(bus, &sink);
	return v;
}

void
overview_free(struct overview *v)
{
	if (!v)
		return;
	board_free(v->board);
	pace_free(v->pace);
	free(v->row);
	free(v);
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "app/heartbeat.h"
#include "app/journaling.h"
#include "app/opts.h"
#include "app/overview.h"
#include "app/screen.h"
#include "base/buf.h"
#include "base/num.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "io/tick.h"
#include "sink/board.h"
#include "sink/escape.h"
#include "sink/foot.h"

enum {
	LANES_SHOWN = 3,
	NAME_SHOWN = 60,	/* bytes */
	STEP_SHOWN = 40,
	LOOKS = 10		/* within the time of silence */
};

/* looked at no more often, and no more seldom, than that: seconds */
#define LEAST 0.02
#define MOST 5.0

static uint64_t
said(const struct heartbeat *h)
{
	uint64_t n = out_total(h->screen->out) + out_total(h->screen->err);

	if (h->journal->json)
		n += out_total(h->journal->json);
	if (h->journal->events && h->journal->end.fd == STDOUT_FILENO)
		n += out_total(h->journal->events);
	return n;
}

/* --- the line ----------------------------------------------------------- */

static void
lanes_over(const struct heartbeat *h, struct buf *b)
{
	struct board_counts c = board_counts(h->board);
	struct engine_progress p = engine_progress(h->engine);
	int64_t over = c.ok + c.rescued + c.failed + c.cancelled;
	int64_t all = over;

	buf_addf(b, "%" PRId64, over);
	if (p.waiting >= 0) {
		all = over + p.running + p.waiting;
		buf_addf(b, " of %" PRId64, all);
	}
	buf_addf(b, " lane%s over", all == 1 ? "" : "s");
	if (c.failed > 0)
		buf_addf(b, ", %" PRId64 " failed", c.failed);
	if (p.stopping)
		buf_adds(b, ", ending");
	else if (p.draining)
		buf_adds(b, ", draining");
	else if (p.paused)
		buf_adds(b, ", paused");
}

static void
lane(struct buf *b, const struct foot_row *row)
{
	bool terminal = isatty(STDERR_FILENO);
	char show[NUM_SHOW];

	escape_short(b, terminal, row->name, strlen(row->name), NAME_SHOWN);
	if (*row->step) {
		buf_adds(b, " '");
		escape_short(b, terminal, row->step, strlen(row->step),
		    STEP_SHOWN);
		buf_addc(b, '\'');
	}
	buf_addf(b, " %s", num_show_duration(show, row->seconds));
	if (row->many)
		buf_addf(b, " (%.*s)", (int)row->len, row->line);
}

static void
lanes_in_work(const struct heartbeat *h, double now, struct buf *b)
{
	struct foot_row row[LANES_SHOWN];
	size_t n = board_rows(h->board, now, row, LANES_SHOWN);
	size_t all = board_work(h->board);

	buf_addf(b, ", %zu in work", all);
	for (size_t i = 0; i < n; i++) {
		buf_adds(b, i == 0 ? ": " : ", ");
		lane(b, &row[i]);
	}
	if (n > 0 && n < all)
		buf_addf(b, " and %zu more", all - n);
}

static void
say(struct heartbeat *h, double now)
{
	struct buf b = { 0 };
	char show[NUM_SHOW];

	buf_addf(&b, "pseq: %s: ", num_show_duration(show,
	    overview_seconds(h->screen->overview)));
	lanes_over(h, &b);
	lanes_in_work(h, now, &b);
	buf_addc(&b, '\n');
	out_write(h->screen->err, b.data, b.len);
	buf_fini(&b);
}

static void
on_tick(void *arg)
{
	struct heartbeat *h = arg;
	double now = loop_now(h->loop);
	uint64_t bytes = said(h);

	if (bytes == h->bytes && now - h->since < h->o->heartbeat)
		return;
	if (bytes == h->bytes)
		say(h, now);
	h->bytes = said(h);
	h->since = now;
}

/* --- its life ----------------------------------------------------------- */

void
heartbeat_begin(struct heartbeat *h, struct loop *loop,
    struct engine *engine)
{
	const struct options *o = h->o;
	double every = o->heartbeat / LOOKS;

	if (o->heartbeat <= 0 || o->quiet || isatty(STDOUT_FILENO))
		return;
	every = every < LEAST ? LEAST : every > MOST ? MOST : every;
	h->loop = loop;
	h->engine = engine;
	h->board = overview_board(h->screen->overview);
	h->since = loop_now(loop);
	h->tick = tick_new(loop, every, on_tick, h);
}

void
heartbeat_end(struct heartbeat *h)
{
	tick_free(h->tick);
	h->tick = NULL;
}

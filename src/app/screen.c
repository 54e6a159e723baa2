/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/again.h"
#include "app/events.h"
#include "app/live.h"
#include "app/opts.h"
#include "app/overview.h"
#include "app/screen.h"
#include "base/buf.h"
#include "io/loop.h"
#include "io/tick.h"
#include "sink/foot.h"
#include "sink/printer.h"
#include "sink/summary.h"

/* how long a slow reader of our output is waited for at the end */
enum { DRAIN_LIMIT = 24 * 3600 };

/* how often what waits is looked at */
#define TICK_S 0.1

static void
on_full(void *arg, bool full)
{
	struct screen *s = arg;
	bool was = s->full > 0;

	s->full += full ? 1 : -1;
	if (was != (s->full > 0))
		s->hold(s->arg, !was);
}

static void
on_out_failed(void *arg, int err)
{
	struct screen *s = arg;

	if (s->live)
		live_lost(s->live);
	if (err == EPIPE) {
		s->pipe = true;
		if (s->drained)
			return;
		printer_mute(s->printer.arg);
		if (s->has_summary)
			summary_mute(s->summary.arg);
		s->gone(s->arg);
		return;
	}
	s->broken = true;
	events_lost("standard output", err);
}

/* nobody can be told; the status will say it */
static void
on_err_failed(void *arg, int err)
{
	struct screen *s = arg;

	(void)err;
	s->broken = true;
}

static bool
is_same(int fd, int other)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstat(other, &b) == 0 &&
	    a.st_rdev == b.st_rdev && isatty(fd) && isatty(other);
}

/* a terminal that does what it is told, and lines that are whole */
static bool
can_live(const struct screen *s, const struct options *o, int fd)
{
	const char *term = getenv("TERM");

	return s->watched && o->output != OUTPUT_STREAM && !o->quiet &&
	    !o->no_tag && isatty(fd) && term && *term &&
	    strcmp(term, "dumb") != 0;
}

static void
open_live(struct screen *s, struct loop *loop, const struct options *o,
    int fd)
{
	struct live_config c = {
		.fd = fd, .color = opts_color(o, fd), .utf8 = opts_utf8(),
		.overview = s->overview, .arg = s->key_arg, .key = s->key,
	};

	/* what records are piped into may write to the terminal as well */
	if (fd == STDOUT_FILENO && can_live(s, o, fd))
		s->live = live_new(loop, &c);
}

static struct face
face_of(struct screen *s, const struct options *o, struct out *out, int fd)
{
	bool above = s->live && (out == s->out || is_same(fd, s->out_config.fd));

	return (struct face){
		.outlet = above ? live_outlet(s->live) : out_outlet(out),
		.color = opts_color(o, fd), .escape = isatty(fd),
	};
}

static const enum printer_mode modes[] = {
	[OUTPUT_LIVE] = MODE_STREAM, [OUTPUT_STREAM] = MODE_STREAM,
	[OUTPUT_GROUP] = MODE_GROUP, [OUTPUT_FOLD] = MODE_FOLD,
	[OUTPUT_NONE] = MODE_NONE, [OUTPUT_JSON] = MODE_MESSAGES,
};

static void
on_tick(void *arg)
{
	struct screen *s = arg;

	printer_tick(s->printer.arg, overview_now(s->overview));
}

static void
open_outs(struct screen *s, struct loop *loop, int fd)
{
	s->out_config = (struct out_config){
		.fd = fd, .arg = s, .full = on_full,
		.failed = on_out_failed,
	};
	s->err_config = (struct out_config){
		.fd = STDERR_FILENO, .arg = s, .full = on_full,
		.failed = on_err_failed,
	};
	s->out = out_new(loop, &s->out_config);
	s->err = out_new(loop, &s->err_config);
	if (s->live)
		live_attach(s->live, s->out);
}

static void
open_printer(struct screen *s, struct loop *loop, const struct options *o,
    const struct face *out, struct bus *bus)
{
	struct printer_options p = {
		.mode = modes[o->output], .keep_order = o->keep_order,
		.no_tag = o->no_tag, .time = o->time, .tag = o->tag,
		.show_commands = o->show_commands, .diff = o->diff,
		.quiet = o->quiet, .flaky_fails = o->flaky == FLAKY_FAIL,
		/* what is over can be told as a whole */
		.live = o->output == OUTPUT_FOLD && out->escape && s->watched,
		.out = *out, .err = s->said, .tmpdir = getenv("TMPDIR"),
	};

	s->printer = printer_open(&p);
	bus_add(bus, &s->printer);
	if (p.live)
		s->tick = tick_new(loop, TICK_S, on_tick, s);
}

static void
open_summary(struct screen *s, const struct options *o, struct bus *bus)
{
	struct summary_options sum = {
		.quiet = o->quiet, .flaky_fails = o->flaky == FLAKY_FAIL,
		.retry = o->again && o->again->is_retry, .err = s->said,
	};

	s->summary = summary_open(&sum);
	bus_add(s->summed ? s->summed : bus, &s->summary);
}

void
screen_open(struct screen *s, struct loop *loop, const struct options *o,
    bool summary, struct bus *bus)
{
	/* who has standard output for itself; the rest is for people */
	int fd = o->output == OUTPUT_JSON || events_on_stdout(o->events) ?
	    STDERR_FILENO : STDOUT_FILENO;
	struct face out;

	s->overview = overview_new(loop, bus);
	open_live(s, loop, o, fd);
	open_outs(s, loop, fd);
	out = face_of(s, o, s->out, fd);
	s->said = face_of(s, o, s->err, STDERR_FILENO);
	if (s->live) {
		struct sink view = live_sink(s->live);

		bus_add(bus, &view);
	}
	open_printer(s, loop, o, &out, bus);
	/* what is held back is shown before it is summed up */
	s->has_summary = summary;
	if (summary)
		open_summary(s, o, bus);
}

static void
put(struct screen *s, const struct buf *b)
{
	struct outlet *o = &s->said.outlet;

	memcpy(o->room(o->arg, b->len), b->data, b->len);
	o->commit(o->arg, b->len);
}

void
screen_say(struct screen *s, const char *text)
{
	struct buf b = { 0 };

	buf_addf(&b, "pseq: %s\n", text);
	put(s, &b);
	buf_fini(&b);
}

/* the terminal has not taken what it was told before */
static bool
is_behind(const struct screen *s)
{
	const struct out *o = s->live && s->said.outlet.arg == s->live ?
	    s->out : s->err;

	return out_pending(o) > OUT_HIGH;
}

void
screen_tell(struct screen *s)
{
	struct foot_style style = {
		.color = s->said.color,
		.columns = s->live ? live_columns(s->live) : 0,
	};
	struct buf b = { 0 };

	if (is_behind(s))
		return;
	overview_tell(s->overview, &style, &b);
	put(s, &b);
	buf_fini(&b);
}

void
screen_leave(struct screen *s)
{
	if (s->live)
		live_leave(s->live);
}

void
screen_drain(struct screen *s)
{
	s->drained = true;
	tick_free(s->tick);
	s->tick = NULL;
	if (s->live)
		live_end(s->live);
	if (s->out)
		out_drain(s->out, DRAIN_LIMIT);
	if (s->err)
		out_drain(s->err, DRAIN_LIMIT);
}

void
screen_close(struct screen *s)
{
	if (s->out)
		out_free(s->out);
	if (s->err)
		out_free(s->err);
	live_free(s->live);
	overview_free(s->overview);
}

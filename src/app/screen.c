/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/events.h"
#include "app/opts.h"
#include "app/screen.h"
#include "sink/printer.h"
#include "sink/summary.h"

/* how long a slow reader of our output is waited for at the end */
enum { DRAIN_LIMIT = 24 * 3600 };

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

	if (err == EPIPE) {
		s->pipe = true;
		printer_mute(s->printer.arg);
		if (s->has_summary)
			summary_mute(s->summary.arg);
		s->gone(s->arg);
		return;
	}
	s->broken = true;
	fprintf(stderr, "pseq: warning: standard output: %s: the rest of it "
	    "is lost\n", strerror(err));
}

/* nobody can be told; the status will say it */
static void
on_err_failed(void *arg, int err)
{
	struct screen *s = arg;

	(void)err;
	s->broken = true;
}

static struct face
face_of(const struct options *o, struct out *out, int fd)
{
	return (struct face){
		.outlet = out_outlet(out), .color = opts_color(o, fd),
		.escape = isatty(fd),
	};
}

static const enum printer_mode modes[] = {
	[OUTPUT_LIVE] = MODE_STREAM, [OUTPUT_STREAM] = MODE_STREAM,
	[OUTPUT_GROUP] = MODE_GROUP, [OUTPUT_NONE] = MODE_NONE,
	[OUTPUT_JSON] = MODE_MESSAGES,
};

void
screen_open(struct screen *s, struct loop *loop, const struct options *o,
    bool summary, struct bus *bus)
{
	struct printer_options p = {
		.mode = modes[o->output], .keep_order = o->keep_order,
		.no_tag = o->no_tag, .time = o->time, .tag = o->tag,
		.show_commands = o->show_commands,
		.quiet = o->quiet, .tmpdir = getenv("TMPDIR"),
	};
	struct summary_options sum = {
		.quiet = o->quiet, .flaky_fails = o->flaky == FLAKY_FAIL,
		.retry = o->again && o->again->is_retry,
	};

	/* who has standard output for itself; the rest is for people */
	int fd = o->output == OUTPUT_JSON || events_on_stdout(o->events) ?
	    STDERR_FILENO : STDOUT_FILENO;

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
	p.flaky_fails = sum.flaky_fails;
	p.out = face_of(o, s->out, fd);
	p.err = sum.err = face_of(o, s->err, STDERR_FILENO);
	s->printer = printer_open(&p);
	bus_add(bus, &s->printer);
	/* what is held back is shown before it is summed up */
	s->has_summary = summary;
	if (summary) {
		s->summary = summary_open(&sum);
		bus_add(s->summed ? s->summed : bus, &s->summary);
	}
}

void
screen_drain(struct screen *s)
{
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
}

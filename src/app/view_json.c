/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/events.h"
#include "app/view_json.h"
#include "io/loop.h"
#include "journal/line_record.h"
#include "journal/tell.h"

/* how long a slow reader is waited for at the end */
enum { DRAIN_LIMIT = 24 * 3600 };

static void
on_full(void *arg, bool full)
{
	struct view_json *j = arg;

	j->hold(j->arg, full);
}

static void
on_failed(void *arg, int err)
{
	struct view_json *j = arg;

	if (err == EPIPE) {
		j->pipe = true;
		j->gone(j->arg);
		return;
	}
	j->broken = true;
	events_lost("standard output", err);
}

static bool
begins(const char *text, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(text, with, n);
}

static void
on_record(void *arg, const char *text, size_t len)
{
	struct view_json *j = arg;

	if (begins(text, len, "{\"type\":\"run\"") ||
	    begins(text, len, "{\"type\":\"resume\""))
		line_record_start(j->lines.arg, tell_clock(j->tell));
	out_write(j->out, text, len);
	out_write(j->out, "\n", 1);
}

void
view_json_open(struct view_json *j, struct loop *loop, struct bus *bus)
{
	struct line_record_options o = { .merged = true };

	j->config = (struct out_config){
		.fd = STDOUT_FILENO, .arg = j, .full = on_full,
		.failed = on_failed,
	};
	j->out = out_new(loop, &j->config);
	o.outlet = out_outlet(j->out);
	j->lines = line_record_open(&o);
	bus_add(bus, &j->lines);
}

void
view_json_listen(struct view_json *j, struct tell *tell)
{
	j->tell = tell;
	if (j->out)
		tell_on_record(tell, on_record, j);
}

void
view_json_drain(struct view_json *j)
{
	if (j->out)
		out_drain(j->out, DRAIN_LIMIT);
}

void
view_json_close(struct view_json *j)
{
	out_free(j->out);
}

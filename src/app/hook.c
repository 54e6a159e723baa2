/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/hook.h"
#include "app/session.h"
#include "base/arena.h"
#include "io/loop.h"
#include "io/out.h"
#include "io/task.h"
#include "model/plan.h"
#include "sink/summary.h"
#include "transport/local.h"
#include "walk/walk.h"

/* seconds for the command, and for whoever reads what it says */
enum { HOOK_LIMIT = 60, HOOK_DRAIN = 10 };

struct hook {
	struct loop *loop;
	struct out *out, *err;
	bool over;
};

/* --- the summary as a text ---------------------------------------------- */

struct sink
hook_sink(struct buf *text)
{
	struct summary_options o = {
		.err.outlet = outlet_buf(text),
	};

	return summary_open(&o);
}

/* --- the command -------------------------------------------------------- */

static void
warn(const char *text, size_t len)
{
	fprintf(stderr, "pseq: warning: report: %.*s\n", (int)len, text);
}

/* its output is nobody's but its own */
static void
on_line(void *arg, token_t token, unsigned stream, const char *text,
    size_t len, unsigned flags)
{
	struct hook *h = arg;
	struct out *out = stream == STREAM_ERR ? h->err : h->out;

	(void)token;
	out_write(out, text, len);
	if (!(flags & (LINE_BLOCK | LINE_PART | LINE_TAIL)))
		out_write(out, "\n", 1);
}

static void
on_done(void *arg, token_t token, const struct result *r)
{
	struct hook *h = arg;
	char show[STATUS_SHOW];

	(void)token;
	h->over = true;
	if (r->status == ST_TIMEOUT)
		fprintf(stderr, "pseq: warning: report: it was ended after "
		    "%d seconds\n", HOOK_LIMIT);
	else if (r->status != ST_OK) {
		status_show(show, r);
		warn(show, strlen(show));
	}
	loop_break(h->loop);
}

static void
on_warn(void *arg, token_t token, const char *text)
{
	(void)arg, (void)token;
	warn(text, strlen(text));
}

static void
on_nothing(void *arg)
{
	(void)arg;
}

static void
on_token(void *arg, token_t token)
{
	(void)arg, (void)token;
}

static const char *const *
add_status(struct arena *a, const char *const *env, int status)
{
	char text[32];
	const char **list;
	size_t n = 0;

	while (env[n])
		n++;
	list = arena_alloc(a, (n + 2) * sizeof(*list));
	snprintf(text, sizeof(text), "PSEQ_STATUS=%d", status);
	list[0] = arena_strdup(a, text);
	memcpy(list + 1, env, n * sizeof(*env));
	return list;
}

static void
start(struct hook *h, struct tasks *tasks, const struct launch *l)
{
	struct runner runner = tasks_runner(tasks);

	if (runner.start(runner.arg, 1, l) == 0) {
		if (!h->over)
			loop_run(h->loop);
		return;
	}
	fprintf(stderr, "pseq: warning: report: it cannot be started: %s\n",
	    strerror(errno));
}

static void
run(struct hook *h, const struct launch *l)
{
	const struct runner_up up = {
		.arg = h, .line = on_line, .done = on_done, .warn = on_warn,
		.woken = on_token, .room = on_token, .freed = on_nothing,
	};
	const struct tasks_config config = {
		.program = true, .title = session_title.text,
		.title_len = session_title.len,
	};
	const struct out_config out = { .fd = STDOUT_FILENO },
	    err = { .fd = STDERR_FILENO };
	struct tasks *tasks;

	h->loop = loop_new();
	tasks = h->loop ? tasks_new(h->loop, &up, &config) : NULL;
	if (!tasks) {
		warn(strerror(errno), strlen(strerror(errno)));
	} else {
		h->out = out_new(h->loop, &out);
		h->err = out_new(h->loop, &err);
		start(h, tasks, l);
		out_drain(h->out, HOOK_DRAIN);
		out_drain(h->err, HOOK_DRAIN);
		out_free(h->out);
		out_free(h->err);
		tasks_free(tasks);
	}
	if (h->loop)
		loop_free(h->loop);
}

void
hook_run(const struct plan *p, struct walk *w, int status, struct buf *text)
{
	struct hook h = { 0 };
	struct arena a = { 0 };
	struct buf why = { 0 };
	struct launch l;
	struct run r = { 0 };

	if (walk_command(w, &p->report, &r, &why) == -1) {
		warn(buf_str(&why), why.len);
		goto done;
	}
	r.in_bytes = buf_str(text);
	r.in_len = text->len;
	r.timeout = HOOK_LIMIT;
	transport_local.prepare(&r, &l, &a);
	l.env = add_status(&a, l.env, status);
	fflush(stderr);
	run(&h, &l);
done:
	buf_fini(&why);
	arena_fini(&a);
}

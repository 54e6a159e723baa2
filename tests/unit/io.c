/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "unit.h"

static void
on_line(void *arg, token_t token, unsigned stream, const char *text,
    size_t len, unsigned flags)
{
	struct run_io *r = arg;
	struct buf *b = stream == STREAM_OUT ? &r->out : &r->err;

	ck_assert(!r->inside);
	r->bytes += len;
	if (flags & LINE_BLOCK) {
		ck_assert_int_eq(text[len - 1], '\n');
		for (size_t i = 0; i < len; i++) {
			r->lines += text[i] == '\n';
			if (!r->quiet)
				buf_addc(b, text[i] == '\n' ? '|' : text[i]);
		}
		if (r->on_line)
			r->on_line(r, token);
		return;
	}
	r->lines++;
	if (!r->quiet) {
		buf_add(b, text, len);
		buf_addc(b, flags & LINE_PART ? '+' :
		    flags & LINE_TAIL ? '$' : '|');
	}
	if (r->on_line)
		r->on_line(r, token);
}

static void
on_done(void *arg, token_t token, const struct result *res)
{
	struct run_io *r = arg;

	(void)token;
	ck_assert(!r->inside);
	r->result = *res;
	snprintf(r->message, sizeof(r->message), "%s", res->message);
	snprintf(r->tail, sizeof(r->tail), "%.*s", (int)res->ntail, res->tail);
	buf_clear(&r->captured);
	buf_add(&r->captured, res->out, res->nout);
	buf_add(&r->captured, res->err, res->nerr);
	r->by_status[res->status]++;
	if (++r->done == r->want)
		loop_break(r->loop);
}

static void
on_woken(void *arg, token_t token)
{
	struct run_io *r = arg;

	r->woken += 1 + (unsigned)(token >> 32);
	loop_break(r->loop);
}

static void
on_warn(void *arg, token_t token, const char *text)
{
	struct run_io *r = arg;

	(void)token;
	ck_assert(!r->inside);
	buf_adds(&r->warned, text);
}

void
io_open(struct run_io *r)
{
	struct tasks_config cfg = { .program = true };

	*r = (struct run_io){ 0 };
	r->loop = loop_new();
	ck_assert_ptr_nonnull(r->loop);
	r->up = (struct runner_up){
		.arg = r, .line = on_line, .done = on_done,
		.woken = on_woken, .warn = on_warn
	};
	r->tasks = tasks_new(r->loop, &r->up, &cfg);
	ck_assert_ptr_nonnull(r->tasks);
	r->runner = tasks_runner(r->tasks);
}

void
io_close(struct run_io *r)
{
	tasks_free(r->tasks);
	loop_free(r->loop);
	buf_fini(&r->out);
	buf_fini(&r->err);
	buf_fini(&r->warned);
	buf_fini(&r->captured);
}

int
io_start(struct run_io *r, token_t token, const struct launch *l)
{
	int ret;

	r->inside = true;
	ret = r->runner.start(r->runner.arg, token, l);
	r->inside = false;
	return ret;
}

void
io_stop(struct run_io *r, token_t token, enum stop_why why)
{
	r->inside = true;
	r->runner.stop(r->runner.arg, token, why);
	r->inside = false;
}

void
io_wait(struct run_io *r, unsigned done)
{
	r->want = done;
	if (r->done < done)
		loop_run(r->loop);
	ck_assert_uint_eq(r->done, done);
}

void
io_run(struct run_io *r, const struct launch *l)
{
	struct launch full = *l;

	if (!full.env)
		full.env = (const char *const *)environ;
	buf_clear(&r->out);
	buf_clear(&r->err);
	ck_assert_int_eq(io_start(r, 0, &full), 0);
	io_wait(r, r->done + 1);
	buf_str(&r->out);
	buf_str(&r->err);
	buf_str(&r->warned);
	buf_str(&r->captured);
}

const char *
io_child(const char *name)
{
	static char path[4][512];
	static unsigned turn;
	const char *dir = getenv("PSEQ_CHILD");
	char *p = path[turn++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", dir ? dir : "build/child", name);
	return p;
}

bool
io_until(bool (*fn)(void *arg), void *arg)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	for (int i = 0; i < 8000; i++) {
		if (fn(arg))
			return true;
		nanosleep(&ms, NULL);
	}
	return false;
}

bool
io_runs(const char *word)
{
	char path[300], text[4096];
	struct dirent *e;
	bool found = false;
	ssize_t n;
	DIR *d = opendir("/proc");
	int fd;

	while (!found && (e = readdir(d))) {
		snprintf(path, sizeof(path), "/proc/%s/cmdline", e->d_name);
		fd = open(path, O_RDONLY);
		n = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);
		if (fd != -1)
			close(fd);
		if (n <= 0)
			continue;
		text[n] = '\0';
		for (char *p = text; p < text + n; p += strlen(p) + 1)
			found |= strcmp(p, word) == 0;
	}
	closedir(d);
	return found;
}

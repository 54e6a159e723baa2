/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/loop.h"
#include "io/out.h"

/* what a turn gathers before it is written in the middle of it */
enum { FLUSH = 256 * 1024 };

enum way {
	WAY_DIRECT,		/* never waits, or O_NONBLOCK is set */
	WAY_SOCKET,
	WAY_POLL		/* may wait: ask first, write little */
};

struct out {
	struct loop *loop;
	struct out_config cfg;
	int fd;
	bool own;		/* fd is a description of our own */
	enum way way;
	ev_io writable;
	char *buf;
	size_t head, len, cap;	/* waiting: len bytes at buf + head */
	uint64_t total;
	bool full;
	int err;		/* writing has ended with this */
	bool told;		/* … and failed() was called */
};

/* choose how to write without ever waiting */
static void
choose(struct out *o)
{
	char path[40];
	struct stat st;
	int fd;

	o->fd = o->cfg.fd;
	if (fstat(o->fd, &st) == -1)
		return;
	if (S_ISSOCK(st.st_mode)) {
		o->way = WAY_SOCKET;
		return;
	}
	if (!S_ISFIFO(st.st_mode) && !isatty(o->fd))
		return;
	/* a description of our own, so that O_NONBLOCK is ours alone */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1) {
		o->way = WAY_POLL;
		return;
	}
	o->fd = fd;
	o->own = true;
}

static ssize_t
put(struct out *o, const char *p, size_t n)
{
	struct pollfd pfd = { .fd = o->fd, .events = POLLOUT };

	switch (o->way) {
	case WAY_DIRECT:
		return write(o->fd, p, n);
	case WAY_SOCKET:
		return send(o->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	case WAY_POLL:
		break;
	}
	if (poll(&pfd, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(o->fd, p, n < PIPE_BUF ? n : PIPE_BUF);
}

static void
set_full(struct out *o, bool full)
{
	if (o->full == full)
		return;
	o->full = full;
	if (o->cfg.full)
		o->cfg.full(o->cfg.arg, full);
}

/* write as much as is taken; false: the rest has to wait */
static bool
push(struct out *o)
{
	while (o->len > 0) {
		ssize_t n = put(o, o->buf + o->head, o->len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return false;
		if (n == -1) {
			o->err = errno;
			o->len = 0;
			break;
		}
		o->head += (size_t)n;
		o->len -= (size_t)n;
	}
	o->head = 0;
	return true;
}

/* after push(): wait for the descriptor, or no longer */
static void
settle(struct out *o, bool empty)
{
	if (empty)
		ev_io_stop(loop_ev(o->loop), &o->writable);
	else
		ev_io_start(loop_ev(o->loop), &o->writable);
	if (o->len > o->cfg.high) {
		set_full(o, true);
	} else if (o->len <= o->cfg.low && o->full) {
		set_full(o, false);
		loop_again(o->loop);
	}
}

static void
on_writable(struct ev_loop *ev, ev_io *w, int events)
{
	struct out *o = w->data;

	(void)ev, (void)events;
	settle(o, push(o));
}

/* the turn ends: everything that was gathered goes out */
static void
on_flush(void *arg)
{
	struct out *o = arg;

	if (o->len > 0 && !ev_is_active(&o->writable))
		settle(o, push(o));
	if (o->err && !o->told) {
		o->told = true;
		if (o->cfg.failed)
			o->cfg.failed(o->cfg.arg, o->err);
		loop_again(o->loop);
	}
}

static char *
room(void *arg, size_t n)
{
	struct out *o = arg;

	if (o->head + o->len + n <= o->cap)
		return o->buf + o->head + o->len;
	if (o->head > 0) {
		memmove(o->buf, o->buf + o->head, o->len);
		o->head = 0;
	}
	o->buf = mem_grow(o->buf, &o->cap, o->len + n, 1);
	return o->buf + o->len;
}

static void
commit(void *arg, size_t n)
{
	struct out *o = arg;

	if (o->err)
		return;
	o->len += n;
	o->total += n;
	if (o->len < FLUSH)
		return;
	if (!ev_is_active(&o->writable))
		settle(o, push(o));
	else if (o->len > o->cfg.high)
		set_full(o, true);
}

struct out *
out_new(struct loop *loop, const struct out_config *cfg)
{
	struct out *o = mem_calloc(1, sizeof(*o));

	o->loop = loop;
	o->cfg = *cfg;
	if (!o->cfg.high)
		o->cfg.high = OUT_HIGH;
	if (!o->cfg.low)
		o->cfg.low = OUT_LOW;
	choose(o);
	ev_io_init(&o->writable, on_writable, o->fd, EV_WRITE);
	o->writable.data = o;
	loop_on_flush(loop, on_flush, o);
	return o;
}

struct outlet
out_outlet(struct out *o)
{
	return (struct outlet){ .arg = o, .room = room, .commit = commit };
}

void
out_write(struct out *o, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(room(o, n), p, n);
	commit(o, n);
}

uint64_t
out_total(const struct out *o)
{
	return o->total;
}

size_t
out_pending(const struct out *o)
{
	return o->len;
}

int
out_drain(struct out *o, double seconds)
{
	double end = loop_clock() + seconds;
	struct pollfd pfd = { .fd = o->fd, .events = POLLOUT };

	while (!push(o)) {
		double left = end - loop_clock();

		if (left <= 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		poll(&pfd, 1, left < 3600 ? (int)(left * 1000) + 1 : 3600000);
	}
	settle(o, true);
	if (o->err && !o->told) {
		o->told = true;
		if (o->cfg.failed)
			o->cfg.failed(o->cfg.arg, o->err);
	}
	errno = o->err;
	return o->err ? -1 : 0;
}

void
out_free(struct out *o)
{
	if (!o)
		return;
	ev_io_stop(loop_ev(o->loop), &o->writable);
	loop_off_flush(o->loop, o);
	if (o->own)
		close(o->fd);
	free(o->buf);
	free(o);
}

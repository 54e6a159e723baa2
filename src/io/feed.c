/* SPDX-License-Identifier: ISC */
/* standard input that comes piece by piece, while the process runs */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <unistd.h>

#include "io/inside.h"

enum { PIECE = 64 * 1024 };

void
feed_close(struct task_extra *x, struct ev_loop *ev)
{
	if (x->in.fd == -1)
		return;
	ev_io_stop(ev, &x->in);
	close(x->in.fd);
	x->in.fd = -1;
}

ssize_t
feed_put(struct task_extra *x, const char *p, size_t n)
{
	ssize_t done;

	do
		done = write(x->in.fd, p, n);
	while (done == -1 && errno == EINTR);
	if (done == -1 && errno == EAGAIN)
		return 0;
	return done;
}

bool
feed_before(struct task_extra *x)
{
	struct buf *b = &x->before;
	ssize_t n;

	if (x->before_at == b->len)
		return true;
	n = feed_put(x, b->data + x->before_at, b->len - x->before_at);
	/* an error shows at the next piece */
	x->before_at = n < 0 ? b->len : x->before_at + (size_t)n;
	return x->before_at == b->len;
}

/* the next piece of what a session is given; false: there is none now */
static bool
refill(struct task_extra *x)
{
	ssize_t n;

	buf_clear(&x->before);
	x->before_at = 0;
	n = session_supply(x->session, buf_room(&x->before, PIECE), PIECE);
	x->shut = n == 0;
	x->before.len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static void
on_writable(struct ev_loop *ev, ev_io *w, int events)
{
	struct task *t = w->data;
	struct tasks *a = t->all;

	(void)events;
	if (!feed_before(t->extra))
		return;
	if (t->extra->session && refill(t->extra))
		return;
	ev_io_stop(ev, w);
	if (t->extra->shut)
		feed_close(t->extra, ev);
	else
		a->up->room(a->up->arg, t->token);
}

int
feed_open(struct task *t, const struct launch *l)
{
	struct task_extra *x = task_extra(t);
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	ev_io_init(&x->in, on_writable, fd[1], EV_WRITE);
	x->in.data = t;
	buf_add(&x->before, l->in_bytes, l->in_len);
	if (!feed_before(x))
		ev_io_start(t->all->ev, &x->in);
	return fd[0];
}

ssize_t
feed_write(void *tasks, token_t token, const char *bytes, size_t len)
{
	struct tasks *a = tasks;
	struct task *t = task_of(a, token);
	struct task_extra *x = t ? t->extra : NULL;
	ssize_t n;

	if (t && t->kind == TASK_SESSION)
		return session_feed(t, bytes, len);
	if (!x || x->in.fd == -1 || x->shut)
		return -1;
	if (x->before_at < x->before.len)
		return 0;
	n = feed_put(x, bytes, len);
	if (n == -1)
		feed_close(x, a->ev);
	else if ((size_t)n < len)
		ev_io_start(a->ev, &x->in);
	return n;
}

void
feed_shut(void *tasks, token_t token)
{
	struct tasks *a = tasks;
	struct task *t = task_of(a, token);

	if (t && t->extra && t->extra->session) {
		session_shut(t);
		return;
	}
	if (!t || !t->extra || t->extra->in.fd == -1)
		return;
	t->extra->shut = true;
	if (t->extra->before_at == t->extra->before.len)
		feed_close(t->extra, a->ev);
}

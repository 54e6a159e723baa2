/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/full.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/plan.h"

enum {
	PIPE_SIZE = 64 * 1024,		/* as pipes are made */
	PIPE_LARGE = 256 * 1024,	/* as talkers get them */
	READ_LIST = 16 * 1024,		/* of a list, at a time */
};

/* an unfinished line that nothing was added to for so long is shown */
#define PARTIAL 1.0

static void
on_line(void *arg, const char *text, size_t len, unsigned flags)
{
	const struct stream *s = arg;
	const struct tasks *a = s->task->all;

	a->up->line(a->up->arg, s->task->token, s->id, text, len, flags);
}

/* one that does not rest is shown so often to those who want to see it */
#define PEEK 1.0

/* --- from bytes to lines ------------------------------------------------ */

static void
peek(struct stream *s)
{
	const struct tasks *a = s->task->all;
	double now = loop_now(a->loop);
	const char *text;
	size_t len;

	if (!a->cfg.peeks || now - s->peeked < PEEK)
		return;
	s->peeked = now;
	text = lines_peek(&s->lines, &len);
	a->up->peek(a->up->arg, s->task->token, s->id, text, len);
}

static void
note_partial(struct stream *s)
{
	struct tasks *a = s->task->all;

	link_del(&s->partial);
	if (!lines_waiting(&s->lines) || !task_runs(s->task))
		return;
	peek(s);
	s->partial_since = loop_now(a->loop);
	link_add(&a->partial, &s->partial);
	if (!ev_is_active(&a->partial_timer)) {
		ev_timer_set(&a->partial_timer, PARTIAL, 0.);
		ev_timer_start(a->ev, &a->partial_timer);
	}
}

static bool once(struct stream *);

/* we may have been the ones who were late: is there more of it? */
static bool
goes_on(struct stream *s)
{
	if (s->io.fd == -1 || s->rest || s->lines.stop ||
	    !s->task->all->reading)
		return false;
	return once(s) || !lines_waiting(&s->lines);
}

void
on_partial_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct tasks *a = w->data;
	double now = loop_now(a->loop), wait = 0;

	(void)events;
	while (link_in(&a->partial)) {
		struct stream *s = container(a->partial.next, struct stream,
		    partial);

		wait = s->partial_since + PARTIAL - now;
		if (wait > 0)
			break;
		link_del(&s->partial);
		if (link_in(&s->parked)) {
			/* it goes on, but we do not read for now */
			wait = PARTIAL;
			s->partial_since = now;
			link_add(&a->partial, &s->partial);
		} else if (!goes_on(s)) {
			lines_flush(&s->lines, on_line, s);
		}
	}
	ev_timer_stop(ev, w);
	if (link_in(&a->partial)) {
		ev_timer_set(w, wait, 0.);
		ev_timer_start(ev, w);
	}
}

/* hand over lines; what a hold leaves over is kept */
static void
cut(struct stream *s, const char *p, size_t n)
{
	size_t used = lines_feed(&s->lines, p, n, on_line, s);

	if (used < n) {
		s->rest = mem_alloc(n - used);
		memcpy(s->rest, p + used, n - used);
		s->rest_at = 0;
		s->rest_len = n - used;
	}
	note_partial(s);
}

void
stream_take(struct stream *s, const char *p, size_t n)
{
	if (stream_heed(s, &p, &n))
		cut(s, p, n);
}

/* --- their end ----------------------------------------------------------- */

bool
stream_is_open(const struct stream *s)
{
	return s->io.fd != -1 || s->far;
}

static void
shut(struct stream *s)
{
	struct tasks *a = s->task->all;

	if (s->far) {
		s->far = false;
		ev_clear_pending(a->ev, &s->io);
		link_del(&s->parked);
	}
	if (s->io.fd == -1)
		return;
	ev_io_stop(a->ev, &s->io);
	link_del(&s->ready);
	link_del(&s->parked);
	close(s->io.fd);
	s->io.fd = -1;
	a->nfd--;
}

static void
closed(struct stream *s)
{
	shut(s);
	if (task_closed(s->task))
		task_fact(s->task, FACT_CLOSED);
}

/* --- streams of sessions ------------------------------------------------- */

/* tell the peer how much was dealt with, and see whether this was all */
static void
settle(struct stream *s)
{
	size_t kept = s->rest ? s->rest_len - s->rest_at : 0;

	if (!s->far)
		return;
	if (s->owed > kept) {
		session_taken(s->task, s->owed - kept);
		s->owed = kept;
	}
	if (s->ended && !s->rest)
		closed(s);
}

static void
keep_rest(struct stream *s, const char *p, size_t n)
{
	struct tasks *a = s->task->all;
	size_t kept = s->rest ? s->rest_len - s->rest_at : 0;
	char *all = mem_alloc(kept + n);

	if (kept > 0)
		memcpy(all, s->rest + s->rest_at, kept);
	memcpy(all + kept, p, n);
	free(s->rest);
	s->rest = all;
	s->rest_at = 0;
	s->rest_len = kept + n;
	if (!a->reading && !link_in(&s->parked))
		link_add(&a->parked, &s->parked);
}

void
stream_push(struct stream *s, const char *p, size_t n)
{
	if (!s->far)
		return;
	s->owed += n;
	if (stream_heed(s, &p, &n)) {
		if (s->rest || !s->task->all->reading)
			keep_rest(s, p, n);
		else
			cut(s, p, n);
	}
	settle(s);
}

void
stream_over(struct stream *s)
{
	s->ended = true;
	settle(s);
}

/* --- reading ------------------------------------------------------------ */

static ssize_t
get(struct stream *s, char *buf, size_t n)
{
	struct pollfd p = { .fd = s->io.fd, .events = POLLIN };

	if (s->socket)
		return recv(s->io.fd, buf, n, MSG_DONTWAIT);
	if (s->shy && poll(&p, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return read(s->io.fd, buf, n);
}

/* one read; false: nothing is there, or there will be nothing any more */
static bool
once(struct stream *s)
{
	struct task *t = s->task;
	struct tasks *a = t->all;
	ssize_t n = get(s, a->buf,
	    t->kind == TASK_READ ? READ_LIST : READ_SIZE);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		/* EIO is how a terminal says that nobody writes any more */
		if (n == -1 && t->kind == TASK_READ) {
			struct buf b = { 0 };

			buf_addf(&b, "cannot read on: %s", strerror(errno));
			buf_str(&b);
			task_fail(t, b.data);
		}
		closed(s);
		return false;
	}
	if (n >= PIPE_SIZE && !s->grown && t->kind == TASK_PROCESS) {
		s->grown = true;
		fcntl(s->io.fd, F_SETPIPE_SZ, PIPE_LARGE);
	}
	task_fact(t, FACT_OUTPUT);
	stream_take(s, a->buf, (size_t)n);
	return true;
}

/* hand over what a hold left over; false: it is held again */
static bool
take_rest(struct stream *s)
{
	char *rest = s->rest;
	size_t at = s->rest_at, len = s->rest_len;

	if (!rest)
		return true;
	s->rest = NULL;
	at += lines_feed(&s->lines, rest + at, len - at, on_line, s);
	note_partial(s);
	if (at < len) {
		s->rest = rest;
		s->rest_at = at;
		s->rest_len = len;
		return false;
	}
	free(rest);
	return !s->lines.stop;
}

static void
park(struct stream *s)
{
	struct tasks *a = s->task->all;

	ev_io_stop(a->ev, &s->io);
	if (!link_in(&s->parked))
		link_add(&a->parked, &s->parked);
}

static void
on_readable(struct ev_loop *ev, ev_io *w, int events)
{
	struct stream *s = w->data;
	struct tasks *a = s->task->all;

	(void)events;
	if (!a->reading) {
		park(s);
		return;
	}
	if (s->rest) {
		if (take_rest(s) && w->fd != -1)
			ev_io_start(ev, w);
		settle(s);
		return;
	}
	/* libev begins with the last: of two streams the first to have data */
	if (!s->far && !link_in(&s->ready))
		link_add(a->ready.next, &s->ready);
}

void
streams_read(struct tasks *a)
{
	while (link_in(&a->ready)) {
		struct stream *s = container(a->ready.next, struct stream,
		    ready);

		link_del(&s->ready);
		if (a->reading)
			once(s);
		else
			park(s);
	}
}

void
stream_init(struct stream *s, struct task *t, unsigned id)
{
	*s = (struct stream){ .task = t, .id = id };
	s->lines.separator = '\n';
	ev_io_init(&s->io, on_readable, -1, EV_READ);
	s->io.data = s;
}

void
stream_open(struct stream *s, int fd, int events)
{
	struct tasks *a = s->task->all;

	ev_io_set(&s->io, fd, events);
	ev_io_start(a->ev, &s->io);
	a->nfd++;
}

void
stream_drain(struct stream *s)
{
	/* a descendant may write as fast as we read: not for ever */
	for (int i = 0; i < 8; i++) {
		if (s->io.fd == -1 || s->rest || s->lines.stop ||
		    s->task->state == TASK_OVER || !s->task->all->reading)
			return;
		if (!once(s))
			return;
	}
}

void
stream_hold(struct stream *s, bool on)
{
	struct tasks *a = s->task->all;

	s->lines.stop = on;
	if (!stream_is_open(s))
		return;
	if (on) {
		ev_io_stop(a->ev, &s->io);
		link_del(&s->ready);
		link_del(&s->parked);
	} else if (s->rest) {
		ev_feed_event(a->ev, &s->io, EV_READ);
		loop_again(a->loop);
	} else if (!s->far) {
		ev_io_start(a->ev, &s->io);
	}
}

void
stream_stop(struct stream *s)
{
	shut(s);
	link_del(&s->partial);
}

void
stream_end(struct stream *s)
{
	struct task_extra *x = s->task->extra;

	s->lines.stop = false;
	if (x && !x->marked && x->first.len > 0 && s->id == STREAM_OUT) {
		/* a first line without an end was never meant for us */
		x->marked = true;
		stream_capture(s, x->first.data, x->first.len);
		lines_feed(&s->lines, x->first.data, x->first.len, on_line, s);
	}
	lines_end(&s->lines, on_line, s);
	link_del(&s->partial);
}

void
stream_fini(struct stream *s)
{
	stream_stop(s);
	free(s->rest);
	s->rest = NULL;
	lines_fini(&s->lines);
}

void
streams_unpark(struct tasks *a)
{
	while (link_in(&a->parked)) {
		struct stream *s = container(a->parked.next, struct stream,
		    parked);

		link_del(&s->parked);
		if (s->rest) {
			ev_feed_event(a->ev, &s->io, EV_READ);
			loop_again(a->loop);
		} else if (!s->far) {
			ev_io_start(a->ev, &s->io);
		}
	}
}

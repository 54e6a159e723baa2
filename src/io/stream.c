/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/full.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/plan.h"

enum {
	PIPE_SIZE = 64 * 1024,		/* as pipes are made */
	PIPE_LARGE = 256 * 1024,	/* as talkers get them */
	READ_LIST = 16 * 1024,		/* of a list, at a time */
	TAIL = RESULT_TAIL,
	NOISE = 8 * 1024	/* before a mark; of more the end is kept */
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

/* --- what is kept of the bytes ------------------------------------------ */

static void
add(struct captured *c, size_t max, const char *p, size_t n)
{
	size_t left = max - c->buf.len;

	if (n > left) {
		c->full = true;
		n = left;
	}
	buf_add(&c->buf, p, n);
}

static void
capture(struct captures *c, unsigned stream, const char *p, size_t n)
{
	if (c->streams & stream)
		add(stream == STREAM_ERR ? &c->err : &c->out, c->max, p, n);
	if (c->mixed)
		add(&c->both, c->max, p, n);
}

static void
keep_tail(struct task *t, const char *p, size_t n)
{
	size_t want;

	if (n > TAIL) {
		p += n - TAIL;
		n = TAIL;
	}
	want = t->tail_len + n;
	if (want > TAIL) {
		size_t away = want - TAIL;

		t->tail_len = (uint16_t)(t->tail_len - away);
		memmove(t->tail, t->tail + away, t->tail_len);
		want = TAIL;
	}
	if (want > t->tail_cap) {
		t->tail_cap = want <= 256 ? 256 : TAIL;
		t->tail = mem_realloc(t->tail, t->tail_cap);
	}
	memcpy(t->tail + t->tail_len, p, n);
	t->tail_len = (uint16_t)want;
}

/* a line that ends in "MARK GROUP [MORE]"; false: it is none */
static bool
is_mark(struct task *t, const char *line, size_t len)
{
	struct task_extra *x = t->extra;
	size_t n = strlen(x->mark);
	const char *p = memmem(line, len, x->mark, n);
	char *end, text[64];
	long group;

	/* who is greeted without a newline finds it behind that */
	if (!p || (size_t)(line + len - p) >= n + sizeof(text))
		return false;
	p += n;
	n = (size_t)(line + len - p);
	memcpy(text, p, n);
	text[n] = '\0';
	if (*text != ' ')
		return false;
	group = strtol(text, &end, 10);
	/* one that cannot be seen from where it runs is the one we made */
	if (group == 0 && end > text + 1 && t->pid > 0)
		group = t->pid;
	if (group <= 1)
		return false;
	x->group = (pid_t)group;
	if (t->kind == TASK_SESSION)
		session_marked(t, end);
	else if (x->user)
		guard_add_user(&t->all->guard, t->slot, x->group, x->user);
	return true;
}

/*
 * Where something comes between us and a command, it tells its group in a
 * line for us alone; what stands before that was said by others.  Returns
 * false as long as that line did not come.
 */
static bool
find_mark(struct task *t, const char **p, size_t *n)
{
	struct buf *first = &t->extra->first;
	size_t at = 0, line;
	const char *end;

	while (at < *n) {
		end = memchr(*p + at, '\n', *n - at);
		line = first->len;
		while (line > 0 && first->data[line - 1] != '\n')
			line--;
		buf_add(first, *p + at,
		    (end ? (size_t)(end - *p) + 1 : *n) - at);
		at = end ? (size_t)(end - *p) + 1 : *n;
		if (end && is_mark(t, first->data + line,
		    first->len - line - 1)) {
			t->extra->marked = true;
			buf_fini(first);
			*p += at;
			*n -= at;
			return true;
		}
		if (first->len > NOISE) {
			first->len -= NOISE / 2;
			memmove(first->data, first->data + NOISE / 2,
			    first->len);
		}
	}
	return false;
}

/* a file gets what we read, because somebody looks at it as well */
static void
write_file(struct task *t, const char *p, size_t n)
{
	struct task_extra *x = t->extra;
	struct buf b = { 0 };

	if (full_write(x->tee, p, n) == 0)
		return;
	buf_addf(&b, "cannot write to 'stdout file': %s", strerror(errno));
	buf_str(&b);
	task_fail(t, b.data);
	close(x->tee);
	x->tee = -1;
}

/* --- from bytes to lines ------------------------------------------------ */

static void
note_partial(struct stream *s)
{
	struct tasks *a = s->task->all;

	link_del(&s->partial);
	if (!lines_waiting(&s->lines) || !task_runs(s->task))
		return;
	s->partial_since = loop_now(a->loop);
	link_add(&a->partial, &s->partial);
	if (!ev_is_active(&a->partial_timer)) {
		ev_timer_set(&a->partial_timer, PARTIAL, 0.);
		ev_timer_start(a->ev, &a->partial_timer);
	}
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
		lines_flush(&s->lines, on_line, s);
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

/* all that is to be done with bytes but to make lines of them */
static bool
look(struct stream *s, const char **p, size_t *n)
{
	struct task *t = s->task;
	struct task_extra *x = t->extra;

	if (x && x->mark && !x->marked && s->id == STREAM_OUT &&
	    !find_mark(t, p, n))
		return false;
	if (*n == 0)
		return false;
	if (t->capture)
		capture(t->capture, s->id, *p, *n);
	if (x && x->tee != -1 && s->id == STREAM_OUT)
		write_file(t, *p, *n);
	if (s->id == STREAM_ERR || s->lines.strip_cr)
		keep_tail(t, *p, *n);
	if (!x || s->id != STREAM_OUT)
		return true;
	if (x->consume)
		x->consume(t, *p, *n);
	return !x->consume && !x->unseen;
}

void
stream_take(struct stream *s, const char *p, size_t n)
{
	if (look(s, &p, &n))
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
	if (look(s, &p, &n)) {
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
on_readable(struct ev_loop *ev, ev_io *w, int events)
{
	struct stream *s = w->data;
	struct tasks *a = s->task->all;

	(void)events;
	if (!a->reading) {
		ev_io_stop(ev, w);
		if (!link_in(&s->parked))
			link_add(&a->parked, &s->parked);
		return;
	}
	if (s->rest) {
		if (take_rest(s) && w->fd != -1)
			ev_io_start(ev, w);
		settle(s);
		return;
	}
	if (s->far)
		return;
	once(s);
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
		if (s->task->capture)
			capture(s->task->capture, s->id, x->first.data,
			    x->first.len);
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

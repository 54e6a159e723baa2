/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/input.h"
#include "io/loop.h"
#include "io/session.h"

static struct session *
of_channel(struct mux_channel *ch)
{
	return container(ch, struct session, channel);
}

static void on_pong(struct mux_channel *);

/* --- its end -------------------------------------------------------------- */

/* it ended there; what is left is its output, or the rest of its group */
static void
has_ended(struct session *s)
{
	struct task *t = s->task;

	if (!t->reaped) {
		t->reaped = true;
		t->ended = loop_clock();
	}
	if (t->state != TASK_ENDING || s->gone)
		task_fact(t, FACT_REAPED);
}

/* nothing comes any more, and nobody said how it ended */
static void
is_lost(struct session *s, enum status verdict, const char *message)
{
	struct task *t = s->task;

	if (!t->reaped) {
		task_fail_as(t, verdict, mem_strdup(message));
		t->unknown = true;
	} else if (t->state == TASK_ENDING && !s->gone) {
		t->unknown = true;
	}
	s->gone = true;
	stream_over(&t->out);
	stream_over(&t->err);
	if (t->state != TASK_OVER)
		has_ended(s);
}

void
session_fail(struct session *s, enum status status, const char *message)
{
	struct task *t = s->task;

	task_fail_as(t, status, mem_strdup(message));
	task_fact(t, FACT_REAPED);
}

void
session_gone(struct session *s, bool confirmed)
{
	struct task *t = s->task;

	if (t->state != TASK_ENDING)
		return;
	s->gone = true;
	if (!confirmed) {
		t->unknown = true;
		task_over(t);
	} else if (t->reaped) {
		task_fact(t, FACT_REAPED);
	}
}

bool
session_group_lives(const struct task *t)
{
	return !t->extra->session->gone;
}

/* --- what the channel says ------------------------------------------------ */

/* its own time begins now, not while it waits for its turn */
void
session_begun(struct task *t)
{
	double now = loop_clock();

	if (t->deadline > 0)
		t->deadline += now - t->started;
	t->started = t->last = now;
	t->state = TASK_RUNNING;
	task_rearm(t);
}

static void
on_opened(struct mux_channel *ch)
{
	struct session *s = of_channel(ch);
	struct buf head = { 0 };

	conn_opened(s->conn, s);
	mux_exec(ch, s->conn->command);
	/* the first line of its input begins with the watcher's words */
	warden_words(&s->conn->warden, &head);
	buf_add(&head, s->supply.head.data, s->supply.head.len);
	buf_fini(&s->supply.head);
	s->supply.head = head;
	mux_want(ch);
	session_begun(s->task);
}

static void
on_refused(struct mux_channel *ch, const char *why, size_t len)
{
	struct session *s = of_channel(ch);

	conn_refused(s->conn, s, why, len);
}

static void
on_closed(struct mux_channel *ch)
{
	struct session *s = of_channel(ch);
	struct task *t = s->task;

	if (!t->reaped) {
		is_lost(s, ST_LOST, "the session was closed without a word "
		    "about how the command ended");
		return;
	}
	/* the rest of its group may still be ended */
	stream_over(&t->out);
	stream_over(&t->err);
}

static void
on_lost(struct mux_channel *ch)
{
	struct session *s = of_channel(ch);

	if (s->task->state == TASK_WAITING) {
		/* not begun: it may have another connection */
		conn_again(s->conn, s);
		return;
	}
	is_lost(s, ST_LOST, conn_why(s->conn));
}

static void
on_data(struct mux_channel *ch, bool err, const char *p, size_t n)
{
	struct task *t = of_channel(ch)->task;

	task_fact(t, FACT_OUTPUT);
	stream_push(err ? &t->err : &t->out, p, n);
}

static bool
on_room(struct mux_channel *ch)
{
	struct session *s = of_channel(ch);
	struct task *t = s->task;
	size_t n = SIZE_MAX;
	char *p = mux_begin(ch, &n);
	ssize_t got;

	if (!p)
		return true;
	got = supply_get(&s->supply, p, n);
	if (got > 0) {
		mux_end(ch, (size_t)got);
		return true;
	}
	if (got == 0) {
		mux_eof(ch);
	} else if (s->supply.open) {
		t->all->up->room(t->all->up->arg, t->token);
		/* this is late in the turn for what comes of it */
		loop_again(t->all->loop);
	}
	return false;
}

static void
on_eof(struct mux_channel *ch)
{
	struct task *t = of_channel(ch)->task;

	stream_over(&t->out);
	stream_over(&t->err);
}

static void
exited(struct session *s)
{
	struct task_extra *x = s->task->extra;
	struct warden *w = &s->conn->warden;

	if (!warden_lives(w)) {
		/* of its descendants nothing is known */
		s->task->unknown |= s->task->state == TASK_ENDING &&
		    !s->task->signo;
		s->gone = true;
	} else if (x->group) {
		warden_ended(w, x->group);
		if (s->outer)
			warden_ended(w, s->outer);
	} else {
		s->gone = true;		/* nothing was begun */
	}
	has_ended(s);
}

static void
on_exited(struct mux_channel *ch, int code)
{
	struct session *s = of_channel(ch);

	s->task->code = code;
	exited(s);
}

static void
on_killed(struct mux_channel *ch, const char *name, size_t len)
{
	struct session *s = of_channel(ch);

	s->task->signo = status_signal_find(name, len);
	if (!s->task->signo)
		s->task->signo = SIGKILL;
	exited(s);
}

static void
on_unread(struct mux_channel *ch)
{
	struct session *s = of_channel(ch);

	supply_fini(&s->supply);
	if (s->supply.open) {
		s->supply.open = false;
		s->task->all->up->room(s->task->all->up->arg, s->task->token);
	}
}

static const struct mux_channel_fns channel_fns = {
	.opened = on_opened, .refused = on_refused, .closed = on_closed,
	.lost = on_lost, .data = on_data, .room = on_room, .eof = on_eof,
	.exited = on_exited, .killed = on_killed, .unread = on_unread,
	.pong = on_pong,
};

void
session_open(struct session *s)
{
	s->begun = true;
	if (s->conn->plain) {
		session_spawn(s);
		return;
	}
	mux_channel_open(&s->conn->mux, &s->channel, &channel_fns);
}

/* --- its group ------------------------------------------------------------ */

static void
end_group(struct session *s, int signo)
{
	struct task *t = s->task;
	struct task_extra *x = t->extra;
	struct warden *w = &s->conn->warden;

	if (!warden_lives(w)) {
		mux_signal(&s->channel, status_signal_name(signo));
		return;
	}
	if (!x->group) {
		s->wanted = signo;
		return;
	}
	warden_kill(w, x->group, signo == SIGKILL ? 0 : t->grace, x->user);
}

void
session_signal(struct task *t, int signo)
{
	struct session *s = t->extra->session;

	/* the one who was told TERM knows when it is time for KILL */
	if (s->conn && !(signo == SIGKILL && t->grace > 0 && !t->now &&
	    warden_lives(&s->conn->warden) && t->extra->group))
		end_group(s, signo);
}

void
session_marked(struct task *t, const char *more)
{
	struct session *s = t->extra->session;
	struct task_extra *x = t->extra;
	struct warden *w = &s->conn->warden;

	s->outer = (pid_t)strtol(more, NULL, 10);
	if (s->outer > 1) {
		warden_add(w, x->group, x->user);
	} else {
		s->outer = 0;
		if (strchr(more, '+'))
			warden_add(w, x->group, NULL);
	}
	if (s->wanted && t->state == TASK_ENDING)
		end_group(s, t->now ? SIGKILL : s->wanted);
}

static void
on_pong(struct mux_channel *ch)
{
	task_answered(of_channel(ch)->task);
}

void
session_ask(struct task *t)
{
	mux_ping(&t->extra->session->channel);
}

void
session_unheard(struct task *t, double since)
{
	struct conn *c = t->extra->session->conn;

	if (c)
		conn_unheard(c, since);
}

void
session_taken(struct task *t, size_t n)
{
	mux_taken(&t->extra->session->channel, n);
}

/* --- standard input ------------------------------------------------------- */

void
session_supplied(void *arg)
{
	struct session *s = arg;

	if (s->plain && s->task->extra->in.fd != -1)
		ev_io_start(s->task->all->ev, &s->task->extra->in);
	else if (s->channel.mux)
		mux_want(&s->channel);
}

ssize_t
session_supply(struct session *s, char *p, size_t n)
{
	return supply_get(&s->supply, p, n);
}

ssize_t
session_feed(struct task *t, const char *bytes, size_t len)
{
	struct session *s = t->extra->session;
	size_t n = len;
	char *p;

	if (!s->supply.open)
		return -1;
	if (!s->channel.open || s->supply.head.len > 0 ||
	    mux_is_full(s->channel.mux) || !(p = mux_begin(&s->channel, &n))) {
		if (s->channel.open)
			mux_want(&s->channel);
		return 0;
	}
	memcpy(p, bytes, n);
	mux_end(&s->channel, n);
	if (n < len)
		mux_want(&s->channel);
	return (ssize_t)n;
}

void
session_shut(struct task *t)
{
	struct session *s = t->extra->session;

	s->supply.open = false;
	session_supplied(s);
}

/* --- beginning and end ---------------------------------------------------- */

static int
open_files(struct task *t, const struct launch *l, struct session *s)
{
	struct tasks *a = t->all;
	struct task_extra *x = t->extra;
	int fd;

	x->unseen = l->out_none || (l->out_path && !l->tee);
	if (l->out_path) {
		x->tee = launch_target(a, l->out_path);
		if (x->tee == -1)
			return -1;
	}
	if (l->in_path) {
		fd = input_file(l->in_path, &a->why);
		if (fd == -1)
			return -1;
		supply_file(&s->supply, a->ev, fd, session_supplied, s);
	}
	return 0;
}

int
session_start(struct task *t, const struct launch *l)
{
	struct tasks *a = t->all;
	struct task_extra *x = task_extra(t);
	struct session *s = mem_calloc(1, sizeof(*s));

	x->session = s;
	s->task = t;
	if (open_files(t, l, s) == -1)
		return -1;
	s->supply.open = l->fed;
	buf_add(&s->supply.head, l->in_bytes, l->in_len);
	if (l->stream == PIPE_PACK)
		ferry_supply(t, &s->supply);
	t->out.far = t->err.far = true;
	t->state = TASK_WAITING;
	if (!a->conns)
		a->conns = conns_new(a);
	s->conn = conn_find(a->conns, l);
	conn_enter(s->conn, s);
	return 0;
}

void
session_leave(struct task *t)
{
	struct session *s = t->extra ? t->extra->session : NULL;
	struct conn *c = s ? s->conn : NULL;

	if (!c)
		return;
	if (s->plain)
		session_judge_plain(s, c);
	mux_leave(&s->channel);
	s->conn = NULL;
	conn_leave(c, s);
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	session_leave(s->task);
	supply_fini(&s->supply);
	free(s);
}

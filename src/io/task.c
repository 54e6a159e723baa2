/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/client.h"
#include "io/conn.h"
#include "io/copy.h"
#include "io/input.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/transfer.h"
#include "model/plan.h"
#include "model/program.h"

/* --- memory ------------------------------------------------------------- */

static struct seat *
seat_of(struct tasks *a, token_t token)
{
	uint32_t i = token_index(token), chunk = i / SEATS;

	while (a->nseats <= chunk) {
		struct seat *s = mem_calloc(SEATS, sizeof(*s));

		a->seats = mem_grow(a->seats, &a->seats_cap, a->nseats + 1,
		    sizeof(struct seat *));
		a->seats[a->nseats++] = s;
		for (size_t k = 0; k < SEATS; k++)
			s[k].all = a;
	}
	return &a->seats[chunk][i % SEATS];
}

struct task *
task_of(struct tasks *a, token_t token)
{
	struct task *t = seat_of(a, token)->task;

	return t && t->token == token ? t : NULL;
}

static void
more_tasks(struct tasks *a)
{
	struct task *s = mem_calloc(SLAB, sizeof(*s));

	a->slabs = mem_grow(a->slabs, &a->slabs_cap, a->nslabs + 1,
	    sizeof(struct task *));
	for (size_t i = SLAB; i-- > 0;) {
		s[i].slot = (uint32_t)(a->nslabs * SLAB + i);
		s[i].free = a->free;
		a->free = &s[i];
	}
	a->slabs[a->nslabs++] = s;
}

static void on_timer(struct ev_loop *, ev_timer *, int);

struct task *
task_new(struct tasks *a, token_t token, enum task_kind kind)
{
	struct seat *seat = seat_of(a, token);
	struct task *t;
	uint32_t slot;

	assert(!seat->task);
	if (!a->free)
		more_tasks(a);
	t = a->free;
	a->free = t->free;
	slot = t->slot;
	memset(t, 0, sizeof(*t));
	t->all = a;
	t->token = token;
	t->slot = slot;
	t->kind = kind;
	t->exit.fd = -1;
	ev_init(&t->timer, on_timer);
	t->timer.data = t;
	stream_init(&t->out, t, STREAM_OUT);
	stream_init(&t->err, t, STREAM_ERR);
	t->started = t->last = loop_clock();
	link_add(&a->live, &t->live);
	a->nprocess += kind == TASK_PROCESS;
	seat->task = t;
	return t;
}

struct task_extra *
task_extra(struct task *t)
{
	if (!t->extra) {
		t->extra = mem_calloc(1, sizeof(*t->extra));
		t->extra->tee = t->extra->in.fd = -1;
	}
	return t->extra;
}

void
task_fail_as(struct task *t, enum status verdict, char *message)
{
	struct task_extra *x = task_extra(t);

	free(x->message);
	x->message = message;
	x->verdict = verdict;
}

void
task_fail(struct task *t, char *message)
{
	task_fail_as(t, ST_ERROR, message);
}

static void
extra_free(struct task_extra *x, struct ev_loop *ev)
{
	if (!x)
		return;
	feeder_free(x->feeder);
	feed_close(x, ev);
	buf_fini(&x->before);
	copier_free(x->copier);
	transfer_free(x->transfer);
	waiting_free(x->waiting);
	session_free(x->session);
	free(x->user);
	free(x->mark);
	free(x->ender);
	free(x->connect_fail);
	free(x->message);
	buf_fini(&x->first);
	if (x->tee != -1)
		close(x->tee);
	free(x);
}

static void
capture_free(struct captures *c)
{
	if (!c)
		return;
	buf_fini(&c->out.buf);
	buf_fini(&c->err.buf);
	buf_fini(&c->both.buf);
	free(c);
}

void
task_free(struct task *t)
{
	struct tasks *a = t->all;

	ev_timer_stop(a->ev, &t->timer);
	reap_unwatch(t);
	stream_fini(&t->out);
	stream_fini(&t->err);
	guard_clear(&a->guard, t->slot);
	capture_free(t->capture);
	t->capture = NULL;
	free(t->tail);
	extra_free(t->extra, a->ev);
	t->extra = NULL;
	if (seat_of(a, t->token)->task == t)
		seat_of(a, t->token)->task = NULL;
	task_copy_leave(t);
	link_del(&t->live);
	a->nprocess -= t->kind == TASK_PROCESS;
	t->free = a->free;
	a->free = t;
}

/* --- the end of a task -------------------------------------------------- */

static void
deliver(struct task *t)
{
	struct tasks *a = t->all;
	struct result r = { .message = "", .step = "" };
	struct buf why = { 0 };

	verdict(t, &r, &why);
	/* by the time it is heard of, its place is free for the next */
	seat_of(a, t->token)->task = NULL;
	a->up->done(a->up->arg, t->token, &r);
	buf_fini(&why);
	task_free(t);
}

static void
check_times(struct task *t)
{
	double now = loop_clock();

	if (t->state != TASK_ENDING && t->deadline && now >= t->deadline) {
		if (t->state == TASK_DRAINING && task_runs(t)) {
			/* it is we who do not read, and lines are lost */
			if (t->held || !t->all->reading)
				t->cause = CAUSE_TIMEOUT;
			else	/* a descendant of it still writes */
				who_keeps(t);
		}
		t->deadline = 0;	/* told once */
		task_end(t, CAUSE_TIMEOUT);
		return;
	}
	if (t->state != TASK_ENDING && t->silent > 0 && !t->reaped) {
		if (t->held || !t->all->reading)
			t->last = now;	/* it is we who do not read */
		if (now >= t->last + t->silent) {
			task_end(t, CAUSE_SILENT);
			return;
		}
	}
	task_fact(t, FACT_TIMER);
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct task *t = w->data;

	(void)ev, (void)events;
	if (t->state == TASK_OVER) {
		deliver(t);
		return;
	}
	check_times(t);
	if (t->state == TASK_OVER)
		return;
	task_rearm(t);
}

/* --- runner ------------------------------------------------------------- */

/* words and the list of them in one piece */
static char **
copy_words(const char *const *words)
{
	size_t n = 0, len = 0;
	char **copy, *at;

	for (; words[n]; n++)
		len += strlen(words[n]) + 1;
	copy = mem_alloc((n + 1) * sizeof(*copy) + len);
	at = (char *)(copy + n + 1);
	for (size_t i = 0; i < n; i++) {
		copy[i] = strcpy(at, words[i]);
		at += strlen(at) + 1;
	}
	copy[n] = NULL;
	return copy;
}

static void
fill(struct task *t, const struct launch *l)
{
	struct task_extra *x;

	if (l->capture) {
		t->capture = mem_calloc(1, sizeof(*t->capture));
		t->capture->streams = l->capture;
		t->capture->mixed = l->capture_both;
		t->capture->max = l->capture_max;
	}
	t->silent = l->silent;
	t->grace = l->grace;
	if (l->timeout > 0)
		t->deadline = t->started + l->timeout;
	if (l->tty)
		t->out.lines.strip_cr = true;
	t->out.lines.block = t->err.lines.block = !l->single && !l->tty;
	if (l->mark) {
		x = task_extra(t);
		x->user = l->as ? mem_strdup(l->as) : NULL;
		x->mark = mem_strdup(l->mark);
		x->ender = l->ender ? copy_words(l->ender) : NULL;
		x->connect_fail = mem_calloc(l->nconnect_fail + 1,
		    sizeof(*x->connect_fail));
		for (; x->nconnect_fail < l->nconnect_fail; x->nconnect_fail++)
			x->connect_fail[x->nconnect_fail] =
			    l->connect_fail[x->nconnect_fail];
	}
}

static int
start(void *arg, token_t token, const struct launch *l)
{
	static const enum task_kind kinds[] = {
		[LAUNCH_PROCESS] = TASK_PROCESS,
		[LAUNCH_SESSION] = TASK_SESSION,
		[LAUNCH_READ] = TASK_READ,
		[LAUNCH_COPY] = TASK_COPY,
		[LAUNCH_WAIT] = TASK_WAIT,
	};
	struct tasks *a = arg;
	struct task *t = task_new(a, token, kinds[l->kind]);
	int err, ret = 0;

	buf_clear(&a->why);
	fill(t, l);
	if (l->stream != PIPE_PLAIN && ferry_begin(t, l) == -1)
		return 0;
	switch (l->kind) {
	case LAUNCH_PROCESS:
		ret = launch_process(t, l);
		break;
	case LAUNCH_SESSION:
		ret = session_start(t, l);
		break;
	case LAUNCH_READ:
		launch_read(t, l);
		break;
	case LAUNCH_COPY:
		task_copy(t, &l->copy);
		return 0;
	case LAUNCH_WAIT:
		task_wait(t, &l->wait);
		break;
	}
	if (ret == -1) {
		err = errno;
		task_free(t);
		errno = err;
		return -1;
	}
	if (t->state != TASK_OVER && (t->deadline || t->silent > 0))
		task_rearm(t);
	return 0;
}

static void
stop(void *arg, token_t token, enum stop_why why)
{
	struct task *t = task_of(arg, token);

	if (!t || t->state == TASK_OVER)
		return;
	t->now |= why == STOP_NOW;
	task_end(t, why == STOP_TIMEOUT ? CAUSE_TIMEOUT : CAUSE_CANCEL);
}

static void
on_wake(struct ev_loop *ev, ev_timer *w, int events)
{
	struct seat *s = w->data;

	(void)ev, (void)events;
	s->all->up->woken(s->all->up->arg, s->waking);
}

static void
wake(void *arg, token_t token, double seconds)
{
	struct tasks *a = arg;
	struct seat *s = seat_of(a, token);

	if (!s->wake.data) {
		ev_init(&s->wake, on_wake);
		s->wake.data = s;
	}
	ev_timer_stop(a->ev, &s->wake);
	s->waking = token;
	if (seconds < 0)
		return;
	ev_now_update(a->ev);
	ev_timer_set(&s->wake, seconds, 0.);
	ev_timer_start(a->ev, &s->wake);
}

static void
hold(void *arg, token_t token, unsigned streams, bool on)
{
	struct task *t = task_of(arg, token);
	unsigned held;

	if (!t || t->state == TASK_OVER)
		return;
	held = on ? t->held | streams : t->held & ~streams;
	streams = held ^ t->held;
	if (!streams)
		return;
	t->held = held;
	t->last = loop_clock();
	if (streams & STREAM_OUT)
		stream_hold(&t->out, on);
	if (streams & STREAM_ERR)
		stream_hold(&t->err, on);
	task_rearm(t);
}

static int
lock(void *arg, const char *name, int64_t n)
{
	struct tasks *a = arg;

	return shares_lock(&a->shares, name, n);
}

static void
unlock(void *arg, int handle, bool used)
{
	struct tasks *a = arg;

	shares_unlock(&a->shares, handle, used);
}

static const char *
why(void *arg)
{
	struct tasks *a = arg;

	return a->why.len ? buf_str(&a->why) : NULL;
}

static void
reply(void *arg, token_t client, const struct reply *r)
{
	struct tasks *a = arg;

	if (a->clients)
		clients_reply(a->clients, client, r);
}

static void
forget(void *arg, const struct lane_info *lane)
{
	struct tasks *a = arg;

	if (a->conns)
		conns_forget(a->conns, lane->id);
}

static double
now(void *arg)
{
	const struct tasks *a = arg;

	return loop_now(a->loop);
}

struct runner
tasks_runner(struct tasks *a)
{
	return (struct runner){
		.arg = a, .start = start, .stop = stop, .wake = wake,
		.hold = hold, .feed = feed_write, .shut = feed_shut,
		.lock = lock, .unlock = unlock,
		.why = why, .now = now, .forget = forget,
		.reply = reply
	};
}

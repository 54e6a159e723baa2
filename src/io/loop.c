/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "io/loop.h"

enum { HOOKS = 16, SIGNALS = 16 };

struct catcher {
	ev_signal ev;
	void (*fn)(void *arg, int signo);	/* NULL: free */
	void *arg;
};

struct loop {
	struct ev_loop *ev;
	ev_prepare before;
	ev_check after;
	ev_idle idle;		/* active: the loop does not wait */
	double now;
	bool preparing;		/* the hooks have begun, wait has not */
	struct {
		bool (*fn)(void *arg);
		void *arg;
	} turn[HOOKS];
	struct {
		void (*fn)(void *arg);
		void *arg;
	} flush[HOOKS];
	size_t nturn, nflush;
	struct catcher signal[SIGNALS];
	sigset_t signals;
};

double
loop_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
on_idle(struct ev_loop *ev, ev_idle *w, int events)
{
	(void)ev, (void)w, (void)events;
}

static void
on_before(struct ev_loop *ev, ev_prepare *w, int events)
{
	struct loop *l = w->data;
	bool ready = false;

	(void)events;
	ev_idle_stop(ev, &l->idle);
	l->preparing = true;
	for (size_t i = 0; i < l->nturn; i++)
		ready |= l->turn[i].fn(l->turn[i].arg);
	for (size_t i = 0; i < l->nflush; i++)
		l->flush[i].fn(l->flush[i].arg);
	if (ready)
		ev_idle_start(ev, &l->idle);
}

static void
on_after(struct ev_loop *ev, ev_check *w, int events)
{
	struct loop *l = w->data;

	(void)ev, (void)events;
	l->preparing = false;
	l->now = loop_clock();
}

struct loop *
loop_new(void)
{
	struct loop *l = mem_calloc(1, sizeof(*l));

	l->ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	if (!l->ev)
		l->ev = ev_loop_new(EVFLAG_NOENV);
	if (!l->ev) {
		free(l);
		errno = ENOSYS;
		return NULL;
	}
	/* what cannot be written is an error like others */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&l->signals);
	ev_prepare_init(&l->before, on_before);
	ev_check_init(&l->after, on_after);
	/* the clock is read before anything else looks at it */
	ev_set_priority(&l->after, EV_MAXPRI);
	ev_idle_init(&l->idle, on_idle);
	l->before.data = l->after.data = l->idle.data = l;
	ev_prepare_start(l->ev, &l->before);
	ev_check_start(l->ev, &l->after);
	l->now = loop_clock();
	return l;
}

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < SIGNALS; i++) {
		if (l->signal[i].fn)
			ev_signal_stop(l->ev, &l->signal[i].ev);
	}
	ev_idle_stop(l->ev, &l->idle);
	ev_check_stop(l->ev, &l->after);
	ev_prepare_stop(l->ev, &l->before);
	ev_loop_destroy(l->ev);
	free(l);
}

void
loop_run(struct loop *l)
{
	ev_run(l->ev, 0);
}

void
loop_break(struct loop *l)
{
	ev_break(l->ev, EVBREAK_ALL);
}

double
loop_now(const struct loop *l)
{
	return l->now;
}

double
loop_wall(const struct loop *l)
{
	return ev_now(l->ev);
}

void
loop_on_turn(struct loop *l, bool (*fn)(void *arg), void *arg)
{
	if (l->nturn == HOOKS)
		abort();
	l->turn[l->nturn].fn = fn;
	l->turn[l->nturn++].arg = arg;
}

void
loop_off_turn(struct loop *l, void *arg)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nturn; i++) {
		if (l->turn[i].arg != arg)
			l->turn[n++] = l->turn[i];
	}
	l->nturn = n;
}

void
loop_on_flush(struct loop *l, void (*fn)(void *arg), void *arg)
{
	if (l->nflush == HOOKS)
		abort();
	l->flush[l->nflush].fn = fn;
	l->flush[l->nflush++].arg = arg;
}

void
loop_off_flush(struct loop *l, void *arg)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nflush; i++) {
		if (l->flush[i].arg != arg)
			l->flush[n++] = l->flush[i];
	}
	l->nflush = n;
}

static void
on_signal(struct ev_loop *ev, ev_signal *w, int events)
{
	struct catcher *c = w->data;

	(void)ev, (void)events;
	c->fn(c->arg, w->signum);
}

void
loop_on_signal(struct loop *l, int signo, void (*fn)(void *arg, int signo),
    void *arg)
{
	struct catcher *c = l->signal;
	sigset_t only;

	while (c < l->signal + SIGNALS && c->fn)
		c++;
	if (c == l->signal + SIGNALS)
		abort();
	c->fn = fn;
	c->arg = arg;
	ev_signal_init(&c->ev, on_signal, signo);
	c->ev.data = c;
	ev_signal_start(l->ev, &c->ev);
	sigaddset(&l->signals, signo);
	/* whoever started us may have blocked it */
	sigemptyset(&only);
	sigaddset(&only, signo);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

void
loop_off_signal(struct loop *l, void *arg)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		struct catcher *c = &l->signal[i];

		if (!c->fn || c->arg != arg)
			continue;
		ev_signal_stop(l->ev, &c->ev);
		sigdelset(&l->signals, c->ev.signum);
		c->fn = NULL;
	}
}

struct ev_loop *
loop_ev(struct loop *l)
{
	return l->ev;
}

void
loop_again(struct loop *l)
{
	if (l->preparing)
		ev_idle_start(l->ev, &l->idle);
}

const sigset_t *
loop_signals(const struct loop *l)
{
	return &l->signals;
}

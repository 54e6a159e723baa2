/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"

/* how often adopted processes are looked after, seconds */
#define ADOPTED 1.0
/* how long the end of a process that closed no output may go unnoticed */
#define SWEEP 0.05

static void
on_exit_of(struct ev_loop *ev, ev_io *w, int events)
{
	struct task *t = w->data;

	(void)ev, (void)events;
	/* first what it wrote; libev begins with the last */
	if (!link_in(&t->exited))
		link_add(t->all->exited.next, &t->exited);
}

void
reap_exited(struct tasks *a)
{
	while (link_in(&a->exited)) {
		struct task *t = container(a->exited.next, struct task, exited);

		link_del(&t->exited);
		reap_try(t);
	}
}

void
reap_watch(struct task *t, int pidfd)
{
	struct tasks *a = t->all;

	ev_io_init(&t->exit, on_exit_of, pidfd, EV_READ);
	t->exit.data = t;
	if (pidfd != -1) {
		ev_io_start(a->ev, &t->exit);
		a->nfd++;
		return;
	}
	if (!link_in(&a->blind) && !link_in(&a->closing)) {
		ev_signal_start(a->ev, &a->child);
		/* it may have ended before anybody listened */
		ev_feed_event(a->ev, &a->child, EV_SIGNAL);
		loop_again(a->loop);
	}
	link_add(&a->blind, &t->blind);
}

void
reap_unwatch(struct task *t)
{
	struct tasks *a = t->all;

	if (t->exit.fd != -1) {
		ev_io_stop(a->ev, &t->exit);
		close(t->exit.fd);
		t->exit.fd = -1;
		a->nfd--;
	}
	link_del(&t->exited);
	link_del(&t->blind);
}

bool
reap_try(struct task *t)
{
	siginfo_t si = { 0 };
	int r;

	if (t->exit.fd != -1)
		r = waitid(P_PIDFD, (id_t)t->exit.fd, &si, WEXITED | WNOHANG);
	else
		r = waitid(P_PID, (id_t)t->pid, &si, WEXITED | WNOHANG);
	if (r == 0 && si.si_pid == 0)
		return false;
	if (r == -1 && errno == EINTR)
		return false;
	/* ECHILD: somebody took its status from us */
	if (r == -1)
		t->unknown = true;
	else if (si.si_code == CLD_EXITED)
		t->code = si.si_status;
	else
		t->signo = si.si_status;
	t->reaped = true;
	t->ended = loop_clock();
	reap_unwatch(t);
	stream_drain(&t->out);
	stream_drain(&t->err);
	task_fact(t, FACT_REAPED);
	return true;
}

static void
sweep(struct link *list)
{
	struct link *next;

	for (struct link *l = list->next; l != list; l = next) {
		next = l->next;
		reap_try(container(l, struct task, blind));
	}
}

static void
on_sweep(struct ev_loop *ev, ev_timer *w, int events)
{
	struct tasks *a = w->data;

	(void)ev, (void)events;
	sweep(&a->blind);
}

/*
 * Some have no pidfd.  One whose output is closed is about to end, so it is
 * asked for at once; to ask for all the others at every signal would cost
 * the square of their number.
 */
static void
on_child(struct ev_loop *ev, ev_signal *w, int events)
{
	struct tasks *a = w->data;

	(void)events;
	sweep(&a->closing);
	if (!link_in(&a->blind) && !link_in(&a->closing)) {
		ev_signal_stop(ev, w);
	} else if (link_in(&a->blind) && !ev_is_active(&a->sweep_timer)) {
		ev_timer_set(&a->sweep_timer, SWEEP, 0.);
		ev_timer_start(ev, &a->sweep_timer);
	}
}

void
reap_closed(struct task *t)
{
	if (reap_try(t) || !link_in(&t->blind))
		return;
	link_del(&t->blind);
	link_add(&t->all->closing, &t->blind);
}

static struct task *
task_with(struct tasks *a, pid_t pid)
{
	for (struct link *l = a->live.next; l != &a->live; l = l->next) {
		struct task *t = container(l, struct task, live);

		if (t->pid == pid && !t->reaped && t->state != TASK_OVER)
			return t;
	}
	return NULL;
}

/* orphans came to us as the subreaper: let those that ended go */
static void
on_adopted(struct ev_loop *ev, ev_timer *w, int events)
{
	struct tasks *a = w->data;

	(void)ev, (void)events;
	for (int i = 0; i < 1000; i++) {
		siginfo_t si = { 0 };
		struct task *t;

		if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == -1 ||
		    si.si_pid == 0)
			return;
		/* somebody ended it: the next start makes a new one */
		if (si.si_pid == a->guard.pid) {
			guard_gone(&a->guard);
			continue;
		}
		t = task_with(a, si.si_pid);
		if (t)
			reap_try(t);
		else if (!ending_reaped(a, si.si_pid) &&
		    !conns_reaped(a->conns, si.si_pid))
			waitpid(si.si_pid, NULL, WNOHANG);
	}
}

void
reap_init(struct tasks *a)
{
	struct sigaction sa;
	sigset_t only;

	/* who ignores or blocks it is told of no end */
	sigemptyset(&only);
	sigaddset(&only, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	if (sigaction(SIGCHLD, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN)
		signal(SIGCHLD, SIG_DFL);
	ev_signal_init(&a->child, on_child, SIGCHLD);
	a->child.data = a;
	ev_timer_init(&a->sweep_timer, on_sweep, SWEEP, 0.);
	a->sweep_timer.data = a;
	ev_timer_init(&a->adopted_timer, on_adopted, ADOPTED, ADOPTED);
	a->adopted_timer.data = a;
}

void
reap_start(struct tasks *a)
{
	if (!a->cfg.program || ev_is_active(&a->adopted_timer))
		return;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ev_timer_start(a->ev, &a->adopted_timer);
}

void
reap_fini(struct tasks *a)
{
	ev_signal_stop(a->ev, &a->child);
	ev_timer_stop(a->ev, &a->adopted_timer);
	ev_timer_stop(a->ev, &a->sweep_timer);
	if (a->cfg.program) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

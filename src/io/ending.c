/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/status.h"

/* sends a signal that we may not, or cannot, send: sudo, or the ender */
struct helper {
	struct link link;
	struct tasks *all;
	struct task *task;
	token_t token;		/* the task may be another one by now */
	ev_io exit;
	pid_t pid;
	int signo;
};

/* nobody will end this process: we may not, and know no one who may */
static void
give_up(struct task *t, int signo)
{
	t->unknown = true;
	if (signo == SIGKILL && !t->reaped)
		task_over(t);
}

/* the task it is for, unless that has ended meanwhile */
static struct task *
helper_task(const struct helper *h)
{
	struct task *t = h->task;

	return t->token == h->token && link_in(&t->live) &&
	    t->state != TASK_OVER ? t : NULL;
}

static void
helper_free(struct helper *h)
{
	ev_io_stop(h->all->ev, &h->exit);
	if (h->exit.fd != -1)
		close(h->exit.fd);
	link_del(&h->link);
	free(h);
}

static void
helper_ended(struct helper *h, bool well)
{
	struct task *t = helper_task(h);
	int signo = h->signo;

	helper_free(h);
	if (!t)
		return;
	t->extra->helpers--;
	if (signo == 0) {
		/* signal 0 finds nobody to send it to */
		t->extra->gone = !well;
	} else if (!well && !t->extra->ender) {
		give_up(t, signo);
	} else if (signo == SIGKILL && t->extra->ender) {
		/* one that was gone already cannot be killed: that is well */
		t->unknown |= !well && !t->extra->gone;
		if (t->reaped)
			task_fact(t, FACT_REAPED);
	}
}

static void
on_helper(struct ev_loop *ev, ev_io *w, int events)
{
	struct helper *h = w->data;
	int status = -1;	/* as long as nobody says otherwise */

	(void)ev, (void)events;
	if (waitpid(h->pid, &status, WNOHANG) == 0)
		return;
	helper_ended(h, WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

bool
ending_reaped(struct tasks *a, pid_t pid)
{
	for (struct link *l = a->helpers.next; l != &a->helpers; l = l->next) {
		struct helper *h = container(l, struct helper, link);

		if (h->pid == pid) {
			on_helper(a->ev, &h->exit, EV_READ);
			return true;
		}
	}
	return false;
}

static int
help(struct task *t, const char *const *argv, int signo)
{
	struct tasks *a = t->all;
	struct spawn_request req = {
		.argv = argv, .env = (const char *const *)environ,
		.in = SPAWN_NULL, .out = SPAWN_NULL, .err = SPAWN_NULL,
		.want_pidfd = true
	};
	enum spawn_stage stage;
	struct helper *h;
	bool cached;
	int pidfd;
	pid_t pid;

	req.path = lookup_find(&a->lookup, argv[0], req.env, NULL, &cached);
	if (!req.path)
		return -1;
	pid = spawn_run(&a->spawner, &req, &pidfd, &stage);
	if (pid == -1)
		return -1;
	h = mem_calloc(1, sizeof(*h));
	*h = (struct helper){
		.all = a, .task = t, .token = t->token, .pid = pid,
		.signo = signo
	};
	link_add(&a->helpers, &h->link);
	t->extra->helpers++;
	ev_io_init(&h->exit, on_helper, pidfd, EV_READ);
	h->exit.data = h;
	if (pidfd != -1)
		ev_io_start(a->ev, &h->exit);
	return 0;
}

static int
ask_sudo(struct task *t, int signo, pid_t group)
{
	const char *argv[GUARD_KILL_WORDS];
	char text[GUARD_KILL_TEXT];

	guard_kill_words(argv, text, t->extra->user,
	    status_signal_name(signo), group);
	return help(t, argv, signo);
}

/* the words of the job's template, the signal's name, the group */
static int
ask_ender(struct task *t, int signo)
{
	char **words = t->extra->ender;
	const char **argv;
	char group[24];
	size_t n = 0;
	int rc;

	while (words[n])
		n++;
	argv = mem_calloc(n + 3, sizeof(*argv));
	memcpy(argv, words, n * sizeof(*argv));
	snprintf(group, sizeof(group), "%ld", (long)t->extra->group);
	argv[n] = signo ? status_signal_name(signo) : "0";
	argv[n + 1] = group;
	rc = help(t, argv, signo);
	free(argv);
	return rc;
}

/* its group is not one of this machine, or not where we see it */
static bool
is_elsewhere(const struct task *t)
{
	const struct task_extra *x = t->extra;

	return x && x->ender && x->group && x->group != t->pid;
}

/* -1 if we may not */
static int
signal_group(pid_t group, int signo)
{
	if (kill(-group, signo) == -1)
		return errno == EPERM ? -1 : 0;
	/* what is stopped would not hear of it */
	if (signo == SIGTERM)
		kill(-group, SIGCONT);
	return 0;
}

/*
 * Of a command under sudo we may end sudo itself, since it was ours, but
 * not what it runs: so the signal goes to the command's group, by sudo.
 */
void
ending_signal(struct task *t, int signo)
{
	const struct task_extra *x = t->extra;
	int refused;

	if (t->kind == TASK_SESSION) {
		session_signal(t, signo);
		return;
	}
	if (is_elsewhere(t)) {
		/* what stands here for it ends with it, or is not spared */
		if (ask_ender(t, signo) == -1 || signo == SIGKILL)
			signal_group(t->pid, signo);
		return;
	}
	if (x && x->user && x->group && geteuid() != 0) {
		if (ask_sudo(t, signo, x->group) == -1)
			give_up(t, signo);
		return;
	}
	refused = signal_group(t->pid, signo);
	if (x && x->group && x->group != t->pid)
		refused |= signal_group(x->group, signo);
	if (refused)
		give_up(t, signo);
}

static bool
lives(const struct tasks *a, pid_t group)
{
	siginfo_t si;

	/* the dead among those that came to us count as members, too */
	while (a->cfg.program) {
		si.si_pid = 0;
		if (waitid(P_PGID, (id_t)group, &si, WEXITED | WNOHANG) == -1 ||
		    si.si_pid == 0)
			break;
	}
	return kill(-group, 0) == 0 || errno == EPERM;
}

bool
ending_under_way(const struct task *t)
{
	return is_elsewhere(t) && t->extra->helpers > 0;
}

bool
ending_group_lives(struct task *t)
{
	const struct task_extra *x = t->extra;

	if (is_elsewhere(t)) {
		if (!x->gone && x->helpers == 0)
			ask_ender(t, 0);
		return !x->gone || lives(t->all, t->pid);
	}
	return lives(t->all, t->pid) ||
	    (x && x->group && x->group != t->pid && lives(t->all, x->group));
}

void
ending_fini(struct tasks *a)
{
	while (link_in(&a->helpers)) {
		struct helper *h = container(a->helpers.next, struct helper,
		    link);

		/* it had its time */
		kill(h->pid, SIGKILL);
		waitpid(h->pid, NULL, 0);
		helper_free(h);
	}
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/master.h"

enum { SAID = 8 * 1024 };	/* of standard error */

/* how long one may take to end */
#define TERM_TIME 2.0

static void
stop_reading(struct master *m)
{
	if (m->err.fd == -1)
		return;
	ev_io_stop(m->all->ev, &m->err);
	close(m->err.fd);
	m->err.fd = -1;
	m->all->tasks->nfd--;
}

void
master_free(struct master *m)
{
	struct masters *a = m->all;

	stop_reading(m);
	ev_timer_stop(a->ev, &m->kill);
	if (m->exit.fd != -1) {
		ev_io_stop(a->ev, &m->exit);
		close(m->exit.fd);
		a->tasks->nfd--;
	}
	a->nstarting -= m->starting;
	a->tasks->nprocess--;
	guard_clear_master(&a->tasks->guard, m->place);
	unlink(m->path);
	link_del(&m->link);
	buf_fini(&m->said);
	free(m);
}

/* false: there is nothing more, now or at all */
static bool
listen_once(struct master *m)
{
	char buf[4096];
	ssize_t n = read(m->err.fd, buf, sizeof(buf));

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		stop_reading(m);
		return false;
	}
	/* the first words are about the connection, the last about its end */
	if (m->said.len + (size_t)n > SAID) {
		m->said.len = SAID / 2;
		if ((size_t)n > SAID / 2)
			n = SAID / 2;
	}
	buf_add(&m->said, buf, (size_t)n);
	return true;
}

static void
on_err(struct ev_loop *ev, ev_io *w, int events)
{
	(void)ev, (void)events;
	listen_once(w->data);
}

bool
master_reap(struct master *m)
{
	siginfo_t si = { 0 };

	if (waitid(P_PID, (id_t)m->pid, &si, WEXITED | WNOHANG | WNOWAIT) == -1)
		return errno != EINTR;
	if (si.si_pid == 0)
		return false;
	/* as long as it is not reaped the group is ours: the way to a jump */
	kill(-m->pid, SIGKILL);
	while (waitpid(m->pid, NULL, 0) == -1 && errno == EINTR)
		;
	return true;
}

static void
ended(struct master *m)
{
	struct conn *c = m->conn;

	while (m->err.fd != -1 && listen_once(m))
		;
	if (!c) {
		master_free(m);
		return;
	}
	m->conn = NULL;
	conn_ended(c);
	master_free(m);
}

static void
on_exit_of(struct ev_loop *ev, ev_io *w, int events)
{
	struct master *m = w->data;

	(void)ev, (void)events;
	if (master_reap(m))
		ended(m);
}

bool
masters_reaped(struct masters *a, pid_t pid)
{
	for (struct link *l = a->all.next; l != &a->all; l = l->next) {
		struct master *m = container(l, struct master, link);

		if (m->pid != pid)
			continue;
		if (master_reap(m))
			ended(m);
		return true;
	}
	return false;
}

static void
on_kill(struct ev_loop *ev, ev_timer *w, int events)
{
	const struct master *m = w->data;

	(void)ev, (void)events;
	kill(-m->pid, SIGKILL);
}

static pid_t
spawn(struct master *m, const char *const *argv, int err, int *pidfd)
{
	struct tasks *t = m->all->tasks;
	const char **words;
	size_t n = 0;
	struct spawn_request req = {
		.env = m->all->env, .in = SPAWN_NULL, .out = SPAWN_NULL,
		.err = err, .want_pidfd = true,
		.group = guard_place_master(&t->guard, &m->place),
	};
	enum spawn_stage stage;
	bool cached;
	pid_t pid = -1;
	int e;

	while (argv[n])
		n++;
	words = mem_calloc(n + 3, sizeof(*words));
	words[0] = argv[0];
	words[1] = "-S";
	words[2] = m->path;
	memcpy(words + 3, argv + 1, n * sizeof(*words) - sizeof(*words));
	req.argv = words;
	req.path = lookup_find(&t->lookup, words[0], req.env, NULL, &cached);
	if (req.path)
		pid = spawn_run(&t->spawner, &req, pidfd, &stage);
	e = errno;
	free(words);
	errno = e;
	return pid;
}

struct master *
master_start(struct masters *a, struct conn *c, const char *const *argv)
{
	struct master *m;
	int fd[2], pidfd = -1, err;

	reap_start(a->tasks);
	guard_start(&a->tasks->guard, a->tasks->cfg.title,
	    a->tasks->cfg.title_len);
	if (masters_make_dir(a) == -1 || pipe2(fd, O_CLOEXEC | O_NONBLOCK) == -1)
		return NULL;
	fcntl(fd[1], F_SETFL, 0);
	m = mem_calloc(1, sizeof(*m));
	m->all = a;
	m->conn = c;
	m->number = ++a->number;
	snprintf(m->path, sizeof(m->path), "%s/%u", a->dir, m->number);
	m->pid = spawn(m, argv, fd[1], &pidfd);
	err = errno;
	close(fd[1]);
	ev_io_init(&m->err, on_err, fd[0], EV_READ);
	ev_io_init(&m->exit, on_exit_of, pidfd, EV_READ);
	ev_init(&m->kill, on_kill);
	m->err.data = m->exit.data = m->kill.data = m;
	link_add(&a->all, &m->link);
	a->tasks->nprocess++;
	a->tasks->nfd += pidfd != -1 ? 2 : 1;
	if (m->pid == -1) {
		master_free(m);
		errno = err;
		return NULL;
	}
	m->starting = true;
	a->nstarting++;
	ev_io_start(a->ev, &m->err);
	if (pidfd != -1)
		ev_io_start(a->ev, &m->exit);
	if (a->news.fd == -1)
		ev_timer_start(a->ev, &a->look);
	return m;
}

int
master_connect(const struct master *m)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0), err;

	if (fd == -1)
		return -1;
	strcpy(to.sun_path, m->path);
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

const char *
master_path(const struct master *m)
{
	return m->path;
}

bool
master_lives(const struct master *m)
{
	siginfo_t si = { 0 };

	return waitid(P_PID, (id_t)m->pid, &si,
	    WEXITED | WNOHANG | WNOWAIT) == 0 && si.si_pid == 0;
}

const char *
master_said(struct master *m, size_t *len)
{
	while (m->err.fd != -1 && listen_once(m))
		;
	*len = m->said.len;
	return m->said.len ? m->said.data : "";
}

void
master_end(struct master *m)
{
	if (!m->conn)
		return;
	m->conn = NULL;
	kill(-m->pid, SIGTERM);
	ev_timer_set(&m->kill, TERM_TIME, 0.);
	ev_timer_start(m->all->ev, &m->kill);
}

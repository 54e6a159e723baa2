/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/master.h"

enum {
	PATH_SOCKET = 90,	/* ssh adds 17 bytes of its own for a while */
	NAME = 24,
	SAID = 8 * 1024,
	RECENT = 64
};

/* how long one may take to end, and all of them when we do */
#define TERM_TIME 2.0
#define LAST_TIME 1.0
/* where nothing tells us that there is something new in the directory */
#define LOOK 0.05

struct masters {
	struct tasks *tasks;
	struct ev_loop *ev;
	struct link all;
	char *dir;		/* NULL: none yet */
	const char **env;
	ev_io news;		/* of the directory */
	ev_timer look;
	uint32_t number;	/* of the last one */
	size_t nstarting;
};

struct master {
	struct masters *all;
	struct link link;
	struct conn *conn;	/* NULL: it is being ended */
	uint32_t number;
	uint32_t place;		/* of the guard's */
	bool starting;
	pid_t pid;
	ev_io exit, err;	/* its pidfd and standard error */
	ev_timer kill;
	struct buf said;
	char path[PATH_SOCKET + 1];
};

/* --- the directory ------------------------------------------------------- */

static void
appeared(struct master *m)
{
	if (!m->starting)
		return;
	m->starting = false;
	m->all->nstarting--;
	if (m->conn)
		conn_ready(m->conn);
}

static struct master *
find(struct masters *a, const char *name)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	if (end == name || *end)
		return NULL;
	/* those that are awaited are the youngest */
	for (struct link *l = a->all.prev; l != &a->all; l = l->prev) {
		struct master *m = container(l, struct master, link);

		if (m->number == n)
			return m;
	}
	return NULL;
}

static void
on_news(struct ev_loop *ev, ev_io *w, int events)
{
	struct masters *a = w->data;
	char buf[4096] __attribute__((aligned(8)));
	ssize_t n = read(w->fd, buf, sizeof(buf));

	(void)ev, (void)events;
	for (char *p = buf; n > 0 && p < buf + n;) {
		const struct inotify_event *e = (void *)p;
		struct master *m = e->len ? find(a, e->name) : NULL;

		if (m)
			appeared(m);
		p += sizeof(*e) + e->len;
	}
}

static void
on_look(struct ev_loop *ev, ev_timer *w, int events)
{
	struct masters *a = w->data;
	struct link *next;

	(void)events;
	for (struct link *l = a->all.next; l != &a->all; l = next) {
		struct master *m = container(l, struct master, link);

		next = l->next;
		if (m->starting && access(m->path, F_OK) == 0)
			appeared(m);
	}
	if (a->nstarting == 0)
		ev_timer_stop(ev, w);
}

static int
make_dir(struct masters *a)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	struct buf b = { 0 };

	if (a->dir)
		return 0;
	for (int i = run && *run == '/' ? 0 : 1; i < 2; i++) {
		buf_clear(&b);
		buf_addf(&b, "%s/pseq-XXXXXX", i == 0 ? run : "/tmp");
		if (b.len + NAME > PATH_SOCKET)
			continue;
		buf_str(&b);
		if (mkdtemp(b.data)) {
			a->dir = b.data;
			break;
		}
	}
	if (!a->dir) {
		buf_fini(&b);
		return -1;
	}
	guard_remove_all(&a->tasks->guard, a->dir);
	a->news.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (a->news.fd != -1 &&
	    inotify_add_watch(a->news.fd, a->dir, IN_CREATE | IN_MOVED_TO) == -1) {
		close(a->news.fd);
		a->news.fd = -1;
	}
	ev_io_init(&a->news, on_news, a->news.fd, EV_READ);
	a->news.data = a;
	if (a->news.fd != -1)
		ev_io_start(a->ev, &a->news);
	return 0;
}

/* ours, but nobody is to be asked for a password */
static void
make_env(struct masters *a)
{
	size_t n = 0;

	while (environ[n])
		n++;
	a->env = mem_calloc(n + 2, sizeof(*a->env));
	n = 0;
	for (char **e = environ; *e; e++) {
		if (strncmp(*e, "SSH_ASKPASS", 11) != 0)
			a->env[n++] = *e;
	}
	a->env[n] = "SSH_ASKPASS_REQUIRE=never";
}

struct masters *
masters_new(struct tasks *t)
{
	struct masters *a = mem_calloc(1, sizeof(*a));

	a->tasks = t;
	a->ev = t->ev;
	link_init(&a->all);
	a->news.fd = -1;
	ev_timer_init(&a->look, on_look, LOOK, LOOK);
	a->look.data = a;
	make_env(a);
	return a;
}

/* --- one ------------------------------------------------------------------ */

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

static void
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

/* whether it has ended; then it is reaped, and what it left is ended */
static bool
reap(struct master *m)
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
	if (reap(m))
		ended(m);
}

bool
masters_reaped(struct masters *a, pid_t pid)
{
	for (struct link *l = a->all.next; l != &a->all; l = l->next) {
		struct master *m = container(l, struct master, link);

		if (m->pid != pid)
			continue;
		if (reap(m))
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
	if (make_dir(a) == -1 || pipe2(fd, O_CLOEXEC | O_NONBLOCK) == -1)
		return NULL;
	fcntl(fd[1], F_SETFL, 0);
	guard_start(&a->tasks->guard, a->tasks->cfg.title,
	    a->tasks->cfg.title_len);
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

/* --- the end --------------------------------------------------------------- */

/* true: none is left */
static bool
sweep(struct masters *a)
{
	struct link *next;

	for (struct link *l = a->all.next; l != &a->all; l = next) {
		struct master *m = container(l, struct master, link);

		next = l->next;
		if (reap(m))
			master_free(m);
	}
	return !link_in(&a->all);
}

void
masters_free(struct masters *a)
{
	const struct timespec moment = { .tv_nsec = 2 * 1000 * 1000 };
	double until = loop_clock() + LAST_TIME;

	for (struct link *l = a->all.next; l != &a->all; l = l->next) {
		struct master *m = container(l, struct master, link);

		kill(-m->pid, SIGTERM);
	}
	while (!sweep(a) && loop_clock() < until)
		nanosleep(&moment, NULL);
	for (struct link *l = a->all.next; l != &a->all; l = l->next)
		kill(-container(l, struct master, link)->pid, SIGKILL);
	while (!sweep(a))
		nanosleep(&moment, NULL);
	ev_timer_stop(a->ev, &a->look);
	if (a->news.fd != -1) {
		ev_io_stop(a->ev, &a->news);
		close(a->news.fd);
	}
	if (a->dir)
		rmdir(a->dir);
	guard_remove_all(&a->tasks->guard, NULL);
	free(a->dir);
	free(a->env);
	free(a);
}

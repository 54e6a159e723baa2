/* SPDX-License-Identifier: ISC */
/* all masters, and the directory of their sockets */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/master.h"

enum { NAME = 24 };		/* room for the name of a socket */

/* how long all of them may take to end when we do */
#define LAST_TIME 1.0
/* where nothing tells us that there is something new in the directory */
#define LOOK 0.05

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

int
masters_make_dir(struct masters *a)
{
	static const char name[] = "/pseq-XXXXXX";
	const char *run = getenv("XDG_RUNTIME_DIR");
	char *dir = a->tasks->guard.table->dir[GUARD_OF_MASTERS];

	if (a->dir)
		return 0;
	for (int i = run && *run == '/' ? 0 : 1; i < 2; i++) {
		const char *parent = i == 0 ? run : "/tmp";

		if (strlen(parent) + strlen(name) + NAME <= MASTER_PATH &&
		    guard_make_dir(dir, parent) == 0) {
			a->dir = dir;
			break;
		}
	}
	if (!a->dir)
		return -1;
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

/* --- the end --------------------------------------------------------------- */

/* true: none is left */
static bool
sweep(struct masters *a)
{
	struct link *next;

	for (struct link *l = a->all.next; l != &a->all; l = next) {
		struct master *m = container(l, struct master, link);

		next = l->next;
		if (master_reap(m))
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
	/* one that was killed may have left its socket */
	if (a->dir)
		guard_remove_dir(a->dir);
	free(a->env);
	free(a);
}

/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/names.h"
#include "io/probe.h"
#include "model/wait.h"

/* between two tries; between two questions for a name that is not known */
#define PAUSE 0.25
/* … which becomes longer where more are to be tried than this a second */
#define TRIES 10000.
#define NAME_PAUSE 1.
/* how long one address may take to answer */
#define TRY 3.
/* how long the addresses of a name are taken to be true */
#define FRESH 5.

enum state {
	PAUSED,
	NAMING,			/* a question was asked */
	QUEUED,			/* for a socket */
	CONNECTING
};

struct probes {
	struct ev_loop *ev;
	struct names *names;	/* made when the first name comes */
	size_t most, open;	/* sockets */
	struct link queue;	/* of probes that want one */
	bool serving;
	size_t n;		/* probes */
};

struct probe {
	struct probes *all;
	probe_fn *fn;
	void *arg;
	enum state state;
	struct link queue;
	ev_io io;		/* fd -1: no socket */
	ev_timer timer;
	struct question *question;
	char *host;		/* NULL: there is no name to ask for */
	unsigned port;
	struct sockaddr_un *path;	/* of a unix socket, or NULL */
	union address address[ADDRESSES];
	size_t n, at;		/* the one that is tried, or is next */
	double named;		/* when the addresses came */
	const char *reason;
};

/* --- sockets ------------------------------------------------------------ */

static void connect_next(struct probe *);

static void
hang_up(struct probe *p)
{
	struct probes *a = p->all;

	if (p->io.fd == -1)
		return;
	ev_io_stop(a->ev, &p->io);
	close(p->io.fd);
	p->io.fd = -1;
	a->open--;
}

/* a socket was given back: whoever waits longest may have it */
static void
serve_queue(struct probes *a)
{
	if (a->serving)
		return;
	a->serving = true;
	while (a->open < a->most && link_in(&a->queue)) {
		struct probe *p = container(a->queue.next, struct probe,
		    queue);

		link_del(&p->queue);
		connect_next(p);
	}
	a->serving = false;
}

static void
set_timer(struct probe *p, double seconds)
{
	struct ev_loop *ev = p->all->ev;

	ev_timer_stop(ev, &p->timer);
	ev_now_update(ev);
	ev_timer_set(&p->timer, seconds, 0.);
	ev_timer_start(ev, &p->timer);
}

static void
pause_for(struct probe *p, double seconds)
{
	p->state = PAUSED;
	p->at = 0;
	set_timer(p, seconds);
}

/* nothing more to do; error as in probe_fn */
static void
over(struct probe *p, const char *error)
{
	struct probes *a = p->all;

	ev_timer_stop(a->ev, &p->timer);
	hang_up(p);
	p->fn(p->arg, error);
	serve_queue(a);
}

/*
 * A port of ours that is not listened at may be given to the socket that
 * tries to connect to it: it then talks to itself.
 */
static bool
is_itself(int fd)
{
	union address us = { 0 }, them = { 0 };
	const struct linger reset = { .l_onoff = 1 };
	socklen_t n = sizeof(us), m = sizeof(them);

	if (getsockname(fd, &us.any, &n) == -1 ||
	    getpeername(fd, &them.any, &m) == -1 || n != m ||
	    us.any.sa_family == AF_UNIX || memcmp(&us, &them, n) != 0)
		return false;
	/* leave the port at once to who wants to listen there */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	return true;
}

/* what became of the socket's connect(2); true: it has ended the probe */
static bool
judge(struct probe *p, int err)
{
	/* a queue of connections that is full is somebody's, too */
	if (err == 0 ? !is_itself(p->io.fd) : p->path && err == EAGAIN) {
		over(p, NULL);
		return true;
	}
	if (p->path && err == EPROTOTYPE) {
		over(p, "not a stream socket");
		return true;
	}
	p->reason = strerror(err ? err : ECONNREFUSED);
	hang_up(p);
	p->at++;
	return false;
}

static void
on_writable(struct ev_loop *ev, ev_io *w, int events)
{
	struct probe *p = w->data;
	struct probes *a = p->all;
	socklen_t n = sizeof(int);
	int err = 0;

	(void)ev, (void)events;
	if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &err, &n) == -1)
		err = errno;
	if (judge(p, err))
		return;
	connect_next(p);
	serve_queue(a);
}

/* 0, or errno; EINPROGRESS is no error */
static int
open_socket(struct probe *p)
{
	const union address *to = &p->address[p->at];
	int family = p->path ? AF_UNIX : to->any.sa_family, fd, rc;

	fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return errno;
	p->all->open++;
	ev_io_set(&p->io, fd, EV_WRITE);
	if (p->path)
		rc = connect(fd, (const struct sockaddr *)p->path,
		    sizeof(*p->path));
	else
		rc = connect(fd, &to->any, family == AF_INET ?
		    sizeof(to->four) : sizeof(to->six));
	return rc == -1 ? errno : 0;
}

/* the address at `at` and those behind it */
static void
connect_next(struct probe *p)
{
	struct probes *a = p->all;

	ev_timer_stop(a->ev, &p->timer);
	while (p->at < p->n) {
		int err;

		if (a->open >= a->most) {
			p->state = QUEUED;
			link_add(&a->queue, &p->queue);
			return;
		}
		err = open_socket(p);
		if (err == EINPROGRESS) {
			p->state = CONNECTING;
			ev_io_start(a->ev, &p->io);
			set_timer(p, TRY);
			return;
		}
		if (judge(p, err))
			return;
	}
	pause_for(p, (double)a->n > PAUSE * TRIES ? (double)a->n / TRIES :
	    PAUSE);
}

/* --- names -------------------------------------------------------------- */

static void
set_port(union address *to, unsigned port)
{
	in_port_t n = htons((uint16_t)port);

	if (to->any.sa_family == AF_INET)
		to->four.sin_port = n;
	else
		to->six.sin6_port = n;
}

static void
on_names(void *arg, const union address *list, size_t n, const char *why)
{
	struct probe *p = arg;

	p->question = NULL;
	p->n = n;
	p->at = 0;
	p->named = loop_clock();
	if (n == 0) {
		p->reason = why;
		pause_for(p, NAME_PAUSE);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		p->address[i] = list[i];
		set_port(&p->address[i], p->port);
	}
	connect_next(p);
}

/* a whole try: all addresses */
static void
try(struct probe *p)
{
	struct probes *a = p->all;

	ev_timer_stop(a->ev, &p->timer);
	if (!p->host || (p->n && loop_clock() < p->named + FRESH)) {
		connect_next(p);
		return;
	}
	if (!a->names)
		a->names = names_new(a->ev);
	p->state = NAMING;
	p->question = names_ask(a->names, p->host, on_names, p);
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct probe *p = w->data;
	struct probes *a = p->all;

	(void)ev, (void)events;
	if (p->state == PAUSED) {
		try(p);
		return;
	}
	p->reason = strerror(ETIMEDOUT);
	hang_up(p);
	p->at++;
	connect_next(p);
	serve_queue(a);
}

/* --- outside ------------------------------------------------------------ */

struct probes *
probes_new(struct ev_loop *ev, size_t sockets)
{
	struct probes *a = mem_calloc(1, sizeof(*a));

	a->ev = ev;
	a->most = sockets;
	link_init(&a->queue);
	return a;
}

void
probes_free(struct probes *a)
{
	if (!a)
		return;
	if (a->names)
		names_free(a->names);
	free(a);
}

static void
set_path(struct probe *p, const char *path)
{
	p->path = mem_calloc(1, sizeof(*p->path));
	p->path->sun_family = AF_UNIX;
	strncpy(p->path->sun_path, path, sizeof(p->path->sun_path) - 1);
	p->n = 1;
}

/* an address needs nobody to be asked */
static void
set_host(struct probe *p, const struct wait *w)
{
	union address *to = &p->address[0];

	p->host = mem_strndup(w->host, w->host_len);
	p->port = w->port;
	if (inet_pton(AF_INET, p->host, &to->four.sin_addr) == 1)
		to->any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, p->host, &to->six.sin6_addr) == 1)
		to->any.sa_family = AF_INET6;
	else
		return;
	free(p->host);
	p->host = NULL;
	set_port(to, p->port);
	p->n = 1;
}

struct probe *
probe_new(struct probes *a, const struct wait *w, probe_fn *fn, void *arg)
{
	struct probe *p = mem_calloc(1, sizeof(*p));

	a->n++;
	p->all = a;
	p->fn = fn;
	p->arg = arg;
	p->reason = "not tried yet";
	ev_init(&p->io, on_writable);
	p->io.fd = -1;
	ev_init(&p->timer, on_timer);
	p->io.data = p->timer.data = p;
	if (w->kind == WAIT_UNIX)
		set_path(p, w->text);
	else
		set_host(p, w);
	return p;
}

void
probe_now(struct probe *p)
{
	if (p->state == PAUSED)
		try(p);
}

const char *
probe_reason(const struct probe *p)
{
	return p->reason;
}

void
probe_free(struct probe *p)
{
	struct probes *a = p->all;

	if (p->question)
		names_drop(p->question);
	ev_timer_stop(a->ev, &p->timer);
	link_del(&p->queue);
	hang_up(p);
	a->n--;
	free(p->path);
	free(p->host);
	free(p);
	serve_queue(a);
}

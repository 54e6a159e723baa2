/* SPDX-License-Identifier: ISC */
#include <ares.h>
#include <errno.h>
#include <ev.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "io/inside.h"
#include "io/names.h"

/*
 * Questions asked at once; an answer is waited for TRIES times TIMEOUT_MS
 * (the second time is longer).
 */
enum { ASKED = 64, TRIES = 2, TIMEOUT_MS = 2000, SOCKETS = 16 };

struct names {
	struct ev_loop *ev;
	struct link waiting;	/* questions that were not asked yet */
	unsigned asked;
	ev_timer turn;		/* active: there is room to ask */
};

struct question {
	struct names *all;
	struct link waiting;
	char *host;
	names_fn *fn;
	void *arg;
	ares_channel channel;	/* NULL: not asked yet */
	ev_io io[SOCKETS];
	unsigned nio;
	ev_timer timer;		/* c-ares's next one; also "answered" */
	bool answered, dropped;
	const char *why;
	union address address[ADDRESSES];
	size_t n;
};

/*
 * c-ares asks these for the names of services, which are numbers here: so
 * they are never called.  Those of a static C library would load shared
 * ones at run time.
 */
struct servent *
getservbyname(const char *name, const char *proto)
{
	(void)name, (void)proto;
	return NULL;
}

int
getservbyport_r(int port, const char *proto, struct servent *entry,
    char *buf, size_t size, struct servent **found)
{
	(void)port, (void)proto, (void)entry, (void)buf, (void)size;
	*found = NULL;
	return ENOENT;
}

static void
watch_stop(struct question *q, unsigned i)
{
	ev_io_stop(q->all->ev, &q->io[i]);
	q->io[i].fd = -1;
}

/* not at once: mostly the next one is dropped as well */
static void
ask_soon(struct names *a)
{
	if (a->asked >= ASKED || !link_in(&a->waiting) ||
	    ev_is_active(&a->turn))
		return;
	ev_timer_set(&a->turn, 0., 0.);
	ev_timer_start(a->ev, &a->turn);
}

static void
question_free(struct question *q)
{
	struct names *a = q->all;

	/* what c-ares still says of this one is of no interest */
	q->dropped = true;
	link_del(&q->waiting);
	ev_timer_stop(a->ev, &q->timer);
	if (q->channel) {
		ares_destroy(q->channel);
		a->asked--;
	}
	for (unsigned i = 0; i < q->nio; i++)
		watch_stop(q, i);
	free(q->host);
	free(q);
	ask_soon(a);
}

/* --- what c-ares wants -------------------------------------------------- */

/* when it wants to be called next if nothing comes */
static void
rearm(struct question *q)
{
	struct timeval tv, *next;

	ev_timer_stop(q->all->ev, &q->timer);
	if (q->answered) {
		ev_timer_set(&q->timer, 0., 0.);
	} else {
		next = ares_timeout(q->channel, NULL, &tv);
		if (!next)
			return;
		ev_now_update(q->all->ev);
		ev_timer_set(&q->timer, (double)next->tv_sec +
		    (double)next->tv_usec / 1e6, 0.);
	}
	ev_timer_start(q->all->ev, &q->timer);
}

static void
on_io(struct ev_loop *ev, ev_io *w, int events)
{
	struct question *q = w->data;
	int fd = w->fd;

	(void)ev;
	ares_process_fd(q->channel,
	    events & EV_READ ? fd : ARES_SOCKET_BAD,
	    events & EV_WRITE ? fd : ARES_SOCKET_BAD);
	rearm(q);
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	struct question *q = w->data;
	names_fn *fn = q->fn;

	(void)ev, (void)events;
	if (!q->answered) {
		ares_process_fd(q->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		rearm(q);
		return;
	}
	/* only then, as fn may ask again */
	fn(q->arg, q->address, q->n, q->why);
	question_free(q);
}

/* called before a socket is closed, too */
static void
on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct question *q = arg;
	int events = (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0);
	unsigned i, free_one = q->nio;

	for (i = 0; i < q->nio && q->io[i].fd != fd; i++)
		if (q->io[i].fd == -1)
			free_one = i;
	if (i < q->nio)
		watch_stop(q, i);
	else
		i = free_one;
	if (!events || q->dropped || i == SOCKETS)
		return;
	q->nio += i == q->nio;
	ev_io_init(&q->io[i], on_io, fd, events);
	q->io[i].data = q;
	ev_io_start(q->all->ev, &q->io[i]);
}

/* --- questions and answers ---------------------------------------------- */

static const char *
reason(int status)
{
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
	case ARES_ENONAME:
	case ARES_EBADNAME:
		return "name not known";
	case ARES_ETIMEOUT:
	case ARES_ECONNREFUSED:
		return "no name server answers";
	default:
		return ares_strerror(status);
	}
}

static void
on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *list)
{
	struct question *q = arg;

	(void)timeouts;
	for (struct ares_addrinfo_node *i = list ? list->nodes : NULL;
	    i && q->n < ADDRESSES; i = i->ai_next)
		if (i->ai_addrlen <= sizeof(*q->address))
			memcpy(&q->address[q->n++], i->ai_addr, i->ai_addrlen);
	ares_freeaddrinfo(list);
	q->why = q->n ? NULL : reason(status);
	q->answered = true;
}

/* this machine has that name, whatever its files and servers say */
static bool
is_localhost(struct question *q)
{
	if (strcasecmp(q->host, "localhost") != 0)
		return false;
	q->address[0].six = (struct sockaddr_in6){
		.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback
	};
	q->address[1].four = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	q->n = 2;
	q->answered = true;
	return true;
}

static void
ask(struct question *q)
{
	struct ares_options o = {
		.sock_state_cb = on_socket, .sock_state_cb_data = q,
		.timeout = TIMEOUT_MS, .tries = TRIES,
	};
	const struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
	};
	int status;

	if (is_localhost(q)) {
		rearm(q);
		return;
	}
	status = ares_init_options(&q->channel, &o, ARES_OPT_TIMEOUTMS |
	    ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
	if (status == ARES_SUCCESS) {
		q->all->asked++;
		/* names of /etc/hosts are answered in here */
		ares_getaddrinfo(q->channel, q->host, NULL, &hints, on_answer,
		    q);
	} else {
		q->channel = NULL;
		q->why = reason(status);
		q->answered = true;
	}
	rearm(q);
}

static void
on_turn(struct ev_loop *ev, ev_timer *w, int events)
{
	struct names *a = w->data;

	(void)ev, (void)events;
	while (a->asked < ASKED && link_in(&a->waiting)) {
		struct question *q = container(a->waiting.next,
		    struct question, waiting);

		link_del(&q->waiting);
		ask(q);
	}
}

struct question *
names_ask(struct names *a, const char *host, names_fn *fn, void *arg)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	q->all = a;
	q->host = mem_strdup(host);
	q->fn = fn;
	q->arg = arg;
	ev_init(&q->timer, on_timer);
	q->timer.data = q;
	link_add(&a->waiting, &q->waiting);
	ask_soon(a);
	return q;
}

void
names_drop(struct question *q)
{
	question_free(q);
}

struct names *
names_new(struct ev_loop *ev)
{
	struct names *a = mem_calloc(1, sizeof(*a));

	a->ev = ev;
	ev_init(&a->turn, on_turn);
	a->turn.data = a;
	link_init(&a->waiting);
	return a;
}

void
names_free(struct names *a)
{
	ev_timer_stop(a->ev, &a->turn);
	free(a);
}

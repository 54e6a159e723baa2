/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/client.h"
#include "io/guard.h"
#include "io/loop.h"
#include "model/request.h"

/* what is read at once; a request that is larger comes in pieces */
enum { PIECE = 4096 };

enum client_state {
	CLIENT_FREE,
	CLIENT_READING,		/* a request, or waiting for its first byte */
	CLIENT_ASKED,		/* the reply is up to others */
	CLIENT_WRITING,		/* the reply */
	CLIENT_LOST		/* it is let go of in this turn */
};

struct client {
	struct clients *all;
	enum client_state state;
	uint32_t generation;
	uint32_t index, next_free;
	bool proven;		/* it made a request of a step of ours */
	bool last;		/* after this reply it is let go of */
	ev_io io;
	ev_timer patience;
	struct buf in, out;
	size_t sent;		/* of out */
};

struct clients {
	struct clients_config cfg;
	struct loop *loop;
	struct ev_loop *ev;
	const struct runner_up *up;
	char *dir;		/* the guard's, or our own */
	char own_dir[GUARD_DIR];
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *why;		/* there is no socket; or NULL */
	struct request_who who;	/* the secret */
	char variable[sizeof(REQUEST_VARIABLE) + 128 + REQUEST_WHO_TEXT];
	ev_io listener;
	ev_timer again;		/* accept() could not, for a while */
	struct client **client;
	size_t n, cap;
	uint32_t free;
	unsigned live;
};

#define NONE UINT32_MAX

/* --- letting go ---------------------------------------------------------- */

static void
let_go(struct client *c)
{
	struct clients *a = c->all;

	ev_io_stop(a->ev, &c->io);
	ev_timer_stop(a->ev, &c->patience);
	close(c->io.fd);
	buf_fini(&c->in);
	buf_fini(&c->out);
	c->state = CLIENT_FREE;
	c->next_free = a->free;
	a->free = c->index;
	/* there is room for one that waits */
	if (a->live-- == a->cfg.most || ev_is_active(&a->again)) {
		ev_timer_stop(a->ev, &a->again);
		ev_io_start(a->ev, &a->listener);
	}
}

/* the same, and whoever was asked hears of it */
static void
lose(struct client *c)
{
	struct clients *a = c->all;
	token_t t = (token_t)c->generation << 32 | c->index;
	bool proven = c->proven;

	let_go(c);
	if (proven)
		a->up->left(a->up->arg, t);
}

static void
hurry(struct client *c, bool on)
{
	struct clients *a = c->all;

	ev_timer_stop(a->ev, &c->patience);
	if (!on)
		return;
	ev_timer_set(&c->patience, a->cfg.patience, 0.);
	ev_timer_start(a->ev, &c->patience);
}

static void
on_patience(struct ev_loop *ev, ev_timer *w, int events)
{
	(void)ev, (void)events;
	lose(w->data);
}

static void
watch(struct client *c, int events)
{
	struct clients *a = c->all;

	if ((c->io.events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(a->ev, &c->io);
	ev_io_set(&c->io, c->io.fd, events);
	ev_io_start(a->ev, &c->io);
}

/* as lose(), but in a turn of its own */
static void
later(struct client *c)
{
	struct clients *a = c->all;

	c->state = CLIENT_LOST;
	ev_feed_event(a->ev, &c->io, EV_CUSTOM);
	loop_again(a->loop);
}

/* --- replies ------------------------------------------------------------- */

/*
 * What is still to be written.  That the client is gone is not noticed from
 * within, but told later: this may be a call from above.
 */
static void
push(struct client *c)
{
	while (c->sent < c->out.len) {
		ssize_t n = send(c->io.fd, c->out.data + c->sent,
		    c->out.len - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno != EAGAIN) {
			later(c);
			return;
		}
		if (n == -1) {
			hurry(c, true);
			watch(c, EV_WRITE);
			return;
		}
		c->sent += (size_t)n;
	}
	if (c->last) {
		later(c);
		return;
	}
	/* what was large must not be kept for what is not */
	buf_fini(&c->in);
	buf_fini(&c->out);
	c->sent = 0;
	c->state = CLIENT_READING;
	hurry(c, !c->proven);
	watch(c, EV_READ);
}

static void
answer(struct client *c, const struct reply *r)
{
	c->state = CLIENT_WRITING;
	reply_write(&c->out, r);
	push(c);
}

/* no, and it is the last word */
static void
refuse(struct client *c, const char *why)
{
	struct reply r = {
		.status = REPLY_REFUSED, .data = why, .len = strlen(why)
	};

	c->last = true;
	answer(c, &r);
}

static struct client *
client_of(struct clients *a, token_t t)
{
	uint32_t i = token_index(t);
	struct client *c = i < a->n ? a->client[i] : NULL;

	return c && c->state != CLIENT_FREE && c->generation == t >> 32 ?
	    c : NULL;
}

void
clients_reply(struct clients *a, token_t client, const struct reply *r)
{
	struct client *c = client_of(a, client);

	if (c && c->state == CLIENT_ASKED)
		answer(c, r);
}

/* --- requests ------------------------------------------------------------ */

/* as long for a good secret as for a bad one */
static bool
is_ours(const struct clients *a, const struct request_who *who)
{
	unsigned differ = 0;

	for (size_t i = 0; i < REQUEST_SECRET; i++)
		differ |= who->secret[i] ^ a->who.secret[i];
	return differ == 0;
}

static void
take(struct client *c, size_t size)
{
	struct clients *a = c->all;
	struct request_who who;
	struct request r;

	if (request_read(c->in.data + FRAME_HEAD, size - FRAME_HEAD, &who,
	    &r) == -1) {
		refuse(c, "the run did not understand the request: is it "
		    "another version of pseq?");
		return;
	}
	if (!is_ours(a, &who)) {
		refuse(c, "the run did not start this command");
		return;
	}
	c->proven = true;
	c->state = CLIENT_ASKED;
	hurry(c, false);
	a->up->asked(a->up->arg, (token_t)c->generation << 32 | c->index,
	    who.token, &r);
}

/* the request may have come to its end */
static void
look(struct client *c)
{
	size_t size;

	if (c->in.len < FRAME_HEAD)
		return;
	size = frame_size(c->in.data);
	if (size > FRAME_HEAD + FRAME_MAX) {
		refuse(c, "the request is too long (over 1 MiB)");
		return;
	}
	if (c->in.len < size)
		return;
	/* it must wait for the reply */
	if (c->in.len > size) {
		refuse(c, "the run did not understand the request");
		return;
	}
	take(c, size);
}

static void
on_readable(struct client *c)
{
	size_t had = c->in.len;
	char *room = buf_room(&c->in, PIECE);
	ssize_t n = recv(c->io.fd, room, c->in.cap - had, MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	/* it went away, or does not wait for its reply */
	if (n <= 0 || c->state != CLIENT_READING) {
		lose(c);
		return;
	}
	c->in.len += (size_t)n;
	if (had == 0)
		hurry(c, true);
	look(c);
}

static void
on_io(struct ev_loop *ev, ev_io *w, int events)
{
	struct client *c = w->data;

	(void)ev;
	if (events & EV_CUSTOM)
		lose(c);
	else if (events & EV_WRITE)
		push(c);
	else
		on_readable(c);
}

/* --- connections --------------------------------------------------------- */

static struct client *
client_new(struct clients *a)
{
	struct client *c;

	if (a->free == NONE) {
		a->client = mem_grow(a->client, &a->cap, a->n + 1,
		    sizeof(struct client *));
		c = mem_calloc(1, sizeof(*c));
		c->all = a;
		c->index = (uint32_t)a->n;
		ev_init(&c->io, on_io);
		ev_init(&c->patience, on_patience);
		c->io.data = c->patience.data = c;
		a->client[a->n++] = c;
	} else {
		c = a->client[a->free];
		a->free = c->next_free;
	}
	c->generation++;
	c->proven = c->last = false;
	c->sent = 0;
	c->state = CLIENT_READING;
	a->live++;
	return c;
}

/* only what runs as we do: the directory keeps out all but root */
static bool
is_welcome(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	    cred.uid == geteuid();
}

static void
on_listener(struct ev_loop *ev, ev_io *w, int events)
{
	struct clients *a = w->data;
	struct client *c;
	int fd;

	(void)events;
	while (a->live < a->cfg.most) {
		fd = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd == -1)
			break;
		if (!is_welcome(fd)) {
			close(fd);
			continue;
		}
		c = client_new(a);
		ev_io_set(&c->io, fd, EV_READ);
		ev_io_start(ev, &c->io);
		hurry(c, true);
	}
	if (a->live < a->cfg.most && errno == EAGAIN)
		return;
	/* they wait until one of us is done, or descriptors are there again */
	ev_io_stop(ev, w);
	if (a->live < a->cfg.most)
		ev_timer_again(ev, &a->again);
}

static void
on_again(struct ev_loop *ev, ev_timer *w, int events)
{
	struct clients *a = w->data;

	(void)events;
	ev_timer_stop(ev, w);
	ev_io_start(ev, &a->listener);
}

/* --- the socket ---------------------------------------------------------- */

static int
try_dir(struct clients *a, const char *parent)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (guard_make_dir(a->dir, parent) == -1)
		return -1;
	snprintf(a->path, sizeof(a->path), "%.*s/s",
	    (int)sizeof(a->path) - 3, a->dir);
	memcpy(addr.sun_path, a->path, sizeof(addr.sun_path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd != -1 && bind(fd, (struct sockaddr *)&addr,
	    sizeof(addr)) == 0 && listen(fd, SOMAXCONN) == 0) {
		ev_io_set(&a->listener, fd, EV_READ);
		ev_io_start(a->ev, &a->listener);
		return 0;
	}
	err = errno;
	if (fd != -1)
		close(fd);
	guard_remove_dir(a->dir);
	errno = err;
	return -1;
}

static void
open_socket(struct clients *a)
{
	const char *const parent[] = {
		getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp"
	};
	struct buf why = { 0 };

	if (getrandom(a->who.secret, REQUEST_SECRET, 0) != REQUEST_SECRET) {
		buf_addf(&why, "no random numbers: %s", strerror(errno));
	} else {
		for (size_t i = 0; i < countof(parent); i++)
			if (parent[i] && try_dir(a, parent[i]) == 0)
				return;
		buf_addf(&why, "%s: %s", parent[countof(parent) - 1],
		    strerror(errno));
	}
	a->listener.fd = -1;
	snprintf(a->variable, sizeof(a->variable), REQUEST_VARIABLE "=!%s",
	    buf_str(&why));
	buf_fini(&why);
}

struct clients *
clients_new(struct loop *loop, const struct runner_up *up,
    const struct clients_config *cfg)
{
	struct clients *a = mem_calloc(1, sizeof(*a));

	a->cfg = *cfg;
	a->dir = cfg->guard ? cfg->guard->table->dir[GUARD_OF_CLIENTS] :
	    a->own_dir;
	a->loop = loop;
	a->ev = loop_ev(loop);
	a->up = up;
	a->free = NONE;
	ev_init(&a->listener, on_listener);
	ev_init(&a->again, on_again);
	a->again.repeat = 0.1;
	a->listener.data = a->again.data = a;
	open_socket(a);
	return a;
}

const char *
clients_variable(struct clients *a, token_t step)
{
	char who[REQUEST_WHO_TEXT];

	if (a->listener.fd == -1)
		return a->variable;
	a->who.token = step;
	request_show_who(who, &a->who);
	snprintf(a->variable, sizeof(a->variable), REQUEST_VARIABLE "=%s:%s",
	    a->path, who);
	return a->variable;
}

void
clients_unlink(struct clients *a)
{
	if (!a || a->listener.fd == -1 || !*a->dir)
		return;
	guard_remove_dir(a->dir);
}

void
clients_free(struct clients *a)
{
	if (!a)
		return;
	clients_unlink(a);
	for (size_t i = 0; i < a->n; i++) {
		if (a->client[i]->state != CLIENT_FREE)
			let_go(a->client[i]);
		free(a->client[i]);
	}
	free(a->client);
	ev_timer_stop(a->ev, &a->again);
	ev_io_stop(a->ev, &a->listener);
	if (a->listener.fd != -1)
		close(a->listener.fd);
	free(a);
}

/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/loop.h"
#include "io/mux.h"

/* of the master's own protocol */
enum {
	MUX_VERSION = 4,
	MUX_HELLO = 0x00000001,
};
#define MUX_C_PROXY 0x1000000fu
#define MUX_S_PROXY 0x8000000fu

/* of RFC 4254 */
enum {
	SSH_OPEN = 90, SSH_CONFIRM = 91, SSH_FAILURE = 92, SSH_ADJUST = 93,
	SSH_DATA = 94, SSH_EXTENDED = 95, SSH_EOF = 96, SSH_CLOSE = 97,
	SSH_REQUEST = 98, SSH_REQUEST_OK = 99, SSH_REQUEST_FAILED = 100,
};

enum { STAGE_HELLO, STAGE_PROXY, STAGE_UP };

enum {
	WINDOW = 128 * 1024,		/* of a new channel */
	WINDOW_MAX = 2 * 1024 * 1024,	/* … of one that sends much */
	PACKET = 32 * 1024,
	AHEAD = 32 * 1024,
	PACKET_MAX = 128 * 1024,	/* more is nonsense */
	GATHER = 64 * 1024,		/* enough for one write */
	KEEP = 4096			/* of an empty buffer */
};

static_assert(MUX_READ_MIN > PACKET_MAX + PACKET, "no room for a packet");

/* --- making packets ------------------------------------------------------ */

static void
put32(struct buf *b, uint32_t v)
{
	const unsigned char c[4] = {
		(unsigned char)(v >> 24), (unsigned char)(v >> 16),
		(unsigned char)(v >> 8), (unsigned char)v
	};

	buf_add(b, c, 4);
}

static void
put_text(struct buf *b, const char *s)
{
	put32(b, (uint32_t)strlen(s));
	buf_adds(b, s);
}

/* the length of what was added since */
static void
seal(struct buf *b, size_t at)
{
	uint32_t v = (uint32_t)(b->len - at - 4);

	for (int i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(v >> (24 - 8 * i));
}

static void
dirty(struct mux *m)
{
	if (link_in(&m->dirty))
		return;
	link_add(&m->hub->dirty, &m->dirty);
	loop_again(m->hub->loop);
}

/* a packet of this type for a channel of the peer; the place of its length */
static size_t
begin(struct mux *m, char type, uint32_t peer)
{
	size_t at = m->out.len;

	put32(&m->out, 0);
	buf_addc(&m->out, '\0');
	buf_addc(&m->out, type);
	put32(&m->out, peer);
	dirty(m);
	return at;
}

static void
plain(struct mux *m, char type, uint32_t peer)
{
	seal(&m->out, begin(m, type, peer));
}

/* --- reading them -------------------------------------------------------- */

struct cursor {
	const unsigned char *p;
	size_t n;
	bool bad;
};

static uint32_t
get32(struct cursor *c)
{
	uint32_t v;

	if (c->n < 4) {
		c->bad = true;
		c->n = 0;
		return 0;
	}
	v = (uint32_t)c->p[0] << 24 | (uint32_t)c->p[1] << 16 |
	    (uint32_t)c->p[2] << 8 | c->p[3];
	c->p += 4;
	c->n -= 4;
	return v;
}

static unsigned
get8(struct cursor *c)
{
	if (c->n < 1) {
		c->bad = true;
		return 0;
	}
	c->n--;
	return *c->p++;
}

static const char *
get_text(struct cursor *c, size_t *len)
{
	const char *s;

	*len = get32(c);
	if (*len > c->n) {
		c->bad = true;
		*len = 0;
	}
	s = (const char *)c->p;
	c->p += *len;
	c->n -= *len;
	return s;
}

static bool
is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(s, word, len) == 0;
}

/* --- channels ------------------------------------------------------------ */

static void
channel_off(struct mux_channel *ch)
{
	link_del(&ch->wants);
	ch->mux = NULL;
	ch->open = false;
}

void
mux_channel_open(struct mux *m, struct mux_channel *ch,
    const struct mux_channel_fns *on)
{
	size_t id = 0, at;

	assert(m->stage == STAGE_UP && m->io.fd != -1);
	while (id < m->nslot && m->slot[id].used)
		id++;
	if (id == m->nslot) {
		m->slot = mem_grow(m->slot, &m->cap, id + 1,
		    sizeof(*m->slot));
		m->nslot++;
	}
	m->slot[id] = (struct mux_slot){ .channel = ch, .used = true };
	*ch = (struct mux_channel){
		.on = on, .mux = m, .id = (uint32_t)id, .granted = WINDOW,
		.size = WINDOW
	};
	at = m->out.len;
	put32(&m->out, 0);
	buf_addc(&m->out, '\0');
	buf_addc(&m->out, SSH_OPEN);
	put_text(&m->out, "session");
	put32(&m->out, ch->id);
	put32(&m->out, WINDOW);
	put32(&m->out, PACKET);
	seal(&m->out, at);
	dirty(m);
}

static size_t
request(struct mux_channel *ch, const char *name, bool reply)
{
	size_t at = begin(ch->mux, SSH_REQUEST, ch->peer);

	put_text(&ch->mux->out, name);
	buf_addc(&ch->mux->out, reply);
	return at;
}

void
mux_exec(struct mux_channel *ch, const char *command)
{
	size_t at = request(ch, "exec", false);

	put_text(&ch->mux->out, command);
	seal(&ch->mux->out, at);
	/*
	 * sshd grants nothing before the command has begun, but it begins it
	 * before it looks at what follows; to wait for the word would cost
	 * each step another round trip.
	 */
	if (ch->window == 0)
		ch->window = ch->ahead = AHEAD;
}

void
mux_signal(struct mux_channel *ch, const char *name)
{
	size_t at;

	if (!ch->open)
		return;
	at = request(ch, "signal", false);
	put_text(&ch->mux->out, name);
	seal(&ch->mux->out, at);
}

void
mux_ping(struct mux_channel *ch)
{
	/* no system knows this request, so each answers that it does not */
	if (ch->open && !ch->close_sent)
		seal(&ch->mux->out, request(ch, "keepalive@openssh.com",
		    true));
}

void
mux_want(struct mux_channel *ch)
{
	ch->wanting = true;
	if (!ch->open || ch->eof_sent || ch->window == 0 ||
	    link_in(&ch->wants))
		return;
	link_add(&ch->mux->wants, &ch->wants);
	dirty(ch->mux);
}

char *
mux_begin(struct mux_channel *ch, size_t *n)
{
	struct buf *out = &ch->mux->out;
	size_t most = ch->packet < PACKET ? ch->packet : PACKET;

	if (most > ch->window)
		most = ch->window;
	if (*n > most)
		*n = most;
	return *n > 0 ? buf_room(out, *n + 14) + 14 : NULL;
}

void
mux_end(struct mux_channel *ch, size_t n)
{
	struct buf *out = &ch->mux->out;
	size_t at;

	if (n == 0)
		return;
	at = begin(ch->mux, SSH_DATA, ch->peer);
	put32(out, (uint32_t)n);
	out->len += n;		/* it is there already */
	seal(out, at);
	ch->window -= (uint32_t)n;
}

bool
mux_is_full(const struct mux *m)
{
	return m->out.len - m->out_at >= GATHER;
}

void
mux_eof(struct mux_channel *ch)
{
	if (!ch->open || ch->eof_sent || ch->close_sent)
		return;
	ch->eof_sent = true;
	link_del(&ch->wants);
	plain(ch->mux, SSH_EOF, ch->peer);
}

/* who sends a whole window, and more, gets a larger one */
void
mux_taken(struct mux_channel *ch, size_t n)
{
	size_t at;

	if (!ch->mux)
		return;
	ch->taken += (uint32_t)n;
	if (!ch->open || ch->close_sent || ch->taken < ch->size / 2)
		return;
	if (ch->size < WINDOW_MAX) {
		ch->taken += ch->size;
		ch->size *= 2;
	}
	at = begin(ch->mux, SSH_ADJUST, ch->peer);
	put32(&ch->mux->out, ch->taken);
	seal(&ch->mux->out, at);
	ch->granted += ch->taken;
	ch->taken = 0;
}

void
mux_leave(struct mux_channel *ch)
{
	struct mux *m = ch->mux;
	struct mux_slot *s;

	if (!m)
		return;
	s = &m->slot[ch->id];
	s->channel = NULL;
	/* one that is not open yet is closed as soon as it is */
	if (s->open && !s->close_sent) {
		s->close_sent = true;
		plain(m, SSH_CLOSE, s->peer);
	}
	channel_off(ch);
}

/* --- what the peer says -------------------------------------------------- */

static void
confirmed(struct mux *m, struct mux_slot *s, struct cursor *c)
{
	struct mux_channel *ch = s->channel;
	uint32_t peer = get32(c), window = get32(c), packet = get32(c);

	if (c->bad || s->open) {
		c->bad = true;
		return;
	}
	s->open = true;
	s->peer = peer;
	if (!ch) {
		s->close_sent = true;
		plain(m, SSH_CLOSE, peer);
		return;
	}
	ch->peer = peer;
	ch->window = window;
	ch->packet = packet;
	ch->open = true;
	ch->on->opened(ch);
}

static void
failed(struct mux_slot *s, struct cursor *c)
{
	struct mux_channel *ch = s->channel;
	const char *why;
	size_t len;

	get32(c);
	why = get_text(c, &len);
	if (c->bad || s->open) {
		c->bad = true;
		return;
	}
	*s = (struct mux_slot){ 0 };
	if (!ch)
		return;
	channel_off(ch);
	ch->on->refused(ch, why, len);
}

static void
adjusted(struct mux_channel *ch, struct cursor *c)
{
	uint32_t n = get32(c);

	if (c->bad || !ch)
		return;
	if (n > UINT32_MAX - ch->window) {
		c->bad = true;
		return;
	}
	if (n >= ch->ahead) {
		ch->window += n - ch->ahead;
		ch->ahead = 0;
	} else {
		ch->ahead -= n;
	}
	if (ch->wanting)
		mux_want(ch);
}

static void
data(struct mux_channel *ch, bool extended, struct cursor *c)
{
	uint32_t type = extended ? get32(c) : 0;
	const char *p;
	size_t n;

	p = get_text(c, &n);
	if (c->bad || !ch)
		return;
	if (n > ch->granted) {
		c->bad = true;
		return;
	}
	ch->granted -= (uint32_t)n;
	if (extended && type != 1)
		mux_taken(ch, n);
	else if (n > 0)
		ch->on->data(ch, extended, p, n);
}

static void
closed(struct mux *m, struct mux_slot *s)
{
	struct mux_channel *ch = s->channel;

	if (!s->close_sent)
		plain(m, SSH_CLOSE, s->peer);
	*s = (struct mux_slot){ 0 };
	if (!ch)
		return;
	channel_off(ch);
	ch->on->closed(ch);
}

static void
requested(struct mux *m, const struct mux_slot *s, struct cursor *c)
{
	struct mux_channel *ch = s->channel;
	size_t len, nname;
	const char *type = get_text(c, &len), *name;
	unsigned wants = get8(c);

	/* the server asks whether we are there; that we answer is enough */
	if (wants && !s->close_sent)
		plain(m, SSH_REQUEST_FAILED, s->peer);
	if (c->bad || !ch)
		return;
	if (is(type, len, "exit-status")) {
		uint32_t code = get32(c);

		if (!c->bad)
			ch->on->exited(ch, (int)(code & 0xff));
	} else if (is(type, len, "exit-signal")) {
		name = get_text(c, &nname);
		if (!c->bad)
			ch->on->killed(ch, name, nname);
	} else if (is(type, len, "eow@openssh.com")) {
		/* nobody there reads any more */
		ch->eof_sent = true;
		link_del(&ch->wants);
		ch->on->unread(ch);
	}
}

/* one packet of the connection; false: it is none */
static bool
packet(struct mux *m, const unsigned char *p, size_t n)
{
	struct cursor c = { .p = p, .n = n };
	struct mux_slot *s;
	unsigned type;
	uint32_t id;

	get8(&c);
	type = get8(&c);
	if (type < SSH_CONFIRM || type > SSH_REQUEST_FAILED)
		return !c.bad;	/* nothing that we asked for */
	id = get32(&c);
	if (c.bad || id >= m->nslot || !m->slot[id].used)
		return false;
	s = &m->slot[id];
	if (!s->open && type != SSH_CONFIRM && type != SSH_FAILURE)
		return false;
	switch (type) {
	case SSH_CONFIRM:
		confirmed(m, s, &c);
		break;
	case SSH_FAILURE:
		failed(s, &c);
		break;
	case SSH_ADJUST:
		adjusted(s->channel, &c);
		break;
	case SSH_DATA:
	case SSH_EXTENDED:
		data(s->channel, type == SSH_EXTENDED, &c);
		break;
	case SSH_EOF:
		if (s->channel)
			s->channel->on->eof(s->channel);
		break;
	case SSH_CLOSE:
		closed(m, s);
		break;
	case SSH_REQUEST_OK:
	case SSH_REQUEST_FAILED:
		if (s->channel && s->channel->on->pong)
			s->channel->on->pong(s->channel);
		break;
	case SSH_REQUEST:
		requested(m, s, &c);
		break;
	}
	return !c.bad;
}

/* --- the socket ---------------------------------------------------------- */

static void
close_socket(struct mux *m)
{
	ev_io_stop(m->hub->ev, &m->io);
	link_del(&m->dirty);
	close(m->io.fd);
	m->io.fd = -1;
	buf_fini(&m->in);
	buf_fini(&m->out);
	m->out_at = 0;
}

void
mux_shut(struct mux *m)
{
	if (!m->hub || m->io.fd == -1)
		return;
	close_socket(m);
	for (size_t i = 0; i < m->nslot; i++) {
		struct mux_channel *ch = m->slot[i].channel;

		m->slot[i] = (struct mux_slot){ 0 };
		if (!ch)
			continue;
		channel_off(ch);
		ch->on->lost(ch);
	}
	free(m->slot);
	m->slot = NULL;
	m->nslot = m->cap = 0;
}

static void
gone(struct mux *m, const char *why)
{
	/* it can say why before the channels hear of it */
	m->on->gone(m->arg, why);
	mux_shut(m);
}

/* the master's greeting, and its answer; false: it is something else */
static bool
greeting(struct mux *m, const unsigned char *p, size_t n)
{
	struct cursor c = { .p = p, .n = n };
	uint32_t type = get32(&c), v = get32(&c);

	if (m->stage == STAGE_HELLO) {
		m->stage = STAGE_PROXY;
		return !c.bad && type == MUX_HELLO && v == MUX_VERSION;
	}
	if (c.bad || type != MUX_S_PROXY)
		return false;
	m->stage = STAGE_UP;
	m->on->up(m->arg);
	return true;
}

static ssize_t
no_proxy(struct mux *m)
{
	mux_shut(m);
	m->on->refused(m->arg);
	return -1;
}

/* all whole packets; how many bytes, or -1: the socket is closed */
static ssize_t
packets(struct mux *m, const unsigned char *p, size_t n)
{
	size_t at = 0;

	while (n - at >= 4) {
		struct cursor c = { .p = p + at, .n = 4 };
		size_t len = get32(&c);

		if (len > PACKET_MAX || len < 2) {
			gone(m, "the master sent nonsense");
			return -1;
		}
		if (n - at - 4 < len)
			break;
		if (m->stage != STAGE_UP) {
			if (!greeting(m, p + at + 4, len))
				return no_proxy(m);
		} else if (!packet(m, p + at + 4, len)) {
			gone(m, "the master sent nonsense");
			return -1;
		}
		/* a callback may have had enough of it */
		if (m->io.fd == -1)
			return -1;
		at += 4 + len;
	}
	return (ssize_t)at;
}

static void
on_socket(struct ev_loop *ev, ev_io *w, int events)
{
	struct mux *m = w->data;
	struct mux_hub *h = m->hub;
	size_t had = m->in.len;
	ssize_t n, used;

	(void)ev;
	if (events & EV_WRITE)
		dirty(m);
	if (!(events & EV_READ))
		return;
	if (had > 0)
		memcpy(h->buf, m->in.data, had);
	n = recv(w->fd, h->buf + had, h->size - had, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		gone(m, "the connection is gone");
		return;
	}
	m->heard_at = loop_now(h->loop);
	n += (ssize_t)had;
	used = packets(m, (const unsigned char *)h->buf, (size_t)n);
	if (used == -1)
		return;
	buf_clear(&m->in);
	buf_add(&m->in, h->buf + used, (size_t)(n - used));
	if (m->in.len == 0 && m->in.cap > KEEP)
		buf_fini(&m->in);
}

static void
watch(struct mux *m, bool write)
{
	int events = EV_READ | (write ? EV_WRITE : 0);

	if ((m->io.events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(m->hub->ev, &m->io);
	ev_io_set(&m->io, m->io.fd, events);
	ev_io_start(m->hub->ev, &m->io);
}

/* what the channels have, in turns */
static void
gather(struct mux *m)
{
	while (link_in(&m->wants) && m->out.len - m->out_at < GATHER) {
		struct mux_channel *ch = (void *)((char *)m->wants.next -
		    offsetof(struct mux_channel, wants));

		link_del(&ch->wants);
		ch->wanting = ch->on->room(ch);
		if (ch->wanting && ch->mux == m)
			mux_want(ch);
	}
}

/* false: all was written, but there is more for the next turn */
static bool
flush(struct mux *m)
{
	struct buf *out = &m->out;
	ssize_t n;

	gather(m);
	if (out->len == m->out_at)
		return true;
	n = send(m->io.fd, out->data + m->out_at, out->len - m->out_at,
	    MSG_DONTWAIT | MSG_NOSIGNAL);
	/* an error shows when reading: there may still be something */
	if (n == -1 && errno != EAGAIN && errno != EINTR)
		n = (ssize_t)(out->len - m->out_at);
	m->out_at += n > 0 ? (size_t)n : 0;
	watch(m, m->out_at < out->len);
	if (m->out_at < out->len)
		return true;
	m->out_at = 0;
	buf_clear(out);
	if (out->cap > KEEP && !link_in(&m->wants))
		buf_fini(out);
	return !link_in(&m->wants);
}

void
mux_flush(struct mux_hub *h)
{
	struct link again;

	link_init(&again);
	while (link_in(&h->dirty)) {
		struct mux *m = (void *)((char *)h->dirty.next -
		    offsetof(struct mux, dirty));
		bool done;

		link_del(&m->dirty);
		done = flush(m);
		link_del(&m->dirty);
		if (!done)
			link_add(&again, &m->dirty);
	}
	while (link_in(&again)) {
		struct mux *m = (void *)((char *)again.next -
		    offsetof(struct mux, dirty));

		link_del(&m->dirty);
		dirty(m);
	}
}

void
mux_open(struct mux *m, struct mux_hub *hub, int fd, const struct mux_fns *on,
    void *arg)
{
	size_t at;

	assert(hub->size >= MUX_READ_MIN);
	*m = (struct mux){ .hub = hub, .on = on, .arg = arg };
	link_init(&m->wants);
	ev_io_init(&m->io, on_socket, fd, EV_READ);
	m->io.data = m;
	ev_io_start(hub->ev, &m->io);
	at = m->out.len;
	put32(&m->out, 0);
	put32(&m->out, MUX_HELLO);
	put32(&m->out, MUX_VERSION);
	seal(&m->out, at);
	at = m->out.len;
	put32(&m->out, 0);
	put32(&m->out, MUX_C_PROXY);
	put32(&m->out, 1);
	seal(&m->out, at);
	dirty(m);
}

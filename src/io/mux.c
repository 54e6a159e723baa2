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
#include "io/packet.h"

/* of the master's own protocol */
enum {
	MUX_VERSION = 4,
	MUX_HELLO = 0x00000001,
};
#define MUX_C_PROXY 0x1000000fu
#define MUX_S_PROXY 0x8000000fu

enum {
	PACKET_MAX = 128 * 1024,	/* more is nonsense */
	PACKET_MOST = 32 * 1024,	/* what we ask for */
	GATHER = 64 * 1024,		/* enough for one write */
	KEEP = 4096			/* of an empty buffer */
};

static_assert(MUX_READ_MIN > PACKET_MAX + PACKET_MOST, "no room for a packet");

void
mux_dirty(struct mux *m)
{
	if (link_in(&m->dirty))
		return;
	link_add(&m->hub->dirty, &m->dirty);
	loop_again(m->hub->loop);
}

bool
mux_is_full(const struct mux *m)
{
	return m->out.len - m->out_at >= GATHER;
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
		mux_channel_off(ch);
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
	uint32_t type = packet_get32(&c), v = packet_get32(&c);

	if (m->stage == MUX_STAGE_HELLO) {
		m->stage = MUX_STAGE_PROXY;
		return !c.bad && type == MUX_HELLO && v == MUX_VERSION;
	}
	if (c.bad || type != MUX_S_PROXY)
		return false;
	m->stage = MUX_STAGE_UP;
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
		size_t len = packet_get32(&c);

		if (len > PACKET_MAX || len < 2) {
			gone(m, "the master sent nonsense");
			return -1;
		}
		if (n - at - 4 < len)
			break;
		if (m->stage != MUX_STAGE_UP) {
			if (!greeting(m, p + at + 4, len))
				return no_proxy(m);
		} else if (!mux_packet(m, p + at + 4, len)) {
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
		mux_dirty(m);
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
		mux_dirty(m);
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
	packet_put32(&m->out, 0);
	packet_put32(&m->out, MUX_HELLO);
	packet_put32(&m->out, MUX_VERSION);
	packet_seal(&m->out, at);
	at = m->out.len;
	packet_put32(&m->out, 0);
	packet_put32(&m->out, MUX_C_PROXY);
	packet_put32(&m->out, 1);
	packet_seal(&m->out, at);
	mux_dirty(m);
}

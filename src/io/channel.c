/* SPDX-License-Identifier: ISC */
/* the channels of a mux: what we send in them, and what the peer says */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "io/mux.h"
#include "io/packet.h"

/* of RFC 4254 */
enum {
	SSH_OPEN = 90, SSH_CONFIRM = 91, SSH_FAILURE = 92, SSH_ADJUST = 93,
	SSH_DATA = 94, SSH_EXTENDED = 95, SSH_EOF = 96, SSH_CLOSE = 97,
	SSH_REQUEST = 98, SSH_REQUEST_OK = 99, SSH_REQUEST_FAILED = 100,
};

enum {
	WINDOW = 128 * 1024,		/* of a new channel */
	WINDOW_MAX = 2 * 1024 * 1024,	/* … of one that sends much */
	PACKET = 32 * 1024,
	AHEAD = 32 * 1024		/* sent before it is asked for */
};

/* a packet of this type for a channel of the peer; the place of its length */
static size_t
begin(struct mux *m, char type, uint32_t peer)
{
	size_t at = m->out.len;

	packet_put32(&m->out, 0);
	buf_addc(&m->out, '\0');
	buf_addc(&m->out, type);
	packet_put32(&m->out, peer);
	mux_dirty(m);
	return at;
}

static void
plain(struct mux *m, char type, uint32_t peer)
{
	packet_seal(&m->out, begin(m, type, peer));
}

static bool
is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(s, word, len) == 0;
}

/* --- channels ------------------------------------------------------------ */

void
mux_channel_off(struct mux_channel *ch)
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

	assert(m->stage == MUX_STAGE_UP && m->io.fd != -1);
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
	packet_put32(&m->out, 0);
	buf_addc(&m->out, '\0');
	buf_addc(&m->out, SSH_OPEN);
	packet_put_text(&m->out, "session");
	packet_put32(&m->out, ch->id);
	packet_put32(&m->out, WINDOW);
	packet_put32(&m->out, PACKET);
	packet_seal(&m->out, at);
	mux_dirty(m);
}

static size_t
request(struct mux_channel *ch, const char *name, bool reply)
{
	size_t at = begin(ch->mux, SSH_REQUEST, ch->peer);

	packet_put_text(&ch->mux->out, name);
	buf_addc(&ch->mux->out, reply);
	return at;
}

void
mux_exec(struct mux_channel *ch, const char *command)
{
	size_t at = request(ch, "exec", false);

	packet_put_text(&ch->mux->out, command);
	packet_seal(&ch->mux->out, at);
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
	packet_put_text(&ch->mux->out, name);
	packet_seal(&ch->mux->out, at);
}

void
mux_ping(struct mux_channel *ch)
{
	/* no system knows this request, so each answers that it does not */
	if (ch->open && !ch->close_sent)
		packet_seal(&ch->mux->out, request(ch, "keepalive@openssh.com",
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
	mux_dirty(ch->mux);
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
	packet_put32(out, (uint32_t)n);
	out->len += n;		/* it is there already */
	packet_seal(out, at);
	ch->window -= (uint32_t)n;
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
	packet_put32(&ch->mux->out, ch->taken);
	packet_seal(&ch->mux->out, at);
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
	mux_channel_off(ch);
}

/* --- what the peer says -------------------------------------------------- */

static void
confirmed(struct mux *m, struct mux_slot *s, struct cursor *c)
{
	struct mux_channel *ch = s->channel;
	uint32_t peer = packet_get32(c), window = packet_get32(c), packet = packet_get32(c);

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

	packet_get32(c);
	why = packet_get_text(c, &len);
	if (c->bad || s->open) {
		c->bad = true;
		return;
	}
	*s = (struct mux_slot){ 0 };
	if (!ch)
		return;
	mux_channel_off(ch);
	ch->on->refused(ch, why, len);
}

static void
adjusted(struct mux_channel *ch, struct cursor *c)
{
	uint32_t n = packet_get32(c);

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
	uint32_t type = extended ? packet_get32(c) : 0;
	const char *p;
	size_t n;

	p = packet_get_text(c, &n);
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
	mux_channel_off(ch);
	ch->on->closed(ch);
}

static void
requested(struct mux *m, const struct mux_slot *s, struct cursor *c)
{
	struct mux_channel *ch = s->channel;
	size_t len, nname;
	const char *type = packet_get_text(c, &len), *name;
	unsigned wants = packet_get8(c);

	/* the server asks whether we are there; that we answer is enough */
	if (wants && !s->close_sent)
		plain(m, SSH_REQUEST_FAILED, s->peer);
	if (c->bad || !ch)
		return;
	if (is(type, len, "exit-status")) {
		uint32_t code = packet_get32(c);

		if (!c->bad)
			ch->on->exited(ch, (int)(code & 0xff));
	} else if (is(type, len, "exit-signal")) {
		name = packet_get_text(c, &nname);
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
bool
mux_packet(struct mux *m, const unsigned char *p, size_t n)
{
	struct cursor c = { .p = p, .n = n };
	struct mux_slot *s;
	unsigned type;
	uint32_t id;

	packet_get8(&c);
	type = packet_get8(&c);
	if (type < SSH_CONFIRM || type > SSH_REQUEST_FAILED)
		return !c.bad;	/* nothing that we asked for */
	id = packet_get32(&c);
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

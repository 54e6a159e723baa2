/* SPDX-License-Identifier: ISC */
#include <ev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/gate.h"
#include "io/loop.h"
#include "io/mux.h"
#include "io/supply.h"
#include "io/uses.h"
#include "unit.h"

/* a mux, and its master: we are that */
struct fixture {
	struct loop *loop;
	struct mux_hub hub;
	struct mux mux;
	struct mux_channel ch[3];
	char buf[MUX_READ_MIN];
	int fd;
	struct buf got;		/* what the mux sent */
	bool up, refused, gone;
	unsigned lost, closed, opened, failed;
	size_t data;
	int code;
	size_t left;		/* bytes that channel 0 still writes */
};

static struct fixture *f;

static void on_up(void *arg) { (void)arg; f->up = true; }
static void on_refused(void *arg) { (void)arg; f->refused = true; }

static void
on_gone(void *arg, const char *why)
{
	(void)arg, (void)why;
	f->gone = true;
}

static const struct mux_fns mux_fns = {
	.up = on_up, .refused = on_refused, .gone = on_gone
};

static void ch_opened(struct mux_channel *c) { (void)c; f->opened++; }
static void ch_closed(struct mux_channel *c) { (void)c; f->closed++; }
static void ch_lost(struct mux_channel *c) { (void)c; f->lost++; }
static void ch_eof(struct mux_channel *c) { (void)c; }
static void ch_unread(struct mux_channel *c) { (void)c; }

static void
ch_refused(struct mux_channel *c, const char *why, size_t len)
{
	(void)c, (void)why, (void)len;
	f->failed++;
}

static void
ch_data(struct mux_channel *c, bool err, const char *p, size_t n)
{
	(void)err, (void)p;
	f->data += n;
	mux_taken(c, n);
}

static bool
ch_room(struct mux_channel *c)
{
	size_t n = f->left;
	char *p;

	if (n == 0) {
		mux_eof(c);
		return false;
	}
	p = mux_begin(c, &n);
	if (!p)
		return true;
	memset(p, 'x', n);
	mux_end(c, n);
	f->left -= n;
	return true;
}

static void
ch_exited(struct mux_channel *c, int code)
{
	(void)c;
	f->code = code;
}

static void
ch_killed(struct mux_channel *c, const char *name, size_t len)
{
	(void)c, (void)name;
	f->code = (int)len;
}

static const struct mux_channel_fns ch_fns = {
	.opened = ch_opened, .refused = ch_refused, .closed = ch_closed,
	.lost = ch_lost, .data = ch_data, .room = ch_room, .eof = ch_eof,
	.exited = ch_exited, .killed = ch_killed, .unread = ch_unread,
};

static void
turn(void)
{
	char buf[65536];
	ssize_t n;

	for (int i = 0; i < 4; i++) {
		mux_flush(&f->hub);
		ev_run(f->hub.ev, EVRUN_NOWAIT);
		while ((n = read(f->fd, buf, sizeof(buf))) > 0)
			buf_add(&f->got, buf, (size_t)n);
	}
}

static void
say(const void *p, size_t n)
{
	ck_assert_int_eq(write(f->fd, p, n), (ssize_t)n);
}

/* a packet of 32-bit words and text, as "1", "text" in turns */
static void
put32(struct buf *b, uint32_t v)
{
	char c[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8),
	    (char)v };

	buf_add(b, c, 4);
}

static void
packet(unsigned type, uint32_t channel, const void *rest, size_t n)
{
	struct buf b = { 0 };

	put32(&b, (uint32_t)(6 + n));
	buf_addc(&b, 0);
	buf_addc(&b, (char)type);
	put32(&b, channel);
	buf_add(&b, rest, n);
	say(b.data, b.len);
	buf_fini(&b);
}

static void
greet(uint32_t version, uint32_t answer)
{
	struct buf b = { 0 };

	put32(&b, 8);
	put32(&b, 1);
	put32(&b, version);
	put32(&b, 8);
	put32(&b, answer);
	put32(&b, 1);
	say(b.data, b.len);
	buf_fini(&b);
	turn();
}

static void
start(void)
{
	int fd[2];

	f = mem_calloc(1, sizeof(*f));
	f->loop = loop_new();
	f->hub = (struct mux_hub){ .loop = f->loop, .ev = loop_ev(f->loop),
	    .buf = f->buf, .size = sizeof(f->buf) };
	link_init(&f->hub.dirty);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    fd), 0);
	f->fd = fd[1];
	f->code = -1;
	mux_open(&f->mux, &f->hub, fd[0], &mux_fns, NULL);
	turn();
}

static void
finish(void)
{
	mux_shut(&f->mux);
	close(f->fd);
	buf_fini(&f->got);
	loop_free(f->loop);
	free(f);
}

static void
confirm(uint32_t id, uint32_t window)
{
	char words[12] = { 0, 0, 0, (char)(id + 40), (char)(window >> 24),
	    (char)(window >> 16), (char)(window >> 8), (char)window,
	    0, 0, 0x7f, 0 };

	packet(91, id, words, sizeof(words));
}

START_TEST(a_session_from_greeting_to_close)
{
	static const char status[] = "\0\0\0\13exit-status\0\0\0\0\7";
	static const char text[] = "\0\0\0\5hello";

	start();
	ck_assert_uint_eq(f->got.len, 24);
	greet(4, 0x8000000fu);
	ck_assert(f->up);
	mux_channel_open(&f->mux, &f->ch[0], &ch_fns);
	turn();
	confirm(0, 1000);
	turn();
	ck_assert_uint_eq(f->opened, 1);
	mux_exec(&f->ch[0], "true");
	packet(94, 0, text, sizeof(text) - 1);
	packet(98, 0, status, sizeof(status) - 1);
	packet(97, 0, NULL, 0);
	turn();
	ck_assert_uint_eq(f->data, 5);
	ck_assert_int_eq(f->code, 7);
	ck_assert_uint_eq(f->closed, 1);
	ck_assert_ptr_null(f->ch[0].mux);
	ck_assert(!f->gone);
	finish();
}
END_TEST

START_TEST(no_more_is_sent_than_the_window_takes)
{
	static const char more[] = { 0, 0, 1, 0 };
	size_t before;

	start();
	greet(4, 0x8000000fu);
	mux_channel_open(&f->mux, &f->ch[0], &ch_fns);
	turn();
	confirm(0, 1000);
	turn();
	f->left = 2000;
	before = f->got.len;
	mux_want(&f->ch[0]);
	turn();
	ck_assert_uint_eq(f->got.len - before, 1000 + 14);
	packet(93, 0, more, 4);
	turn();
	ck_assert_uint_eq(f->got.len - before, 1256 + 28);
	ck_assert_uint_eq(f->left, 744);
	finish();
}
END_TEST

START_TEST(another_protocol_is_noticed)
{
	start();
	if (_i == 0)
		greet(5, 0x8000000fu);
	else
		greet(4, 0x80000003u);
	ck_assert(!f->up);
	ck_assert(f->refused);
	ck_assert_int_eq(f->mux.io.fd, -1);
	finish();
}
END_TEST

/* more than was granted, a channel that is not there, lengths that lie */
static const struct {
	unsigned type;
	uint32_t channel;
	const char *rest;
	size_t n;
} nonsense[] = {
	{ 94, 7, "\0\0\0\1x", 5 },
	{ 94, 0, "\0\0\xff\xffx", 5 },
	{ 91, 0, "\0\0\0\1", 4 },
	{ 93, 0, "\xff\xff\xff\xff", 4 },
	{ 98, 0, "\0\0\0\13exit-status\0\0", 17 },
	{ 95, 0, "\0\0\0\1", 4 },
};

START_TEST(nonsense_ends_the_connection)
{
	start();
	greet(4, 0x8000000fu);
	mux_channel_open(&f->mux, &f->ch[0], &ch_fns);
	turn();
	confirm(0, 1000);
	packet(nonsense[_i].type, nonsense[_i].channel, nonsense[_i].rest,
	    nonsense[_i].n);
	turn();
	ck_assert(f->gone);
	ck_assert_uint_eq(f->lost, 1);
	finish();
}
END_TEST

/* whatever comes, it is an error or it is not */
START_TEST(no_bytes_make_it_fall)
{
	char junk[64];

	srandom((unsigned)_i);
	for (int round = 0; round < 200; round++) {
		start();
		greet(4, 0x8000000fu);
		for (int k = 0; k < 3; k++)
			mux_channel_open(&f->mux, &f->ch[k], &ch_fns);
		turn();
		confirm(0, 5000);
		confirm(1, 5000);
		for (int k = 0; k < 20 && !f->gone; k++) {
			size_t n = (size_t)random() % 40;

			for (size_t i = 0; i < n; i++)
				junk[i] = (char)(random() % 3 ? random() % 12 :
				    random());
			packet(90 + (unsigned)random() % 10,
			    (uint32_t)random() % 4, junk, n);
			if (random() % 8 == 0)
				mux_leave(&f->ch[random() % 3]);
			turn();
		}
		finish();
	}
}
END_TEST

/* --- gate ----------------------------------------------------------------- */

static unsigned begun;

static void
begin(struct gate_place *p)
{
	(void)p;
	begun++;
}

START_TEST(a_gate_closes_and_opens)
{
	struct gate_place p[40] = { 0 };
	struct gates *all = gates_new(begin);
	struct gate *g = gates_find(all, "");

	begun = 0;
	for (size_t i = 0; i < 40; i++)
		gate_enter(g, &p[i]);
	gates_turn(all, 1);
	ck_assert_uint_eq(begun, 8);
	/* those that were let in together are one sign of too many */
	for (size_t i = 0; i < 8; i++)
		gate_leave(&p[i], GATE_BUSY, 1.1);
	gates_turn(all, 1.2);
	ck_assert_uint_eq(begun, 12);
	for (size_t i = 8; i < 12; i++)
		gate_leave(&p[i], GATE_BUSY, 1.3);
	gates_turn(all, 1.4);
	ck_assert_uint_eq(begun, 14);
	for (size_t i = 12; i < 14; i++)
		gate_leave(&p[i], GATE_BUSY, 1.5);
	gates_turn(all, 1.6);
	ck_assert_uint_eq(begun, 15);
	gate_leave(&p[14], GATE_UP, 1.7);
	gates_turn(all, 1.7);
	ck_assert_uint_eq(begun, 17);
	/* who was busy before is no news */
	gate_leave(&p[15], GATE_FAILED, 1.8);
	gate_leave(&p[16], GATE_UP, 1.8);
	gate_enter(g, &p[0]);
	gates_turn(all, 1.8);
	ck_assert_uint_eq(begun, 19);
	/* who stands in it for long is slow, and not counted */
	ck_assert(gates_turn(all, 2) == 1.8 + 2);
	gates_turn(all, 3.9);
	ck_assert_uint_eq(begun, 21);
	for (size_t i = 0; i < 40; i++)
		gate_leave(&p[i], GATE_FAILED, 4);
	gates_free(all);
}
END_TEST

static unsigned ended;

static void
on_ended(void *what)
{
	ended += (unsigned)(uintptr_t)what;
}

START_TEST(uses_are_by_lane)
{
	struct uses u = { 0 };

	ended = 0;
	for (uint32_t i = 1; i <= 1000; i++) {
		ck_assert(uses_add(&u, i, (void *)(uintptr_t)1));
		ck_assert(uses_add(&u, i, (void *)(uintptr_t)2));
		ck_assert(!uses_add(&u, i, (void *)(uintptr_t)1));
	}
	uses_end(&u, 500, on_ended);
	ck_assert_uint_eq(ended, 3);
	uses_end(&u, 500, on_ended);
	ck_assert_uint_eq(ended, 3);
	ck_assert(uses_add(&u, 500, (void *)(uintptr_t)1));
	uses_fini(&u);
}
END_TEST

void
unit_mux(Suite *s)
{
	TCase *tc = tcase_create("mux");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_session_from_greeting_to_close);
	tcase_add_test(tc, no_more_is_sent_than_the_window_takes);
	tcase_add_loop_test(tc, another_protocol_is_noticed, 0, 2);
	tcase_add_loop_test(tc, nonsense_ends_the_connection, 0,
	    (int)countof(nonsense));
	tcase_add_loop_test(tc, no_bytes_make_it_fall, 0, 4);
	tcase_add_test(tc, a_gate_closes_and_opens);
	tcase_add_test(tc, uses_are_by_lane);
	suite_add_tcase(s, tc);
}

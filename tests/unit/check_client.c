/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/client.h"
#include "io/loop.h"
#include "model/request.h"
#include "unit.h"

/* --- bytes --------------------------------------------------------------- */

START_TEST(a_request_is_read_as_it_was_written)
{
	struct request_who who = { .token = 0xfedcba9876543210 }, who2;
	struct request r = {
		.kind = REQUEST_SET, .name = "name", .nname = 4,
		.data = "a\0b", .len = 3
	}, r2;
	struct buf b = { 0 };

	memcpy(who.secret, "0123456789abcdef", REQUEST_SECRET);
	request_write(&b, &who, &r);
	ck_assert_uint_eq(frame_size(b.data), b.len);
	ck_assert_int_eq(request_read(b.data + FRAME_HEAD,
	    b.len - FRAME_HEAD, &who2, &r2), 0);
	ck_assert_uint_eq(who2.token, who.token);
	ck_assert_mem_eq(who2.secret, who.secret, REQUEST_SECRET);
	ck_assert_int_eq(r2.kind, REQUEST_SET);
	ck_assert_uint_eq(r2.nname, 4);
	ck_assert_mem_eq(r2.name, "name", 4);
	ck_assert_uint_eq(r2.len, 3);
	ck_assert_mem_eq(r2.data, "a\0b", 3);
	/* nothing that is shorter than its name is a request */
	for (size_t n = 0; n < b.len - FRAME_HEAD - 3; n++)
		ck_assert_int_eq(request_read(b.data + FRAME_HEAD, n, &who2,
		    &r2), -1);
	b.data[FRAME_HEAD + 1] = 99;
	ck_assert_int_eq(request_read(b.data + FRAME_HEAD,
	    b.len - FRAME_HEAD, &who2, &r2), -1);
	buf_fini(&b);
}
END_TEST

START_TEST(a_reply_is_read_as_it_was_written)
{
	struct reply r = {
		.status = REPLY_UNSET, .data = "not set", .len = 7
	}, r2;
	struct buf b = { 0 };

	reply_write(&b, &r);
	ck_assert_uint_eq(frame_size(b.data), b.len);
	ck_assert_int_eq(reply_read(b.data + FRAME_HEAD, b.len - FRAME_HEAD,
	    &r2), 0);
	ck_assert_int_eq(r2.status, REPLY_UNSET);
	ck_assert_uint_eq(r2.len, 7);
	ck_assert_mem_eq(r2.data, "not set", 7);
	ck_assert_int_eq(reply_read(b.data + FRAME_HEAD, 1, &r2), -1);
	b.data[FRAME_HEAD + 1] = 77;
	ck_assert_int_eq(reply_read(b.data + FRAME_HEAD, b.len - FRAME_HEAD,
	    &r2), -1);
	buf_fini(&b);
}
END_TEST

START_TEST(an_address_is_a_path_and_who_asks)
{
	struct request_who who = { .token = 0x100000002, .secret = { 0xab } };
	struct request_who who2;
	char text[REQUEST_WHO_TEXT], value[256];
	size_t len;

	request_show_who(text, &who);
	snprintf(value, sizeof(value), "/tmp/a:b/s:%s", text);
	ck_assert_int_eq(request_read_address(value, &len, &who2), 0);
	ck_assert_uint_eq(len, strlen("/tmp/a:b/s"));
	ck_assert_uint_eq(who2.token, who.token);
	ck_assert_mem_eq(who2.secret, who.secret, REQUEST_SECRET);
	/* one byte less, one that is no digit, nothing before it */
	value[strlen(value) - 1] = '\0';
	ck_assert_int_eq(request_read_address(value, &len, &who2), -1);
	strcat(value, "g");
	ck_assert_int_eq(request_read_address(value, &len, &who2), -1);
	snprintf(value, sizeof(value), ":%s", text);
	ck_assert_int_eq(request_read_address(value, &len, &who2), -1);
	ck_assert_int_eq(request_read_address(text, &len, &who2), -1);
	ck_assert_int_eq(request_read_address("", &len, &who2), -1);
}
END_TEST

/* --- the socket ---------------------------------------------------------- */

struct bench {
	struct loop *loop;
	struct runner_up up;
	struct clients *clients;
	struct sockaddr_un addr;
	struct request_who who;
	char dir[128];
	unsigned asked, left;
	token_t client;		/* the last that asked */
	bool mute;		/* it gets no reply */
	const char *data;	/* of the reply */
	size_t len;
	unsigned turns;
};

static void
on_asked(void *arg, token_t client, token_t step, const struct request *r)
{
	struct bench *b = arg;
	struct reply reply = {
		.status = REPLY_DONE, .data = b->data ? b->data : r->data,
		.len = b->data ? b->len : r->len
	};

	ck_assert_uint_eq(step, 42);
	b->asked++;
	b->client = client;
	if (!b->mute)
		clients_reply(b->clients, client, &reply);
}

static void
on_left(void *arg, token_t client)
{
	struct bench *b = arg;

	(void)client;
	b->left++;
}

static bool
on_turn(void *arg)
{
	struct bench *b = arg;

	if (b->turns-- == 0)
		loop_break(b->loop);
	return true;
}

/* so many turns of the loop */
static void
turn(struct bench *b, unsigned n)
{
	b->turns = n;
	loop_run(b->loop);
}

static void
open_bench(struct bench *b, unsigned most)
{
	struct clients_config cfg = { .most = most, .patience = 0.05 };
	const char *value;
	size_t len;

	*b = (struct bench){ .addr = { .sun_family = AF_UNIX } };
	b->loop = loop_new();
	b->up = (struct runner_up){ .arg = b, .asked = on_asked,
	    .left = on_left };
	b->clients = clients_new(b->loop, &b->up, &cfg);
	loop_on_turn(b->loop, on_turn, b);
	value = clients_variable(b->clients, 42) + sizeof(REQUEST_VARIABLE);
	ck_assert_int_eq(request_read_address(value, &len, &b->who), 0);
	ck_assert_uint_eq(b->who.token, 42);
	memcpy(b->addr.sun_path, value, len);
	snprintf(b->dir, sizeof(b->dir), "%.*s", (int)len - 2, value);
}

static void
close_bench(struct bench *b)
{
	clients_free(b->clients);
	loop_free(b->loop);
	ck_assert_int_eq(access(b->dir, F_OK), -1);
}

static int
dial(const struct bench *b)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&b->addr,
	    sizeof(b->addr)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void
put(int fd, const void *p, size_t n)
{
	ck_assert_int_eq(send(fd, p, n, MSG_NOSIGNAL), (ssize_t)n);
}

static void
put_request(int fd, const struct request_who *who, const char *data)
{
	struct request r = {
		.kind = REQUEST_SET, .name = "x", .nname = 1, .data = data,
		.len = strlen(data)
	};
	struct buf out = { 0 };

	request_write(&out, who, &r);
	put(fd, out.data, out.len);
	buf_fini(&out);
}

/* what came, without heads; "closed" if nothing did and nothing will */
static const char *
got(struct bench *b, int fd)
{
	static char text[256];
	ssize_t n;

	turn(b, 4);
	n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	if (n == -1 && errno == EAGAIN)
		return "nothing";
	if (n <= 0)
		return "closed";
	text[n] = '\0';
	return n > FRAME_HEAD + 2 ? text + FRAME_HEAD + 2 : "short";
}

START_TEST(each_request_has_its_reply)
{
	struct bench b;
	struct stat st;
	int fd;

	open_bench(&b, 8);
	ck_assert_int_eq(stat(b.dir, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0700);
	fd = dial(&b);
	for (int i = 0; i < 3; i++) {
		put_request(fd, &b.who, "hello");
		ck_assert_str_eq(got(&b, fd), "hello");
	}
	ck_assert_uint_eq(b.asked, 3);
	close(fd);
	close_bench(&b);
}
END_TEST

/* a request may come in any two pieces */
START_TEST(pieces_make_a_request)
{
	struct request r = {
		.kind = REQUEST_GET, .name = "n", .nname = 1, .data = "data",
		.len = 4
	};
	struct buf out = { 0 };
	struct bench b;

	open_bench(&b, 8);
	request_write(&out, &b.who, &r);
	for (size_t cut = 1; cut < out.len; cut++) {
		int fd = dial(&b);

		put(fd, out.data, cut);
		ck_assert_str_eq(got(&b, fd), "nothing");
		put(fd, out.data + cut, out.len - cut);
		ck_assert_str_eq(got(&b, fd), "data");
		close(fd);
	}
	buf_fini(&out);
	close_bench(&b);
}
END_TEST

START_TEST(what_is_no_request_is_refused)
{
	struct request_who wrong;
	struct bench b;
	int fd;

	open_bench(&b, 8);
	fd = dial(&b);
	put(fd, "\xff\xff\xff\xff", 4);
	ck_assert_str_eq(got(&b, fd), "the request is too long (over 1 MiB)");
	ck_assert_str_eq(got(&b, fd), "closed");
	close(fd);
	fd = dial(&b);
	put(fd, "\3\0\0\0xyz", 7);
	ck_assert_ptr_nonnull(strstr(got(&b, fd), "did not understand"));
	ck_assert_str_eq(got(&b, fd), "closed");
	close(fd);
	wrong = b.who;
	wrong.secret[7] ^= 1;
	fd = dial(&b);
	put_request(fd, &wrong, "x");
	ck_assert_str_eq(got(&b, fd), "the run did not start this command");
	close(fd);
	/* two that do not wait for each other */
	fd = dial(&b);
	put_request(fd, &b.who, "one");
	put_request(fd, &b.who, "two");
	ck_assert_ptr_nonnull(strstr(got(&b, fd), "did not understand"));
	close(fd);
	ck_assert_uint_eq(b.asked, 0);
	close_bench(&b);
}
END_TEST

START_TEST(who_says_nothing_is_let_go_of)
{
	const struct timespec wait = { .tv_nsec = 80000000 };
	struct bench b;
	int idle, half, good;

	open_bench(&b, 8);
	good = dial(&b);
	put_request(good, &b.who, "good");
	ck_assert_str_eq(got(&b, good), "good");
	idle = dial(&b);
	half = dial(&b);
	put(half, "\5\0", 2);
	ck_assert_str_eq(got(&b, idle), "nothing");
	nanosleep(&wait, NULL);
	ck_assert_str_eq(got(&b, idle), "closed");
	ck_assert_str_eq(got(&b, half), "closed");
	/* one that has asked before may take its time for the next */
	put_request(good, &b.who, "again");
	ck_assert_str_eq(got(&b, good), "again");
	close(idle);
	close(half);
	close(good);
	close_bench(&b);
}
END_TEST

START_TEST(a_reply_for_who_is_gone_reaches_nobody)
{
	struct reply late = { .status = REPLY_DONE, .data = "late", .len = 4 };
	struct bench b;
	token_t first;
	int fd;

	open_bench(&b, 8);
	b.mute = true;
	fd = dial(&b);
	put_request(fd, &b.who, "x");
	ck_assert_str_eq(got(&b, fd), "nothing");
	first = b.client;
	close(fd);
	turn(&b, 4);
	ck_assert_uint_eq(b.left, 1);
	fd = dial(&b);
	put_request(fd, &b.who, "y");
	ck_assert_str_eq(got(&b, fd), "nothing");
	ck_assert(b.client != first);
	ck_assert_uint_eq(token_index(b.client), token_index(first));
	clients_reply(b.clients, first, &late);
	ck_assert_str_eq(got(&b, fd), "nothing");
	clients_reply(b.clients, b.client, &late);
	ck_assert_str_eq(got(&b, fd), "late");
	/* and one reply is all there is */
	clients_reply(b.clients, b.client, &late);
	ck_assert_str_eq(got(&b, fd), "nothing");
	close(fd);
	close_bench(&b);
}
END_TEST

START_TEST(a_slow_reader_gets_all_of_it)
{
	enum { LEN = REQUEST_DATA_MAX };
	char *big = mem_alloc(LEN), *in = mem_alloc(LEN + 64);
	struct bench b;
	size_t n = 0;
	int fd;

	for (size_t i = 0; i < LEN; i++)
		big[i] = (char)(i * 7 + i / 256);
	open_bench(&b, 8);
	b.data = big;
	b.len = LEN;
	fd = dial(&b);
	put_request(fd, &b.who, "x");
	while (n < FRAME_HEAD + 2 + LEN) {
		ssize_t k;

		turn(&b, 2);
		k = recv(fd, in + n, 3000, MSG_DONTWAIT);
		ck_assert_int_gt(k, 0);
		n += (size_t)k;
	}
	ck_assert_mem_eq(in + FRAME_HEAD + 2, big, LEN);
	close(fd);
	free(big);
	free(in);
	close_bench(&b);
}
END_TEST

START_TEST(those_too_many_wait_for_their_turn)
{
	enum { ALL = 50 };
	struct bench b;
	int fd[ALL];

	open_bench(&b, 3);
	for (int i = 0; i < ALL; i++) {
		fd[i] = dial(&b);
		put_request(fd[i], &b.who, "in turn");
	}
	for (int i = 0; i < ALL; i++) {
		ck_assert_str_eq(got(&b, fd[i]), "in turn");
		close(fd[i]);
	}
	ck_assert_uint_eq(b.asked, ALL);
	close_bench(&b);
}
END_TEST

/* xorshift */
static unsigned
any(unsigned *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* a request that was damaged, cut short or drowned, or no request at all */
static void
noise(struct bench *b, unsigned *seed, int fd)
{
	struct request r = {
		.kind = REQUEST_GET, .name = "name", .nname = 4,
		.data = "data", .len = 4
	};
	struct buf out = { 0 };

	request_write(&out, &b->who, &r);
	for (unsigned n = any(seed) % 4; n > 0; n--)
		out.data[any(seed) % out.len] = (char)any(seed);
	if (any(seed) % 4 == 0)
		out.len = any(seed) % out.len;
	for (unsigned n = any(seed) % 3 == 0 ? any(seed) % 200 : 0; n > 0; n--)
		buf_addc(&out, (char)any(seed));
	send(fd, out.data, out.len, MSG_NOSIGNAL);
	buf_fini(&out);
}

static void
on_any(void *arg, token_t client, token_t step, const struct request *r)
{
	struct bench *b = arg;
	struct reply reply = {
		.status = REPLY_DONE, .data = r->data, .len = r->len
	};

	(void)step;
	b->client = client;
	if (!b->mute)
		clients_reply(b->clients, client, &reply);
}

START_TEST(noise_disturbs_nobody)
{
	unsigned seed = 77777u * ((unsigned)_i + 1);
	enum { MANY = 40, ROUNDS = 25 };
	int fd[MANY], good;
	struct bench b;

	open_bench(&b, MANY + 8);
	b.up.asked = on_any;
	good = dial(&b);
	for (int k = 0; k < ROUNDS; k++) {
		b.mute = any(&seed) % 2;
		for (int i = 0; i < MANY; i++) {
			fd[i] = dial(&b);
			noise(&b, &seed, fd[i]);
			if (any(&seed) % 4 == 0)
				turn(&b, 1);
			if (any(&seed) % 4 == 0)
				shutdown(fd[i], SHUT_WR);
		}
		b.mute = false;
		put_request(good, &b.who, "good");
		ck_assert_str_eq(got(&b, good), "good");
		for (int i = 0; i < MANY; i++)
			close(fd[i]);
	}
	close(good);
	close_bench(&b);
}
END_TEST

START_TEST(where_no_socket_can_be_the_reason_is_told)
{
	struct clients_config cfg = { .most = 1, .patience = 1 };
	struct clients *a;
	struct bench b;
	struct rlimit none = { 0 }, old;

	open_bench(&b, 1);
	/* no descriptor for it */
	getrlimit(RLIMIT_NOFILE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	a = clients_new(b.loop, &b.up, &cfg);
	setrlimit(RLIMIT_NOFILE, &old);
	ck_assert_str_eq(clients_variable(a, 1),
	    "PSEQ_SOCKET=!/tmp: Too many open files");
	clients_free(a);
	close_bench(&b);
}
END_TEST

void
unit_client(Suite *s)
{
	TCase *tc = tcase_create("client");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_request_is_read_as_it_was_written);
	tcase_add_test(tc, a_reply_is_read_as_it_was_written);
	tcase_add_test(tc, an_address_is_a_path_and_who_asks);
	tcase_add_test(tc, each_request_has_its_reply);
	tcase_add_test(tc, pieces_make_a_request);
	tcase_add_test(tc, what_is_no_request_is_refused);
	tcase_add_test(tc, who_says_nothing_is_let_go_of);
	tcase_add_test(tc, a_reply_for_who_is_gone_reaches_nobody);
	tcase_add_test(tc, a_slow_reader_gets_all_of_it);
	tcase_add_test(tc, those_too_many_wait_for_their_turn);
	tcase_add_loop_test(tc, noise_disturbs_nobody, 0, 8);
	tcase_add_test(tc, where_no_socket_can_be_the_reason_is_told);
	suite_add_tcase(s, tc);
}

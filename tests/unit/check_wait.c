/* SPDX-License-Identifier: ISC */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "io.h"
#include "io/clock.h"
#include "unit.h"

static char scratch[64];

static void
enter_scratch(void)
{
	strcpy(scratch, "/tmp/pseq-wait-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
}

static void
leave_scratch(void)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "rm -rf %s", scratch);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(cmd), 0);
}

/* --- what is waited for ------------------------------------------------- */

static const struct {
	enum wait_kind kind;
	const char *text, *host;
	unsigned n;		/* port, or time of day */
} good[] = {
	{ WAIT_TCP, "web:80", "web", 80 },
	{ WAIT_TCP, "a-b_c.example.net.:65535", "a-b_c.example.net.", 65535 },
	{ WAIT_TCP, "10.0.0.7:1", "10.0.0.7", 1 },
	{ WAIT_TCP, "[::1]:443", "::1", 443 },
	{ WAIT_UNTIL, "00:00", NULL, 0 },
	{ WAIT_UNTIL, "09:30", NULL, 34200 },
	{ WAIT_UNTIL, "23:59:59", NULL, 86399 },
	{ WAIT_FILE, "a b", NULL, 0 },
};

START_TEST(what_is_right_is_read)
{
	struct buf why = { 0 };
	struct wait w;

	ck_assert_int_eq(wait_read(&w, good[_i].kind, good[_i].text, &why), 0);
	ck_assert_uint_eq(why.len, 0);
	if (good[_i].host) {
		ck_assert_uint_eq(w.host_len, strlen(good[_i].host));
		ck_assert_mem_eq(w.host, good[_i].host, w.host_len);
		ck_assert_uint_eq(w.port, good[_i].n);
	} else {
		ck_assert_uint_eq(w.clock, good[_i].n);
	}
	buf_fini(&why);
}
END_TEST

static const struct {
	enum wait_kind kind;
	const char *text, *why;
} wrong[] = {
	{ WAIT_TCP, "", "'' has no port: HOST:PORT" },
	{ WAIT_TCP, "web", "'web' has no port: HOST:PORT" },
	{ WAIT_TCP, "[::1]", "'[::1]' has no port: HOST:PORT" },
	{ WAIT_TCP, "web:", "'' is no port: 1 to 65535" },
	{ WAIT_TCP, "web:0", "'0' is no port: 1 to 65535" },
	{ WAIT_TCP, "web:65536", "'65536' is no port: 1 to 65535" },
	{ WAIT_TCP, "web:+80", "'+80' is no port: 1 to 65535" },
	{ WAIT_TCP, ":80", "'' is no host: a name, an IPv4 address or "
	    "[an IPv6 address]" },
	{ WAIT_TCP, "256.1.1.1:80", "'256.1.1.1' is no host: a name, an IPv4 "
	    "address or [an IPv6 address]" },
	{ WAIT_TCP, "[web]:80", "'[web]' is no host: a name, an IPv4 address "
	    "or [an IPv6 address]" },
	{ WAIT_TCP, "[::1]80:80", "'[::1]80' is no host: a name, an IPv4 "
	    "address or [an IPv6 address]" },
	{ WAIT_TCP, "[::1:80", "'[::1' is no host: a name, an IPv4 address or "
	    "[an IPv6 address]" },
	{ WAIT_TCP, "w b:80", "'w b' is no host: a name, an IPv4 address or "
	    "[an IPv6 address]" },
	{ WAIT_TCP, "::1:80", "'::1:80': an IPv6 address stands in brackets: "
	    "[::1]:80" },
	{ WAIT_TCP, "http://web:80", "'http://web:80' is no HOST:PORT" },
	{ WAIT_UNTIL, "", "'' is no time of day: HH:MM or HH:MM:SS" },
	{ WAIT_UNTIL, "24:00", "'24:00' is no time of day: HH:MM or "
	    "HH:MM:SS" },
	{ WAIT_UNTIL, "12:60", "'12:60' is no time of day: HH:MM or "
	    "HH:MM:SS" },
	{ WAIT_UNTIL, "12:00:", "'12:00:' is no time of day: HH:MM or "
	    "HH:MM:SS" },
	{ WAIT_UNTIL, "12:00:000", "'12:00:000' is no time of day: HH:MM or "
	    "HH:MM:SS" },
	{ WAIT_FILE, "", "the path is empty" },
	{ WAIT_UNIX, "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	    "the path of a socket has at most 107 bytes, this one 108" },
};

START_TEST(what_is_wrong_is_said)
{
	struct buf why = { 0 };
	struct wait w;

	ck_assert_int_eq(wait_read(&w, wrong[_i].kind, wrong[_i].text, &why),
	    -1);
	ck_assert_str_eq(buf_str(&why), wrong[_i].why);
	buf_fini(&why);
}
END_TEST

/* --- times of day ------------------------------------------------------- */

/* as in Berlin, 2026: forward on March 29 at 2, back on October 25 at 3 */
static const struct {
	const char *now, *clock, *next;	/* in UTC, but the clock */
} times[] = {
	{ "2026-01-15 10:00:00", "12:00:00", "2026-01-15 11:00:00" },
	{ "2026-01-15 10:59:59", "12:00:00", "2026-01-15 11:00:00" },
	/* the time that has just come is tomorrow's */
	{ "2026-01-15 11:00:00", "12:00:00", "2026-01-16 11:00:00" },
	{ "2026-01-15 22:59:00", "00:00:00", "2026-01-15 23:00:00" },
	{ "2026-01-15 23:00:00", "00:00:00", "2026-01-16 23:00:00" },
	{ "2026-12-31 22:00:00", "00:30:15", "2026-12-31 23:30:15" },
	/* a day of 23 hours lies between, and one of 25 */
	{ "2026-03-28 12:00:00", "12:30:00", "2026-03-29 10:30:00" },
	{ "2026-10-24 11:00:00", "12:30:00", "2026-10-25 11:30:00" },
	/* 2:30 does not exist: 3:00 is the next that does */
	{ "2026-03-28 23:30:00", "02:30:15", "2026-03-29 01:00:00" },
	{ "2026-03-29 01:00:00", "02:30:15", "2026-03-30 00:30:15" },
	{ "2026-03-28 23:30:00", "01:59:59", "2026-03-29 00:59:59" },
	{ "2026-03-28 23:30:00", "03:00:00", "2026-03-29 01:00:00" },
	/* 2:30 comes twice: the first is meant, and only that */
	{ "2026-10-24 23:30:00", "02:30:00", "2026-10-25 00:30:00" },
	{ "2026-10-25 00:45:00", "02:30:00", "2026-10-26 01:30:00" },
	{ "2026-10-24 23:30:00", "03:00:00", "2026-10-25 02:00:00" },
};

static time_t
utc(const char *s)
{
	struct tm tm = { 0 };

	ck_assert_ptr_nonnull(strptime(s, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm);
}

START_TEST(the_clock_shows_it_next)
{
	struct buf why = { 0 };
	struct wait w;
	char got[32];
	struct tm tm;
	time_t t;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	ck_assert_int_eq(wait_read(&w, WAIT_UNTIL, times[_i].clock, &why), 0);
	t = clock_next(utc(times[_i].now), w.clock);
	strftime(got, sizeof(got), "%Y-%m-%d %H:%M:%S", gmtime_r(&t, &tm));
	ck_assert_str_eq(got, times[_i].next);
}
END_TEST

/* --- real waits --------------------------------------------------------- */

/* text is borrowed */
static struct launch
waits(enum wait_kind kind, const char *text)
{
	struct launch l = { .kind = LAUNCH_WAIT };
	struct buf why = { 0 };

	ck_assert_int_eq(wait_read(&l.wait, kind, text, &why), 0);
	return l;
}

/* let the loop go on for so long */
static void
pass(struct run_io *r, double seconds)
{
	r->runner.wake(r->runner.arg, 100, seconds);
	loop_run(r->loop);
}

static int
bound(struct sockaddr_in *to, char text[32])
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof(*to);

	*to = (struct sockaddr_in){ .sin_family = AF_INET };
	to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)to, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)to, &n), 0);
	snprintf(text, 32, "127.0.0.1:%u", ntohs(to->sin_port));
	return fd;
}

START_TEST(a_port_is_waited_for)
{
	struct sockaddr_in at;
	struct run_io r;
	struct launch l;
	char text[32], named[32];
	int fd = bound(&at, text);

	io_open(&r);
	l = waits(WAIT_TCP, text);
	io_start(&r, 0, &l);
	/* by name, and many at once */
	snprintf(named, sizeof(named), "localhost:%u", ntohs(at.sin_port));
	l = waits(WAIT_TCP, named);
	for (token_t i = 1; i < 50; i++)
		io_start(&r, i, &l);
	pass(&r, 0.6);
	ck_assert_uint_eq(r.done, 0);
	listen(fd, 8);
	io_wait(&r, 50);
	ck_assert_uint_eq(r.by_status[ST_OK], 50);
	ck_assert(r.result.seconds >= 0.5 && r.result.seconds < 5);
	ck_assert_int_eq(r.result.code, CODE_NONE);
	/* it is there already */
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert(r.result.seconds < 0.2);
	/* the connections are closed at once */
	for (int i = 0; i < 3; i++) {
		int one = accept(fd, NULL, NULL);
		char c;

		ck_assert_int_ne(one, -1);
		ck_assert_int_eq(read(one, &c, 1), 0);
		close(one);
	}
	close(fd);
	io_close(&r);
}
END_TEST

START_TEST(a_unix_socket_is_waited_for)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "sock" };
	struct launch l = waits(WAIT_UNIX, "sock");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), full[2];
	struct run_io r;

	io_open(&r);
	io_start(&r, 0, &l);
	pass(&r, 0.05);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	pass(&r, 0.5);
	ck_assert_uint_eq(r.done, 0);
	listen(fd, 0);
	io_wait(&r, 1);
	ck_assert_int_eq(r.result.status, ST_OK);
	/* a queue that is full is there, too */
	for (int i = 0; i < 2; i++) {
		full[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(full[i], (struct sockaddr *)&at, sizeof(at));
	}
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_OK);
	close(full[0]);
	close(full[1]);
	close(fd);
	unlink("sock");
	/* this one will never be one that somebody listens at */
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_ERROR);
	ck_assert_str_eq(r.message, "sock: not a stream socket");
	close(fd);
	io_close(&r);
}
END_TEST

START_TEST(a_file_comes_and_goes)
{
	struct launch file = waits(WAIT_FILE, "dir/link"),
	    gone = waits(WAIT_GONE, "dir/link");
	struct run_io r;

	io_open(&r);
	io_run(&r, &gone);
	ck_assert_int_eq(r.result.status, ST_OK);
	for (token_t i = 0; i < 1000; i++)
		io_start(&r, i, &file);
	mkdir("dir", 0700);
	ck_assert_int_eq(symlink("target", "dir/link"), 0);
	pass(&r, 0.3);
	/* what a link leads to counts */
	ck_assert_uint_eq(r.done, 1);
	mkdir("dir/target", 0700);
	io_wait(&r, 1001);
	ck_assert_uint_eq(r.by_status[ST_OK], 1001);
	io_run(&r, &file);
	io_start(&r, 0, &gone);
	pass(&r, 0.2);
	ck_assert_uint_eq(r.done, 1002);
	rmdir("dir/target");
	io_wait(&r, 1003);
	ck_assert_uint_eq(r.by_status[ST_OK], 1003);
	io_close(&r);
}
END_TEST

START_TEST(a_time_is_waited_for)
{
	struct timeval now;
	struct launch l;
	struct run_io r;
	char text[16];
	struct tm tm;
	time_t next;

	gettimeofday(&now, NULL);
	next = now.tv_sec + 2;
	strftime(text, sizeof(text), "%H:%M:%S", localtime_r(&next, &tm));
	io_open(&r);
	l = waits(WAIT_UNTIL, text);
	io_start(&r, 0, &l);
	io_start(&r, 1, &l);
	io_wait(&r, 2);
	ck_assert_uint_eq(r.by_status[ST_OK], 2);
	gettimeofday(&now, NULL);
	ck_assert_int_ge(now.tv_sec, next);
	/* that was today's: now it is tomorrow's */
	io_start(&r, 0, &l);
	pass(&r, 0.2);
	ck_assert_uint_eq(r.done, 2);
	io_stop(&r, 0, STOP_CANCEL);
	io_wait(&r, 3);
	ck_assert_uint_eq(r.by_status[ST_CANCELLED], 1);
	io_close(&r);
}
END_TEST

static const struct {
	enum wait_kind kind;
	const char *text, *message;
} late[] = {
	{ WAIT_TCP, "127.0.0.1:1", "127.0.0.1:1: Connection refused" },
	{ WAIT_TCP, "localhost:1", "localhost:1: Connection refused" },
	{ WAIT_TCP, "x.invalid:1", NULL },
	{ WAIT_UNIX, "none", "none: No such file or directory" },
	{ WAIT_FILE, "none", "none: No such file or directory" },
	{ WAIT_GONE, ".", ".: it is still there" },
};

START_TEST(a_wait_has_a_limit)
{
	struct launch l = waits(late[_i].kind, late[_i].text);
	struct run_io r;

	io_open(&r);
	l.timeout = 0.3;
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_TIMEOUT);
	ck_assert(r.result.seconds >= 0.3 && r.result.seconds < 3);
	if (late[_i].message)
		ck_assert_str_eq(r.message, late[_i].message);
	else
		ck_assert(strlen(r.message) > 0);
	io_close(&r);
}
END_TEST

START_TEST(a_wait_is_ended)
{
	struct launch l[] = {
		waits(WAIT_TCP, "127.0.0.1:1"), waits(WAIT_TCP, "x.invalid:1"),
		waits(WAIT_UNIX, "none"), waits(WAIT_FILE, "none"),
		waits(WAIT_GONE, "."), waits(WAIT_UNTIL, "12:00"),
	};
	struct run_io r;

	io_open(&r);
	for (token_t i = 0; i < 24; i++)
		io_start(&r, i, &l[i % countof(l)]);
	for (token_t i = 0; i < 6; i++)
		io_stop(&r, i, STOP_CANCEL);
	io_wait(&r, 6);
	pass(&r, 0.1);
	for (token_t i = 6; i < 12; i++)
		io_stop(&r, i, STOP_TIMEOUT);
	io_wait(&r, 12);
	tasks_kill_all(r.tasks);
	io_wait(&r, 24);
	ck_assert_uint_eq(r.by_status[ST_CANCELLED], 18);
	ck_assert_uint_eq(r.by_status[ST_TIMEOUT], 6);
	/* and those that are left when all is over */
	for (token_t i = 0; i < 24; i++)
		io_start(&r, i, &l[i % countof(l)]);
	pass(&r, 0.1);
	io_close(&r);
}
END_TEST

void
unit_wait(Suite *s)
{
	TCase *tc = tcase_create("wait");

	tcase_add_checked_fixture(tc, enter_scratch, leave_scratch);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, what_is_right_is_read, 0, (int)countof(good));
	tcase_add_loop_test(tc, what_is_wrong_is_said, 0,
	    (int)countof(wrong));
	tcase_add_loop_test(tc, the_clock_shows_it_next, 0,
	    (int)countof(times));
	tcase_add_test(tc, a_port_is_waited_for);
	tcase_add_test(tc, a_unix_socket_is_waited_for);
	tcase_add_test(tc, a_file_comes_and_goes);
	tcase_add_test(tc, a_time_is_waited_for);
	tcase_add_loop_test(tc, a_wait_has_a_limit, 0, (int)countof(late));
	tcase_add_test(tc, a_wait_is_ended);
	suite_add_tcase(s, tc);
}

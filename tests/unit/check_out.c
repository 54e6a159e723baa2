/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/loop.h"
#include "io/out.h"
#include "unit.h"

struct seen {
	struct loop *loop;
	struct out *out;
	unsigned full, free, failed, turns;
	int err, reader;
	size_t got, want;
};

static void
on_full(void *arg, bool full)
{
	struct seen *s = arg;

	if (full)
		s->full++;
	else
		s->free++;
}

static void
on_failed(void *arg, int err)
{
	struct seen *s = arg;

	s->failed++;
	s->err = err;
}

static void
open_out(struct seen *s, int fd)
{
	s->loop = loop_new();
	s->out = out_new(s->loop, &(struct out_config){
	    .fd = fd, .arg = s, .full = on_full, .failed = on_failed });
}

static void
close_out(struct seen *s)
{
	out_free(s->out);
	loop_free(s->loop);
}

/* read a little each turn, until all came */
static bool
read_some(void *arg)
{
	struct seen *s = arg;
	char buf[30000];
	unsigned wrong = 0;
	ssize_t n;

	s->turns++;
	n = read(s->reader, buf, sizeof(buf));
	for (ssize_t i = 0; i < n; i++)
		wrong += (unsigned char)buf[i] != (s->got + (size_t)i) % 251;
	ck_assert_uint_eq(wrong, 0);
	if (n > 0)
		s->got += (size_t)n;
	if (s->got >= s->want || s->failed)
		loop_break(s->loop);
	return true;
}

static void
produce(struct seen *s, size_t n)
{
	char *p = malloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)((s->want + i) % 251);
	for (size_t at = 0; at < n; at += 1000)
		out_write(s->out, p + at, n - at < 1000 ? n - at : 1000);
	s->want += n;
	free(p);
}

static void
make_pair(int fd[2], int kind)
{
	if (kind)
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	else
		ck_assert_int_eq(pipe(fd), 0);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
}

/* the reader is slow: nothing blocks, nothing is lost, it is told of */
START_TEST(a_slow_reader_stops_nobody)
{
	struct seen s = { 0 };
	int fd[2];

	make_pair(fd, _i);
	s.reader = fd[0];
	open_out(&s, fd[1]);
	produce(&s, 3000000);
	ck_assert_uint_eq(s.full, 1);
	ck_assert_uint_gt(out_pending(s.out), OUT_HIGH);
	loop_on_turn(s.loop, read_some, &s);
	loop_run(s.loop);
	ck_assert_uint_eq(s.got, 3000000);
	ck_assert_uint_eq(s.free, 1);
	ck_assert_uint_eq(s.failed, 0);
	/* its flags are as they were */
	ck_assert_int_eq(fcntl(fd[1], F_GETFL) & O_NONBLOCK, 0);
	close_out(&s);
}
END_TEST

static bool
end_soon(void *arg)
{
	struct seen *s = arg;

	if (++s->turns == 3)
		loop_break(s->loop);
	return true;
}

START_TEST(one_write_each_turn)
{
	struct seen s = { 0 };
	char buf[64];
	int fd[2];

	make_pair(fd, 0);
	open_out(&s, fd[1]);
	out_write(s.out, "a\n", 2);
	out_write(s.out, "b\n", 2);
	ck_assert_int_eq(read(fd[0], buf, sizeof(buf)), -1);
	loop_on_turn(s.loop, end_soon, &s);
	loop_run(s.loop);
	ck_assert_int_eq(read(fd[0], buf, sizeof(buf)), 4);
	ck_assert_mem_eq(buf, "a\nb\n", 4);
	close_out(&s);
}
END_TEST

START_TEST(a_reader_that_left_is_told_once)
{
	struct seen s = { 0 };
	int fd[2];

	make_pair(fd, _i);
	s.reader = -1;
	s.want = 1;
	open_out(&s, fd[1]);
	close(fd[0]);
	out_write(s.out, "abc", 3);
	loop_on_turn(s.loop, read_some, &s);
	loop_run(s.loop);
	produce(&s, 3000000);
	ck_assert_int_eq(out_drain(s.out, 1), -1);
	ck_assert_uint_eq(s.failed, 1);
	ck_assert_int_eq(s.err, EPIPE);
	ck_assert_uint_eq(s.full, 0);
	close_out(&s);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	int fd = open("/dev/full", O_WRONLY);
	struct seen s = { 0 };

	if (fd == -1)
		return;
	open_out(&s, fd);
	out_write(s.out, "abc", 3);
	ck_assert_int_eq(out_drain(s.out, 1), -1);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(s.err, ENOSPC);
	close_out(&s);
}
END_TEST

START_TEST(draining_has_its_time)
{
	struct seen s = { 0 };
	int fd[2];

	make_pair(fd, 0);
	open_out(&s, fd[1]);
	produce(&s, 500000);
	ck_assert_int_eq(out_drain(s.out, 0.05), -1);
	ck_assert_int_eq(errno, ETIMEDOUT);
	close(fd[0]);
	close_out(&s);
}
END_TEST

START_TEST(files_get_all_of_it)
{
	char path[] = "/tmp/pseq-out-XXXXXX";
	struct seen s = { 0 };
	int fd = mkstemp(path);

	open_out(&s, fd);
	produce(&s, 3000000);
	ck_assert_uint_lt(out_pending(s.out), 300000);
	ck_assert_int_eq(out_drain(s.out, 1), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 3000000);
	ck_assert_uint_eq(s.full, 0);
	unlink(path);
	close_out(&s);
}
END_TEST

void
unit_out(Suite *s)
{
	TCase *tc = tcase_create("out");

	tcase_add_loop_test(tc, a_slow_reader_stops_nobody, 0, 2);
	tcase_add_test(tc, one_write_each_turn);
	tcase_add_loop_test(tc, a_reader_that_left_is_told_once, 0, 2);
	tcase_add_test(tc, a_full_disk_is_told);
	tcase_add_test(tc, draining_has_its_time);
	tcase_add_test(tc, files_get_all_of_it);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "io.h"
#include "transport/ssh.h"
#include "unit.h"

static struct arena arena;

static char bed[] = "/tmp/pseq-remote-XXXXXX";

enum {
	PLAIN = 1, ONE_SESSION, REFUSED, UNKNOWN, OTHER_KEY, CLOSED, SILENT,
	FULL, BANNER, NOLOGIN, FISH, TCSH, THREE_SESSIONS,
	STARTUPS = 21, LAST = 60
};

static const char hosts[] = "60 h002=sessions:1 h003=refused h004=unknown "
    "h005=hostkey h006=closed h007=silent h008=full h009=banner "
    "h010=nologin h011=shell:fish h012=shell:tcsh h013=sessions:3 "
    "'h02[1-9]=startups:2' 'h0[3-6]?=startups:2'";

static int
tell_bed(const char *words)
{
	const char *child = getenv("PSEQ_CHILD");
	char cmd[1024];

	snprintf(cmd, sizeof(cmd), "B=%s/.. tests/remote/bed %s </dev/null "
	    ">%s.log 2>&1", child ? child : "build/child", words, bed);
	return system(cmd);
}

static void
set_up(void)
{
	char text[512];

	ck_assert_ptr_nonnull(mkdtemp(bed));
	snprintf(text, sizeof(text), "start %s %s --watch %d", bed, hosts,
	    (int)getpid());
	if (tell_bed(text) != 0) {
		fprintf(stderr, "no bed: see %s.log\n", bed);
		exit(1);
	}
	snprintf(text, sizeof(text), "%s/bin:%s", bed, getenv("PATH"));
	setenv("PATH", text, 1);
	unsetenv("XDG_RUNTIME_DIR");
}

/* what watched over sessions ends with them, and takes its file away */
static bool
nothing_left(void)
{
	char text[64];
	struct stat st;

	snprintf(text, sizeof(text), "left %s", bed);
	tell_bed(text);
	snprintf(text, sizeof(text), "%s.log", bed);
	return stat(text, &st) == 0 && st.st_size == 0;
}

static void
tear_down(void)
{
	char text[512];

	for (int i = 0; i < 60 && !nothing_left(); i++)
		usleep(50 * 1000);
	snprintf(text, sizeof(text), "stop %s", bed);
	tell_bed(text);
	snprintf(text, sizeof(text), "%s.log", bed);
	unlink(text);
}

/* a host of the bed */
static struct endpoint *
host(unsigned n)
{
	static struct endpoint all[LAST + 1];
	struct endpoint *e = &all[n];
	char name[16];

	if (!e->host) {
		snprintf(name, sizeof(name), "h%03u", n);
		*e = (struct endpoint){
			.id = n, .reach = REACH_SSH, .host = mem_strdup(name),
			.connect_timeout = 10
		};
		e->address = e->host;
	}
	return e;
}

static int
begin(struct run_io *r, token_t token, const struct endpoint *e,
    struct run run)
{
	static const char *const sh[] = { "/bin/sh", NULL };
	struct launch l;

	run.at = e;
	run.shell = sh;
	ck_assert_ptr_null(transport_ssh.prepare(&run, &l, &arena));
	return io_start(r, token, &l);
}

static void
run_on(struct run_io *r, const struct endpoint *e, struct run run)
{
	buf_clear(&r->out);
	buf_clear(&r->err);
	ck_assert_int_eq(begin(r, 99, e, run), 0);
	io_wait(r, r->done + 1);
	buf_str(&r->out);
	buf_str(&r->err);
	buf_str(&r->warned);
	buf_str(&r->captured);
}

START_TEST(a_command_runs_there)
{
	struct run_io r;

	io_open(&r);
	run_on(&r, host(PLAIN), (struct run){ .text = "echo $BED_HOST; echo e >&2" });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_str_eq(r.out.data, "h001|");
	ck_assert_str_eq(r.err.data, "e|");
	run_on(&r, host(PLAIN), (struct run){ .text = "exit 255" });
	ck_assert_int_eq(r.result.status, ST_EXIT);
	ck_assert_int_eq(r.result.code, 255);
	run_on(&r, host(PLAIN), (struct run){ .text = "cat; kill -9 $$",
	    .in_bytes = "hello\n", .in_len = 6 });
	ck_assert_str_eq(r.out.data, "hello|");
	io_close(&r);
}
END_TEST

static bool
runs_not(void *word)
{
	return !io_runs(word);
}

static const struct {
	const char *text;
	double timeout, silent, grace;
	enum status status;
	const char *left;
} ended[] = {
	{ "sleep 7101 & sleep 7101", 0.3, 0, 1, ST_TIMEOUT, "7101" },
	{ "sleep 7102 & echo; exec sleep 7102", 0, 0.3, 1, ST_SILENT, "7102" },
	{ "trap '' TERM; sleep 7103; sleep 7103 & wait", 0.3, 0, 0.5,
	    ST_TIMEOUT, "7103" },
	{ "trap '' TERM; sleep 7104; sleep 7104", 0.3, 0, 0, ST_TIMEOUT,
	    "7104" },
};

START_TEST(what_is_ended_is_gone)
{
	struct run_io r;

	io_open(&r);
	run_on(&r, host(PLAIN), (struct run){ .text = ended[_i].text,
	    .timeout = ended[_i].timeout, .silent = ended[_i].silent,
	    .grace = ended[_i].grace });
	ck_assert_int_eq(r.result.status, ended[_i].status);
	ck_assert_int_eq(r.result.ending, END_CONFIRMED);
	ck_assert(r.result.seconds < 3);
	ck_assert(!io_runs(ended[_i].left));
	io_close(&r);
}
END_TEST

START_TEST(more_than_fit_wait_in_order)
{
	struct run_io r;

	io_open(&r);
	for (token_t i = 0; i < 30; i++)
		ck_assert_int_eq(begin(&r, i, host(PLAIN), (struct run){
		    .text = "echo x; sleep 0.1" }), 0);
	io_wait(&r, 30);
	ck_assert_uint_eq(r.by_status[ST_OK], 30);
	ck_assert_uint_eq(r.lines, 30);
	io_close(&r);
}
END_TEST

static void
kill_all_masters(int signo)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "for p in $(cat /proc/%d/task/%d/children); "
	    "do test $p != $$ && grep -qz ControlMaster /proc/$p/cmdline && kill -%d $p; done; true",
	    (int)getpid(), (int)getpid(), signo);
	ck_assert_int_eq(system(cmd), 0);
}

static void
on_first_line(struct run_io *r, token_t token)
{
	(void)token;
	r->on_line = NULL;
	kill_all_masters(9);
}

START_TEST(a_master_that_dies_loses_what_it_ran)
{
	struct run_io r;

	io_open(&r);
	r.on_line = on_first_line;
	run_on(&r, host(PLAIN), (struct run){
	    .text = "echo on; sleep 7201 & sleep 7201" });
	ck_assert_int_eq(r.result.status, ST_LOST);
	ck_assert_int_eq(r.result.ending, END_UNKNOWN);
	puts(r.message);
	ck_assert(io_until(runs_not, "7201"));
	/* the next step has a new connection */
	run_on(&r, host(PLAIN), (struct run){ .text = "echo again" });
	ck_assert_int_eq(r.result.status, ST_OK);
	io_close(&r);
}
END_TEST

static const struct {
	unsigned host;
	enum status status;
	const char *message;	/* part of it */
	double least, most;	/* seconds */
} failures[] = {
	{ REFUSED, ST_AUTH, "Permission denied", 0, 3 },
	{ UNKNOWN, ST_HOSTKEY, "Host key verification failed", 0, 3 },
	{ OTHER_KEY, ST_HOSTKEY, "Host key verification failed", 0, 3 },
	{ CLOSED, ST_UNREACHABLE, "Connection refused", 0, 3 },
	{ SILENT, ST_UNREACHABLE, "timed out", 0.9, 2 },
	{ FULL, ST_UNREACHABLE, "timed out", 0.9, 2 },
	{ NOLOGIN, ST_START, "This account is currently not available", 0, 3 },
};

START_TEST(what_cannot_be_reached_says_why)
{
	struct endpoint *e = host(failures[_i].host);
	double then = loop_clock();
	struct run_io r;

	io_open(&r);
	e->connect_timeout = 1;
	run_on(&r, e, (struct run){ .text = "echo never" });
	ck_assert_int_eq(r.result.status, failures[_i].status);
	ck_assert_ptr_nonnull(strstr(r.message, failures[_i].message));
	then = loop_clock() - then;
	ck_assert(then >= failures[_i].least && then < failures[_i].most);
	/* others are not disturbed, and it is tried again */
	run_on(&r, host(PLAIN), (struct run){ .text = "true" });
	ck_assert_int_eq(r.result.status, ST_OK);
	run_on(&r, e, (struct run){ .text = "echo never" });
	ck_assert_int_eq(r.result.status, failures[_i].status);
	io_close(&r);
}
END_TEST

START_TEST(a_retry_is_another_try)
{
	struct endpoint *e = host(CLOSED);
	double then = loop_clock();
	struct run_io r;

	io_open(&r);
	e->connect_retry = 2;
	run_on(&r, e, (struct run){ .text = "echo never" });
	ck_assert_int_eq(r.result.status, ST_UNREACHABLE);
	/* half of 0.5 s and of 1 s at least */
	ck_assert(loop_clock() - then > 0.7);
	io_close(&r);
}
END_TEST

START_TEST(login_shells_and_noise_change_nothing)
{
	static const unsigned shells[] = { BANNER, FISH, TCSH };
	static const char text[] = "printf '%s\\n' 'a  b' \"$X\" '\\\\!$`'";
	static const char *const env[] = { "X=it's \"x\"\n\\ ! $HOME", NULL };
	struct run_io r;

	io_open(&r);
	run_on(&r, host(shells[_i]), (struct run){ .text = text, .env = env,
	    .nown = 1 });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_str_eq(r.out.data,
	    "a  b|it's \"x\"|\\ ! $HOME|\\\\!$`|");
	io_close(&r);
}
END_TEST

START_TEST(few_sessions_are_enough)
{
	unsigned n = _i ? THREE_SESSIONS : ONE_SESSION;
	struct run_io r;

	io_open(&r);
	for (token_t i = 0; i < 12; i++)
		ck_assert_int_eq(begin(&r, i, host(n), (struct run){
		    .text = "echo x; sleep 0.05" }), 0);
	io_wait(&r, 12);
	ck_assert_uint_eq(r.by_status[ST_OK], 12);
	ck_assert_uint_eq(r.lines, 12);
	/* without a watcher the system there sends the signal, or nobody */
	run_on(&r, host(n), (struct run){ .text = "sleep 7301",
	    .timeout = 0.3, .grace = 0.5 });
	ck_assert_int_eq(r.result.status, ST_TIMEOUT);
	ck_assert_int_ne(system("pkill -x -f 'sleep 7301'"), -1);
	io_close(&r);
}
END_TEST

START_TEST(a_crowd_gets_through_a_narrow_door)
{
	double then = loop_clock();
	struct run_io r;

	io_open(&r);
	for (token_t i = STARTUPS; i <= LAST; i++)
		ck_assert_int_eq(begin(&r, i, host((unsigned)i), (struct run){
		    .text = "echo x" }), 0);
	io_wait(&r, LAST - STARTUPS + 1);
	printf("crowd: %.1f s\n", loop_clock() - then);
	ck_assert_uint_eq(r.by_status[ST_OK], LAST - STARTUPS + 1);
	io_close(&r);
}
END_TEST

START_TEST(a_descendant_does_not_hold_a_step_up)
{
	struct run_io r;

	io_open(&r);
	run_on(&r, host(PLAIN), (struct run){
	    .text = "echo out; sleep 7401 & exit 3" });
	ck_assert_int_eq(r.result.code, 3);
	ck_assert(r.result.seconds < 3);
	ck_assert_ptr_nonnull(strstr(r.warned.data, "keeps the output open"));
	ck_assert(io_runs("7401"));
	ck_assert_int_eq(system("pkill -x -f 'sleep 7401'"), 0);
	io_close(&r);
}
END_TEST

/* more than any window, both ways, byte for byte */
START_TEST(large_streams_arrive_whole)
{
	enum { SIZE = 12 * 1000 * 1000 };
	char *big = mem_alloc(SIZE + 1), path[] = "/tmp/pseq-far-XXXXXX";
	struct run_io r;
	int fd;

	for (size_t i = 0; i < SIZE; i++)
		big[i] = (char)(i % 251 == 250 ? '\n' : 'a' + i * i % 26);
	io_open(&r);
	r.quiet = true;
	run_on(&r, host(PLAIN), (struct run){ .text = "cat", .in_bytes = big,
	    .in_len = SIZE, .capture = STREAM_OUT, .capture_max = SIZE + 10 });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_uint_eq(r.captured.len, SIZE);
	ck_assert_int_eq(memcmp(r.captured.data, big, SIZE), 0);
	/* from a file and to one */
	fd = mkstemp(path);
	ck_assert_int_eq(write(fd, big, SIZE), SIZE);
	close(fd);
	run_on(&r, host(PLAIN), (struct run){ .text = "cksum; seq 1000000 >&2",
	    .in_path = path, .capture = STREAM_OUT, .capture_max = 100 });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_ptr_nonnull(strstr(r.captured.data, " 12000000\n"));
	run_on(&r, host(PLAIN), (struct run){ .text = "cat; echo e >&2",
	    .in_bytes = big, .in_len = 5000000, .out_path = path });
	ck_assert_int_eq(r.result.status, ST_OK);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(read(fd, big, SIZE), 5000000);
	close(fd);
	unlink(path);
	/* who does not read to the end is no reason to wait */
	run_on(&r, host(PLAIN), (struct run){ .text = "head -c 5 >/dev/null",
	    .in_bytes = big, .in_len = SIZE });
	ck_assert_int_eq(r.result.status, ST_OK);
	free(big);
	io_close(&r);
}
END_TEST

static void
hold_out(struct run_io *r, token_t token)
{
	if (r->lines < 100)
		return;
	r->on_line = NULL;
	r->runner.hold(r->runner.arg, token, STREAM_OUT, true);
	r->runner.wake(r->runner.arg, token, 0.3);
}

START_TEST(a_held_stream_waits_there)
{
	struct run_io r;
	unsigned lines;

	io_open(&r);
	r.quiet = true;
	r.on_line = hold_out;
	begin(&r, 99, host(PLAIN), (struct run){ .text = "seq 1000000" });
	loop_run(r.loop);
	lines = r.lines;
	ck_assert(lines < 1000000 / 4);
	if (_i) {
		/* what is stopped while it is held has ended */
		io_stop(&r, 99, STOP_CANCEL);
		io_wait(&r, 1);
		ck_assert_int_eq(r.result.status, ST_CANCELLED);
	} else {
		r.runner.hold(r.runner.arg, 99, STREAM_OUT, false);
		io_wait(&r, 1);
		ck_assert_int_eq(r.result.status, ST_OK);
		ck_assert_uint_eq(r.lines, 1000000);
	}
	io_close(&r);
}
END_TEST

static void
stop_all(struct run_io *r, token_t token)
{
	if (r->lines < 100)
		return;
	r->on_line = NULL;
	tasks_read_all(r->tasks, false);
	r->runner.wake(r->runner.arg, token, 0.3);
}

START_TEST(reading_can_stop_for_all)
{
	struct run_io r;
	unsigned lines;

	io_open(&r);
	r.quiet = true;
	r.on_line = stop_all;
	for (token_t i = 0; i < 3; i++)
		begin(&r, i, host(PLAIN), (struct run){
		    .text = "seq 300000" });
	loop_run(r.loop);
	lines = r.lines;
	ck_assert(lines < 300000);
	tasks_read_all(r.tasks, true);
	io_wait(&r, 3);
	ck_assert_uint_eq(r.lines, 900000);
	ck_assert_uint_eq(r.by_status[ST_OK], 3);
	io_close(&r);
}
END_TEST

START_TEST(who_waits_for_a_connection_ends_at_once)
{
	double then = loop_clock();
	struct run_io r;

	io_open(&r);
	ck_assert_int_eq(begin(&r, 0, host(SILENT), (struct run){
	    .text = "true", .timeout = 0.1, .grace = 5 }), 0);
	/* its own time has not begun */
	run_on(&r, host(PLAIN), (struct run){ .text = "sleep 0.3" });
	ck_assert_uint_eq(r.done, 1);
	io_stop(&r, 0, STOP_CANCEL);
	io_wait(&r, 2);
	ck_assert_int_eq(r.result.status, ST_CANCELLED);
	ck_assert_int_eq(r.result.ending, END_CONFIRMED);
	ck_assert(loop_clock() - then < 3);
	io_close(&r);
}
END_TEST

void
unit_remote(Suite *s)
{
	TCase *tc;

	if (access("/usr/sbin/sshd", X_OK) == -1) {
		puts("remote: skipped, there is no sshd");
		return;
	}
	tc = tcase_create("remote");
	tcase_add_unchecked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_command_runs_there);
	tcase_add_loop_test(tc, what_is_ended_is_gone, 0,
	    (int)countof(ended));
	tcase_add_test(tc, more_than_fit_wait_in_order);
	tcase_add_test(tc, a_master_that_dies_loses_what_it_ran);
	tcase_add_loop_test(tc, what_cannot_be_reached_says_why, 0,
	    (int)countof(failures));
	tcase_add_test(tc, a_retry_is_another_try);
	tcase_add_loop_test(tc, login_shells_and_noise_change_nothing, 0, 3);
	tcase_add_loop_test(tc, few_sessions_are_enough, 0, 2);
	tcase_add_test(tc, a_crowd_gets_through_a_narrow_door);
	tcase_add_test(tc, a_descendant_does_not_hold_a_step_up);
	tcase_add_test(tc, large_streams_arrive_whole);
	tcase_add_loop_test(tc, a_held_stream_waits_there, 0, 2);
	tcase_add_test(tc, reading_can_stop_for_all);
	tcase_add_test(tc, who_waits_for_a_connection_ends_at_once);
	suite_add_tcase(s, tc);
}

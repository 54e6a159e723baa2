/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io.h"
#include "unit.h"

#define ARGV(...) (const char *const []){ __VA_ARGS__, NULL }
#define SH(text) ARGV("/bin/sh", "-c", text)
#define ENV ((const char *const *)environ)

/* an orphan comes to us, and may not have been reaped yet */
static bool
gone(void *pid)
{
	waitpid(*(pid_t *)pid, NULL, WNOHANG);
	return kill(*(pid_t *)pid, 0) == -1 && errno == ESRCH;
}

/* --- ends --------------------------------------------------------------- */

static const struct {
	const char *script;
	enum status status;
	int code, signo;
} ends[] = {
	{ "exit 0", ST_OK, 0, 0 },
	{ "exit 3", ST_EXIT, 3, 0 },
	{ "exit 255", ST_EXIT, 255, 0 },
	{ "kill -KILL $$", ST_SIGNAL, 128 + SIGKILL, SIGKILL },
	{ "kill -TERM $$", ST_SIGNAL, 128 + SIGTERM, SIGTERM },
	{ "exec >&- 2>&-; exit 4", ST_EXIT, 4, 0 },
	{ "exec >&- 2>&-; sleep 0.05; exit 5", ST_EXIT, 5, 0 },
};

START_TEST(every_end_is_told)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = SH(ends[_i].script) });
	ck_assert_int_eq(r.result.status, ends[_i].status);
	ck_assert_int_eq(r.result.code, ends[_i].code);
	ck_assert_int_eq(r.result.signo, ends[_i].signo);
	ck_assert(r.result.seconds > 0 && r.result.seconds < 5);
	io_close(&r);
}
END_TEST

START_TEST(both_streams_arrive_in_order)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("both"), "3") });
	ck_assert_str_eq(r.out.data, "out 0|out 1|out 2|");
	ck_assert_str_eq(r.err.data, "err 0|err 1|err 2|");
	ck_assert_str_eq(r.tail, "err 0\nerr 1\nerr 2\n");
	io_run(&r, &(struct launch){ .argv = SH("printf 'a\\nb'") });
	ck_assert_str_eq(r.out.data, "a|b$");
	io_close(&r);
}
END_TEST

static const struct {
	const char *name, *err;
	int code;
} missing[] = {
	{ "pseq-no-such-program", "pseq-no-such-program: not found|", 127 },
	{ "/nowhere/at/all", "/nowhere/at/all: not found|", 127 },
	{ "/etc/passwd", "/etc/passwd: Permission denied|", 126 },
	{ "/etc", "/etc: Permission denied|", 126 },
	{ "/etc/passwd/x", "/etc/passwd/x: Not a directory|", 127 },
};

START_TEST(what_is_no_program_ends_as_in_a_shell)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(missing[_i].name) });
	ck_assert_int_eq(r.result.status, ST_EXIT);
	ck_assert_int_eq(r.result.code, missing[_i].code);
	ck_assert_str_eq(r.err.data, missing[_i].err);
	ck_assert(strlen(r.tail) > 0);
	io_close(&r);
}
END_TEST

START_TEST(what_cannot_start_says_why)
{
	char *big = mem_calloc(1, 3 << 20);
	struct run_io r;

	io_open(&r);
	ck_assert_int_eq(io_start(&r, 0, &(struct launch){
	    .argv = ARGV("true"), .env = ENV, .dir = "/no/dir" }), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_str_eq(r.runner.why(r.runner.arg),
	    "dir '/no/dir': No such file or directory");
	/* the directory is what is wrong, whatever else is */
	ck_assert_int_eq(io_start(&r, 0, &(struct launch){
	    .argv = ARGV("no-such-program"), .env = ENV, .dir = "/no/dir" }),
	    -1);
	ck_assert_str_eq(r.runner.why(r.runner.arg),
	    "dir '/no/dir': No such file or directory");
	ck_assert_int_eq(io_start(&r, 0, &(struct launch){
	    .argv = ARGV("cat"), .env = ENV, .in_path = "/no/file" }), -1);
	ck_assert_ptr_nonnull(strstr(r.runner.why(r.runner.arg),
	    "cannot open '/no/file'"));
	ck_assert_int_eq(io_start(&r, 0, &(struct launch){
	    .argv = ARGV("cat"), .env = ENV, .out_path = "/no/file" }), -1);
	memset(big, 'x', (3 << 20) - 1);
	ck_assert_int_eq(io_start(&r, 0, &(struct launch){
	    .argv = ARGV("true", big), .env = ENV }), -1);
	ck_assert_int_eq(errno, E2BIG);
	free(big);
	io_close(&r);
}
END_TEST

START_TEST(a_script_without_interpreter_line_is_run_by_sh)
{
	char path[] = "/tmp/pseq-io-XXXXXX";
	int fd = mkstemp(path);
	struct run_io r;

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, "echo \"[$1]\"\n", 12), 12);
	fchmod(fd, 0700);
	close(fd);
	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(path, "a b") });
	ck_assert_str_eq(r.out.data, "[a b]|");
	unlink(path);
	io_close(&r);
}
END_TEST

/* --- what a child finds ------------------------------------------------- */

START_TEST(children_find_a_clean_house)
{
	struct rlimit lim;
	char want[256];
	struct run_io r;

	signal(SIGHUP, SIG_IGN);
	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = 700;
	setrlimit(RLIMIT_NOFILE, &lim);
	ck_assert_int_ne(fcntl(0, F_DUPFD, 20), -1);	/* a leak */
	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("show")) });
	snprintf(want, sizeof(want), "sid=0 group=1|blocked=|ignored=|"
	    "fds=0,1,2,|nofile=700|death=%d|flags=0,0|tty=0,0,0|terminal=0|",
	    SIGKILL);
	ck_assert_str_eq(r.out.data, want);
	io_close(&r);
}
END_TEST

/* ours is not theirs */
START_TEST(children_have_no_terminal)
{
	struct run_io r;
	int master, slave;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	if (fork() == 0) {
		setsid();
		slave = open(ptsname(master), O_RDWR);
		ck_assert_int_ne(open("/dev/tty", O_RDWR), -1);
		io_open(&r);
		io_run(&r, &(struct launch){
		    .argv = ARGV(io_child("show")) });
		ck_assert_ptr_nonnull(strstr(r.out.data, "terminal=0|"));
		io_close(&r);
		_exit(slave == -1);
	}
	wait(&slave);
	ck_assert_int_eq(slave, 0);
}
END_TEST

START_TEST(a_terminal_where_asked)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("show")),
	    .tty = true });
	ck_assert_ptr_nonnull(strstr(r.out.data, "|tty=0,1,1|terminal=1|"));
	ck_assert_ptr_nonnull(strstr(r.out.data, "sid=1 group=1|"));
	ck_assert_uint_eq(r.err.len, 0);
	io_run(&r, &(struct launch){ .tty = true,
	    .argv = SH("stty size <&1; printf 'x\\r\\ny'; echo z >&2") });
	ck_assert_str_eq(r.out.data, "24 80|x|yz|");
	io_close(&r);
}
END_TEST

START_TEST(directory_and_path_are_the_launch_s)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV("pwd"), .dir = "/usr" });
	ck_assert_str_eq(r.out.data, "/usr|");
	io_run(&r, &(struct launch){ .argv = ARGV("pwd"),
	    .env = ARGV("PATH=/nowhere") });
	ck_assert_int_eq(r.result.code, 127);
	io_run(&r, &(struct launch){ .argv = ARGV("./true"), .dir = "/bin" });
	ck_assert_int_eq(r.result.status, ST_OK);
	io_close(&r);
}
END_TEST

/* --- input and output --------------------------------------------------- */

START_TEST(standard_input_is_bytes_a_file_or_both)
{
	char path[] = "/tmp/pseq-io-XXXXXX";
	int fd = mkstemp(path);
	struct run_io r;

	ck_assert_int_eq(write(fd, "file\n", 5), 5);
	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV("cat"),
	    .in_bytes = "a\0b\n", .in_len = 4, .capture = STREAM_OUT,
	    .capture_max = 100 });
	ck_assert_uint_eq(r.captured.len, 4);
	ck_assert_mem_eq(r.captured.data, "a\0b\n", 4);
	io_run(&r, &(struct launch){ .argv = ARGV("cat"), .in_path = path });
	ck_assert_str_eq(r.out.data, "file|");
	io_run(&r, &(struct launch){ .argv = ARGV("cat"), .in_path = path,
	    .in_bytes = "first\n", .in_len = 6 });
	ck_assert_str_eq(r.out.data, "first|file|");
	/* one too large for memory is fed */
	ck_assert_int_eq(ftruncate(fd, 3 << 20), 0);
	io_run(&r, &(struct launch){ .argv = ARGV("wc", "-c"),
	    .in_path = path, .in_bytes = "first\n", .in_len = 6 });
	ck_assert_str_eq(r.out.data, "3145734|");
	/* not everybody reads to the end */
	io_run(&r, &(struct launch){ .argv = ARGV("true"),
	    .in_path = path, .in_bytes = "first\n", .in_len = 6 });
	ck_assert_int_eq(r.result.status, ST_OK);
	close(fd);
	unlink(path);
	io_close(&r);
}
END_TEST

START_TEST(output_goes_to_a_file_or_nowhere)
{
	char path[] = "/tmp/pseq-io-XXXXXX", buf[32] = "";
	int fd = mkstemp(path);
	struct run_io r;

	ck_assert_int_eq(write(fd, "longer than that\n", 17), 17);
	io_open(&r);
	io_run(&r, &(struct launch){ .out_path = path,
	    .argv = SH("echo out; echo err >&2") });
	ck_assert_uint_eq(r.out.len, 0);
	ck_assert_str_eq(r.err.data, "err|");
	ck_assert_int_eq(pread(fd, buf, sizeof(buf), 0), 4);
	ck_assert_str_eq(buf, "out\n");
	io_run(&r, &(struct launch){ .out_none = true,
	    .argv = SH("echo out; echo err >&2") });
	ck_assert_uint_eq(r.out.len, 0);
	ck_assert_str_eq(r.err.data, "err|");
	close(fd);
	unlink(path);
	io_close(&r);
}
END_TEST

START_TEST(captures_have_a_limit)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("both"), "2"),
	    .capture = STREAM_ERR, .capture_max = 12 });
	ck_assert_str_eq(r.captured.data, "err 0\nerr 1\n");
	ck_assert(!r.result.err_full);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("both"), "2"),
	    .capture = STREAM_ERR, .capture_max = 11 });
	ck_assert_str_eq(r.captured.data, "err 0\nerr 1");
	ck_assert(r.result.err_full);
	io_close(&r);
}
END_TEST

START_TEST(a_huge_line_comes_in_pieces)
{
	struct run_io r;

	io_open(&r);
	r.quiet = true;
	io_run(&r, &(struct launch){
	    .argv = ARGV(io_child("bytes"), "50000000") });
	ck_assert_uint_eq(r.bytes, 50000000);
	ck_assert_uint_le(r.lines, 50000000 / 60000);
	ck_assert_int_eq(r.result.status, ST_OK);
	io_close(&r);
}
END_TEST

START_TEST(a_prompt_is_shown_though_it_is_no_line)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){
	    .argv = SH("printf 'name? '; sleep 1.3; echo bob") });
	ck_assert_str_eq(r.out.data, "name? +bob|");
	io_close(&r);
}
END_TEST

/* --- time and signals --------------------------------------------------- */

START_TEST(who_ignores_term_is_killed)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("stubborn")),
	    .timeout = 0.1, .grace = 0.3 });
	ck_assert_int_eq(r.result.status, ST_TIMEOUT);
	ck_assert_int_eq(r.result.ending, END_OWN);
	ck_assert(r.result.seconds >= 0.4 && r.result.seconds < 2);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("stubborn")),
	    .timeout = 0.1 });
	ck_assert_int_eq(r.result.status, ST_TIMEOUT);
	ck_assert(r.result.seconds < 0.35);
	io_close(&r);
}
END_TEST

START_TEST(silence_is_measured_from_the_last_output)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .silent = 0.2, .grace = 5, .argv =
	    SH("for i in 1 2 3 4; do echo $i; sleep 0.1; done; sleep 9") });
	ck_assert_int_eq(r.result.status, ST_SILENT);
	ck_assert_str_eq(r.out.data, "1|2|3|4|");
	ck_assert(r.result.seconds > 0.45 && r.result.seconds < 2);
	io_close(&r);
}
END_TEST

/* a daemon of the step keeps its output: the step ends, and says so */
START_TEST(a_descendant_does_not_hold_a_step_up)
{
	struct run_io r;
	pid_t pid;

	io_open(&r);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("leaver")) });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert(r.result.seconds < 0.2);
	pid = atoi(r.out.data);
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert_ptr_nonnull(strstr(r.warned.data, "'leaver' (process "));
	kill(pid, SIGKILL);
	io_close(&r);
}
END_TEST

static void
stop_it(struct run_io *r, token_t token)
{
	r->inside = true;
	r->runner.stop(r->runner.arg, token, STOP_CANCEL);
	r->inside = false;
}

/* all of the group gets TERM, the grace, then KILL; none is left */
START_TEST(a_group_is_ended_as_a_whole)
{
	struct run_io r;
	pid_t pid;

	io_open(&r);
	r.on_line = stop_it;
	io_run(&r, &(struct launch){ .grace = 0.3,
	    .argv = ARGV(io_child("leaver"), _i ? "ignore" : "") });
	pid = atoi(r.out.data);
	if (_i) {
		ck_assert_int_eq(r.result.status, ST_CANCELLED);
		ck_assert(r.result.seconds >= 0.3);
	}
	ck_assert(io_until(gone, &pid));
	io_close(&r);
}
END_TEST

/* the child dies of TERM at once, its descendant ignores it */
START_TEST(the_group_has_its_grace_after_the_child)
{
	struct run_io r;
	pid_t pid;

	io_open(&r);
	r.on_line = stop_it;
	io_run(&r, &(struct launch){ .grace = 0.3, .argv = SH(
	    "(trap '' TERM; sleep 60 & echo $!; wait) & wait") });
	pid = atoi(r.out.data);
	ck_assert_int_eq(r.result.status, ST_CANCELLED);
	ck_assert(io_until(gone, &pid));
	io_close(&r);
}
END_TEST

START_TEST(wake_ups_come_and_can_be_taken_back)
{
	struct run_io r;

	io_open(&r);
	r.runner.wake(r.runner.arg, 700, 0.01);
	r.runner.wake(r.runner.arg, 1, 0.02);
	r.runner.wake(r.runner.arg, 700, -1);
	loop_run(r.loop);
	ck_assert_uint_eq(r.woken, 1);
	/* the wake-up is that of the token it was last asked for */
	r.runner.wake(r.runner.arg, 1, 0.02);
	r.runner.wake(r.runner.arg, (token_t)8 << 32 | 1, 0.01);
	loop_run(r.loop);
	ck_assert_uint_eq(r.woken, 10);
	io_close(&r);
}
END_TEST

/* --- hold and back-pressure --------------------------------------------- */

static void
hold_it(struct run_io *r, token_t token)
{
	if (r->lines % 3)
		return;
	r->inside = true;
	r->runner.hold(r->runner.arg, token,
	    STREAM_OUT | STREAM_ERR, true);
	r->inside = false;
	r->runner.wake(r->runner.arg, token, 0.001);
}

static void
go_on(void *arg, token_t token)
{
	struct run_io *r = arg;

	ck_assert_uint_eq(r->lines % 3, 0);
	r->inside = true;
	r->runner.hold(r->runner.arg, token,
	    STREAM_OUT | STREAM_ERR, false);
	r->inside = false;
}

/* after a hold no line comes, and none is lost */
START_TEST(a_hold_is_exact)
{
	char path[] = "/tmp/pseq-io-XXXXXX";
	int fd = mkstemp(path);
	struct run_io r;

	for (int i = 0; i < 300; i++)
		dprintf(fd, "%d\n", i);
	io_open(&r);
	r.on_line = hold_it;
	r.up.woken = go_on;
	if (_i)
		io_run(&r, &(struct launch){ .kind = LAUNCH_READ, .single = true,
		    .path = path, .separator = '\n' });
	else
		io_run(&r, &(struct launch){ .argv = ARGV("cat", path),
		    .single = true });
	ck_assert_uint_eq(r.lines, 300);
	ck_assert_int_eq(strncmp(r.out.data, "0|1|2|3|", 8), 0);
	ck_assert_ptr_nonnull(strstr(r.out.data, "|298|299|"));
	ck_assert_int_eq(r.result.status, ST_OK);
	close(fd);
	unlink(path);
	io_close(&r);
}
END_TEST

static void
read_again(void *arg, token_t token)
{
	struct run_io *r = arg;

	(void)token;
	ck_assert_uint_eq(r->done, 0);
	r->woken = r->lines;
	tasks_read_all(r->tasks, true);
}

/* while nobody reads, a child that has ended is not done */
START_TEST(reading_can_stop_for_all)
{
	struct run_io r;

	io_open(&r);
	r.up.woken = read_again;
	tasks_read_all(r.tasks, false);
	r.runner.wake(r.runner.arg, 5, 0.5);
	io_run(&r, &(struct launch){ .argv = ARGV(io_child("both"), "5") });
	ck_assert_uint_eq(r.woken, 0);
	ck_assert_uint_eq(r.lines, 10);
	io_close(&r);
}
END_TEST

/* --- lists -------------------------------------------------------------- */

START_TEST(files_are_read_as_lists)
{
	char path[] = "/tmp/pseq-io-XXXXXX";
	int fd = mkstemp(path);
	struct run_io r;

	ck_assert_int_eq(write(fd, "a\0b\nc\0d", 7), 7);
	io_open(&r);
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ, .single = true,
	    .path = path,
	    .separator = '\n' });
	ck_assert_uint_eq(r.lines, 2);
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ,
	    .single = true, .path = path });
	ck_assert_str_eq(r.out.data, "a|b\nc|d$");
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ,
	    .single = true, .path = "/no" });
	ck_assert_int_eq(r.result.status, ST_ERROR);
	ck_assert_str_eq(r.message,
	    "cannot read '/no': No such file or directory");
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ,
	    .single = true, .path = "/tmp" });
	ck_assert_str_eq(r.message, "cannot read '/tmp': Is a directory");
	close(fd);
	unlink(path);
	io_close(&r);
}
END_TEST

START_TEST(standard_input_keeps_its_flags)
{
	struct run_io r;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], "x\ny\n", 4), 4);
	close(fd[1]);
	dup2(fd[0], 0);
	io_open(&r);
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ,
	    .single = true, .separator = '\n' });
	ck_assert_str_eq(r.out.data, "x|y|");
	ck_assert_int_eq(fcntl(fd[0], F_GETFL) & O_NONBLOCK, 0);
	io_close(&r);
}
END_TEST

START_TEST(a_list_that_does_not_end_can_be_stopped)
{
	struct run_io r;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], "x\n", 2), 2);
	dup2(fd[0], 0);
	io_open(&r);
	r.on_line = stop_it;
	io_run(&r, &(struct launch){ .kind = LAUNCH_READ,
	    .single = true, .separator = '\n' });
	ck_assert_int_eq(r.result.status, ST_CANCELLED);
	io_close(&r);
}
END_TEST

/* --- many --------------------------------------------------------------- */

START_TEST(a_thousand_children)
{
	const struct launch l = {
		.argv = ARGV(io_child("both"), "2"), .env = ENV
	};
	const unsigned n = 1000;
	struct run_io r;
	siginfo_t si;

	io_open(&r);
	r.quiet = true;
	ck_assert_uint_ge(tasks_room(r.tasks), 100);
	for (unsigned i = 0; i < n; i++) {
		if (r.runner.start(r.runner.arg, i, &l) == -1) {
			ck_assert(errno == EMFILE || errno == EAGAIN);
			io_wait(&r, r.done + 1);
			i--;
		}
	}
	io_wait(&r, n);
	ck_assert_uint_eq(r.by_status[ST_OK], n);
	ck_assert_uint_eq(r.lines, 4 * n);
	io_close(&r);
	ck_assert_int_eq(waitid(P_ALL, 0, &si, WEXITED | WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* few descriptors: some have no pidfd, no more start than fit */
START_TEST(few_descriptors_are_enough)
{
	const struct launch l = {
		.argv = SH("read x; echo done"), .env = ENV,
	};
	struct rlimit lim = { 100, 100 };
	struct run_io r;
	unsigned n = 0;

	setrlimit(RLIMIT_NOFILE, &lim);
	io_open(&r);
	ck_assert_uint_ge(tasks_room(r.tasks), 20);
	while (r.runner.start(r.runner.arg, n, &l) == 0)
		n++;
	ck_assert_int_eq(errno, EMFILE);
	ck_assert_uint_eq(n, tasks_room(r.tasks));
	io_wait(&r, n);
	ck_assert_uint_eq(r.by_status[ST_OK], n);
	ck_assert_uint_eq(r.lines, n);
	io_close(&r);
}
END_TEST

static unsigned
count_fds(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 4096; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

START_TEST(nothing_stays_behind)
{
	const struct launch stay = {
		.argv = ARGV(io_child("leaver"), "ignore"), .env = ENV,
		.grace = 9
	};
	unsigned before = count_fds();
	struct run_io r;
	siginfo_t si;

	io_open(&r);
	for (token_t i = 0; i < 5; i++)
		ck_assert_int_eq(io_start(&r, i, &stay), 0);
	io_stop(&r, 3, STOP_CANCEL);
	io_close(&r);
	ck_assert_uint_eq(count_fds(), before);
	ck_assert_int_eq(waitid(P_ALL, 0, &si, WEXITED | WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(all_can_be_killed_at_once)
{
	const struct launch stay = {
		.argv = ARGV(io_child("stubborn")), .env = ENV, .grace = 60
	};
	struct run_io r;

	io_open(&r);
	for (token_t i = 0; i < 5; i++)
		ck_assert_int_eq(io_start(&r, i, &stay), 0);
	io_stop(&r, 2, STOP_CANCEL);
	tasks_kill_all(r.tasks);
	io_wait(&r, 5);
	ck_assert_uint_eq(r.by_status[ST_CANCELLED], 5);
	io_close(&r);
}
END_TEST

/* --- our own end -------------------------------------------------------- */

static pid_t *shared;

static void
note_pid(struct run_io *r, token_t token)
{
	shared[token] = atoi(r->out.data);
	buf_clear(&r->out);
	if (++shared[9] == 3)
		kill(getpid(), SIGKILL);
}

/* kill -9 of who started them leaves none, not even descendants */
START_TEST(no_child_outlives_us)
{
	const struct launch l = {
		.argv = ARGV(io_child("leaver"), "ignore"), .env = ENV
	};
	struct run_io r;
	pid_t pid;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* what is orphaned comes here, and is not reaped by init */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid == 0) {
		io_open(&r);
		r.on_line = note_pid;
		for (token_t i = 0; i < 3; i++)
			io_start(&r, i, &l);
		loop_run(r.loop);
		_exit(1);
	}
	/* the helper, its three children, their descendants, the guard */
	for (int i = 0; i < 8; i++)
		ck_assert_int_gt(waitpid(-1, NULL, 0), 0);
	ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
	for (int i = 0; i < 3; i++)
		ck_assert(gone(&shared[i]));
}
END_TEST

/* --- another user ------------------------------------------------------- */

static char sudo_dir[] = "/tmp/pseq-sudo-XXXXXX";
static char sudo_path[64];

/* a stub in front of sudo: runs what it is told */
static const char *
stub_sudo(const char *body)
{
	static char env[256];
	FILE *f;

	strcpy(strrchr(sudo_dir, '-') + 1, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(sudo_dir));
	snprintf(sudo_path, sizeof(sudo_path), "%s/sudo", sudo_dir);
	f = fopen(sudo_path, "w");
	fprintf(f, "#!/bin/sh\n%s\n", body);
	fclose(f);
	chmod(sudo_path, 0755);
	snprintf(env, sizeof(env), "PATH=%s:/usr/bin:/bin", sudo_dir);
	return env;
}

START_TEST(the_mark_is_for_us_alone)
{
	struct run_io r;

	io_open(&r);
	io_run(&r, &(struct launch){ .as = "nobody", .mark = "READY-1",
	    .argv = SH("printf READY-1; sleep 0.05; echo \" $$\"; echo hello"),
	    .capture = STREAM_OUT, .capture_max = 100 });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_str_eq(r.out.data, "hello|");
	ck_assert_str_eq(r.captured.data, "hello\n");
	io_run(&r, &(struct launch){ .as = "nobody", .mark = "READY-1",
	    .argv = SH("echo sudo: a password is required >&2; exit 1"),
	    .env = ARGV(stub_sudo("exit 1")) });
	ck_assert_int_eq(r.result.status, ST_START);
	ck_assert_str_eq(r.message, "sudo: a password is required");
	io_close(&r);
	unlink(sudo_path);
	rmdir(sudo_dir);
}
END_TEST

void
unit_task(Suite *s)
{
	TCase *tc = tcase_create("task");

	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, every_end_is_told, 0, (int)countof(ends));
	tcase_add_test(tc, both_streams_arrive_in_order);
	tcase_add_loop_test(tc, what_is_no_program_ends_as_in_a_shell, 0,
	    (int)countof(missing));
	tcase_add_test(tc, what_cannot_start_says_why);
	tcase_add_test(tc, a_script_without_interpreter_line_is_run_by_sh);
	tcase_add_test(tc, children_find_a_clean_house);
	tcase_add_test(tc, children_have_no_terminal);
	tcase_add_test(tc, a_terminal_where_asked);
	tcase_add_test(tc, directory_and_path_are_the_launch_s);
	tcase_add_test(tc, standard_input_is_bytes_a_file_or_both);
	tcase_add_test(tc, output_goes_to_a_file_or_nowhere);
	tcase_add_test(tc, captures_have_a_limit);
	tcase_add_test(tc, a_huge_line_comes_in_pieces);
	tcase_add_test(tc, a_prompt_is_shown_though_it_is_no_line);
	tcase_add_test(tc, who_ignores_term_is_killed);
	tcase_add_test(tc, silence_is_measured_from_the_last_output);
	tcase_add_test(tc, a_descendant_does_not_hold_a_step_up);
	tcase_add_loop_test(tc, a_group_is_ended_as_a_whole, 0, 2);
	tcase_add_test(tc, the_group_has_its_grace_after_the_child);
	tcase_add_test(tc, wake_ups_come_and_can_be_taken_back);
	tcase_add_loop_test(tc, a_hold_is_exact, 0, 2);
	tcase_add_test(tc, reading_can_stop_for_all);
	tcase_add_test(tc, files_are_read_as_lists);
	tcase_add_test(tc, standard_input_keeps_its_flags);
	tcase_add_test(tc, a_list_that_does_not_end_can_be_stopped);
	tcase_add_test(tc, a_thousand_children);
	tcase_add_test(tc, few_descriptors_are_enough);
	tcase_add_test(tc, nothing_stays_behind);
	tcase_add_test(tc, all_can_be_killed_at_once);
	tcase_add_test(tc, no_child_outlives_us);
	tcase_add_test(tc, the_mark_is_for_us_alone);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "io.h"
#include "transport/ssh.h"
#include "unit.h"

static struct arena arena;

/* a host of the bed */
static const struct endpoint *
host(unsigned n)
{
	static struct endpoint all[64];
	struct endpoint *e = &all[n];
	char name[16];

	if (!e->host) {
		snprintf(name, sizeof(name), "host%03u", n);
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
	ck_assert_int_eq(begin(r, 0, e, run), 0);
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
	run_on(&r, host(1), (struct run){ .text = "echo $BED_HOST; echo e >&2" });
	ck_assert_int_eq(r.result.status, ST_OK);
	ck_assert_str_eq(r.out.data, "host001|");
	ck_assert_str_eq(r.err.data, "e|");
	run_on(&r, host(1), (struct run){ .text = "exit 255" });
	ck_assert_int_eq(r.result.status, ST_EXIT);
	ck_assert_int_eq(r.result.code, 255);
	run_on(&r, host(1), (struct run){ .text = "cat; kill -9 $$",
	    .in_bytes = "hello\n", .in_len = 6 });
	ck_assert_str_eq(r.out.data, "hello|");
	io_close(&r);
}
END_TEST

/* does a process with this word among its arguments live? */
static bool
runs(const char *word)
{
	char path[300], text[4096];
	struct dirent *e;
	bool found = false;
	ssize_t n;
	DIR *d = opendir("/proc");
	int fd;

	while (!found && (e = readdir(d))) {
		snprintf(path, sizeof(path), "/proc/%s/cmdline", e->d_name);
		fd = open(path, O_RDONLY);
		n = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);
		if (fd != -1)
			close(fd);
		if (n <= 0)
			continue;
		text[n] = '\0';
		for (char *p = text; p < text + n; p += strlen(p) + 1)
			found |= strcmp(p, word) == 0;
	}
	closedir(d);
	return found;
}

static bool
runs_not(void *word)
{
	return !runs(word);
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
	run_on(&r, host(1), (struct run){ .text = ended[_i].text,
	    .timeout = ended[_i].timeout, .silent = ended[_i].silent,
	    .grace = ended[_i].grace });
	ck_assert_int_eq(r.result.status, ended[_i].status);
	ck_assert_int_eq(r.result.ending, END_CONFIRMED);
	ck_assert(r.result.seconds < 3);
	ck_assert(!runs(ended[_i].left));
	io_close(&r);
}
END_TEST

START_TEST(more_than_fit_wait_in_order)
{
	struct run_io r;

	io_open(&r);
	for (token_t i = 0; i < 30; i++)
		ck_assert_int_eq(begin(&r, i, host(2), (struct run){
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
	run_on(&r, host(1), (struct run){
	    .text = "echo on; sleep 7201 & sleep 7201" });
	ck_assert_int_eq(r.result.status, ST_LOST);
	ck_assert_int_eq(r.result.ending, END_UNKNOWN);
	puts(r.message);
	ck_assert(io_until(runs_not, "7201"));
	/* the next step has a new connection */
	run_on(&r, host(1), (struct run){ .text = "echo again" });
	ck_assert_int_eq(r.result.status, ST_OK);
	io_close(&r);
}
END_TEST

void
unit_remote(Suite *s)
{
	TCase *tc;

	if (!getenv("PSEQ_BED")) {
		puts("remote: skipped, there is no bed (PSEQ_BED)");
		return;
	}
	tc = tcase_create("remote");
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_command_runs_there);
	tcase_add_loop_test(tc, what_is_ended_is_gone, 0,
	    (int)countof(ended));
	tcase_add_test(tc, more_than_fit_wait_in_order);
	tcase_add_test(tc, a_master_that_dies_loses_what_it_ran);
	suite_add_tcase(s, tc);
}

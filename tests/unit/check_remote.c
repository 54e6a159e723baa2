/* SPDX-License-Identifier: ISC */
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

void
unit_remote(Suite *s)
{
	TCase *tc = tcase_create("remote");

	if (!getenv("PSEQ_BED")) {
		puts("remote: skipped, there is no bed (PSEQ_BED)");
		tcase_free(tc);
		return;
	}
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, a_command_runs_there);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
/* commands that run by a command of the job's own */
#include <string.h>

#include "base/arena.h"
#include "io.h"
#include "model/endpoint.h"
#include "transport/template.h"
#include "unit.h"

static const char *const shell[] = { "/bin/sh", "-eu", NULL };
static const char *const nothing[] = { NULL };

/* a run on h1, by these words */
static void
prepare(struct launch *l, struct arena *a, const char *const *exec,
    const char *text)
{
	static const struct codes refused = { 125, 126 };
	static struct endpoint at;
	struct run r = {
		.at = &at, .text = text, .shell = shell, .env = nothing,
		.grace = 0.3,
	};

	at = (struct endpoint){
		.reach = REACH_TEMPLATE, .host = "h1", .address = "h1",
		.exec = exec, .connect_fail = &refused, .nconnect_fail = 1,
	};
	ck_assert_ptr_null(transport_template.prepare(&r, l, a));
}

static void
run(struct run_io *r, const char *const *exec, const char *text)
{
	struct arena a = { 0 };
	struct launch l;

	prepare(&l, &a, exec, text);
	io_open(r);
	io_run(r, &l);
	arena_fini(&a);
}

START_TEST(the_command_takes_its_place_among_the_words)
{
	static const char *const exec[] = {
		"ip", "netns", "exec", "h1", endpoint_command, "x", NULL
	};
	struct arena a = { 0 };
	struct launch l;

	prepare(&l, &a, exec, "secret words");
	ck_assert_str_eq(l.argv[3], "h1");
	ck_assert_str_eq(l.argv[4], "/bin/sh");
	ck_assert_str_eq(l.argv[5], "-c");
	ck_assert_str_eq(l.argv[7], "x");
	ck_assert_ptr_null(l.argv[8]);
	for (size_t i = 0; l.argv[i]; i++)
		ck_assert_ptr_null(strstr(l.argv[i], "secret"));
	ck_assert_ptr_nonnull(memmem(l.in_bytes, l.in_len, "secret", 6));
	ck_assert_str_eq(l.ender[4], "/bin/sh");
	ck_assert_str_eq(l.ender[8], "x");
	arena_fini(&a);
}
END_TEST

START_TEST(output_and_codes_come_through)
{
	static const char *const exec[] = {
		"env", "A=b", endpoint_command, NULL
	};
	struct run_io r;

	run(&r, exec, "echo $A; exit 125");
	ck_assert_str_eq(buf_str(&r.out), "b|");
	/* it began, so this is its own */
	ck_assert_int_eq(r.result.status, ST_EXIT);
	ck_assert_int_eq(r.result.code, 125);
	io_close(&r);
}
END_TEST

START_TEST(what_never_began_is_told_by_its_code)
{
	static const char *const refused[] = {
		"sh", "-c", "echo no such container >&2; exit 125", "x",
		endpoint_command, NULL
	};
	static const char *const other[] = {
		"sh", "-c", "echo odd >&2; exit 7", "x", endpoint_command, NULL
	};
	static const char *const deaf[] = {
		"sh", "-c", "exec \"$@\" </dev/null", "x", endpoint_command,
		NULL
	};
	struct run_io r;

	run(&r, refused, "echo never");
	ck_assert_int_eq(r.result.status, ST_UNREACHABLE);
	ck_assert_str_eq(r.message, "no such container");
	io_close(&r);
	run(&r, other, "echo never");
	ck_assert_int_eq(r.result.status, ST_START);
	ck_assert_str_eq(r.message, "odd");
	io_close(&r);
	run(&r, deaf, "echo never");
	ck_assert_int_eq(r.result.status, ST_START);
	ck_assert_ptr_nonnull(strstr(r.message, "standard input"));
	io_close(&r);
}
END_TEST

/*
 * The template starts the command in a group that is not its own process:
 * it is ended by the template again.
 */
START_TEST(what_runs_elsewhere_is_ended_there)
{
	static const char *const exec[] = {
		"setsid", "-f", "-w", "sh", "-c", "exec \"$@\"", "x",
		endpoint_command, NULL
	};
	struct arena a = { 0 };
	struct launch l;
	struct run_io r;

	prepare(&l, &a, exec, "trap '' TERM; sleep 31.41 & wait; sleep 31.41");
	l.timeout = 0.3;
	io_open(&r);
	io_run(&r, &l);
	ck_assert_int_eq(r.result.status, ST_TIMEOUT);
	ck_assert_int_eq(r.result.ending, END_CONFIRMED);
	ck_assert(!io_runs("31.41"));
	io_close(&r);
	arena_fini(&a);
}
END_TEST

void
unit_template(Suite *s)
{
	TCase *t = tcase_create("template");

	tcase_add_test(t, the_command_takes_its_place_among_the_words);
	tcase_add_test(t, output_and_codes_come_through);
	tcase_add_test(t, what_never_began_is_told_by_its_code);
	tcase_add_test(t, what_runs_elsewhere_is_ended_there);
	suite_add_tcase(s, t);
}

/* SPDX-License-Identifier: ISC */
/* the runner that runs nothing: its clock, its limits, its table */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/plan.h"
#include "model/program.h"
#include "sim/sim.h"
#include "sim/table.h"
#include "unit.h"

/* what was told, as "0.5 a:line 1 a:ok " */
struct rig {
	struct sim *sim;
	struct runner runner;
	struct buf log;
	const struct sim_outcome *outcome;
	unsigned hold_after;	/* lines */
	bool stop_at_line;
};

static const struct sim_outcome *
on_outcome(void *arg, const struct launch *l)
{
	(void)l;
	return ((struct rig *)arg)->outcome;
}

static void
on_line(void *arg, token_t t, unsigned stream, const char *text, size_t len,
    unsigned flags)
{
	struct rig *r = arg;

	buf_addf(&r->log, "%g %c%s%.*s%s ", sim_now(r->sim) - SIM_EPOCH,
	    (char)('a' + t), stream == 1 ? ":" : "!", (int)len, text,
	    flags & LINE_TAIL ? "$" : "");
	if (r->hold_after > 0 && --r->hold_after == 0)
		r->runner.hold(r->runner.arg, t, STREAM_OUT, true);
	if (r->stop_at_line)
		r->runner.stop(r->runner.arg, t, STOP_KILL);
}

static void
on_done(void *arg, token_t t, const struct result *res)
{
	struct rig *r = arg;
	char text[STATUS_SHOW];

	buf_addf(&r->log, "%g %c=%s", sim_now(r->sim) - SIM_EPOCH,
	    (char)('a' + t), status_show(text, res));
	if (res->nboth > 0)
		buf_addf(&r->log, "(%.*s)", (int)res->nboth, res->both);
	buf_addc(&r->log, ' ');
}

static void
on_woken(void *arg, token_t t)
{
	struct rig *r = arg;

	buf_addf(&r->log, "%g %c! ", sim_now(r->sim) - SIM_EPOCH,
	    (char)('a' + t));
}

static void
rig_open(struct rig *r, const struct sim_outcome *o)
{
	struct sim_config config = { .outcome = on_outcome, .arg = r };
	struct runner_up up = {
		.arg = r, .line = on_line, .done = on_done,
		.woken = on_woken,
	};

	*r = (struct rig){ .outcome = o, .sim = sim_new(&config) };
	r->runner = sim_runner(r->sim);
	sim_attach(r->sim, &up);
}

static int
rig_start(struct rig *r, token_t t, struct launch l)
{
	return r->runner.start(r->runner.arg, t, &l);
}

static const char *
rig_close(struct rig *r)
{
	static char out[1024];

	while (sim_step(r->sim, 0))
		;
	ck_assert_uint_eq(sim_live(r->sim), 0);
	snprintf(out, sizeof(out), "%s", buf_str(&r->log));
	sim_free(r->sim);
	buf_fini(&r->log);
	return out;
}

START_TEST(time_jumps_to_what_is_due)
{
	struct rig r;

	rig_open(&r, NULL);
	r.runner.wake(r.runner.arg, 1, 86400);
	r.runner.wake(r.runner.arg, 2, 0.25);
	ck_assert_int_eq(rig_start(&r, 0, (struct launch){ 0 }), 0);
	r.runner.wake(r.runner.arg, 3, 1);
	ck_assert(sim_step(r.sim, 0));
	/* asked again, it counts from now; below 0 it is forgotten */
	r.runner.wake(r.runner.arg, 2, 9);
	r.runner.wake(r.runner.arg, 4, 5);
	r.runner.wake(r.runner.arg, 4, -1);
	ck_assert_uint_eq(sim_live(r.sim), 1);
	/* what ends comes before a clock that rings at the same time */
	ck_assert_str_eq(rig_close(&r),
	    "0.25 c! 1 a=exit 0 1 d! 9.25 c! 86400 b! ");
}
END_TEST

START_TEST(the_clock_can_be_let_run_to_a_time)
{
	struct rig r;

	rig_open(&r, NULL);
	r.runner.wake(r.runner.arg, 0, 10);
	ck_assert(!sim_step(r.sim, SIM_EPOCH + 4));
	ck_assert(sim_now(r.sim) == SIM_EPOCH + 4);
	ck_assert_str_eq(rig_close(&r), "10 a! ");
}
END_TEST

START_TEST(a_limit_ends_what_takes_longer)
{
	struct sim_outcome slow = { .seconds = 10 }, hung = { .hang = true };
	struct sim_outcome late = {
		.result = { .status = ST_TIMEOUT, .code = CODE_NONE }
	};
	struct rig r;

	rig_open(&r, &slow);
	rig_start(&r, 0, (struct launch){ .timeout = 3 });
	rig_start(&r, 1, (struct launch){ .timeout = 30 });
	rig_start(&r, 2, (struct launch){ .timeout = 30, .silent = 4 });
	r.outcome = &hung;
	rig_start(&r, 3, (struct launch){ .timeout = 5 });
	r.outcome = &late;
	rig_start(&r, 4, (struct launch){ .timeout = 7 });
	/* nothing was said of this one: it keeps its limits */
	r.outcome = NULL;
	rig_start(&r, 5, (struct launch){ .timeout = 0.5 });
	ck_assert_str_eq(rig_close(&r), "0.25 f=exit 0 3 a=timeout 4 c=silent "
	    "5 d=timeout 7 e=timeout 10 b=exit 0 ");
}
END_TEST

START_TEST(what_hangs_is_there_until_it_is_stopped)
{
	struct sim_outcome hung = { .hang = true };
	struct rig r;

	rig_open(&r, &hung);
	rig_start(&r, 0, (struct launch){ 0 });
	ck_assert(!sim_step(r.sim, 0));
	ck_assert_uint_eq(sim_live(r.sim), 1);
	r.runner.stop(r.runner.arg, 0, STOP_TIMEOUT);
	ck_assert_str_eq(rig_close(&r), "0 a=timeout ");
}
END_TEST

START_TEST(output_comes_as_lines_and_is_captured)
{
	struct sim_outcome o = {
		.result = { .status = ST_EXIT, .code = 3 },
		.out = "x\ny", .nout = 3, .err = "bad\n", .nerr = 4,
	};
	struct rig r;

	rig_open(&r, &o);
	rig_start(&r, 0, (struct launch){ 0 });
	ck_assert_str_eq(rig_close(&r),
	    "0.5 a:x 0.5 a:y 0.5 a!bad 1 a=exit 3(x\ny\nbad\n) ");
	/* a file gets it, and nobody else */
	rig_open(&r, &o);
	rig_start(&r, 0, (struct launch){ .out_path = "f" });
	ck_assert_str_eq(rig_close(&r),
	    "0.5 a!bad 1 a=exit 3(x\ny\nbad\n) ");
	/* ended by a line it has not written the rest */
	rig_open(&r, &o);
	r.stop_at_line = true;
	rig_start(&r, 0, (struct launch){ 0 });
	ck_assert_str_eq(rig_close(&r), "0.5 a:x 0.5 a=cancelled(x\n) ");
}
END_TEST

START_TEST(held_output_waits)
{
	struct sim_outcome o = { .out = "x\ny\n", .nout = 4 };
	struct rig r;

	rig_open(&r, &o);
	r.hold_after = 1;
	rig_start(&r, 0, (struct launch){ 0 });
	r.runner.wake(r.runner.arg, 1, 7);
	while (sim_step(r.sim, 0))
		;
	ck_assert_str_eq(buf_str(&r.log), "0.5 a:x 7 b! ");
	r.runner.hold(r.runner.arg, 0, STREAM_OUT, false);
	ck_assert_str_eq(rig_close(&r), "0.5 a:x 7 b! 7 a:y 7 a=exit 0(x\ny\n) ");
}
END_TEST

START_TEST(each_stream_is_held_by_itself)
{
	struct sim_outcome o = {
		.out = "x\ny\n", .nout = 4, .err = "e\n", .nerr = 2
	};
	struct rig r;

	rig_open(&r, &o);
	r.hold_after = 1;
	rig_start(&r, 0, (struct launch){ 0 });
	while (sim_step(r.sim, 0))
		;
	ck_assert_str_eq(buf_str(&r.log), "0.5 a:x 0.5 a!e ");
	r.runner.stop(r.runner.arg, 0, STOP_CANCEL);
	ck_assert_str_eq(rig_close(&r),
	    "0.5 a:x 0.5 a!e 0.5 a=cancelled(x\ne\n) ");
}
END_TEST

START_TEST(a_command_takes_its_input_to_the_end)
{
	struct rig r;

	rig_open(&r, NULL);
	rig_start(&r, 0, (struct launch){ .fed = true });
	rig_start(&r, 1, (struct launch){ .fed = true, .timeout = 4 });
	r.runner.wake(r.runner.arg, 2, 5);
	while (sim_step(r.sim, 0))
		;
	ck_assert_int_eq(r.runner.feed(r.runner.arg, 0, "x", 1), 1);
	ck_assert_int_eq(r.runner.feed(r.runner.arg, 1, "x", 1), -1);
	r.runner.shut(r.runner.arg, 0);
	ck_assert_str_eq(rig_close(&r), "4 b=timeout 5 c! 6 a=exit 0 ");
}
END_TEST

START_TEST(what_cannot_start_says_so)
{
	struct sim_outcome o = {
		.result = { .status = ST_START, .message = "no room" }
	};
	struct rig r;

	rig_open(&r, &o);
	ck_assert_int_eq(rig_start(&r, 0, (struct launch){ 0 }), -1);
	ck_assert_str_eq(r.runner.why(r.runner.arg), "no room");
	ck_assert_str_eq(rig_close(&r), "");
}
END_TEST

START_TEST(lists_in_files_are_read_as_they_are_wanted)
{
	char path[] = "/tmp/pseq-sim.XXXXXX";
	int fd = mkstemp(path);
	struct launch l = {
		.kind = LAUNCH_READ, .path = path, .separator = '\n'
	};
	struct rig r;

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, "one\n\nlast", 9), 9);
	close(fd);
	rig_open(&r, NULL);
	r.hold_after = 1;
	ck_assert_int_eq(rig_start(&r, 0, l), 0);
	while (sim_step(r.sim, 0))
		;
	ck_assert_str_eq(buf_str(&r.log), "0 a:one ");
	r.runner.hold(r.runner.arg, 0, STREAM_OUT, false);
	ck_assert_str_eq(rig_close(&r), "0 a:one 0 a: 0 a:last$ 0 a=ok ");
	unlink(path);
	rig_open(&r, NULL);
	ck_assert_int_eq(rig_start(&r, 0, l), -1);
	ck_assert_ptr_nonnull(strstr(r.runner.why(r.runner.arg), path));
	/* it might never end */
	l.path = "/dev/zero";
	ck_assert_int_eq(rig_start(&r, 0, l), -1);
	rig_close(&r);
}
END_TEST

START_TEST(long_lines_come_in_pieces)
{
	char path[] = "/tmp/pseq-sim.XXXXXX", *text = calloc(1, 70000);
	int fd = mkstemp(path);
	struct launch l = {
		.kind = LAUNCH_READ, .path = path, .separator = '\n'
	};
	struct rig r;
	size_t len;

	memset(text, 'x', 69999);
	ck_assert_int_eq(write(fd, text, 69999), 69999);
	ck_assert_int_eq(write(fd, "\ny\n", 3), 3);
	close(fd);
	rig_open(&r, NULL);
	rig_start(&r, 0, l);
	while (sim_step(r.sim, 0))
		;
	len = strlen(buf_str(&r.log));
	ck_assert_uint_gt(len, 69999);
	ck_assert_str_eq(r.log.data + len - strlen("x 0 a:y 0 a=ok "),
	    "x 0 a:y 0 a=ok ");
	rig_close(&r);
	unlink(path);
	free(text);
}
END_TEST

START_TEST(patterns_know_only_stars_and_question_marks)
{
	ck_assert(table_match("deploy[*]", "deploy[web1]"));
	ck_assert(table_match("deploy[web1]", "deploy[web1]"));
	ck_assert(!table_match("deploy[web1]", "deployw"));
	ck_assert(table_match("*", ""));
	ck_assert(table_match("a*b*c", "abbbc"));
	ck_assert(!table_match("a*b*c", "abbb"));
	ck_assert(table_match("?x", "äx"));
	ck_assert(!table_match("?", ""));
	ck_assert(table_match("a\\x5bb", "a\\x5bb"));
	ck_assert(!table_match("", "a"));
	ck_assert(table_match("a**", "a"));
}
END_TEST

START_TEST(the_first_row_that_fits_is_taken)
{
	struct sim_outcome o[4] = { { .seconds = 1 }, { .seconds = 2 },
		{ .seconds = 3 }, { .seconds = 4 } };
	struct sim_row rows[] = {
		{ .step = 7, .lane = "s[b]", .outcome = o, .n = 2 },
		{ .step = 3, .lane = "*", .outcome = o + 3, .n = 1,
		    .number = 1 },
		{ .step = 7, .lane = "s", .outcome = o + 1, .n = 2,
		    .number = 2 },
	};
	struct lane_info a = { .id = 1, .name = "s[a]", .tag = "a",
		.group = "s" }, b = { .id = 2, .name = "s[b]", .tag = "b",
		.group = "s" };
	struct step_ref seven = { .label = "x", .id = 7 }, none = { .id = 7 };
	struct launch la = { .lane = &a, .step = &seven };
	struct launch lb = { .lane = &b, .step = &seven };
	struct table t = { 0 };

	for (size_t i = 0; i < 3; i++)
		table_add(&t, &rows[i]);
	ck_assert_ptr_eq(table_outcome(&t, &lb), o);
	ck_assert_ptr_eq(table_outcome(&t, &la), o + 1);
	/* each lane goes through them on its own; the last stays */
	ck_assert_ptr_eq(table_outcome(&t, &lb), o + 1);
	ck_assert_ptr_eq(table_outcome(&t, &lb), o + 1);
	ck_assert_ptr_eq(table_outcome(&t, &la), o + 2);
	lb.step = &none;
	ck_assert_ptr_null(table_outcome(&t, &lb));
	seven.id = 8;
	ck_assert_ptr_null(table_outcome(&t, &la));
	seven.id = 3;
	ck_assert_ptr_eq(table_outcome(&t, &la), o + 3);
	a.hidden = true;
	ck_assert_ptr_null(table_outcome(&t, &la));
	table_fini(&t);
}
END_TEST

void
unit_sim(Suite *s)
{
	TCase *tc = tcase_create("sim");

	tcase_add_test(tc, time_jumps_to_what_is_due);
	tcase_add_test(tc, the_clock_can_be_let_run_to_a_time);
	tcase_add_test(tc, a_limit_ends_what_takes_longer);
	tcase_add_test(tc, what_hangs_is_there_until_it_is_stopped);
	tcase_add_test(tc, output_comes_as_lines_and_is_captured);
	tcase_add_test(tc, held_output_waits);
	tcase_add_test(tc, each_stream_is_held_by_itself);
	tcase_add_test(tc, a_command_takes_its_input_to_the_end);
	tcase_add_test(tc, what_cannot_start_says_so);
	tcase_add_test(tc, lists_in_files_are_read_as_they_are_wanted);
	tcase_add_test(tc, long_lines_come_in_pieces);
	tcase_add_test(tc, patterns_know_only_stars_and_question_marks);
	tcase_add_test(tc, the_first_row_that_fits_is_taken);
	suite_add_tcase(s, tc);
}

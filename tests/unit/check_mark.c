/* SPDX-License-Identifier: ISC */
/* what stands before a line: times, and names of the user's choice */
#include <stdlib.h>
#include <time.h>

#include "base/near.h"
#include "outlet.h"
#include "sink/mark.h"
#include "sink/printer.h"
#include "unit.h"

static const struct step_ref first = { .label = "first", .id = 1 };
static const struct step_ref quiet = {
	.label = "poll", .id = 2, .quiet = true
};
static const struct lane_info a = {
	.id = 1, .name = "s[a]", .tag = "a", .group = "s", .index = 4,
	.order = 4, .host = "web1"
};
static const struct lane_info b = {
	.id = 2, .name = "s[bb]", .tag = "bb", .group = "s", .index = 5,
	.order = 5
};
static const struct result good = { .status = ST_OK, .message = "" };
static const struct result bad = {
	.status = ST_EXIT, .code = 3, .message = "", .step = "poll"
};

struct rig {
	struct buf out, err;
	struct sink sink;
};

static void
rig_open(struct rig *r, struct printer_options o)
{
	*r = (struct rig){ 0 };
	setenv("TZ", "UTC0", 1);
	tzset();
	o.out.outlet = outlet_buf(&r->out);
	o.err.outlet = outlet_buf(&r->err);
	r->sink = printer_open(&o);
	emit_run(&r->sink, EVT_RUN_START, 100);
	emit(&r->sink, EVT_LANE_START, &a, NULL);
	emit(&r->sink, EVT_LANE_START, &b, NULL);
}

static void
rig_close(struct rig *r, const char *out)
{
	r->sink.close(r->sink.arg);
	ck_assert_str_eq(buf_str(&r->out), out);
	buf_fini(&r->out);
	buf_fini(&r->err);
}

/* a line that comes so long after the run began, at noon of the first day */
static void
line(struct rig *r, const struct lane_info *l, const struct step_ref *step,
    double at, const char *text, unsigned flags)
{
	struct event ev = {
		.type = EVT_LINE, .lane = l, .step = step, .text = text,
		.len = strlen(text), .flags = flags, .stream = STREAM_OUT,
		.mono = 100 + at, .wall = 43200.0 + at
	};

	r->sink.event(r->sink.arg, &ev);
}

START_TEST(lines_begin_with_the_time_of_the_clock)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .time = MARK_ABS });
	line(&r, &a, &first, 0.25, "x", 0);
	line(&r, &a, &first, 0.25, "y\nz\n", LINE_BLOCK);
	line(&r, &b, &first, 0.251, "x", 0);
	line(&r, &a, &first, 61.5, "lon", LINE_PART);
	line(&r, &a, &first, 3600, "g", LINE_MORE);
	rig_close(&r, "12:00:00.250 a  | x\n12:00:00.250 a  | y\n"
	    "12:00:00.250 a  | z\n12:00:00.251 bb | x\n"
	    "12:01:01.500 a  | lon\n13:00:00.000 a  + g\n");
}
END_TEST

START_TEST(lines_begin_with_the_time_since_the_run_began)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .time = MARK_REL });
	line(&r, &a, &first, 0, "x", 0);
	line(&r, &a, &first, 12.3455, "y", 0);
	line(&r, &a, &first, 9999.5, "z", 0);
	rig_close(&r, "   +0.000s a  | x\n  +12.345s a  | y\n"
	    "+9999.500s a  | z\n");
}
END_TEST

/* not when it is shown */
START_TEST(lines_that_are_held_have_the_time_when_they_came)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP,
	    .time = MARK_REL, .tag = "{tag}:{step}", .hold_max = 40 });
	line(&r, &a, &first, 1, "x", 0);
	emit_step(&r.sink, EVT_STEP_START, &b, &quiet, NULL, false);
	line(&r, &b, &quiet, 2, "y", 0);
	emit_step(&r.sink, EVT_STEP_END, &b, &quiet, &bad, false);
	line(&r, &a, &first, 3, "z\nz\n", LINE_BLOCK);
	emit_end(&r.sink, &b, LANE_OK, &good);
	emit_end(&r.sink, &a, LANE_OK, &good);
	rig_close(&r, "   +2.000s bb:poll | y\n   +1.000s a:first | x\n"
	    "   +3.000s a:first | z\n   +3.000s a:first | z\n");
}
END_TEST

START_TEST(a_format_stands_in_place_of_the_name)
{
	struct rig r;

	rig_open(&r, (struct printer_options){
	    .tag = "{{{name} {sequence}/{step} {host}#{number}.{index}}" });
	line(&r, &a, &first, 0, "x", 0);
	line(&r, &b, NULL, 0, "y", 0);
	rig_close(&r, "{s[a] s/first web1#1.4} | x\n"
	    "{s[bb] s/ #2.5}         | y\n");
}
END_TEST

/* the pointer to a step may be used again for the next one */
START_TEST(the_step_is_that_of_the_line)
{
	struct step_ref step = { .label = "one", .id = 1 };
	struct rig r;

	rig_open(&r, (struct printer_options){ .tag = "{step}" });
	line(&r, &a, &step, 0, "x", 0);
	step = (struct step_ref){ .label = "two", .id = 2 };
	emit_step(&r.sink, EVT_STEP_START, &a, &step, NULL, false);
	line(&r, &a, &step, 0, "x", 0);
	rig_close(&r, "one | x\ntwo | x\n");
}
END_TEST

START_TEST(without_tags_a_time_begins_a_line)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .no_tag = true,
	    .time = MARK_REL });
	line(&r, &a, &first, 1, "x", 0);
	line(&r, &a, &first, 2, "lon", LINE_PART);
	line(&r, &a, &first, 3, "g", LINE_MORE);
	line(&r, &a, &first, 4, "tail", LINE_TAIL);
	line(&r, &a, &first, 5, "y", 0);
	rig_close(&r, "   +1.000s x\n   +2.000s long\n   +4.000s tail\n"
	    "   +5.000s y\n");
}
END_TEST

START_TEST(a_name_cannot_drive_a_terminal)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .out.escape = true,
	    .tag = "\033[2J{tag}" });
	line(&r, &a, &first, 0, "x", 0);
	rig_close(&r, "\\x1b[2Ja | x\n");
}
END_TEST

START_TEST(wrong_words_are_found)
{
	struct near near = { 0 };
	const char *format = "{{ok} {name} {stpe} {x}";
	size_t len;

	ck_assert_ptr_null(mark_check("", &len, &near));
	ck_assert_ptr_null(mark_check("a} {{b {index}{{", &len, &near));
	ck_assert_ptr_null(near.best);
	ck_assert_ptr_eq(mark_check(format, &len, &near), format + 13);
	ck_assert_uint_eq(len, 6);
	ck_assert_str_eq(near.best, "{step}");
	near.best = NULL;
	ck_assert_ptr_nonnull(mark_check("{name", &len, &near));
	ck_assert_uint_eq(len, 5);
	ck_assert_ptr_nonnull(mark_check("x{", &len, &near));
	ck_assert_uint_eq(len, 1);
}
END_TEST

void
unit_mark(Suite *s)
{
	TCase *tc = tcase_create("mark");

	tcase_add_test(tc, lines_begin_with_the_time_of_the_clock);
	tcase_add_test(tc, lines_begin_with_the_time_since_the_run_began);
	tcase_add_test(tc, lines_that_are_held_have_the_time_when_they_came);
	tcase_add_test(tc, a_format_stands_in_place_of_the_name);
	tcase_add_test(tc, the_step_is_that_of_the_line);
	tcase_add_test(tc, without_tags_a_time_begins_a_line);
	tcase_add_test(tc, a_name_cannot_drive_a_terminal);
	tcase_add_test(tc, wrong_words_are_found);
	suite_add_tcase(s, tc);
}

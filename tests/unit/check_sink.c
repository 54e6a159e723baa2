/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "outlet.h"
#include "sink/printer.h"
#include "unit.h"

static const struct result good = { .status = ST_OK, .message = "" };
static const struct result bad = {
	.status = ST_EXIT, .code = 3, .message = "no space", .step = "check",
};
static const struct step_ref step = { .label = "check", .id = 7 };
static const struct step_ref quiet = {
	.label = "poll", .id = 8, .quiet = true, .command = "poll it\nthen"
};

static const struct lane_info a = {
	.id = 1, .name = "s[a]", .tag = "a", .group = "s", .index = 1, .order = 1
};
static const struct lane_info b = {
	.id = 2, .name = "s[bb]", .tag = "bb", .group = "s", .index = 2, .order = 2
};
static const struct lane_info c = {
	.id = 3, .name = "s[c]", .tag = "c", .group = "s", .index = 3, .order = 3
};

/* a stream whose bytes come out in two buffers */
struct rig {
	struct buf out, err;
	struct sink sink;
};

static void
rig_open(struct rig *r, struct printer_options o)
{
	*r = (struct rig){ 0 };
	o.out.outlet = outlet_buf(&r->out);
	o.err.outlet = outlet_buf(&r->err);
	r->sink = printer_open(&o);
}

static void
rig_close(struct rig *r)
{
	if (r->sink.close)
		r->sink.close(r->sink.arg);
	r->sink.close = NULL;
	buf_fini(&r->out);
	buf_fini(&r->err);
}

#define OUT_IS(r, text) ck_assert_str_eq(buf_str(&(r)->out), text)
#define ERR_IS(r, text) ck_assert_str_eq(buf_str(&(r)->err), text)

static void
out(struct rig *r, const struct lane_info *l, const char *text)
{
	emit_line(&r->sink, l, &step, STREAM_OUT, text, 0);
}

static void
start(struct rig *r, const struct lane_info *l)
{
	emit(&r->sink, EVT_LANE_START, l, NULL);
}

static void
end(struct rig *r, const struct lane_info *l)
{
	emit_end(&r->sink, l, LANE_OK, &good);
}

START_TEST(lines_are_marked_and_padded)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_STREAM });
	start(&r, &a);
	out(&r, &a, "one");
	start(&r, &b);
	out(&r, &a, "two");
	emit_line(&r.sink, &b, &step, STREAM_ERR, "oh", 0);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "lon", LINE_PART);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "ger", LINE_MORE);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "x", LINE_PART);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "", LINE_MORE);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "end", LINE_TAIL);
	emit(&r.sink, EVT_SAY, &a, "hello\nworld");
	OUT_IS(&r, "a | one\na  | two\nbb ! oh\nbb | lon\nbb + ger\n"
	    "bb | x\nbb | end\na  : hello\na  : world\n");
	ERR_IS(&r, "");
	rig_close(&r);
}
END_TEST

START_TEST(wide_names_are_measured_in_columns)
{
	static const struct lane_info wide = {
		.id = 4, .name = "s", .tag = "\u6f22\u5b57", .index = 4, .order = 4
	};
	static const struct lane_info longest = {
		.id = 5, .name = "s", .index = 5, .order = 5,
		.tag = "a-name-of-more-than-24-columns",
	};
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_STREAM });
	start(&r, &wide);
	start(&r, &a);
	out(&r, &wide, "1");
	out(&r, &a, "2");
	start(&r, &longest);
	out(&r, &longest, "3");
	out(&r, &a, "4");
	OUT_IS(&r, "\u6f22\u5b57 | 1\na    | 2\n"
	    "a-name-of-more-than-24-columns | 3\n"
	    "a                        | 4\n");
	rig_close(&r);
}
END_TEST

START_TEST(terminals_get_colours_and_no_surprises)
{
	struct rig r;

	rig_open(&r, (struct printer_options){
		.out = { .color = true, .escape = true },
		.err = { .color = true, .escape = true },
	});
	start(&r, &a);
	emit_line(&r.sink, &a, &step, STREAM_ERR, "\033[2Jx\033[1my", 0);
	ck_assert_ptr_nonnull(strstr(buf_str(&r.out),
	    "ma\033[0m \033[31m!\033[0m \\x1b[2Jx\033[1my\033[0m\n"));
	emit(&r.sink, EVT_WARN, &a, "od\033d");
	ERR_IS(&r, "pseq: s[a]: \033[33mwarning\033[0m: od\\x1bd\n");
	rig_close(&r);
}
END_TEST

START_TEST(failures_and_warnings_are_told_at_once)
{
	struct result odd = bad;
	struct rig r;

	odd.message = "two\nlines";
	odd.step = "";
	rig_open(&r, (struct printer_options){ .mode = MODE_NONE });
	start(&r, &a);
	out(&r, &a, "not shown");
	emit(&r.sink, EVT_SAY, &a, "shown");
	emit(&r.sink, EVT_WARN, NULL, "low on descriptors");
	emit_end(&r.sink, &a, LANE_FAILED, &bad);
	emit_end(&r.sink, &b, LANE_FAILED, &odd);
	emit_end(&r.sink, &c, LANE_CANCELLED, &good);
	OUT_IS(&r, "a : shown\n");
	ERR_IS(&r, "pseq: warning: low on descriptors\n"
	    "pseq: s[a]: check: exit 3: no space\n"
	    "pseq: s[bb]: exit 3: two\\nlines\n");
	rig_close(&r);
}
END_TEST

START_TEST(without_tags_bytes_stay_as_they_are)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .no_tag = true,
	    .show_commands = true });
	start(&r, &a);
	start(&r, &b);
	emit_step(&r.sink, EVT_STEP_START, &a, &quiet, NULL, false);
	out(&r, &a, "\033\200x");
	emit_line(&r.sink, &a, &step, STREAM_OUT, "par", LINE_PART);
	emit_line(&r.sink, &a, &step, STREAM_ERR, "err", 0);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "ts", LINE_MORE);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "tail", LINE_TAIL);
	out(&r, &b, "other");
	emit_line(&r.sink, &a, &step, STREAM_ERR, "p", LINE_PART);
	emit_end(&r.sink, &a, LANE_FAILED, &bad);
	OUT_IS(&r, "\033\200x\nparts\ntail\nother\n");
	ERR_IS(&r, "$ poll it\n$ then\nerr\np\n"
	    "pseq: s[a]: check: exit 3: no space\n");
	rig_close(&r);
}
END_TEST

START_TEST(held_bytes_are_not_broken_without_tags)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .no_tag = true,
	    .mode = MODE_GROUP, .keep_order = true });
	start(&r, &a);
	start(&r, &b);
	emit_line(&r.sink, &b, &step, STREAM_OUT, "3", LINE_TAIL);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "1", LINE_PART);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "2", LINE_TAIL);
	end(&r, &b);
	end(&r, &a);
	emit_run(&r.sink, EVT_RUN_END, 1);
	OUT_IS(&r, "123");
	rig_close(&r);
}
END_TEST

START_TEST(held_lines_are_whole)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP });
	start(&r, &a);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "one ", LINE_PART);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "line",
	    LINE_MORE | LINE_PART);
	emit_line(&r.sink, &a, &step, STREAM_ERR, "err", 0);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "", LINE_MORE);
	emit_line(&r.sink, &a, &step, STREAM_OUT, "and", LINE_PART);
	end(&r, &a);
	emit_run(&r.sink, EVT_RUN_END, 1);
	OUT_IS(&r, "a ! err\na | one line\na | and\n");
	rig_close(&r);
}
END_TEST

START_TEST(groups_come_in_one_piece)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP });
	start(&r, &a);
	start(&r, &b);
	out(&r, &a, "1");
	out(&r, &b, "2");
	out(&r, &a, "3");
	OUT_IS(&r, "");
	end(&r, &b);
	OUT_IS(&r, "bb | 2\n");
	end(&r, &a);
	OUT_IS(&r, "bb | 2\na  | 1\na  | 3\n");
	rig_close(&r);
}
END_TEST

START_TEST(order_streams_the_lane_whose_turn_it_is)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .keep_order = true });
	start(&r, &b);
	out(&r, &b, "2a");
	start(&r, &a);
	start(&r, &c);
	out(&r, &a, "1a");
	out(&r, &c, "3a");
	OUT_IS(&r, "a  | 1a\n");
	end(&r, &c);
	OUT_IS(&r, "a  | 1a\n");
	end(&r, &a);
	OUT_IS(&r, "a  | 1a\nbb | 2a\n");
	out(&r, &b, "2b");
	end(&r, &b);
	OUT_IS(&r, "a  | 1a\nbb | 2a\nbb | 2b\nc  | 3a\n");
	rig_close(&r);
}
END_TEST

START_TEST(lanes_of_before_have_their_turn)
{
	struct event ev = {
		.type = EVT_LANE_END, .lane = &a, .result = &bad,
		.verdict = LANE_FAILED, .past = true,
	};
	struct event why = {
		.type = EVT_PAST, .lane = &b, .step = &step, .text = "so",
		.len = 2,
	};
	struct rig r;

	rig_open(&r, (struct printer_options){
		.mode = MODE_STREAM, .keep_order = true
	});
	start(&r, &b);
	out(&r, &b, "one");
	r.sink.event(r.sink.arg, &why);
	OUT_IS(&r, "");
	/* nothing of it is shown, but now the next one is */
	r.sink.event(r.sink.arg, &ev);
	OUT_IS(&r, "bb | one\nbb : check: so\n");
	ERR_IS(&r, "");
	rig_close(&r);
}
END_TEST

START_TEST(a_lane_that_never_comes_keeps_nothing_back)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .keep_order = true });
	start(&r, &c);
	out(&r, &c, "3");
	end(&r, &c);
	start(&r, &b);
	out(&r, &b, "2");
	end(&r, &b);
	OUT_IS(&r, "");
	emit_run(&r.sink, EVT_RUN_END, 1);
	OUT_IS(&r, "bb | 2\nc  | 3\n");
	rig_close(&r);
}
END_TEST

/* _i: what becomes of the step; group or not makes no difference */
START_TEST(quiet_steps_show_lines_only_if_they_fail)
{
	enum status how[] = { ST_OK, ST_CANCELLED, ST_EXIT, ST_TIMEOUT };
	struct result res = { .status = how[_i / 2], .message = "" };
	struct rig r;

	rig_open(&r, (struct printer_options){
		.mode = _i % 2 ? MODE_GROUP : MODE_STREAM });
	start(&r, &a);
	out(&r, &a, "0");
	emit_step(&r.sink, EVT_STEP_START, &a, &quiet, NULL, false);
	emit_line(&r.sink, &a, &quiet, STREAM_OUT, "1", 0);
	emit_step(&r.sink, EVT_STEP_END, &a, &quiet, &bad, true);
	emit_step(&r.sink, EVT_STEP_START, &a, &quiet, NULL, false);
	emit_line(&r.sink, &a, &quiet, STREAM_OUT, "2", 0);
	emit_step(&r.sink, EVT_STEP_END, &a, &quiet, &res, false);
	/* a released one that ended well */
	emit_line(&r.sink, &a, &quiet, STREAM_OUT, "late", 0);
	out(&r, &a, "3");
	end(&r, &a);
	OUT_IS(&r, _i < 4 ? "a | 0\na | 3\n" :
	    "a | 0\na | 1\na | 2\na | 3\n");
	rig_close(&r);
}
END_TEST

START_TEST(a_quiet_run_shows_all_or_nothing)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .quiet = true, .hold_max = 64 });
	start(&r, &a);
	for (int i = 0; i < 20; i++)
		out(&r, &a, "a line of some length");
	emit(&r.sink, EVT_WARN, NULL, "careful");
	emit_end(&r.sink, &a, _i ? LANE_FAILED : LANE_OK, &bad);
	OUT_IS(&r, "");
	emit_run(&r.sink, EVT_RUN_END, 1);
	ck_assert_uint_eq(r.out.len, _i ? 20 * 26 : 0);
	ERR_IS(&r, _i ? "pseq: warning: careful\n"
	    "pseq: s[a]: check: exit 3: no space\n" : "");
	rig_close(&r);
}
END_TEST

START_TEST(commands_are_shown_as_they_start)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .show_commands = true });
	start(&r, &a);
	emit_step(&r.sink, EVT_STEP_START, &a, &quiet, NULL, false);
	emit_step(&r.sink, EVT_STEP_START, &a, &step, NULL, false);
	OUT_IS(&r, "a $ poll it\na $ then\n");
	rig_close(&r);
}
END_TEST

enum { LANES = 500, LINES = 40 };

/*
 * 500 lanes at once, all held, far more than fits: whatever the limit, each
 * line is whole, and each lane's come in one piece and in order.
 */
START_TEST(many_lanes_spill_and_come_out_whole)
{
	static struct lane_info lane[LANES];
	static char tag[LANES][8];
	char text[64], want[80];
	const char *p;
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP,
	    .keep_order = true, .hold_max = _i ? (size_t)_i : 1000 });
	for (unsigned i = 0; i < LANES; i++) {
		snprintf(tag[i], sizeof(tag[i]), "h%03u", i);
		lane[i] = (struct lane_info){ .id = i + 1, .name = tag[i],
		    .tag = tag[i], .group = "g", .index = i + 1,
		    .order = i + 1 };
		start(&r, &lane[i]);
	}
	for (unsigned k = 0; k < LINES; k++)
		for (unsigned i = 0; i < LANES; i++) {
			snprintf(text, sizeof(text), "line %u of %u", k, i);
			out(&r, &lane[i], text);
		}
	for (unsigned i = LANES; i-- > 0;)
		end(&r, &lane[i]);
	p = buf_str(&r.out);
	for (unsigned i = 0; i < LANES; i++)
		for (unsigned k = 0; k < LINES; k++) {
			int n = snprintf(want, sizeof(want),
			    "h%03u | line %u of %u\n", i, k, i);

			ck_assert_mem_eq(p, want, (size_t)n);
			p += n;
		}
	ck_assert_str_eq(p, "");
	ERR_IS(&r, "");
	rig_close(&r);
}
END_TEST

START_TEST(what_cannot_be_kept_is_shown_at_once)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP,
	    .tmpdir = "/nonexistent", .hold_max = 64 });
	start(&r, &a);
	start(&r, &b);
	for (int i = 0; i < 3; i++) {
		out(&r, &a, "twenty bytes of text");
		out(&r, &b, "as many for the next");
	}
	end(&r, &a);
	end(&r, &b);
	ck_assert_uint_eq(r.out.len, 6 * 26);
	ERR_IS(&r, "pseq: warning: output that waits cannot be kept in "
	    "/nonexistent: No such file or directory; it is shown as it "
	    "comes\n");
	rig_close(&r);
}
END_TEST

START_TEST(an_early_close_shows_what_is_held)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .mode = MODE_GROUP,
	    .quiet = true });
	start(&r, &a);
	out(&r, &a, "last words");
	if (_i)
		printer_mute(r.sink.arg);
	r.sink.close(r.sink.arg);
	r.sink.close = NULL;
	OUT_IS(&r, _i ? "" : "a | last words\n");
	rig_close(&r);
}
END_TEST

void
unit_sink(Suite *s)
{
	TCase *tc = tcase_create("sink");

	tcase_add_test(tc, lines_are_marked_and_padded);
	tcase_add_test(tc, wide_names_are_measured_in_columns);
	tcase_add_test(tc, terminals_get_colours_and_no_surprises);
	tcase_add_test(tc, failures_and_warnings_are_told_at_once);
	tcase_add_test(tc, without_tags_bytes_stay_as_they_are);
	tcase_add_test(tc, held_bytes_are_not_broken_without_tags);
	tcase_add_test(tc, held_lines_are_whole);
	tcase_add_test(tc, groups_come_in_one_piece);
	tcase_add_test(tc, order_streams_the_lane_whose_turn_it_is);
	tcase_add_test(tc, lanes_of_before_have_their_turn);
	tcase_add_test(tc, a_lane_that_never_comes_keeps_nothing_back);
	tcase_add_loop_test(tc, quiet_steps_show_lines_only_if_they_fail, 0,
	    8);
	tcase_add_loop_test(tc, a_quiet_run_shows_all_or_nothing, 0, 2);
	tcase_add_test(tc, commands_are_shown_as_they_start);
	tcase_add_loop_test(tc, many_lanes_spill_and_come_out_whole, 0, 3);
	tcase_add_test(tc, what_cannot_be_kept_is_shown_at_once);
	tcase_add_loop_test(tc, an_early_close_shows_what_is_held, 0, 2);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/cluster.h"
#include "outlet.h"
#include "sink/board.h"
#include "sink/foot.h"
#include "sink/pace.h"
#include "unit.h"

enum { SHOWN = 8 };

struct rig {
	struct board *board;
	struct pace *pace;
	struct sink sink;
	double now;
	struct buf text;
};

static void
rig_open(struct rig *r)
{
	*r = (struct rig){ .now = 100 };
	r->pace = pace_new();
	r->board = board_new(r->pace);
	r->sink = board_sink(r->board);
	emit_run(&r->sink, EVT_RUN_START, r->now);
}

static void
rig_close(struct rig *r)
{
	r->sink.close(r->sink.arg);
	board_free(r->board);
	pace_free(r->pace);
	buf_fini(&r->text);
}

/* an event of now */
static void
tell(struct rig *r, struct event ev)
{
	ev.mono = r->now;
	if (ev.text)
		ev.len = strlen(ev.text);
	r->sink.event(r->sink.arg, &ev);
}

static void
start(struct rig *r, const struct lane_info *l)
{
	tell(r, (struct event){ .type = EVT_LANE_START, .lane = l });
}

static void
step(struct rig *r, const struct lane_info *l, const struct step_ref *s,
    unsigned attempt)
{
	tell(r, (struct event){ .type = EVT_STEP_START, .lane = l,
	    .step = s, .attempt = attempt });
}

static void
over(struct rig *r, const struct lane_info *l, const struct step_ref *s)
{
	static const struct result ok = { .message = "" };

	tell(r, (struct event){ .type = EVT_STEP_END, .lane = l, .step = s,
	    .result = &ok });
}

static void
end(struct rig *r, const struct lane_info *l, enum lane_verdict v,
    double seconds)
{
	struct result res = { .message = "", .step = "check",
	    .seconds = seconds, .status = v == LANE_OK ? ST_OK : ST_TIMEOUT };

	tell(r, (struct event){ .type = EVT_LANE_END, .lane = l,
	    .verdict = v, .result = &res });
}

static void
says(struct rig *r, const struct lane_info *l, const char *text,
    unsigned flags)
{
	static const struct step_ref any = { .label = "any" };

	tell(r, (struct event){ .type = EVT_LINE, .lane = l, .step = &any,
	    .text = text, .flags = flags });
}

/* "name|step|try|seconds|line" of each row */
static const char *
rows(struct rig *r)
{
	struct foot_row row[SHOWN];
	size_t n = board_rows(r->board, r->now, row, SHOWN);

	buf_clear(&r->text);
	for (size_t i = 0; i < n; i++)
		buf_addf(&r->text, "%s|%s|%u|%g|%.*s\n", row[i].name,
		    row[i].step, row[i].attempt, row[i].seconds,
		    (int)row[i].len, row[i].line);
	return buf_str(&r->text);
}

#define ROWS_ARE(r, text) ck_assert_str_eq(rows(r), text)

static const struct lane_info a = {
	.id = 1, .name = "s[a]", .tag = "a", .group = "s"
}, b = {
	.id = 2, .name = "s[b]", .tag = "b", .group = "s"
}, list = {
	.id = 3, .name = "list of s", .tag = "list of s", .hidden = true
};
static const struct step_ref check = {
	.label = "check", .in = "s", .identity = "check", .id = 7, .entry = 1
}, restart = {
	.label = "restart", .in = "s", .identity = "restart", .id = 8,
	.entry = 1
};

START_TEST(the_longest_stands_first)
{
	struct rig r;

	rig_open(&r);
	ROWS_ARE(&r, "");
	start(&r, &a);
	r.now = 101;
	start(&r, &b);
	step(&r, &b, &check, 1);
	r.now = 103;
	ROWS_ARE(&r, "a||0|3|\nb|check|1|2|\n");
	step(&r, &a, &restart, 2);
	r.now = 104;
	says(&r, &a, "hello", 0);
	ROWS_ARE(&r, "b|check|1|3|\na|restart|2|1|hello\n");
	over(&r, &b, &check);
	r.now = 105.5;
	ROWS_ARE(&r, "a|restart|2|2.5|hello\nb||1|1.5|\n");
	ck_assert_uint_eq(board_work(r.board), 2);
	/* a new step has said nothing yet */
	over(&r, &a, &restart);
	step(&r, &a, &check, 1);
	ROWS_ARE(&r, "b||1|1.5|\na|check|1|0|\n");
	end(&r, &b, LANE_OK, 3);
	end(&r, &a, LANE_FAILED, 3);
	ROWS_ARE(&r, "");
	ck_assert_uint_eq(board_work(r.board), 0);
	rig_close(&r);
}
END_TEST

START_TEST(a_pause_shows_what_it_is_for)
{
	static const struct result bad = { .status = ST_TIMEOUT,
	    .message = "" };
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	step(&r, &a, &check, 1);
	r.now = 104;
	tell(&r, (struct event){ .type = EVT_STEP_END, .lane = &a,
	    .step = &check, .attempt = 1, .result = &bad, .again = true });
	r.now = 106;
	ROWS_ARE(&r, "a|check|2|2|\n");
	step(&r, &a, &check, 2);
	ROWS_ARE(&r, "a|check|2|0|\n");
	over(&r, &a, &check);
	ROWS_ARE(&r, "a||2|0|\n");
	rig_close(&r);
}
END_TEST

static const struct {
	const char *text;
	unsigned flags;
	const char *kept;
} lines[] = {
	{ "plain", 0, "plain" },
	{ "", 0, "before" },
	{ "\r", 0, "before" },
	{ "one\ntwo\n", LINE_BLOCK, "two" },
	{ "one\n\n", LINE_BLOCK, "one" },
	{ "\n", LINE_BLOCK, "before" },
	{ "10%\r20%\r100%", 0, "100%" },
	{ "a\n10%\r20%\r\n", LINE_BLOCK, "20%" },
	{ "Password: ", LINE_PART, "Password: " },
	{ " and more", LINE_MORE, "before and more" },
	{ " x\ry", LINE_MORE, "y" },
	{ "\033[31mred", 0, "\033[31mred" },
};

START_TEST(the_last_line_is_kept)
{
	struct foot_row row;
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	says(&r, &a, "before", 0);
	says(&r, &a, lines[_i].text, lines[_i].flags);
	ck_assert_uint_eq(board_rows(r.board, r.now, &row, 1), 1);
	ck_assert_uint_eq(row.len, strlen(lines[_i].kept));
	ck_assert(memcmp(row.line, lines[_i].kept, row.len) == 0);
	rig_close(&r);
}
END_TEST

START_TEST(what_goes_back_begins_anew)
{
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	says(&r, &a, "10%\r20%\r", LINE_PART);
	ROWS_ARE(&r, "a||0|0|20%\n");
	says(&r, &a, "30%\r", LINE_PART | LINE_MORE);
	ROWS_ARE(&r, "a||0|0|30%\n");
	says(&r, &a, "done", LINE_MORE);
	ROWS_ARE(&r, "a||0|0|done\n");
	rig_close(&r);
}
END_TEST

START_TEST(what_is_peeked_at_comes_again)
{
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	tell(&r, (struct event){
		.type = EVT_PEEK, .lane = &a, .text = "10%\r20%\r"
	});
	ROWS_ARE(&r, "a||0|0|20%\n");
	says(&r, &a, "10%\r20%\r30%", LINE_PART);
	ROWS_ARE(&r, "a||0|0|30%\n");
	tell(&r, (struct event){ .type = EVT_PEEK, .lane = &a, .text = "x" });
	says(&r, &a, "xy", LINE_MORE);
	ROWS_ARE(&r, "a||0|0|xy\n");
	tell(&r, (struct event){ .type = EVT_PEEK, .lane = &a, .text = "\r" });
	ROWS_ARE(&r, "a||0|0|xy\n");
	rig_close(&r);
}
END_TEST

START_TEST(texts_are_bounded)
{
	struct lane_info l = a;
	struct step_ref s = check;
	struct foot_row row;
	char *text = mem_alloc(100001);
	struct rig r;

	memset(text, 'x', 100000);
	text[100000] = '\0';
	/* the cut is not within a character */
	memcpy(text + BOARD_NAME - 2, "\u00fc", 2);
	l.tag = s.label = text;
	rig_open(&r);
	start(&r, &l);
	step(&r, &l, &s, 1);
	says(&r, &l, text, 0);
	says(&r, &l, text, LINE_MORE);
	ck_assert_uint_eq(board_rows(r.board, r.now, &row, 1), 1);
	ck_assert_uint_eq(strlen(row.name), BOARD_NAME - 2);
	ck_assert_uint_le(strlen(row.step), BOARD_STEP);
	ck_assert_uint_eq(row.len, BOARD_LINE);
	free(text);
	rig_close(&r);
}
END_TEST

START_TEST(lanes_are_counted_by_their_end)
{
	struct lane_info l = a;
	struct board_counts n;
	struct rig r;

	rig_open(&r);
	ck_assert_ptr_null(board_failures(r.board));
	for (unsigned v = LANE_OK; v <= LANE_CANCELLED; v++)
		for (l.id = 10; l.id <= 10 + v; l.id++) {
			start(&r, &l);
			end(&r, &l, v, 1);
		}
	/* those before a resume are over as well, and were never shown */
	tell(&r, (struct event){ .type = EVT_LANE_END, .lane = &b,
	    .verdict = LANE_OK, .past = true });
	/* a list is no lane of the user's */
	start(&r, &list);
	ROWS_ARE(&r, "list of s||0|0|\n");
	end(&r, &list, LANE_OK, 1);
	n = board_counts(r.board);
	ck_assert_int_eq(n.ok, 2);
	ck_assert_int_eq(n.rescued, 2);
	ck_assert_int_eq(n.failed, 3);
	ck_assert_int_eq(n.cancelled, 4);
	ck_assert_uint_eq(board_failures(r.board)->n, 1);
	ck_assert_uint_eq(board_failures(r.board)->kind[0].lanes.count, 3);
	rig_close(&r);
}
END_TEST

/* what is walked once more after a resume is told as past */
START_TEST(the_past_is_not_shown)
{
	struct rig r;

	rig_open(&r);
	tell(&r, (struct event){ .type = EVT_LANE_START, .lane = &a,
	    .past = true });
	tell(&r, (struct event){ .type = EVT_STEP_START, .lane = &a,
	    .step = &check, .attempt = 1, .past = true });
	tell(&r, (struct event){ .type = EVT_SAY, .lane = &a, .text = "x",
	    .past = true });
	ROWS_ARE(&r, "a||0|0|\n");
	step(&r, &a, &restart, 1);
	ROWS_ARE(&r, "a|restart|1|0|\n");
	rig_close(&r);
}
END_TEST

START_TEST(a_lane_that_waits_for_many_tells_how_far_they_are)
{
	struct lane_info sub[4];
	struct foot_row row[4];
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	step(&r, &a, &check, 1);
	for (uint32_t i = 0; i < 4; i++) {
		sub[i] = (struct lane_info){
			.id = 11 + i, .name = "x", .tag = "x", .group = "r",
			.sub = true, .parent = 1, .by = check,
			.index = i + 1, .lanes = _i ? 4 : -1,
		};
	}
	start(&r, &sub[0]);
	start(&r, &sub[1]);
	ROWS_ARE(&r, _i ? "a|check|1|0|0/4 done\nx||0|0|\nx||0|0|\n" :
	    "a|check|1|0|0 done\nx||0|0|\nx||0|0|\n");
	end(&r, &sub[1], LANE_FAILED, 1);
	end(&r, &sub[0], LANE_OK, 1);
	r.now += 3;
	ROWS_ARE(&r, _i ? "a|check|1|3|2/4 done, 1 failed\n" :
	    "a|check|1|3|2 done, 1 failed\n");
	start(&r, &sub[2]);
	start(&r, &sub[3]);
	ck_assert_uint_eq(board_work(r.board), 3);
	/* where room is short the others are wanted, too */
	ck_assert_uint_eq(board_rows(r.board, r.now, row, 2), 2);
	ck_assert_str_eq(row[0].name, "x");
	ck_assert_uint_eq(board_rows(r.board, r.now, row, 3), 3);
	ck_assert_str_eq(row[0].name, "a");
	end(&r, &sub[2], LANE_OK, 1);
	end(&r, &sub[3], LANE_OK, 1);
	over(&r, &a, &check);
	step(&r, &a, &restart, 1);
	ROWS_ARE(&r, "a|restart|1|0|\n");
	rig_close(&r);
}
END_TEST

START_TEST(a_lane_that_waits_for_its_own_is_not_shown)
{
	struct lane_info x = { .id = 11, .name = "s[a].x", .tag = "a.x",
	    .group = "r", .sub = true, .parent = 1, .by = check }, y = x;
	struct rig r;

	y.id = 12;
	y.tag = "a.y";
	rig_open(&r);
	start(&r, &a);
	step(&r, &a, &check, 1);
	start(&r, &x);
	start(&r, &y);
	ROWS_ARE(&r, "a.x||0|0|\na.y||0|0|\n");
	ck_assert_uint_eq(board_work(r.board), 2);
	end(&r, &x, LANE_FAILED, 1);
	ROWS_ARE(&r, "a.y||0|0|\n");
	end(&r, &y, LANE_OK, 1);
	ROWS_ARE(&r, "a|check|1|0|\n");
	over(&r, &a, &check);
	/* one that was spawned: its lane goes on meanwhile */
	x.id = 13;
	step(&r, &a, &restart, 1);
	start(&r, &x);
	ROWS_ARE(&r, "a|restart|1|0|\na.x||0|0|\n");
	ck_assert_uint_eq(board_work(r.board), 2);
	end(&r, &a, LANE_OK, 1);
	end(&r, &x, LANE_OK, 1);
	ck_assert_uint_eq(board_work(r.board), 0);
	ck_assert_int_eq(board_counts(r.board).ok, 1);
	ck_assert_int_eq(board_counts(r.board).failed, 0);
	rig_close(&r);
}
END_TEST

/* a call tells no start, but an end: that of its own steps counts */
START_TEST(the_end_of_a_call_is_not_that_of_its_step)
{
	struct step_ref call = { .label = "call", .id = 3, .entry = 1 };
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	step(&r, &a, &check, 1);
	over(&r, &a, &call);
	ROWS_ARE(&r, "a|check|1|0|\n");
	rig_close(&r);
}
END_TEST

START_TEST(silence_is_measured)
{
	static const struct step_ref quiet = { .label = "q", .quiet = true };
	struct rig r;

	rig_open(&r);
	ck_assert_double_eq(board_began(r.board), 100);
	ck_assert_double_eq(board_said(r.board), 100);
	ck_assert_str_eq(board_job(r.board), "job");
	r.now = 110;
	start(&r, &a);
	step(&r, &a, &check, 1);
	tell(&r, (struct event){ .type = EVT_LINE, .lane = &a,
	    .step = &quiet, .text = "not shown" });
	ck_assert_double_eq(board_said(r.board), 100);
	says(&r, &a, "x", 0);
	ck_assert_double_eq(board_said(r.board), 110);
	r.now = 111;
	tell(&r, (struct event){ .type = EVT_WARN, .text = "oh" });
	ck_assert_double_eq(board_said(r.board), 111);
	r.now = 112;
	tell(&r, (struct event){ .type = EVT_SAY, .lane = &a,
	    .text = "one\ntwo" });
	ck_assert_double_eq(board_said(r.board), 112);
	ROWS_ARE(&r, "a|check|1|2|two\n");
	r.now = 113;
	end(&r, &a, LANE_FAILED, 1);
	ck_assert_double_eq(board_said(r.board), 113);
	rig_close(&r);
}
END_TEST

/* what is usual is known after five, and marks the sixth */
START_TEST(what_is_usual_is_told)
{
	struct foot_row row;
	struct rig r;

	rig_open(&r);
	start(&r, &a);
	for (int i = 0; i < 5; i++) {
		step(&r, &a, &check, 1);
		board_rows(r.board, r.now, &row, 1);
		ck_assert_double_eq(row.usual, 0);
		r.now += 2;
		over(&r, &a, &check);
	}
	step(&r, &a, &check, 1);
	board_rows(r.board, r.now, &row, 1);
	ck_assert_double_eq_tol(row.usual, 2, 0.05);
	step(&r, &a, &restart, 1);
	board_rows(r.board, r.now, &row, 1);
	ck_assert_double_eq(row.usual, 0);
	rig_close(&r);
}
END_TEST

START_TEST(the_time_left_comes_from_the_lanes)
{
	struct lane_info l = a;
	struct rig r;

	rig_open(&r);
	ck_assert_double_eq(board_left(r.board, 60, r.now), -1);
	/* ten at once, each ten seconds */
	for (int round = 0; round < 3; round++) {
		for (l.id = 1; l.id <= 10; l.id++)
			start(&r, &l);
		r.now += 5;
		board_left(r.board, 50 - 10 * round, r.now);
		r.now += 5;
		for (l.id = 1; l.id <= 10; l.id++)
			end(&r, &l, LANE_OK, 10);
	}
	for (l.id = 1; l.id <= 10; l.id++)
		start(&r, &l);
	ck_assert_double_eq_tol(board_left(r.board, 20, r.now), 30, 3);
	/* it passes with the time, and is not asked for each frame */
	r.now += 0.1;
	ck_assert_double_eq_tol(board_left(r.board, 20, r.now), 30, 3);
	rig_close(&r);
}
END_TEST

/* memory is for those in work, not for all that were */
START_TEST(ten_thousand_lanes_come_and_go)
{
	enum { LANES = 10000 };
	struct foot_row row[SHOWN];
	struct lane_info l = a;
	char tag[32];
	struct rig r;

	l.tag = tag;
	rig_open(&r);
	for (uint32_t i = 1; i <= LANES; i++) {
		l.id = i;
		snprintf(tag, sizeof(tag), "n%u", i);
		start(&r, &l);
		step(&r, &l, &check, 1);
		says(&r, &l, tag, 0);
		r.now += 0.001;
	}
	ck_assert_uint_eq(board_work(r.board), LANES);
	ck_assert_uint_eq(board_rows(r.board, r.now, row, SHOWN), SHOWN);
	ck_assert_str_eq(row[0].name, "n1");
	ck_assert_str_eq(row[7].name, "n8");
	/* every second one ends, in any order */
	for (uint32_t i = 0; i < LANES / 2; i++) {
		l.id = i * 7 % (LANES / 2) * 2 + 1;
		end(&r, &l, LANE_OK, 1);
	}
	ck_assert_uint_eq(board_work(r.board), LANES / 2);
	board_rows(r.board, r.now, row, SHOWN);
	ck_assert_str_eq(row[0].name, "n2");
	ck_assert_uint_eq(row[0].len, 2);
	ck_assert_int_eq(board_counts(r.board).ok, LANES / 2);
	rig_close(&r);
}
END_TEST

void
unit_board(Suite *s)
{
	TCase *tc = tcase_create("board");

	tcase_add_test(tc, the_longest_stands_first);
	tcase_add_test(tc, a_pause_shows_what_it_is_for);
	tcase_add_loop_test(tc, the_last_line_is_kept, 0, countof(lines));
	tcase_add_test(tc, what_goes_back_begins_anew);
	tcase_add_test(tc, what_is_peeked_at_comes_again);
	tcase_add_test(tc, texts_are_bounded);
	tcase_add_test(tc, lanes_are_counted_by_their_end);
	tcase_add_test(tc, the_past_is_not_shown);
	tcase_add_test(tc, a_lane_that_waits_for_its_own_is_not_shown);
	tcase_add_loop_test(tc,
	    a_lane_that_waits_for_many_tells_how_far_they_are, 0, 2);
	tcase_add_test(tc, the_end_of_a_call_is_not_that_of_its_step);
	tcase_add_test(tc, silence_is_measured);
	tcase_add_test(tc, what_is_usual_is_told);
	tcase_add_test(tc, the_time_left_comes_from_the_lanes);
	tcase_add_test(tc, ten_thousand_lanes_come_and_go);
	suite_add_tcase(s, tc);
}

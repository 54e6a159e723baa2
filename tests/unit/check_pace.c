/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/action.h"
#include "sink/histogram.h"
#include "sink/pace.h"
#include "unit.h"

static const double times[] = {
	0, 0.001, 0.0034, 0.5, 1, 3.3, 59, 61, 3600, 86400
};

START_TEST(a_median_is_near_enough)
{
	struct histogram *h = mem_calloc(1, sizeof(*h));
	double t = times[_i];

	histogram_add(h, t);
	ck_assert_double_eq_tol(histogram_median(h), t, 0.0005 + t * 0.02);
	for (int i = 0; i < 3; i++)
		histogram_add(h, 1e12);
	ck_assert_double_gt(histogram_median(h), 1e5);
	for (int i = 0; i < 4; i++)
		histogram_add(h, -1);
	ck_assert_double_lt(histogram_median(h), 0.001 + t * 1.02);
	free(h);
}
END_TEST

START_TEST(a_step_is_known_by_its_place_and_text)
{
	struct pace *p = pace_new();
	struct step_ref s = { .in = "s", .identity = "check" };
	char text[1000];
	unsigned n;

	ck_assert_uint_eq(pace_step(p, &s), 0);
	ck_assert_uint_eq(pace_step(p, &s), 0);
	s.in = "t";
	ck_assert_uint_eq(pace_step(p, &s), 1);
	s = (struct step_ref){ .in = "s", .label = "check" };
	ck_assert_uint_eq(pace_step(p, &s), 0);
	s = (struct step_ref){ .in = "s" };
	ck_assert_uint_eq(pace_step(p, &s), PACE_NONE);
	ck_assert_double_eq(pace_usual(p, PACE_NONE), 0);
	pace_step_over(p, PACE_NONE, 1);
	/* long ones differ at their end */
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	s.identity = text;
	ck_assert_uint_eq(pace_step(p, &s), 2);
	text[sizeof(text) - 2] = 'y';
	ck_assert_uint_eq(pace_step(p, &s), 3);
	for (int i = 0; i < 2 * PACE_STEPS; i++) {
		snprintf(text, sizeof(text), "step %d", i);
		n = pace_step(p, &s);
		ck_assert_uint_eq(n, i + 4 < PACE_STEPS ? (unsigned)i + 4 :
		    PACE_NONE);
	}
	for (int i = 0; i < 2 * PACE_SEQUENCES; i++) {
		snprintf(text, sizeof(text), "q%d", i);
		n = pace_sequence(p, text);
		ck_assert_uint_eq(n, i < PACE_SEQUENCES ? (unsigned)i :
		    PACE_NONE);
	}
	pace_free(p);
}
END_TEST

/* --- a run that is only figures ----------------------------------------- */

enum { LANES_MAX = 400 };

struct course {
	struct pace *pace;
	double took[LANES_MAX], began[LANES_MAX];
	int n, begun, over, most;
	double now, all;	/* … it will take in all */
};

static bool
is_over(const struct course *r, int i)
{
	return r->now >= r->began[i] + r->took[i];
}

/* begins what has room, ends what is over; returns how many run */
static int
go_on(struct course *r, bool tell)
{
	int running = 0;

	for (int i = 0; i < r->begun; i++) {
		if (r->began[i] < 0)
			continue;
		if (!is_over(r, i)) {
			running++;
			continue;
		}
		r->over++;
		r->began[i] = -1;
		if (tell)
			pace_lane_over(r->pace, 0, r->took[i]);
	}
	while (r->begun < r->n && running < r->most) {
		r->began[r->begun++] = r->now;
		running++;
	}
	return running;
}

static double
ask(struct course *r)
{
	for (int i = 0; i < r->begun; i++)
		if (r->began[i] >= 0)
			pace_running(r->pace, 0, r->now - r->began[i]);
	return pace_left(r->pace, r->n - r->begun, r->now);
}

/* the whole of it without questions, for its length; then from the start */
static void
run_open(struct course *r, struct pace *pace, int n, int most)
{
	r->pace = pace;
	r->n = n;
	r->most = most;
	r->begun = r->over = 0;
	for (r->now = 1000; r->over < n; r->now += 0.25)
		go_on(r, false);
	r->all = r->now - 1000;
	r->begun = r->over = 0;
	r->now = 1000;
	ck_assert_uint_eq(pace_sequence(pace, "s"), 0);
	/* the first frame is drawn before anything runs */
	ck_assert_double_eq(pace_left(pace, n, 1000), -1);
}

/*
 * Worst of what was said between these parts of the run: how many times too
 * much or too little, and the greatest step between two answers, both as
 * part of the whole.
 */
struct worst {
	double off, jump;
	bool known;
};

static struct worst
follow(struct course *r, double from, double to)
{
	struct worst w = { 0 };
	double last = -1;

	for (; r->over < r->n && r->now < 1000 + to * r->all; r->now += 0.5) {
		double truth = 1000 + r->all - r->now, left, off;

		go_on(r, true);
		left = ask(r);
		if (left < 0)
			continue;
		w.known = true;
		off = (left > truth ? left - truth : truth - left) / r->all;
		if (r->now >= 1000 + from * r->all && off > w.off)
			w.off = off;
		if (last >= 0) {
			off = (left > last ? left - last : last - left) /
			    r->all;
			w.jump = off > w.jump ? off : w.jump;
		}
		last = left;
	}
	return w;
}

START_TEST(lanes_of_one_length)
{
	struct course r = { 0 };
	struct worst w;

	for (int i = 0; i < 200; i++)
		r.took[i] = 10;
	run_open(&r, pace_new(), 200, 20);
	w = follow(&r, 0.15, 1);
	ck_assert(w.known);
	ck_assert_double_lt(w.off, 0.1);
	ck_assert_double_lt(w.jump, 0.05);
	pace_free(r.pace);
}
END_TEST

/* half of them take a second, half a minute */
START_TEST(lanes_of_two_lengths)
{
	struct course r = { 0 };
	struct worst w;

	for (int i = 0; i < 200; i++)
		r.took[i] = i * 7 % 10 < 5 ? 1 : 60;
	run_open(&r, pace_new(), 200, 20);
	w = follow(&r, 0.3, 1);
	ck_assert(w.known);
	ck_assert_double_lt(w.off, 0.3);
	ck_assert_double_lt(w.jump, 0.1);
	pace_free(r.pace);
}
END_TEST

/* some are very much longer than most */
START_TEST(lanes_with_a_long_tail)
{
	struct course r = { 0 };
	struct worst w;

	for (int i = 0; i < 400; i++)
		r.took[i] = i * 37 % 100 < 5 ? 120 : 2 + i * 13 % 7;
	run_open(&r, pace_new(), 400, 10);
	w = follow(&r, 0.3, 1);
	ck_assert(w.known);
	ck_assert_double_lt(w.off, 0.3);
	ck_assert_double_lt(w.jump, 0.1);
	pace_free(r.pace);
}
END_TEST

START_TEST(nothing_is_said_too_early)
{
	struct pace *p = pace_new();

	pace_sequence(p, "s");
	ck_assert_double_eq(pace_left(p, 10, 1), -1);
	for (int i = 0; i < 3; i++) {
		ck_assert_double_eq(pace_left(p, 10, 2), -1);
		pace_lane_over(p, 0, 4);
	}
	pace_running(p, 0, 1);
	pace_running(p, 0, 1);
	ck_assert_double_gt(pace_left(p, 10, 3), 5);
	/* how many there are is not known */
	ck_assert_double_eq(pace_left(p, -1, 4), -1);
	/* what was thought is over, and the lane is not */
	pace_running(p, 0, 5);
	ck_assert_double_ge(pace_left(p, 0, 1e6), 0);
	pace_free(p);
}
END_TEST

/* not "a few seconds", again and again, of a lane that may hang */
START_TEST(lanes_far_beyond_all_others_are_left_out)
{
	struct pace *p = pace_new();

	pace_sequence(p, "s");
	for (int i = 0; i < 10; i++)
		pace_lane_over(p, 0, 4);
	pace_running(p, 0, 5);
	ck_assert_double_gt(pace_left(p, 0, 10), 0);
	ck_assert_uint_eq(pace_late(p), 0);
	/* nothing else is to be done */
	pace_running(p, 0, 20);
	ck_assert_double_eq(pace_left(p, 0, 25), 0);
	ck_assert_uint_eq(pace_late(p), 1);
	/* one that will soon be over */
	pace_running(p, 0, 20);
	pace_running(p, 0, 1);
	ck_assert_double_eq_tol(pace_left(p, 0, 25), 3, 0.3);
	ck_assert_uint_eq(pace_late(p), 1);
	/* those that wait take longer than it may */
	pace_running(p, 0, 20);
	ck_assert_double_gt(pace_left(p, 100, 26), 10);
	ck_assert_uint_eq(pace_late(p), 0);
	/* of so many nobody can say that they are exceptions */
	for (int i = 0; i < 3; i++)
		pace_running(p, 0, 20);
	pace_running(p, 0, 1);
	ck_assert_double_eq(pace_left(p, 0, 27), -1);
	ck_assert_uint_eq(pace_late(p), 0);
	for (int i = 0; i < 2; i++)
		pace_lane_over(p, 0, 4);
	for (int i = 0; i < 3; i++)
		pace_running(p, 0, 20);
	ck_assert_double_eq(pace_left(p, 0, 28), 0);
	ck_assert_uint_eq(pace_late(p), 3);
	pace_free(p);
}
END_TEST

/* … and the longest that ended tells of the next, even if it is but one */
START_TEST(the_longest_is_known_at_once)
{
	struct pace *p = pace_new();

	pace_sequence(p, "s");
	for (int i = 0; i < 100; i++)
		pace_lane_over(p, 0, 4);
	pace_running(p, 0, 20);
	pace_left(p, 0, 25);
	pace_lane_over(p, 0, 40);
	pace_running(p, 0, 20);
	ck_assert_double_gt(pace_left(p, 0, 26), 15);
	pace_free(p);
}
END_TEST

/* --- memory ------------------------------------------------------------- */

static void
hand_on(struct pace *from, struct pace *to)
{
	struct buf b = { 0 };

	pace_write(from, &b);
	ck_assert_int_eq(pace_read(to, b.data, b.len), 0);
	buf_fini(&b);
}

START_TEST(what_was_seen_is_remembered)
{
	struct step_ref s = { .in = "deploy", .identity = "sh -c 'x'\n\"y\"" };
	struct pace *p = pace_new(), *q = pace_new();
	struct buf b = { 0 };
	unsigned n = pace_step(p, &s);

	for (int i = 0; i < 4; i++) {
		pace_step_over(p, n, 2);
		pace_lane_over(p, pace_sequence(p, "deploy"), 20);
	}
	ck_assert_double_eq(pace_usual(p, n), 0);
	hand_on(p, q);
	ck_assert_double_eq_tol(pace_usual(q, pace_step(q, &s)), 2, 0.1);
	/* of a run that has just begun */
	pace_running(q, pace_sequence(q, "deploy"), 5);
	ck_assert_double_eq_tol(pace_left(q, 0, 1), 15, 1);
	pace_free(p);
	/* what is seen now counts more */
	for (int i = 0; i < 5; i++)
		pace_step_over(q, pace_step(q, &s), 8);
	ck_assert_double_eq_tol(pace_usual(q, pace_step(q, &s)), 8, 0.2);
	p = pace_new();
	hand_on(q, p);
	ck_assert_double_eq_tol(pace_usual(p, pace_step(p, &s)), 8, 0.2);
	/* what is not met any more is forgotten in the end */
	for (int i = 0; i < 5; i++) {
		pace_free(q);
		q = pace_new();
		hand_on(p, q);
		pace_free(p);
		p = pace_new();
		hand_on(q, p);
	}
	pace_write(p, &b);
	ck_assert_str_eq(buf_str(&b),
	    "{\"version\":1,\"sequences\":{},\"steps\":{}}\n");
	pace_free(p);
	pace_free(q);
	buf_fini(&b);
}
END_TEST

START_TEST(the_memory_has_this_form)
{
	static const char text[] = "{\"version\":1,\"sequences\":{\"s\":"
	    "{\"lanes\":8,\"seconds\":20.000000,\"mean\":25.500000}},"
	    "\"steps\":{\"s check\":{\"n\":40,\"seconds\":2.000000,"
	    "\"mean\":2.000000}}}\n";
	static const char half[] = "{\"version\":1,\"sequences\":{\"s\":"
	    "{\"lanes\":4,\"seconds\":20.000000,\"mean\":25.500000}},"
	    "\"steps\":{\"s check\":{\"n\":20,\"seconds\":2.000000,"
	    "\"mean\":2.000000}}}\n";
	struct pace *p = pace_new();
	struct buf b = { 0 };

	ck_assert_int_eq(pace_read(p, text, strlen(text)), 0);
	pace_write(p, &b);
	ck_assert_str_eq(buf_str(&b), half);
	buf_fini(&b);
	pace_free(p);
}
END_TEST

static const struct {
	const char *text;
	int rc;
} bad[] = {
	{ "", -1 },
	{ "{", -1 },
	{ "[1]", -1 },
	{ "null", -1 },
	{ "{\"version\":2}", -1 },
	{ "{\"version\":1}", 0 },
	{ "{\"version\":1,\"steps\":[],\"sequences\":7}", 0 },
	{ "{\"version\":1,\"steps\":{\"a b\":3,\"c\":{\"n\":-1}}}", 0 },
	{ "{\"version\":1,\"steps\":{\"s x\":{\"n\":1e300,"
	    "\"seconds\":\"2\"}}}", 0 },
	{ "{\"version\":1,\"steps\":{\"s x\":{\"n\":3,"
	    "\"seconds\":-5,\"mean\":1e308}}}", 0 },
};

START_TEST(what_is_damaged_is_not_believed)
{
	struct step_ref s = { .in = "s", .identity = "x" };
	struct pace *p = pace_new();
	struct buf b = { 0 };

	ck_assert_int_eq(pace_read(p, bad[_i].text, strlen(bad[_i].text)),
	    bad[_i].rc);
	ck_assert_double_eq(pace_usual(p, pace_step(p, &s)), 0);
	ck_assert_double_eq(pace_left(p, 1, 1), -1);
	pace_write(p, &b);
	pace_free(p);
	buf_fini(&b);
}
END_TEST

void
unit_pace(Suite *s)
{
	TCase *tc = tcase_create("pace");

	tcase_add_loop_test(tc, a_median_is_near_enough, 0, countof(times));
	tcase_add_test(tc, a_step_is_known_by_its_place_and_text);
	tcase_add_test(tc, lanes_of_one_length);
	tcase_add_test(tc, lanes_of_two_lengths);
	tcase_add_test(tc, lanes_with_a_long_tail);
	tcase_add_test(tc, nothing_is_said_too_early);
	tcase_add_test(tc,
	    lanes_far_beyond_all_others_are_left_out);
	tcase_add_test(tc, the_longest_is_known_at_once);
	tcase_add_test(tc, what_was_seen_is_remembered);
	tcase_add_test(tc, the_memory_has_this_form);
	tcase_add_loop_test(tc, what_is_damaged_is_not_believed, 0,
	    countof(bad));
	suite_add_tcase(s, tc);
}

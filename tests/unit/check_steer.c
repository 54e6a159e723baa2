/* SPDX-License-Identifier: ISC */
/* a run that is looked at, held up and let go on from outside */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "model/program.h"
#include "unit.h"

static const struct fake_rule plain[] = { { NULL, NULL } };
static const char four[] = "[sequence s]\neach x = a b c d\nparallel = 2\n"
    "run = x\n";
/* since the run began: lanes that have begun, that are over, most at once */
static int begun, over, most;

static const char *
steered(const char *job, void (*watch)(struct engine *, const struct event *))
{
	begun = over = most = 0;
	return fake_job_more(job, plain, &(struct fake_more){
		.bare = true, .watch = watch,
	});
}

static bool
counts(const struct event *ev)
{
	begun += ev->type == EVT_LANE_START && !ev->lane->sub;
	over += ev->type == EVT_LANE_END && !ev->lane->sub;
	if (begun - over > most)
		most = begun - over;
	return ev->type == EVT_LANE_END && !ev->lane->sub;
}

static void
pause_for_one(struct engine *e, const struct event *ev)
{
	struct engine_progress p = engine_progress(e);

	if (!counts(ev))
		return;
	if (over == 1) {
		engine_pause(e, true);
		ck_assert(engine_progress(e).paused);
	} else if (over == 2) {
		ck_assert_int_eq(begun, 2);
		ck_assert_int_eq(p.waiting, 2);
		engine_pause(e, false);
		ck_assert(!engine_progress(e).paused);
	}
}

START_TEST(lanes_that_are_held_up_begin_later)
{
	ck_assert_str_eq(steered(four, pause_for_one),
	    "s[a]=ok s[b]=ok s[c]=ok s[d]=ok");
	ck_assert_int_eq(most, 2);
}
END_TEST

static void
pause_at_barrier(struct engine *e, const struct event *ev)
{
	if (ev->type == EVT_SAY && ev->text[0] == 'a')
		engine_pause(e, true);
}

START_TEST(who_waits_for_them_is_not_stuck)
{
	/* until it is let go on a waits for b, and nothing else happens */
	ck_assert_str_eq(steered("[sequence s]\neach x = a b\nparallel = 1\n"
	    "say = ${x}\nbarrier = all\n", pause_at_barrier),
	    "'a' idle 'b' s[a]=ok s[b]=ok");
}
END_TEST

static void
look(struct engine *e, const struct event *ev)
{
	struct engine_progress p = engine_progress(e);

	if (!counts(ev) || over != 1)
		return;
	ck_assert_int_eq(p.waiting, 2);
	ck_assert_int_eq(p.most, 0);
	ck_assert(!p.draining);
	engine_drain(e);
	ck_assert(engine_progress(e).draining);
	ck_assert_int_eq(engine_progress(e).waiting, 0);
}

START_TEST(what_will_not_begin_does_not_wait)
{
	ck_assert_str_eq(steered(four, look),
	    "s[a]=ok s[b]=ok s=unstarted(2)");
}
END_TEST

static void
one_more(struct engine *e, const struct event *ev)
{
	counts(ev);
	/* no limit of the run: that of the sequence grows */
	if (ev->type == EVT_STEP_START && begun == 2 && most == 2)
		ck_assert_int_eq(engine_more(e, 1), 0);
}

static void
one_less(struct engine *e, const struct event *ev)
{
	if (counts(ev) && over == 1) {
		ck_assert_int_eq(engine_more(e, -1), 1);
		ck_assert_int_eq(engine_more(e, -1), 1);
		most = 0;
	}
}

START_TEST(more_or_fewer_lanes_are_at_once)
{
	steered("[sequence s]\neach x = a b c d e\nparallel = 2\nrun = x\n",
	    one_more);
	ck_assert_int_gt(most, 2);
	steered(four, one_less);
	ck_assert_int_eq(over, 4);
	ck_assert_int_eq(most, 1);
}
END_TEST

static char told[256];

static void
on_waiting(void *arg, const struct lane_info *lane, const char *what)
{
	(void)arg;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s %s;",
	    lane->name, what);
}

static void
tell(struct engine *e, const struct event *ev)
{
	if (ev->type == EVT_SAY && ev->text[0] == 'n')
		engine_tell_waiting(e, on_waiting, NULL);
}

START_TEST(it_is_told_what_lanes_wait_for)
{
	told[0] = '\0';
	steered("[limits]\nl = 1\n"
	    "[sequence a]\nbarrier = here\ncount = 2\non closed = next\n"
	    "[sequence b]\nrun = x\nneeds = l\n"
	    "[sequence c]\nrun = x\nneeds = l\n"
	    "[sequence d]\nsay = now\n", tell);
	ck_assert_ptr_nonnull(strstr(told, "c for limit 'l';"));
	ck_assert_ptr_null(strstr(told, "d "));
}
END_TEST

static void
one_less_at_first(struct engine *e, const struct event *ev)
{
	counts(ev);
	if (ev->type == EVT_STEP_END && ev->lane->hidden)
		ck_assert_int_eq(engine_more(e, -1), 1);
	if (ev->type == EVT_LANE_END && ev->lane->hidden)
		begun = over = most = 0;
}

START_TEST(fewer_are_at_once_before_the_first_begins)
{
	steered("[job]\nparallel = 75%\n[vars]\nv output = x\n"
	    "[sequence s]\neach x = a b c d\nparallel = 4\nrun = x\n",
	    one_less_at_first);
	ck_assert_int_eq(over, 4);
	ck_assert_int_eq(most, 1);
}
END_TEST

static void
look_at_queue(struct engine *e, const struct event *ev)
{
	struct engine_progress p = engine_progress(e);

	if (counts(ev) && over == 1)
		ck_assert_int_eq(p.waiting, 2);
}

START_TEST(who_queues_by_priority_waits)
{
	steered("[sequence s]\neach x range = 1..4\nparallel = 2\n"
	    "priority = 0 - x\nrun = x\n", look_at_queue);
	ck_assert_int_eq(over, 4);
}
END_TEST

static void
look_aside(struct engine *e, const struct event *ev)
{
	struct engine_progress p = engine_progress(e);

	if (counts(ev) && over == 1)
		ck_assert_int_eq(p.waiting, 3);
}

START_TEST(who_is_put_aside_for_its_hosts_waits)
{
	steered("[hosts g]\nhosts = a[1-4]\nparallel = 1\nvia = local\n"
	    "[sequence s]\nhosts = @g\nrun = x\n", look_aside);
	ck_assert_int_eq(over, 4);
}
END_TEST

static void
pause_and_drain(struct engine *e, const struct event *ev)
{
	if (!counts(ev) || over != 1)
		return;
	engine_pause(e, true);
	engine_drain(e);
}

static const char full[] = "[channel c]\ncapacity = 1\n"
    "[sequence s]\neach x = a b\nparallel = 1\nsay = ${x}\n"
    "[sequence t]\nrun = x\nrun = y\nsend c = 1\nsend c = 2\n"
    "send c = 3\nreceive c = m\n";

START_TEST(what_will_not_begin_holds_up_nothing)
{
	ck_assert_str_eq(steered(full, pause_and_drain),
	    "'a' s[a]=ok s=unstarted(1) t=ok");
}
END_TEST

static void
pause_last(struct engine *e, const struct event *ev)
{
	if (counts(ev) && over == 2)
		engine_pause(e, true);
}

START_TEST(nobody_waits_for_a_pause_with_nothing_to_begin)
{
	ck_assert_str_eq(steered(full, pause_last),
	    "'a' s[a]=ok 'b' s[b]=ok t=ok");
}
END_TEST

static bool rounds_seen[3];

static void
rounds(struct engine *e, const struct event *ev)
{
	if (counts(ev) && over <= 3)
		rounds_seen[over - 1] = engine_progress(e).waiting == -1;
}

START_TEST(rounds_that_come_are_seen)
{
	steered("[sequence s]\nrepeat = 3\nrun = x\n", rounds);
	ck_assert_int_eq(over, 3);
	ck_assert(rounds_seen[0] && rounds_seen[1] && !rounds_seen[2]);
}
END_TEST

static void
more_in_round_one(struct engine *e, const struct event *ev)
{
	counts(ev);
	if (ev->type == EVT_STEP_START && begun == 2 && over == 0)
		engine_more(e, 1);
	if (begun == 5)
		most = 0;
}

START_TEST(more_at_once_is_for_all_rounds)
{
	steered("[sequence s]\neach x = a b c d\nparallel = 2\nrepeat = 2\n"
	    "run = x\n", more_in_round_one);
	ck_assert_int_eq(over, 8);
	ck_assert_int_eq(most, 3);
}
END_TEST

void
unit_steer(Suite *s)
{
	TCase *tc = tcase_create("steer");

	tcase_add_test(tc, lanes_that_are_held_up_begin_later);
	tcase_add_test(tc, who_waits_for_them_is_not_stuck);
	tcase_add_test(tc, what_will_not_begin_does_not_wait);
	tcase_add_test(tc, more_or_fewer_lanes_are_at_once);
	tcase_add_test(tc, it_is_told_what_lanes_wait_for);
	tcase_add_test(tc, fewer_are_at_once_before_the_first_begins);
	tcase_add_test(tc, who_queues_by_priority_waits);
	tcase_add_test(tc, who_is_put_aside_for_its_hosts_waits);
	tcase_add_test(tc, what_will_not_begin_holds_up_nothing);
	tcase_add_test(tc, nobody_waits_for_a_pause_with_nothing_to_begin);
	tcase_add_test(tc, rounds_that_come_are_seen);
	tcase_add_test(tc, more_at_once_is_for_all_rounds);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
/* whole jobs against a fake runner: branches, handlers, scope, lists */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "unit.h"

#define EXPECT(job, rules, text) \
	ck_assert_str_eq(fake_job(job, rules), text)

static const struct fake_rule plain[] = { { NULL, NULL } };

START_TEST(a_mount_is_repaired_and_tried_again)
{
	static const struct fake_rule rules[] = {
		{ "mount", "32 0" }, { "fsck", "1" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nstep = m\nrun = mount\non 32 = call fix then "
	    "retry\nrun = date\n[routine fix]\nrun = fsck\nok = 0 1\n",
	    rules, "s:m=exit 32 s:fsck=ok s:m=ok s:date=ok s=ok");
}
END_TEST

START_TEST(the_first_match_wins)
{
	static const struct fake_rule rules[] = {
		{ "x", "3" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\non 1-9 = goto b\non 3 = goto a\n"
	    "step = a\nrun = a\nstep = b\nrun = b\n", rules,
	    "s:x=exit 3 s:b=ok s=ok");
}
END_TEST

START_TEST(signals_match_as_shells_report_them)
{
	static const struct fake_rule rules[] = {
		{ "x", "143 KILL" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nstep = x\nrun = x\non signal TERM = retry\n"
	    "on signal KILL = next\n", rules,
	    "s:x=exit 143 s:x=signal KILL s=ok");
}
END_TEST

START_TEST(tries_are_counted_and_judged_once)
{
	static const struct fake_rule rules[] = {
		{ "x", "1 1 0" }, { "y", "7" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\nretry = 2 every 1s\n"
	    "run = y\nretry = 5 on 1-6\non 7 = finish enough\n", rules,
	    "s:x=exit 1~ s:x=exit 1~ s:x=ok s:y=exit 7 'enough' s=ok");
}
END_TEST

START_TEST(until_asks_the_captured_value)
{
	static const struct fake_rule rules[] = {
		{ "x", "no/0 no/0 ready/0" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\ncapture v = stdout\nretry = 5\n"
	    "until = v == \"ready\"\nsay = ${v} ${attempt}\n", rules,
	    "s:x=error~ s:x=error~ s:x=ok 'ready 3' s:say ${v} "
	    "${attempt}=ok s=ok");
}
END_TEST

START_TEST(rescue_and_always_see_the_failed_step)
{
	static const struct fake_rule rules[] = {
		{ "x", "9" }, { "y", "0" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrescue = r\nalways = a\nstep = bad\nrun = x\n"
	    "[routine r]\nrun = y\nsay = ${step} ${result} ${code}\n"
	    "[routine a]\nrun = y\nsay = ${step} ${code}\n", rules,
	    "s:bad=exit 9 s:y=ok 'bad exit 9' s:say ${step} ${result} "
	    "${code}=ok s:y=ok 'bad 9' s:say ${step} ${code}=ok s=failed");
}
END_TEST

START_TEST(a_rescue_that_finishes_rescues)
{
	static const struct fake_rule rules[] = {
		{ "x", "9" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrescue = r\nalways = a\nrun = x\nrun = y\n"
	    "[routine r]\nfinish = fine\n[routine a]\nsay = ${result}\n",
	    rules, "s:x=exit 9 'fine' s:finish fine=ok 'ok' "
	    "s:say ${result}=ok s=rescued");
}
END_TEST

START_TEST(a_timeout_of_the_lane_runs_the_handlers)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nlane-timeout = 10s\nrescue = r\nalways = a\n"
	    "call = deep\n[routine deep]\nalways = a\nrun = x\n"
	    "[routine r]\nsay = rescue ${result}\n"
	    "[routine a]\nsay = always ${result}\n", rules,
	    "s:x=cancelled 'always cancelled' s:say always ${result}=ok "
	    "s:call deep=timeout 'rescue timeout' s:say rescue ${result}=ok "
	    "'always timeout' s:say always ${result}=ok s=failed");
}
END_TEST

START_TEST(a_timeout_of_a_call_is_the_callers_to_judge)
{
	static const struct fake_rule rules[] = {
		{ "x", "hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\ncall = deep\ntimeout = 5s\non timeout = next\n"
	    "run = y\n[routine deep]\nrun = x\n", rules,
	    "s:x=timeout s:call deep=timeout s:y=ok s=ok");
}
END_TEST

START_TEST(params_are_gone_after_the_call)
{
	EXPECT("[vars]\na = job\n[sequence s]\ncall = r a=arg\nsay = ${a} "
	    "${b}\n[routine r]\nparams = a c=dflt\nset b = ${a}-${c}\n"
	    "set a = changed\n", plain,
	    "s:set b = ${a}-${c}=ok s:set a = changed=ok s:call r a=arg=ok "
	    "'job arg-dflt' s:say ${a} ${b}=ok s=ok");
}
END_TEST

START_TEST(a_routine_cannot_call_itself_for_ever)
{
	const char *log = fake_job_bare("[sequence s]\ncall = r\non error = "
	    "next\nsay = ${message}\n[routine r]\nlet n = n + 1\n"
	    "visits = forever\ncall = r\n[vars]\nn = 0\n", plain);

	ck_assert_str_eq(log, "'calls are nested more than 1000 deep' s=ok");
}
END_TEST

START_TEST(a_loop_without_an_end_is_stopped)
{
	EXPECT("[sequence s]\nstep = a\nset x = 1\nvisits = 2\ngoto = a\n",
	    plain, "s:a=ok s:goto a=ok s:a=ok s:goto a=ok s:a=error "
	    "s=failed");
}
END_TEST

START_TEST(a_line_ends_a_step_and_decides_it)
{
	static const struct fake_rule rules[] = {
		{ "x", "full/hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\non line = (fu)ll -> fail no ${match}\n",
	    rules, "s:x=error s=failed");
	EXPECT("[sequence s]\nrun = x\non line = full -> set v\n"
	    "on line = full -> say saw ${line}\non line = f -> kill then "
	    "goto e\nstep = e\nsay = ${v}\n", rules,
	    "'saw full' s:x=ok 'full' s:e=ok s=ok");
}
END_TEST

START_TEST(a_released_process_ends_with_its_lane)
{
	static const struct fake_rule rules[] = {
		{ "server", "ready/hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = server\non line = ready -> release\n"
	    "run = client\n", rules, "s:server=ok s:client=ok s=ok");
}
END_TEST

START_TEST(lists_are_combined_the_first_slowest)
{
	ck_assert_str_eq(fake_job_bare("[sequence s]\nparallel = 1\n"
	    "each a = x y\neach n range = 08..10\nsay = ${a}${n}\n", plain),
	    "'x08' s[x,08]=ok 'x09' s[x,09]=ok 'x10' s[x,10]=ok "
	    "'y08' s[y,08]=ok 'y09' s[y,09]=ok 'y10' s[y,10]=ok");
}
END_TEST

START_TEST(fields_are_taken_as_read_does)
{
	ck_assert_str_eq(fake_job_bare("[sequence s]\nparallel = 1\n"
	    "each a b = \"1 2 3\" \"4\" \"1 2 3\"\nsay = ${a}|${b}\n", plain),
	    "'1|2 3' s[1,2 3]=ok '4|' s[4,]=ok '1|2 3' s[1,2 3]#2=ok");
}
END_TEST

START_TEST(priority_orders_the_lanes)
{
	ck_assert_str_eq(fake_job_bare("[sequence s]\nparallel = 1\n"
	    "priority = n % 3\neach n = 1 2 3 4 5 6\nsay = ${n}\n", plain),
	    "'3' s[3]=ok '6' s[6]=ok '1' s[1]=ok '4' s[4]=ok '2' s[2]=ok "
	    "'5' s[5]=ok");
}
END_TEST

START_TEST(after_waits_and_gives_up)
{
	static const struct fake_rule rules[] = {
		{ "bad", "1" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[sequence c]\nafter = b\nsay = c\n"
	    "[sequence b]\nafter = a\nsay = b\n[sequence a]\nsay = a\n",
	    plain), "'a' a=ok 'b' b=ok 'c' c=ok");
	ck_assert_str_eq(fake_job_bare("[sequence a]\nrun = bad\n"
	    "[sequence b]\nafter = a\neach x = 1 2\nsay = b\n", rules),
	    "a=failed b=unstarted(2)");
	ck_assert_str_eq(fake_job_bare("[sequence a]\nmax-fail = 1\n"
	    "run = bad\n[sequence b]\nafter = a\nsay = b\n", rules),
	    "a=failed 'b' b=ok");
}
END_TEST

START_TEST(max_fail_drains_and_on_fail_stops)
{
	static const struct fake_rule rules[] = {
		{ "bad", "1" }, { "slow", "hang" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[sequence s]\nparallel = 1\n"
	    "max-fail = 1\neach x = 1 2 3 4\nrun = bad\n", rules),
	    "s[1]=failed s[2]=failed s=unstarted(2)");
	ck_assert_str_eq(fake_job_bare("[sequence s]\nparallel = 1\n"
	    "max-fail = 50%\neach x = 1 2 3 4\nrun = bad\n", rules),
	    "s[1]=failed s[2]=failed s[3]=failed s=unstarted(1)");
	ck_assert_str_eq(fake_job_bare("[job]\non-fail = stop\n"
	    "[sequence a]\nalways = z\nrun = slow\n[sequence b]\nrun = bad\n"
	    "[routine z]\nsay = ${result}\n", rules),
	    "b=failed 'cancelled' a=cancelled");
}
END_TEST

START_TEST(stop_and_drain_reach_the_whole_job)
{
	static const struct fake_rule rules[] = {
		{ "slow", "hang" }, { "x", "4" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[sequence a]\nrun = slow\n"
	    "[sequence b]\nrun = x\non 4 = call r\n[routine r]\n"
	    "stop = all is lost\n", rules), "b=failed a=cancelled");
	ck_assert_str_eq(fake_job_bare("[job]\nparallel = 1\n[sequence a]\n"
	    "rescue = r\ndrain = enough\n[sequence b]\nsay = b\n"
	    "[routine r]\nsay = ${message}\n", rules),
	    "'enough' a=failed b=unstarted(1)");
}
END_TEST

START_TEST(a_deadline_outlives_a_sleep)
{
	static const struct fake_rule rules[] = {
		{ "x", "1 1 hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nlane-timeout = 9s\nsleep = 2s\nrun = x\n"
	    "retry = 5 every 1s\n", rules, "s:sleep 2s=ok s:x=exit 1~ "
	    "s:x=exit 1~ s:x=timeout s=failed");
}
END_TEST

START_TEST(stop_within_always_ends_it)
{
	ck_assert_str_eq(fake_job_bare("[sequence s]\nalways = z\n"
	    "say = fine\n[routine z]\nstop = enough\nsay = never\n",
	    plain), "'fine' s=failed");
	ck_assert_str_eq(fake_job_bare("[sequence s]\nalways = z\n"
	    "fail = first\n[routine z]\nalways = y\ndrain = enough\n"
	    "[routine y]\nsay = ${message}\n", plain),
	    "'enough' s=failed");
}
END_TEST

START_TEST(used_up_visits_end_every_loop)
{
	static const struct fake_rule rules[] = {
		{ "x", "n/hang" }, { "f", "1" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nstep = k\nrun = x\nvisits = 2\n"
	    "on line = n -> kill then retry\n", rules,
	    "s:k=ok s:k=ok s:k=error s=failed");
	EXPECT("[sequence s]\nstep = k\nrun = f\nvisits = 2\n"
	    "on fail = retry\n", rules,
	    "s:k=exit 1 s:k=exit 1 s:k=error s=failed");
	EXPECT("[sequence s]\nstep = k\nrun = f\nvisits = 2\n"
	    "on error = goto e\non fail = retry\nstep = e\nsay = e\n",
	    rules, "s:k=exit 1 s:k=exit 1 s:k=error 'e' s:e=ok s=ok");
}
END_TEST

START_TEST(a_line_that_fails_a_step_fails_its_lane_only)
{
	static const struct fake_rule rules[] = {
		{ "x", "n/hang" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[sequence a]\nsleep = 9s\nsay = a\n"
	    "[sequence b]\nrun = x\non line = n -> kill then fail\n",
	    rules), "b=failed 'a' a=ok");
}
END_TEST

START_TEST(what_a_line_decided_is_not_decided_again)
{
	static const struct fake_rule rules[] = {
		{ "x", "n/hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\non line = n -> next\nset y = 1\n"
	    "when = 1 / 0\nsay = never\n", rules,
	    "s:x=ok s:set y = 1=error s=failed");
}
END_TEST

START_TEST(until_asks_after_a_call_too)
{
	EXPECT("[vars]\nn = 0\n[sequence s]\ncall = r\nretry = 5 every 1s\n"
	    "until = n == 2\n[routine r]\nlet n = n + 1\n", plain,
	    "s:let n = n + 1=ok s:call r=error~ s:let n = n + 1=ok "
	    "s:call r=ok s=ok");
}
END_TEST

START_TEST(the_jobs_time_ends_it)
{
	static const struct fake_rule rules[] = {
		{ "slow", "hang" }, { NULL, NULL }
	};

	ck_assert_str_eq(fake_job_bare("[job]\ntimeout = 9s\n[sequence a]\n"
	    "always = z\nrun = slow\n[routine z]\nsay = bye\n", rules),
	    "'bye' a=cancelled");
}
END_TEST

START_TEST(children_wait_for_their_turn)
{
	ck_assert_str_eq(fake_job_bare("[job]\nchildren = 1\n[sequence s]\n"
	    "parallel = 3\neach n = 3 2 1\npriority = n\nrun = x\nrun = y\n",
	    plain), "s[1]=ok s[2]=ok s[3]=ok");
}
END_TEST

START_TEST(what_cannot_start_is_a_result)
{
	static const struct fake_rule rules[] = {
		{ "x", "nostart" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nrun = x\non start = next\nrun = y\n", rules,
	    "s:x=start s:y=ok s=ok");
}
END_TEST

START_TEST(an_unset_variable_is_an_error_when_reached)
{
	EXPECT("[sequence s]\nsay = ${v}\non error = next\nset v = 1\n"
	    "say = ${v}\n", plain,
	    "s:say ${v}=error s:set v = 1=ok '1' s:say ${v}=ok s=ok");
}
END_TEST

START_TEST(steps_are_skipped_and_asked_about)
{
	static const struct fake_rule rules[] = {
		{ "p", "3" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\nstep = p\nrun = p\non any = next\n"
	    "say = three\nwhen = p.code == 3 and p.result == \"exit\"\n"
	    "say = no\nwhen = p.result == \"ok\"\nsay = un\n"
	    "when = not defined q.result\nstep = q\nset x = 1\n", rules,
	    "s:p=exit 3 'three' s:say three=ok s:say no=skipped 'un' "
	    "s:say un=ok s:q=ok s=ok");
}
END_TEST

START_TEST(expressions_count)
{
	static const struct {
		const char *expr, *value;
	} cases[] = {
		{ "1 + 2 * 3", "7" }, { "(1 + 2) * 3", "9" },
		{ "7 / 2", "3" }, { "7.0 / 2", "3.5" }, { "7 % 4", "3" },
		{ "0 - 7 % 4", "-3" }, { "3.5 * 2", "7.0" },
		{ "10 > 9", "1" }, { "\"10\" > \"9\"", "1" },
		{ "\"b\" > \"a10\"", "1" }, { "\"a\" == \"a\"", "1" },
		{ "1 == 1.0", "1" }, { "not 0", "1" },
		{ "\"no\" or \"\"", "0" }, { "\"x\" and 2", "1" },
		{ "\"abc\" =~ \"^a.c$\"", "1" },
		{ "\"abc\" !~ \"b\"", "0" }, { "exists \"/\"", "1" },
		{ "exists \"/nonesuch\"", "0" }, { "defined v", "0" },
		{ "defined index", "1" },
		{ "9223372036854775807 - 1", "9223372036854775806" },
	};
	char job[256], want[64];

	snprintf(job, sizeof(job), "[sequence s]\nlet r = %s\nsay = ${r}\n"
	    "finish =\nset v = 1\n", cases[_i].expr);
	snprintf(want, sizeof(want), "'%s' s=ok", cases[_i].value);
	ck_assert_str_eq(fake_job_bare(job, plain), want);
}
END_TEST

START_TEST(expressions_fail)
{
	static const char *const cases[] = {
		"1 / 0", "1 % 0", "9223372036854775807 + 1", "\"a\" + 1",
		"v",
	};
	char job[256];

	snprintf(job, sizeof(job), "[sequence s]\nlet r = %s\nsay = no\n"
	    "set v = 1\n", cases[_i]);
	ck_assert_str_eq(fake_job_bare(job, plain), "s=failed");
}
END_TEST

void
unit_walk(Suite *s)
{
	TCase *tc = tcase_create("walk");

	tcase_add_test(tc, a_mount_is_repaired_and_tried_again);
	tcase_add_test(tc, the_first_match_wins);
	tcase_add_test(tc, signals_match_as_shells_report_them);
	tcase_add_test(tc, tries_are_counted_and_judged_once);
	tcase_add_test(tc, until_asks_the_captured_value);
	tcase_add_test(tc, rescue_and_always_see_the_failed_step);
	tcase_add_test(tc, a_rescue_that_finishes_rescues);
	tcase_add_test(tc, a_timeout_of_the_lane_runs_the_handlers);
	tcase_add_test(tc, a_timeout_of_a_call_is_the_callers_to_judge);
	tcase_add_test(tc, params_are_gone_after_the_call);
	tcase_add_test(tc, a_routine_cannot_call_itself_for_ever);
	tcase_add_test(tc, a_loop_without_an_end_is_stopped);
	tcase_add_test(tc, a_line_ends_a_step_and_decides_it);
	tcase_add_test(tc, a_released_process_ends_with_its_lane);
	tcase_add_test(tc, lists_are_combined_the_first_slowest);
	tcase_add_test(tc, fields_are_taken_as_read_does);
	tcase_add_test(tc, priority_orders_the_lanes);
	tcase_add_test(tc, after_waits_and_gives_up);
	tcase_add_test(tc, max_fail_drains_and_on_fail_stops);
	tcase_add_test(tc, stop_and_drain_reach_the_whole_job);
	tcase_add_test(tc, a_deadline_outlives_a_sleep);
	tcase_add_test(tc, stop_within_always_ends_it);
	tcase_add_test(tc, used_up_visits_end_every_loop);
	tcase_add_test(tc, a_line_that_fails_a_step_fails_its_lane_only);
	tcase_add_test(tc, what_a_line_decided_is_not_decided_again);
	tcase_add_test(tc, until_asks_after_a_call_too);
	tcase_add_test(tc, the_jobs_time_ends_it);
	tcase_add_test(tc, children_wait_for_their_turn);
	tcase_add_test(tc, what_cannot_start_is_a_result);
	tcase_add_test(tc, an_unset_variable_is_an_error_when_reached);
	tcase_add_test(tc, steps_are_skipped_and_asked_about);
	tcase_add_loop_test(tc, expressions_count, 0, 22);
	tcase_add_loop_test(tc, expressions_fail, 0, 5);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
/* lanes that start, meet and talk to others, against a fake runner */
#include "fake.h"
#include "unit.h"

#define EXPECT(job, rules, text) \
	ck_assert_str_eq(fake_job(job, rules), text)
#define EXPECT_BARE(job, rules, text) \
	ck_assert_str_eq(fake_job_bare(job, rules), text)

static const struct fake_rule plain[] = { { NULL, NULL } };

START_TEST(a_call_over_a_list_waits_for_all)
{
	EXPECT_BARE("[sequence s]\ncall = r v=${x}!\neach x = a b\n"
	    "collect all = v\nsay = ${all}\n"
	    "[routine r]\nparams = v\nrun = x\nset v = ${v}${index}\n",
	    plain, "s/r[a]=ok s/r[b]=ok 'a!1\nb!2' s=ok");
}
END_TEST

START_TEST(the_first_failure_is_that_of_the_call)
{
	static const struct fake_rule rules[] = {
		{ "x", "0 3 4" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\ncall = r\neach x = a b c\nparallel = 1\n"
	    "on fail = next\nsay = ${code} ${step}\n"
	    "[routine r]\nstep = it\nrun = x\n", rules,
	    "s/r[a]:it=ok s/r[a]=ok s/r[b]:it=exit 3 s/r[b]=failed "
	    "s/r[c]:it=exit 4 s/r[c]=failed s:call r=exit 3 '3 it' "
	    "s:say ${code} ${step}=ok s=ok");
}
END_TEST

START_TEST(max_fail_of_a_call_tolerates_and_then_drains)
{
	static const struct fake_rule rules[] = {
		{ "x", "1 0 2" }, { NULL, NULL }
	};

	EXPECT_BARE("[sequence s]\ncall = r\neach x = a b c d\nparallel = 1\n"
	    "max-fail = 1\non fail = next\nsay = ${code}\n"
	    "[routine r]\nrun = x\n", rules,
	    "s/r[a]=failed s/r[b]=ok s/r[c]=failed '2' s=ok");
}
END_TEST

START_TEST(what_was_spawned_is_waited_for_or_ended)
{
	static const struct fake_rule rules[] = {
		{ "slow", "hang" }, { "bad", "1" }, { NULL, NULL }
	};

	EXPECT_BARE("[sequence s]\nalways = a\nspawn = r\nsay = end\n"
	    "[routine r]\nrun = x\n[routine a]\nsay = always\n", plain,
	    "'end' s/r=ok 'always' s=ok");
	EXPECT_BARE("[sequence s]\nalways = a\nspawn = r\nrun = bad\n"
	    "[routine r]\nrun = slow\n[routine a]\nsay = always\n", rules,
	    "s/r=cancelled 'always' s=failed");
	EXPECT_BARE("[sequence s]\nspawn = r\nsay = end\n"
	    "[routine r]\nrun = bad\n", rules, "'end' s/r=failed s=failed");
}
END_TEST

START_TEST(a_timeout_of_the_call_ends_its_lanes)
{
	static const struct fake_rule rules[] = {
		{ "slow", "hang" }, { NULL, NULL }
	};

	EXPECT("[sequence s]\ncall = r\neach x = a b\ntimeout = 5s\n"
	    "on timeout = next\n[routine r]\nrun = slow\n", rules,
	    "s/r[b]:slow=cancelled s/r[b]=cancelled s/r[a]:slow=cancelled "
	    "s/r[a]=cancelled s:call r=timeout s=ok");
}
END_TEST

START_TEST(places_are_lent_while_lanes_wait)
{
	/* with one place, both still meet */
	EXPECT_BARE("[sequence s]\neach x = a b\nparallel = 1\n"
	    "say = ${x}\nbarrier = b\nsay = ${x}\n", plain,
	    "'a' 'b' 'a' s[a]=ok 'b' s[b]=ok");
	/* all three calls run at once: each lends its place to the next */
	EXPECT_BARE("[sequence s]\neach x = a b c\nparallel = 1\n"
	    "call = r\neach y = 1\nsay = ${x}\n[routine r]\nrun = x\n", plain,
	    "s[a]/r[1]=ok 'a' s[a]=ok s[b]/r[1]=ok 'b' s[b]=ok "
	    "s[c]/r[1]=ok 'c' s[c]=ok");
}
END_TEST

START_TEST(a_barrier_counts_and_closes)
{
	EXPECT_BARE("[sequence s]\neach x range = 1..3\nparallel = 3\n"
	    "barrier = b\ncount = 2\non closed = finish left\nsay = ${x}\n",
	    plain, "'1' '2' s[1]=ok s[2]=ok 'left' s[3]=ok");
	EXPECT_BARE("[sequence s]\neach x range = 1..2\n"
	    "barrier = ${x}\n", plain, "s[2]=failed s[1]=failed");
}
END_TEST

START_TEST(once_is_done_by_one_and_left_to_the_next)
{
	static const struct fake_rule rules[] = {
		{ "x", "v/0 w/0" }, { "y", "nostart nostart 0" },
		{ NULL, NULL }
	};

	EXPECT_BARE("[sequence s]\neach i range = 1..3\nparallel = 3\n"
	    "run = x\ncapture c = stdout\nonce = yes\nsay = ${c}\n", rules,
	    "'v' s[1]=ok 'v' 'v' s[2]=ok s[3]=ok");
	EXPECT("[sequence s]\neach i range = 1..3\nparallel = 3\n"
	    "run = y\nonce = yes\non start = next\n", rules,
	    "s[1]:y=start s[1]=ok s[2]:y=start s[2]=ok s[3]:y=ok s[3]=ok");
}
END_TEST

START_TEST(waves_follow_one_another)
{
	static const struct fake_rule rules[] = {
		{ "x", "0 0 1" }, { NULL, NULL }
	};

	EXPECT_BARE("[sequence s]\neach i range = 1..7\nparallel = 7\n"
	    "serial = 1, 2\nrun = x\nsay = ${wave}\n", rules,
	    "'1' s[1]=ok '2' s[2]=ok s[3]=failed s=unstarted(4)");
}
END_TEST

START_TEST(rounds_keep_their_time)
{
	/* each round takes two seconds: that is no reason to wait longer */
	EXPECT_BARE("[sequence s]\nrepeat = 3\nevery = 5s\nrun = x\n"
	    "sleep = 1s\n[sequence t]\nsleep = 11s\nsay = eleven\n", plain,
	    "s=ok s#2=ok 'eleven' t=ok s#3=ok");
}
END_TEST

START_TEST(limits_are_taken_together)
{
	EXPECT_BARE("[limits]\na = 1\nb = 1\n"
	    "[sequence one]\nsleep = 3s\nneeds = a b\nsay = one\n"
	    "[sequence two]\nsleep = 1s\nneeds = b\nsay = two\n"
	    "[sequence three]\nsleep = 1s\nneeds = a\nsay = three\n", plain,
	    "'one' one=ok 'three' three=ok 'two' two=ok");
	EXPECT_BARE("[limits]\na = 2\n[sequence s]\neach i range = 1..5\n"
	    "parallel = 5\nsleep = 1s\nneeds = a\nsay = ${i}\n", plain,
	    "'1' s[1]=ok '2' s[2]=ok '3' s[3]=ok '4' s[4]=ok '5' s[5]=ok");
}
END_TEST

START_TEST(channels_close_by_themselves)
{
	EXPECT_BARE("[channel c]\ncapacity = 1\n[sequence a]\n"
	    "each i range = 1..3\nparallel = 1\nsend c = ${i}\n"
	    "[sequence b]\nstep = n\nreceive c = x\non closed = finish over\n"
	    "say = ${x}\ngoto = n\n", plain,
	    "a[1]=ok '1' '2' a[2]=ok '3' a[3]=ok 'over' b=ok");
	EXPECT_BARE("[channel c]\n[channel d]\n"
	    "[sequence a]\nstep = n\nreceive c = x\non closed = finish a\n"
	    "send d = ${x}\ngoto = n\n"
	    "[sequence b]\nstep = n\nreceive d = x\non closed = finish b\n"
	    "send c = ${x}\ngoto = n\n"
	    "[sequence t]\nsleep = 9s\nsay = t\n", plain,
	    "'a' 'b' a=ok b=ok 't' t=ok");
}
END_TEST

START_TEST(what_is_stuck_is_told)
{
	EXPECT("[limits]\nl = 1\n[channel c]\n"
	    "[sequence a]\nneeds = l\nstep = r\nreceive c = x\n"
	    "[sequence b]\nneeds = l\nsend c = 1\n", plain,
	    "b=failed a:r=error a=failed");
}
END_TEST

void
unit_lanes(Suite *s)
{
	TCase *tc = tcase_create("lanes");

	tcase_add_test(tc, a_call_over_a_list_waits_for_all);
	tcase_add_test(tc, the_first_failure_is_that_of_the_call);
	tcase_add_test(tc, max_fail_of_a_call_tolerates_and_then_drains);
	tcase_add_test(tc, what_was_spawned_is_waited_for_or_ended);
	tcase_add_test(tc, a_timeout_of_the_call_ends_its_lanes);
	tcase_add_test(tc, places_are_lent_while_lanes_wait);
	tcase_add_test(tc, a_barrier_counts_and_closes);
	tcase_add_test(tc, once_is_done_by_one_and_left_to_the_next);
	tcase_add_test(tc, waves_follow_one_another);
	tcase_add_test(tc, rounds_keep_their_time);
	tcase_add_test(tc, limits_are_taken_together);
	tcase_add_test(tc, channels_close_by_themselves);
	tcase_add_test(tc, what_is_stuck_is_told);
	suite_add_tcase(s, tc);
}

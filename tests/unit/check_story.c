/* SPDX-License-Identifier: ISC */
/* a journal as data: what begins where, and what belongs to what */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "journal/runs.h"
#include "journal/story.h"
#include "unit.h"

#define HEAD "{\"type\":\"run\",\"time\":100.0,\"at\":0.0,\"schema\":1," \
    "\"pseq\":\"0.1\",\"run\":\"r\",\"job\":\"j\"}\n"
#define LANE "{\"type\":\"lane_start\",\"lane\":1,\"time\":100.0,\"at\":0.0," \
    "\"name\":\"s\",\"tag\":\"s\",\"sequence\":\"s\",\"index\":1}\n"

static char dir[64];
static struct buf journal, text;

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/check_story.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	buf_clear(&journal);
	buf_adds(&journal, HEAD LANE);
}

static void
teardown(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/journal", dir);
	unlink(path);
	rmdir(dir);
	buf_fini(&journal);
	buf_fini(&text);
}

/* one that starts something at a second, and ends at another */
static void
step(const char *in, const char *name, unsigned entry, int from, int to)
{
	buf_addf(&journal, "{\"type\":\"step_start\",\"lane\":1,\"time\":0,"
	    "\"at\":%d.0,\"in\":\"%s\",\"step\":\"%s\",\"entry\":%u,"
	    "\"attempt\":1,\"command\":\"x\"}\n", from, in, name, entry);
	buf_addf(&journal, "{\"type\":\"step_end\",\"lane\":1,\"time\":0,"
	    "\"at\":%d.0,\"in\":\"%s\",\"step\":\"%s\",\"entry\":%u,"
	    "\"attempt\":1,\"result\":\"ok\",\"seconds\":%d.0}\n", to, in,
	    name, entry, to - from);
}

/* one whose begin is not told: a call, or what was done in no time */
static void
done(const char *in, const char *name, unsigned entry, int at,
    const char *result)
{
	buf_addf(&journal, "{\"type\":\"step_end\",\"lane\":1,\"time\":0,"
	    "\"at\":%d.0,\"in\":\"%s\",\"step\":\"%s\",\"entry\":%u,"
	    "\"attempt\":1,\"result\":\"%s\",\"seconds\":0.0}\n", at, in,
	    name, entry, result);
}

static struct story *
read_story(void)
{
	struct buf why = { 0 };
	struct run_entry e;
	struct story *s;
	char path[80];
	FILE *f;

	snprintf(path, sizeof(path), "%s/journal", dir);
	f = fopen(path, "w");
	fwrite(journal.data, 1, journal.len, f);
	fclose(f);
	run_look(&e, dir);
	s = story_read(&e, &why);
	ck_assert_msg(s != NULL, "%s", buf_str(&why));
	run_entry_fini(&e);
	buf_fini(&why);
	return s;
}

/* "call r 0-4, a 0-1, …": the steps of the lane, in their order */
static const char *
steps(void)
{
	struct story *s = read_story();

	buf_clear(&text);
	for (size_t i = 0; i < s->lane[0].nstep; i++) {
		const struct story_step *st = &s->lane[0].step[i];

		buf_addf(&text, "%s%s %.0f-%.0f", i ? ", " : "",
		    st->identity, st->try[0].began,
		    st->try[st->ntry - 1].ended);
	}
	story_free(s);
	return buf_str(&text);
}

START_TEST(a_call_encloses)
{
	step("s", "first", 1, 0, 1);
	done("r", "let x = 1", 1, 1, "ok");
	step("r", "a", 1, 1, 2);
	done("q", "let y = 1", 1, 2, "ok");
	step("q", "b", 1, 2, 4);
	done("r", "call q", 1, 4, "ok");
	done("s", "call r", 1, 4, "ok");
	step("s", "last", 1, 4, 5);
	ck_assert_str_eq(steps(), "first 0-1, call r 1-4, let x = 1 1-1, "
	    "a 1-2, call q 2-4, let y = 1 2-2, b 2-4, last 4-5");
}
END_TEST

START_TEST(the_first_step_may_be_a_call)
{
	step("q", "a", 1, 0, 2);
	done("r", "call q x=1", 1, 2, "ok");
	step("r", "b", 1, 2, 3);
	done("s", "call r", 1, 3, "ok");
	ck_assert_str_eq(steps(), "call r 0-3, call q x=1 0-2, a 0-2, b 2-3");
}
END_TEST

/* what was done at once, first in a routine, encloses nothing of the caller */
START_TEST(not_everything_is_a_call)
{
	step("s", "a", 1, 0, 2);
	done("r", "let x = 1", 1, 2, "ok");
	done("r", "call nothing", 1, 2, "ok");
	done("s", "call r", 1, 2, "skipped");
	ck_assert_str_eq(steps(), "a 0-2, let x = 1 2-2, call nothing 2-2, "
	    "call r 2-2");
}
END_TEST

START_TEST(calls_in_a_loop)
{
	for (unsigned i = 1; i <= 2; i++) {
		step("r", "a", i, (int)i * 2, (int)i * 2 + 1);
		done("s", "named", i, (int)i * 2 + 1, "ok");
		step("s", "b", i, (int)i * 2 + 1, (int)i * 2 + 2);
	}
	/* what the first one called is not known: it might have been no call */
	ck_assert_str_eq(steps(), "a 2-3, named 3-3, b 3-4, "
	    "named 4-5, a 4-5, b 5-6");
}
END_TEST

START_TEST(what_is_not_utf8)
{
	struct story *s;

	buf_adds(&journal, "{\"type\":\"lane_end\",\"lane\":1,\"time\":0,"
	    "\"at\":1.0,\"name\":\"s\",\"sequence\":\"s\",\"verdict\":\"failed\""
	    ",\"seconds\":1.0,\"result\":\"exit\",\"code\":1,\"message\":"
	    "\"a\\u0000\\ufffdb\",\"message_b64\":\"YQD/Yg==\"}\n");
	s = read_story();
	/* a text ends at its first NUL, but for tails */
	ck_assert_str_eq(s->lane[0].result.message, "a");
	ck_assert_uint_eq(s->totals.verdicts[LANE_FAILED], 1);
	ck_assert_int_eq(s->state, STORY_INTERRUPTED);
	story_free(s);
}
END_TEST

START_TEST(sessions)
{
	struct story *s;

	step("s", "a", 1, 0, 5);
	/* the clock was set back while nobody ran it */
	buf_adds(&journal, "{\"type\":\"resume\",\"time\":50.0,\"at\":0.0,"
	    "\"pseq\":\"0.1\",\"pid\":7}\n"
	    "{\"type\":\"lane_start\",\"lane\":1,\"time\":50.0,\"at\":0.0,"
	    "\"name\":\"s\",\"tag\":\"s\",\"sequence\":\"s\",\"index\":1}\n");
	step("s", "b", 1, 1, 2);
	s = read_story();
	ck_assert_uint_eq(s->nsession, 2);
	ck_assert_uint_eq(s->nlane, 1);
	ck_assert_uint_eq(s->lane[0].nstep, 2);
	ck_assert_double_eq_tol(s->lane[0].step[1].try[0].began, 6, 1e-9);
	ck_assert_double_eq_tol(s->seconds, 7, 1e-9);
	story_free(s);
}
END_TEST

START_TEST(pauses)
{
	struct story *s;

	step("s", "a", 1, 0, 5);
	buf_adds(&journal, "{\"type\":\"resume\",\"time\":1100.0,\"at\":0.0,"
	    "\"pseq\":\"0.1\",\"pid\":7}\n"
	    "{\"type\":\"lane_start\",\"lane\":1,\"time\":1100.0,\"at\":0.0,"
	    "\"name\":\"s\",\"tag\":\"s\",\"sequence\":\"s\",\"index\":1}\n");
	step("s", "b", 1, 1, 3);
	s = read_story();
	ck_assert_double_eq_tol(s->seconds, 1003, 1e-9);
	ck_assert_double_eq_tol(story_active(s, 0, s->seconds), 8, 1e-9);
	ck_assert_double_eq_tol(story_active(s, 4, 1002), 3, 1e-9);
	ck_assert_double_eq_tol(story_active(s, 10, 20), 0, 1e-9);
	ck_assert_double_eq_tol(story_wall(s, 4), 104, 1e-9);
	ck_assert_double_eq_tol(story_wall(s, 1002), 1102, 1e-9);
	story_free(s);
}
END_TEST

/* ended with the lane, by a signal or the like */
static void
cut(const char *in, const char *name, int at)
{
	buf_addf(&journal, "{\"type\":\"step_end\",\"lane\":1,\"time\":0,"
	    "\"at\":%d.0,\"in\":\"%s\",\"step\":\"%s\",\"entry\":1,"
	    "\"attempt\":1,\"result\":\"cancelled\",\"seconds\":0.0,"
	    "\"cut\":{\"frame\":0,\"result\":\"cancelled\","
	    "\"inner\":\"cancelled\"}}\n", at, in, name);
}

static void
start(const char *in, const char *name, int at)
{
	buf_addf(&journal, "{\"type\":\"step_start\",\"lane\":1,\"time\":0,"
	    "\"at\":%d.0,\"in\":\"%s\",\"step\":\"%s\",\"entry\":1,"
	    "\"attempt\":1,\"command\":\"x\"}\n", at, in, name);
}

/* both tries of what goes on are one step's; what came after counts anew */
START_TEST(what_was_cut_goes_on)
{
	struct story *s;

	step("s", "first", 1, 0, 1);
	start("r", "a", 1);
	cut("r", "a", 3);
	cut("s", "call r", 3);
	step("tidy", "t", 1, 3, 4);
	buf_adds(&journal, "{\"type\":\"resume\",\"time\":110.0,\"at\":0.0,"
	    "\"pseq\":\"0.1\",\"pid\":7}\n");
	step("r", "a", 1, 0, 2);
	step("r", "b", 1, 2, 3);
	done("s", "call r", 1, 3, "ok");
	step("tidy", "t", 1, 3, 4);
	ck_assert_str_eq(steps(), "first 0-1, call r 1-13, a 1-12, t 3-4, "
	    "b 12-13, t 13-14");
	s = read_story();
	ck_assert_uint_eq(s->lane[0].step[1].ntry, 2);
	ck_assert_double_eq_tol(s->lane[0].step[1].try[0].ended, 3, 1e-9);
	ck_assert_double_eq_tol(s->lane[0].step[1].try[1].began, 10, 1e-9);
	ck_assert_uint_eq(s->lane[0].step[2].ntry, 2);
	ck_assert_uint_eq(s->totals.steps, 6);
	ck_assert_uint_eq(s->totals.tries, 8);
	story_free(s);
}
END_TEST

/* with nothing done by its handlers, either */
START_TEST(a_call_has_no_more_than_its_own)
{
	start("r", "a", 0);
	cut("r", "a", 1);
	cut("s", "call r", 1);
	step("tidy", "t", 1, 1, 2);
	buf_adds(&journal, "{\"type\":\"resume\",\"time\":110.0,\"at\":0.0,"
	    "\"pseq\":\"0.1\",\"pid\":7}\n");
	done("s", "call r", 1, 3, "ok");
	ck_assert_str_eq(steps(), "call r 0-13, a 0-1, t 1-2");
}
END_TEST

void
unit_story(Suite *s)
{
	TCase *t = tcase_create("story");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_call_encloses);
	tcase_add_test(t, the_first_step_may_be_a_call);
	tcase_add_test(t, not_everything_is_a_call);
	tcase_add_test(t, calls_in_a_loop);
	tcase_add_test(t, what_is_not_utf8);
	tcase_add_test(t, sessions);
	tcase_add_test(t, pauses);
	tcase_add_test(t, what_was_cut_goes_on);
	tcase_add_test(t, a_call_has_no_more_than_its_own);
	suite_add_tcase(s, t);
}

/* SPDX-License-Identifier: ISC */
/* journals as files: what is read, and what is not */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "journal/member.h"
#include "journal/read.h"
#include "unit.h"

#define HEAD "{\"type\":\"run\",\"schema\":1,\"pseq\":\"0.1\"}\n"
#define START "{\"type\":\"lane_start\",\"lane\":12,\"name\":\"a[x]\"}\n"

static char path[64];
static struct journal j;
static struct buf why;
static struct arena arena;

static void
setup(void)
{
	snprintf(path, sizeof(path), "/tmp/check_read.XXXXXX");
	close(mkstemp(path));
	buf_clear(&why);
}

static void
teardown(void)
{
	journal_close(&j);
	unlink(path);
	buf_fini(&why);
	arena_fini(&arena);
}

static int
opened(const char *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	fwrite(bytes, 1, len, f);
	fclose(f);
	return journal_open(&j, path, &why);
}

/* what is said of such a file, without its name */
static const char *
refused(const char *bytes)
{
	buf_clear(&why);
	ck_assert_int_eq(opened(bytes, strlen(bytes)), -1);
	ck_assert(!strncmp(buf_str(&why), path, strlen(path)));
	return buf_str(&why) + strlen(path);
}

/* types, lanes and sessions of all records, then what ended it */
static const char *
told(const char *bytes)
{
	static char seen[512];
	struct record r = { 0 };
	size_t n = 0;
	int rc;

	ck_assert_msg(opened(bytes, strlen(bytes)) == 0, "%s", buf_str(&why));
	seen[0] = '\0';
	while ((rc = journal_next(&j, &r, &why)) == 1)
		n += (size_t)snprintf(seen + n, sizeof(seen) - n, "%s %u/%u, ",
		    record_name(r.type), r.lane, r.session);
	if (rc == -1)
		snprintf(seen + n, sizeof(seen) - n, "%s",
		    buf_str(&why) + strlen(path));
	else
		snprintf(seen + n, sizeof(seen) - n, "torn %zu",
		    journal_torn(&j));
	return seen;
}

START_TEST(records_are_told_by_their_start)
{
	ck_assert_str_eq(told(HEAD START
	    "{\"type\":\"step_end\",\"lane\":4294967295}\n"
	    "{\"type\":\"resume\",\"time\":1}\n"
	    "{\"type\":\"of the future\",\"lane\":3}\n"
	    "{\"type\":\"run_end\",\"lane\":4294967296}\n"),
	    "run 0/1, lane_start 12/1, step_end 4294967295/1, resume 0/2, "
	    "other 3/2, run_end 0/2, torn 0");
}
END_TEST

START_TEST(what_was_being_written_is_left_out)
{
	ck_assert_str_eq(told(HEAD START "{\"type\":\"lane_end\",\"la"),
	    "run 0/1, lane_start 12/1, torn 22");
	journal_close(&j);
	ck_assert_str_eq(told(HEAD START "{\"type\":\"run_end\"}"),
	    "run 0/1, lane_start 12/1, torn 18");
	journal_close(&j);
	/* lines that look whole, and are not */
	ck_assert_str_eq(told(HEAD START "garbage\n{\"type\":\"say\",}\n\n{"),
	    "run 0/1, lane_start 12/1, torn 26");
}
END_TEST

START_TEST(blocks_that_were_never_written_are_left_out)
{
	static const char bytes[] = HEAD "\0\0\0\0\n\0\0\0";

	ck_assert_int_eq(opened(bytes, sizeof(bytes) - 1), 0);
	ck_assert_uint_eq(journal_torn(&j), 8);
	ck_assert_uint_eq(j.good, sizeof(HEAD) - 1);
}
END_TEST

START_TEST(damage_before_a_whole_record_is_refused)
{
	ck_assert_str_eq(told(HEAD "{\"type\":\"la\n" START),
	    "run 0/1, : line 2 is damaged");
}
END_TEST

START_TEST(any_cut_leaves_whole_records)
{
	static const char bytes[] = HEAD START START;
	size_t head = sizeof(HEAD) - 1, start = sizeof(START) - 1;
	size_t cut = (size_t)_i;

	if (cut < head) {
		ck_assert_int_eq(opened(bytes, cut), -1);
		return;
	}
	ck_assert_int_eq(opened(bytes, cut), 0);
	ck_assert_uint_eq(j.good, head + (cut - head) / start * start);
	ck_assert_uint_eq(journal_torn(&j), (cut - head) % start);
}
END_TEST

START_TEST(what_is_no_journal_is_refused)
{
	ck_assert_str_eq(refused(""), " is empty");
	ck_assert_str_eq(refused("[job]\n"), " is no journal of pseq");
	ck_assert_str_eq(refused(START), " is no journal of pseq");
	ck_assert_str_eq(refused("{\"type\":\"run\",\"sch"),
	    " holds no whole record");
	ck_assert_str_eq(refused("{\"type\":\"run\",\"x\":1}\n"),
	    " is no journal of pseq: its first record names no schema");
	ck_assert_str_eq(refused(
	    "{\"type\":\"run\",\"schema\":2,\"pseq\":\"7.1\"}\n"),
	    " was written by pseq 7.1 in schema 2; this is pseq "
	    PSEQ_VERSION ", which reads schema 1");
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
	ck_assert_int_eq(journal_open(&j, "/tmp", &why), -1);
	ck_assert_str_eq(buf_str(&why),
	    "/tmp is no journal: it is a directory");
	buf_clear(&why);
	ck_assert_int_eq(journal_open(&j, "/dev/null", &why), -1);
	ck_assert_str_eq(buf_str(&why),
	    "/dev/null is no journal: it is no plain file");
	buf_clear(&why);
	ck_assert_int_eq(journal_open(&j, "/nowhere/x", &why), -1);
	ck_assert_str_eq(buf_str(&why),
	    "/nowhere/x: No such file or directory");
}
END_TEST

START_TEST(the_last_record_is_found)
{
	struct record r;

	ck_assert_int_eq(opened(HEAD START, sizeof(HEAD START) - 1), 0);
	ck_assert(journal_last(&j, &r));
	ck_assert_uint_eq(r.type, REC_LANE_START);
	journal_close(&j);
	ck_assert_int_eq(opened(HEAD, sizeof(HEAD) - 1), 0);
	ck_assert(!journal_last(&j, &r));
}
END_TEST

static const char members[] = "{\"type\":\"say\",\"lane\":1,\"time\":12.5,"
    "\"o\":{\"a\":\"}\",\"b\":[1,{}]},\"text\":\"a\\\"b\\\\\",\"n\":-42,"
    "\"yes\":true,\"no\":false,\"raw\":\"x\xef\xbf\xbd\","
    "\"raw_b64\":\"eP8AeQ==\",\"e\":\"\",\"z\":\"a\\u0000b\","
    "\"fine\":\"\xef\xbf\xbd\"}";

static const struct record r = { .text = members, .len = sizeof(members) - 1 };

START_TEST(members_are_found_in_the_text)
{
	size_t n;
	const char *s = record_raw(&r, "o", &n);

	ck_assert_uint_eq(n, strlen("{\"a\":\"}\",\"b\":[1,{}]}"));
	ck_assert(!memcmp(s, "{\"a\":\"}\",\"b\":[1,{}]}", n));
	ck_assert_ptr_null(record_raw(&r, "a", &n));
	ck_assert_str_eq(record_text(&r, "text", &arena, &n), "a\"b\\");
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(record_text(&r, "e", &arena, NULL), "");
	ck_assert_ptr_null(record_text(&r, "n", &arena, NULL));
	ck_assert(record_int(&r, "n", 7) == -42);
	ck_assert(record_int(&r, "time", 7) == 7);
	ck_assert(record_int(&r, "x", 7) == 7);
	ck_assert(record_number(&r, "time", 0) == 12.5);
	ck_assert(record_number(&r, "text", 3) == 3);
	ck_assert(record_is_true(&r, "yes"));
	ck_assert(!record_is_true(&r, "no"));
	ck_assert(!record_is_true(&r, "none"));
	ck_assert(record_is(&r, "type", "say"));
	ck_assert(!record_is(&r, "type", "sa"));
}
END_TEST

START_TEST(true_bytes_are_read_beside_the_shown_ones)
{
	size_t n;
	const char *s = record_text(&r, "raw", &arena, &n);
	json_t *json = record_json(&r, &why);

	ck_assert_uint_eq(n, 4);
	ck_assert(!memcmp(s, "x\xff\0y", 5));
	s = record_text(&r, "z", &arena, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert(!memcmp(s, "a\0b", 4));
	ck_assert_str_eq(record_text(&r, "fine", &arena, NULL),
	    "\xef\xbf\xbd");
	ck_assert_ptr_nonnull(json);
	s = member_text(json, "raw", &arena, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert(!memcmp(s, "x\xff\0y", 5));
	ck_assert_str_eq(member_text(json, "text", &arena, NULL), "a\"b\\");
	ck_assert_ptr_null(member_text(json, "n", &arena, NULL));
	ck_assert(member_int(json, "n", 0) == -42);
	ck_assert(member_number(json, "time", 0) == 12.5);
	ck_assert(member_is_true(json, "yes"));
	json_decref(json);
}
END_TEST

/* whatever is wrong with it, nothing behind the line is looked at */
START_TEST(members_of_damaged_lines_are_none)
{
	char *bytes = malloc((size_t)_i + 1);
	struct record cut = { .text = bytes, .len = (size_t)_i };
	size_t n;

	memcpy(bytes, members, (size_t)_i);
	if (_i > 0)
		ck_assert_ptr_null(record_raw(&cut, "nowhere", &n));
	free(bytes);
}
END_TEST

void
unit_read(Suite *s)
{
	TCase *tc = tcase_create("read");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, records_are_told_by_their_start);
	tcase_add_test(tc, what_was_being_written_is_left_out);
	tcase_add_test(tc, blocks_that_were_never_written_are_left_out);
	tcase_add_test(tc, damage_before_a_whole_record_is_refused);
	tcase_add_loop_test(tc, any_cut_leaves_whole_records, 0,
	    sizeof(HEAD START START));
	tcase_add_test(tc, what_is_no_journal_is_refused);
	tcase_add_test(tc, what_is_no_file_is_refused);
	tcase_add_test(tc, the_last_record_is_found);
	tcase_add_test(tc, members_are_found_in_the_text);
	tcase_add_test(tc, true_bytes_are_read_beside_the_shown_ones);
	tcase_add_loop_test(tc, members_of_damaged_lines_are_none, 0,
	    sizeof(members));
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/near.h"
#include "base/num.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "base/mem.h"
#include "unit.h"

START_TEST(durations_are_read)
{
	static const struct {
		const char *text;
		double seconds;		/* < 0: none */
	} cases[] = {
		{ "500ms", 0.5 }, { "10s", 10 }, { "5m", 300 },
		{ "2h", 7200 }, { "1d", 86400 }, { "1h30m", 5400 },
		{ "1.5s", 1.5 }, { "1m500ms", 60.5 }, { "0s", 0 },
		{ "", -1 }, { "30", -1 }, { "s", -1 }, { "5 s", -1 },
		{ "1s1m", -1 }, { "1s1s", -1 }, { "1x", -1 }, { "-1s", -1 },
		{ "1e3s", -1 }, { ".5s", -1 }, { "99999999d", -1 },
	};
	double d = -1;
	int rc = num_duration(cases[_i].text, &d);

	ck_assert_int_eq(rc, cases[_i].seconds < 0 ? -1 : 0);
	if (rc == 0)
		ck_assert_double_eq(d, cases[_i].seconds);
}
END_TEST

START_TEST(widths_are_read)
{
	struct width w;

	ck_assert_int_eq(num_width("4", false, &w), 0);
	ck_assert(!w.percent && w.n == 4);
	ck_assert_int_eq(num_width("25%", false, &w), 0);
	ck_assert(w.percent && w.n == 25);
	ck_assert_int_eq(num_width("auto", true, &w), 0);
	ck_assert(w.automatic);
	ck_assert_int_eq(num_width("auto", false, &w), -1);
	ck_assert_int_eq(num_width("101%", false, &w), -1);
	ck_assert_int_eq(num_width("-1", false, &w), -1);
	ck_assert_int_eq(num_width("", false, &w), -1);
	ck_assert_int_eq(num_width("%", false, &w), -1);
}
END_TEST

START_TEST(integers_stop_at_64_bits)
{
	int64_t n;

	ck_assert_int_eq(num_int("9223372036854775807", &n), 0);
	ck_assert_int_eq(num_int("9223372036854775808", &n), -1);
	ck_assert_int_eq(num_int("-9223372036854775808", &n), 0);
	ck_assert_int_eq(num_int("007", &n), 0);
	ck_assert_int_eq(n, 7);
	ck_assert_int_eq(num_int("7x", &n), -1);
	ck_assert_int_eq(num_int("+7", &n), -1);
}
END_TEST

START_TEST(durations_are_shown_short)
{
	char b[NUM_SHOW];

	ck_assert_str_eq(num_show_duration(b, 0.0004), "0ms");
	ck_assert_str_eq(num_show_duration(b, 0.85), "850ms");
	ck_assert_str_eq(num_show_duration(b, 3.44), "3.4s");
	ck_assert_str_eq(num_show_duration(b, 125), "2m05s");
	ck_assert_str_eq(num_show_duration(b, 3720), "1h02m");
}
END_TEST

START_TEST(durations_are_written_as_they_are_read)
{
	static const char *const cases[] = {
		"500ms", "5s", "1m30s", "2h", "1d1h1m1s1ms", "0s",
	};
	char b[NUM_SHOW];
	double d;

	ck_assert_int_eq(num_duration(cases[_i], &d), 0);
	ck_assert_str_eq(num_write_duration(b, d), cases[_i]);
}
END_TEST

START_TEST(near_names_are_found)
{
	struct near n = { 0 };

	near_offer(&n, "restrat", "start");
	near_offer(&n, "restrat", "restart");
	near_offer(&n, "restrat", "result");
	ck_assert_str_eq(n.best, "restart");
	n = (struct near){ 0 };
	near_offer(&n, "banana", "timeout");
	ck_assert_ptr_null(n.best);
	near_offer(&n, "q", "r");
	ck_assert_ptr_null(n.best);
	/* a name so long is like another only by its start */
	near_offer(&n, "banana", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	ck_assert_ptr_null(n.best);
	ck_assert_uint_eq(near_distance("ab", "ba"), 1);
	ck_assert_uint_eq(near_distance("", "abc"), 3);
}
END_TEST

START_TEST(a_map_numbers_names)
{
	struct map m = { 0 };
	char name[16];

	ck_assert_uint_eq(map_find(&m, "a", 1), MAP_NONE);
	for (uint32_t i = 0; i < 1000; i++) {
		int n = snprintf(name, sizeof(name), "n%u", i);

		ck_assert_uint_eq(map_add(&m, name, (size_t)n), i);
	}
	ck_assert_uint_eq(map_add(&m, "n500", 4), 500);
	ck_assert_uint_eq(map_find(&m, "n999xyz", 4), 999);
	ck_assert_uint_eq(map_find(&m, "n99", 3), 99);
	ck_assert_uint_eq(map_find(&m, "x", 1), MAP_NONE);
	map_fini(&m);
}
END_TEST

START_TEST(a_buffer_grows)
{
	struct buf b = { 0 };

	ck_assert_str_eq(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%d,", i);
	ck_assert_uint_eq(b.len, 3890);
	buf_clear(&b);
	buf_add(&b, NULL, 0);
	buf_adds(&b, "x");
	buf_addc(&b, 'y');
	ck_assert_str_eq(buf_str(&b), "xy");
	buf_fini(&b);
}
END_TEST

START_TEST(an_arena_holds_large_and_small)
{
	struct arena a = { 0 };
	char *s = arena_strdup(&a, "kept");
	char *big = arena_alloc(&a, 100000);

	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(big[i], 0);
	for (int i = 0; i < 5000; i++)
		memset(arena_alloc(&a, 13), 'x', 13);
	ck_assert_str_eq(s, "kept");
	ck_assert_ptr_null(arena_copy(&a, "", 0, 1));
	arena_fini(&a);
}
END_TEST

static const struct {
	uint32_t c;
	unsigned columns;
} widths[] = {
	{ 'a', 1 }, { 0xe9, 1 }, { 0x2ff, 1 }, { 0x300, 0 }, { 0x36f, 0 },
	{ 0x370, 1 }, { 0x5d0, 1 }, { 0x5b0, 0 }, { 0x0b01, 0 },
	{ 0x10ff, 1 }, { 0x1100, 2 }, { 0x1160, 0 }, { 0x200b, 0 },
	{ 0x2026, 1 }, { 0x2588, 1 }, { 0x23f0, 2 }, { 0x26bd, 2 },
	{ 0x2757, 2 }, { 0x2b1b, 2 }, { 0x303e, 2 }, { 0x303f, 1 },
	{ 0x4e00, 2 }, { 0x9fff, 2 }, { 0xac00, 2 }, { 0xd7a3, 2 },
	{ 0xfe0f, 0 }, { 0xff21, 2 }, { 0xff61, 1 }, { 0x1f321, 1 },
	{ 0x1f600, 2 }, { 0x1fa70, 2 }, { 0x1faff, 2 }, { 0x20000, 2 },
	{ 0x3fffd, 2 }, { 0xe0100, 0 }, { 0x10ffff, 1 },
};

START_TEST(characters_have_a_width)
{
	ck_assert_uint_eq(utf8_width(widths[_i].c), widths[_i].columns);
}
END_TEST

START_TEST(utf8_is_told_from_other_bytes)
{
	ck_assert(utf8_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
	ck_assert(!utf8_valid("\xc0\x80", 2));		/* overlong */
	ck_assert(!utf8_valid("\xed\xa0\x80", 3));	/* surrogate */
	ck_assert(!utf8_valid("\xe2\x82", 2));		/* cut */
	ck_assert(!utf8_valid("\xff", 1));
	ck_assert_uint_eq(utf8_columns("a\xe6\x97\xa5", 4), 3);
	ck_assert_uint_eq(utf8_columns("e\xcc\x81", 3), 1);
	ck_assert_uint_eq(utf8_columns("\xff\xfe", 2), 2);
}
END_TEST

START_TEST(a_pattern_gives_its_first_group)
{
	const char *why, *g;
	size_t at, n;
	struct regex *re = regex_new("port (\\d+)?", 11, &why, &at);

	ck_assert_ptr_nonnull(re);
	ck_assert_int_eq(regex_match(re, "on port 80.", 11, &g, &n), 1);
	ck_assert_uint_eq(n, 2);
	ck_assert_mem_eq(g, "80", 2);
	ck_assert_int_eq(regex_match(re, "port x", 6, &g, &n), 1);
	ck_assert_uint_eq(n, 6);
	ck_assert_int_eq(regex_match(re, "\xff nothing", 9, &g, &n), 0);
	regex_free(re);
	ck_assert_ptr_null(regex_new("a(b", 3, &why, &at));
	ck_assert_uint_eq(at, 3);
}
END_TEST

START_TEST(a_pattern_may_be_deep)
{
	const char *why, *g;
	size_t at, n, len = REGEX_SUBJECT_MAX;
	struct regex *re = regex_new("^(a|b)*$", 8, &why, &at);
	char *text = mem_alloc(len);

	memset(text, 'a', len);
	ck_assert_int_eq(regex_match(re, text, 2000, &g, &n), 1);
	ck_assert_int_eq(regex_match(re, text, len, &g, &n), 1);
	free(text);
	regex_free(re);
}
END_TEST

/* (a+)+b against many a: gives up instead of hanging */
START_TEST(a_pattern_cannot_hang)
{
	const char *why, *g;
	char text[64];
	size_t at, n;
	struct regex *re = regex_new("^(a+)+(a+)+(a+)+$", 17, &why, &at);

	memset(text, 'a', sizeof(text));
	text[63] = 'b';
	ck_assert_int_eq(regex_match(re, text, sizeof(text), &g, &n), -1);
	regex_free(re);
}
END_TEST

void
unit_base(Suite *s)
{
	TCase *tc = tcase_create("base");

	tcase_add_loop_test(tc, durations_are_read, 0, 20);
	tcase_add_test(tc, widths_are_read);
	tcase_add_test(tc, integers_stop_at_64_bits);
	tcase_add_test(tc, durations_are_shown_short);
	tcase_add_loop_test(tc, durations_are_written_as_they_are_read, 0, 6);
	tcase_add_test(tc, near_names_are_found);
	tcase_add_test(tc, a_map_numbers_names);
	tcase_add_test(tc, a_buffer_grows);
	tcase_add_test(tc, an_arena_holds_large_and_small);
	tcase_add_test(tc, utf8_is_told_from_other_bytes);
	tcase_add_loop_test(tc, characters_have_a_width, 0, countof(widths));
	tcase_add_test(tc, a_pattern_gives_its_first_group);
	tcase_add_test(tc, a_pattern_may_be_deep);
	tcase_add_test(tc, a_pattern_cannot_hang);
	suite_add_tcase(s, tc);
}

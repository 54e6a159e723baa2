/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "unit.h"

static const struct {
	const char *text, *names, *folded;
} sets[] = {
	{ "", "", "" },
	{ " \n\t", "", "" },
	{ "web", "web", "web" },
	{ "n[1-3]", "n1 n2 n3", "n[1-3]" },
	{ "n3,n1 n2\nn1", "n3 n1 n2", "n[1-3]" },
	{ "n[8-12]", "n8 n9 n10 n11 n12", "n[8-12]" },
	{ "n[08-12]", "n08 n09 n10 n11 n12", "n[08-12]" },
	{ "n[098-102]", "n098 n099 n100 n101 n102", "n[098-102]" },
	{ "n[1-3,05]", "n1 n2 n3 n05", "n[1-3,05]" },
	{ "n[01,1,001]", "n01 n1 n001", "n[1,01,001]" },
	{ "n[0-10/5]", "n0 n5 n10", "n[0,5,10]" },
	{ "n[00-02]", "n00 n01 n02", "n[00-02]" },
	{ "n[1-9/20]", "n1", "n1" },
	{ "n[ 1 - 3 , 7 ]", "n1 n2 n3 n7", "n[1-3,7]" },
	{ "n[5-5]", "n5", "n5" },
	{ "r[1-2]n[01-02].ex", "r1n01.ex r1n02.ex r2n01.ex r2n02.ex",
	    "r[1-2]n[01-02].ex" },
	{ "n[1-2][3-4]", "n13 n14 n23 n24", "n[13-14,23-24]" },
	{ "n[1-2]5", "n15 n25", "n[15,25]" },
	{ "n99 n100 n098", "n99 n100 n098", "n[99,098,100]" },
	{ "n9 n10 n010 n09", "n9 n10 n010 n09", "n[9,09-10,010]" },
	{ "r1n1 r1n2 r2n1", "r1n1 r1n2 r2n1", "r1n[1-2],r2n1" },
	{ "r[1-2]n1 r3n[1-2]", "r1n1 r2n1 r3n1 r3n2", "r[1-3]n1,r3n2" },
	{ "b a2 a node node1", "b a2 a node node1", "a,a2,b,node,node1" },
	{ "[1-3]", "1 2 3", "[1-3]" },
	{ "10.0.[0-1].[1-2]", "10.0.0.1 10.0.0.2 10.0.1.1 10.0.1.2",
	    "10.0.[0-1].[1-2]" },
	{ "fe80::1 fe80::2%eth0", "fe80::1 fe80::2%eth0",
	    "fe80::1,fe80::2%eth0" },
	{ "fe80::a[1-2]", "fe80::a1 fe80::a2", "fe80::a[1-2]" },
	{ "n123456789012345678901 n123456789012345678902",
	    "n123456789012345678901 n123456789012345678902",
	    "n123456789012345678901,n123456789012345678902" },
	{ "a1b1c1d1e1f1g1h1i[1-2]", "a1b1c1d1e1f1g1h1i1 a1b1c1d1e1f1g1h1i2",
	    "a1b1c1d1e1f1g1h1i[1-2]" },
	{ "a[1-2]b[1-2]c[1-2]d1e1f1g1h[1-2]i!a1b1c1d1e1f1g1h1i,"
	    "a1b1c1d1e1f1g1h1i&a1b1c1d1e1f1g1h[1-2]i",
	    "a1b1c1d1e1f1g1h2i a1b1c1d1e1f1g1h1i",
	    "a1b1c1d1e1f1g1h[1-2]i" },
	/* signs, from left to right */
	{ "a,b!b,c", "a c", "a,c" },
	{ "a b ! b c", "a c", "a,c" },
	{ "a b !b", "a", "a" },
	{ "a,b!b!a", "", "" },
	{ "a!a,a", "a", "a" },
	{ "a,b&b,c", "b c", "b,c" },
	{ "c,b,a&a,b", "a b", "a,b" },
	{ "a,b,c^b,d", "a c d", "a,c,d" },
	{ "a,b^b^b", "a b", "a,b" },
	{ "n[1-3]!n2^n[5-6],n1&n[1,5]", "n1 n5", "n[1,5]" },
	/* groups */
	{ "@web", "w1 w2", "w[1-2]" },
	{ "@web,db !w2", "w1 db", "db,w1" },
	{ "x!@web", "x", "x" },
	{ "@all&@web", "w1 w2", "w[1-2]" },
	{ "db w1 ^@web", "db w2", "db,w2" },
	{ "@rack[1-2]", "r1 r2", "r[1-2]" },
	{ "@none", "", "" },
};

/* web: two hosts; all: by way of web; rackN: rN */
static int
add_group(void *arg, const char *group, size_t len, struct hosts *h,
    struct buf *why)
{
	struct hosts_groups g = { .add = add_group };
	char name[64];

	(void)arg;
	snprintf(name, sizeof(name), "%.*s", (int)len, group);
	if (!strcmp(name, "web"))
		return hosts_read(h, "w3 w[1-2] !w3", 13, NULL, why, NULL);
	if (!strcmp(name, "all"))
		return hosts_read(h, "db,@web", 7, &g, why, NULL);
	if (!strncmp(name, "rack", 4)) {
		name[3] = 'r';
		hosts_add(h, name + 3, strlen(name + 3));
		return 0;
	}
	if (!strcmp(name, "none"))
		return 0;
	buf_adds(why, "there is no such group");
	return -1;
}

static const struct hosts_groups groups = { .add = add_group };

static struct hosts *
read_set(const char *text)
{
	struct hosts *h = hosts_new();
	struct buf why = { 0 };
	int rc = hosts_read(h, text, strlen(text), &groups, &why, NULL);

	ck_assert_msg(rc == 0, "%s: %s", text, buf_str(&why));
	buf_fini(&why);
	return h;
}

static void
names(const struct hosts *h, struct buf *b)
{
	buf_clear(b);
	for (size_t i = 0; i < hosts_count(h); i++)
		buf_addf(b, "%s%s", i ? " " : "", hosts_name(h, i));
}

START_TEST(sets_are_read_and_folded)
{
	struct hosts *h = read_set(sets[_i].text);
	struct buf b = { 0 };

	names(h, &b);
	ck_assert_str_eq(buf_str(&b), sets[_i].names);
	buf_clear(&b);
	hosts_fold(h, &b);
	ck_assert_str_eq(buf_str(&b), sets[_i].folded);
	hosts_free(h);
	buf_fini(&b);
}
END_TEST

static const struct {
	const char *text;
	size_t at;
	const char *why;
} mistakes[] = {
	{ "a,,b", 2, "there is nothing between ',' and ','" },
	{ "a, !b", 3, "there is nothing between ',' and '!'" },
	{ ",a", 0, "there is nothing before ','" },
	{ " !a", 1, "there is nothing before '!'" },
	{ "a,", 1, "there is nothing behind ','" },
	{ "a & ", 2, "there is nothing behind '&'" },
	{ "a n[1-", 2, "'n[1-': there is no ']' behind '['" },
	{ "n1-3]", 0, "'n1-3]': there is no '[' before ']'" },
	{ "n[]", 0, "'n[]': a range is written as in [1-9,12,20-30/2]" },
	{ "n[1-3,]", 0, "'n[1-3,]': a range is written as in "
	    "[1-9,12,20-30/2]" },
	{ "n[1-]", 0, "'n[1-]': a range is written as in [1-9,12,20-30/2]" },
	{ "n[a-b]", 0, "'n[a-b]': a range is written as in "
	    "[1-9,12,20-30/2]" },
	{ "n[1!2]", 0, "'n[1!2]': a range is written as in "
	    "[1-9,12,20-30/2]" },
	{ "n[1-5/]", 0, "'n[1-5/]': a range is written as in "
	    "[1-9,12,20-30/2]" },
	{ "n[1-5/0]", 0, "'n[1-5/0]': the step of a range is at least 1" },
	{ "n[10-1]", 0, "'n[10-1]': a range goes from the smaller number to "
	    "the larger" },
	{ "n[01-9]", 0, "'n[01-9]': with zeros in front both ends of a range "
	    "need the same number of digits" },
	{ "n[9-010]", 0, "'n[9-010]': with zeros in front both ends of a "
	    "range need the same number of digits" },
	{ "x [fe80::1]", 2, "'[fe80::1]': a range is written with '-', as in "
	    "[1-9], and an IPv6 address without brackets" },
	{ "n[1-1234567890123456]", 0, "'n[1-1234567890123456]': a range is "
	    "written as in [1-9,12,20-30/2]" },
	{ "n[1-9999999999]", 0, "'n[1-9999999999]': that stands for more "
	    "than 10000000 names" },
	{ "n[1-99999]m[1-99999]", 0, "'n[1-99999]m[1-99999]': that stands "
	    "for more than 10000000 names" },
	{ "-oProxyCommand=x", 0, "'-oProxyCommand=x': the name of a host "
	    "cannot begin with '-'" },
	{ "a,-[1-3]", 2, "'-[1-3]': the name of a host cannot begin with "
	    "'-'" },
	{ "joe@web", 0, "'joe@web': a user is set with 'user =' or --user, "
	    "not in the name of a host" },
	{ "a$b", 0, "'a$b': '$' cannot stand in the name of a host" },
	{ "a;b", 0, "'a;b': ';' cannot stand in the name of a host" },
	{ "a/b", 0, "'a/b': '/' cannot stand in the name of a host" },
	{ "a\033b", 0, "'a\\x1bb': the byte 0x1b cannot stand in the name of "
	    "a host" },
	{ "\303\244", 0, "'\\xc3\\xa4': only ASCII letters can stand in a "
	    "name (write the xn-- form)" },
	{ "a @", 2, "'@': the name of a group stands behind '@'" },
	{ "@a:b", 0, "'@a:b': ':' cannot stand in the name of a group" },
	{ "a,@wbe", 2, "'@wbe': there is no such group" },
};

START_TEST(mistakes_are_told_with_their_place)
{
	const char *text = mistakes[_i].text;
	struct hosts *h = hosts_new();
	struct buf why = { 0 };
	size_t at = 99;

	ck_assert_int_eq(hosts_read(h, text, strlen(text), &groups, &why,
	    &at), -1);
	ck_assert_str_eq(buf_str(&why), mistakes[_i].why);
	ck_assert_uint_eq(at, mistakes[_i].at);
	hosts_free(h);
	buf_clear(&why);
	at = 99;
	if (strstr(text, "@w") && *text != 'j') {
		ck_assert_int_eq(hosts_check(text, strlen(text), NULL, NULL,
		    &why, &at), 0);
	} else {
		ck_assert_int_eq(hosts_check(text, strlen(text), NULL, NULL,
		    &why, &at), -1);
		ck_assert_str_eq(buf_str(&why), mistakes[_i].why);
		ck_assert_uint_eq(at, mistakes[_i].at);
	}
	buf_fini(&why);
}
END_TEST

START_TEST(names_are_checked)
{
	static const char *const good[] = { "a", "web07.example.net",
	    "10.0.0.1", "fe80::1%eth0", "my_host-1", "1" };
	static const char *const bad[] = { "", "-a", "a b", "a[1]", "a,b",
	    "@a", "a@b", "a\n", "a!b", "a'b" };
	struct buf why = { 0 };
	char name[257];

	for (size_t i = 0; i < countof(good); i++)
		ck_assert_int_eq(hosts_check_name(good[i], strlen(good[i]),
		    &why), 0);
	ck_assert_uint_eq(why.len, 0);
	for (size_t i = 0; i < countof(bad); i++) {
		buf_clear(&why);
		ck_assert_int_eq(hosts_check_name(bad[i], strlen(bad[i]),
		    &why), -1);
		ck_assert_uint_gt(why.len, 0);
	}
	memset(name, 'a', sizeof(name));
	ck_assert_int_eq(hosts_check_name(name, 255, &why), 0);
	ck_assert_int_eq(hosts_check_name(name, 256, &why), -1);
	buf_fini(&why);
}
END_TEST

START_TEST(long_names_are_refused)
{
	struct hosts *h = hosts_new();
	struct buf why = { 0 };
	char text[300];

	memset(text, 'a', sizeof(text));
	memcpy(text + 254, "[1-9]", 5);
	ck_assert_int_eq(hosts_read(h, text, 259, NULL, &why, NULL), 0);
	ck_assert_uint_eq(hosts_count(h), 9);
	memcpy(text + 254, "[1-10]", 6);
	ck_assert_int_eq(hosts_read(h, text, 260, NULL, &why, NULL), -1);
	ck_assert(strstr(buf_str(&why), "at most 255 bytes"));
	hosts_free(h);
	buf_fini(&why);
}
END_TEST

START_TEST(signs_act_on_their_own_text)
{
	struct hosts *h = read_set("a b");
	struct buf b = { 0 };

	ck_assert_int_eq(hosts_read(h, "c a ! a", 7, NULL, &b, NULL), 0);
	names(h, &b);
	ck_assert_str_eq(buf_str(&b), "a b c");
	ck_assert(hosts_has(h, "c", 1));
	ck_assert(!hosts_has(h, "d", 1));
	ck_assert(!hosts_has(h, "", 0));
	hosts_free(h);
	buf_fini(&b);
}
END_TEST

static void
note_group(void *arg, const char *group, size_t len, size_t at)
{
	buf_addf(arg, "%.*s:%zu ", (int)len, group, at);
}

START_TEST(groups_are_seen_without_expanding)
{
	static const char text[] = "n[1-9999999] @web,@rack[1-2] !@db";
	struct buf seen = { 0 }, why = { 0 };

	ck_assert_int_eq(hosts_check(text, strlen(text), note_group, &seen,
	    &why, NULL), 0);
	ck_assert_str_eq(buf_str(&seen), "web:13 rack1:18 rack2:18 db:30 ");
	buf_fini(&seen);
	buf_fini(&why);
}
END_TEST

START_TEST(any_names_fold)
{
	static const char *const items[] = { "s[1]", "s[2]", "a,b", "x y",
	    "-q", "a1.wav", "a2.wav", "", "[3]" };
	struct hosts *h = hosts_new();
	struct buf b = { 0 };

	for (size_t i = 0; i < countof(items); i++)
		hosts_add(h, items[i], strlen(items[i]));
	hosts_fold(h, &b);
	ck_assert_str_eq(buf_str(&b),
	    "-q,[3],a,b,a[1-2].wav,s[1-2],x y");
	hosts_free(h);
	buf_fini(&b);
}
END_TEST

/* --- the exact inverse, on sets that chance made ------------------------ */

static unsigned
upto(unsigned n)
{
	return (unsigned)rand() % n;
}

static void
random_number(struct buf *b)
{
	static const unsigned most[] = { 3, 12, 105, 1005 };

	buf_addf(b, "%0*u", (int)upto(4), upto(most[upto(4)]));
}

static void
random_range(struct buf *b)
{
	unsigned from = upto(120), to = from + upto(30);
	int width = 0;

	if (upto(3) == 0)
		width = to > 99 ? 3 : 2;
	buf_addf(b, "[%0*u-%0*u", width, from, width, to);
	if (upto(4) == 0)
		buf_addf(b, "/%u", 1 + upto(4));
	buf_addc(b, ',');
	random_number(b);
	buf_addc(b, ']');
}

static void
random_set(struct buf *b)
{
	static const char *const stem[] = { "n", "r", "web-", "", "10." };
	unsigned words = upto(8);

	buf_clear(b);
	for (unsigned w = 0; w < words; w++) {
		if (w)
			buf_addc(b, ", !&^"[upto(5)]);
		buf_adds(b, stem[upto(5)]);
		for (unsigned k = upto(3) + 1; k-- > 0;) {
			if (upto(2))
				random_number(b);
			else
				random_range(b);
			buf_adds(b, k ? "n" : upto(3) ? "" : ".x");
		}
	}
}

START_TEST(reading_what_was_folded_gives_the_same)
{
	struct buf text = { 0 }, folded = { 0 };

	srand((unsigned)_i);
	for (int round = 0; round < 500; round++) {
		struct hosts *a, *b;

		random_set(&text);
		a = read_set(buf_str(&text));
		buf_clear(&folded);
		hosts_fold(a, &folded);
		b = read_set(buf_str(&folded));
		ck_assert_msg(hosts_count(a) == hosts_count(b), "%s",
		    buf_str(&text));
		for (size_t i = 0; i < hosts_count(a); i++)
			ck_assert_msg(hosts_has(b, hosts_name(a, i),
			    strlen(hosts_name(a, i))), "%s",
			    buf_str(&text));
		hosts_free(a);
		hosts_free(b);
	}
	buf_fini(&text);
	buf_fini(&folded);
}
END_TEST

/* whatever the bytes are: an answer, the same from both readers */
START_TEST(any_bytes_are_read_or_refused)
{
	static const char some[] = "an-019[]],,-!&^ @/\n:.";
	char text[24];
	struct buf why = { 0 };

	srand((unsigned)_i);
	for (int round = 0; round < 5000; round++) {
		size_t len = upto(sizeof(text)), at = 0, at2 = 0;
		struct hosts *h = hosts_new();
		int rc;

		for (size_t i = 0; i < len; i++)
			text[i] = some[upto(sizeof(some))];
		rc = hosts_read(h, text, len, NULL, &why, &at);
		buf_clear(&why);
		if (rc == 0) {
			ck_assert_int_eq(hosts_check(text, len, NULL, NULL,
			    &why, &at2), 0);
			for (size_t i = 0; i < hosts_count(h); i++)
				ck_assert_int_eq(hosts_check_name(
				    hosts_name(h, i),
				    strlen(hosts_name(h, i)), &why), 0);
		} else {
			ck_assert_uint_lt(at, len);
		}
		hosts_free(h);
	}
	buf_fini(&why);
}
END_TEST

START_TEST(many_names_are_no_effort)
{
	struct hosts *h = read_set("r[1-100]n[0001-1000]"), *shuffled;
	size_t n = hosts_count(h);
	struct buf b = { 0 };

	ck_assert_uint_eq(n, 100000);
	shuffled = hosts_new();
	for (size_t i = 0; i < n; i++) {
		const char *name = hosts_name(h, i * 7919 % n);

		hosts_add(shuffled, name, strlen(name));
	}
	ck_assert_uint_eq(hosts_count(shuffled), n);
	hosts_fold(shuffled, &b);
	ck_assert_str_eq(buf_str(&b), "r[1-100]n[0001-1000]");
	hosts_free(h);
	hosts_free(shuffled);
	buf_fini(&b);
}
END_TEST

void
unit_hosts(Suite *s)
{
	TCase *tc = tcase_create("hosts");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, sets_are_read_and_folded, 0, countof(sets));
	tcase_add_loop_test(tc, mistakes_are_told_with_their_place, 0,
	    countof(mistakes));
	tcase_add_test(tc, names_are_checked);
	tcase_add_test(tc, long_names_are_refused);
	tcase_add_test(tc, signs_act_on_their_own_text);
	tcase_add_test(tc, groups_are_seen_without_expanding);
	tcase_add_test(tc, any_names_fold);
	tcase_add_loop_test(tc, reading_what_was_folded_gives_the_same, 1,
	    11);
	tcase_add_loop_test(tc, any_bytes_are_read_or_refused, 1, 5);
	tcase_add_test(tc, many_names_are_no_effort);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/cluster.h"
#include "model/status.h"
#include "outlet.h"
#include "sink/escape.h"
#include "sink/fold.h"
#include "sink/summary.h"
#include "unit.h"

struct pair {
	const char *in, *out;
};

static const struct pair escapes[] = {
	{ "", "" },
	{ "plain \ttext", "plain \ttext" },
	{ "\u00fcml\u00e4ut \u6f22 \U0001f600", "\u00fcml\u00e4ut \u6f22 "
	    "\U0001f600" },
	{ "\033[31mred\033[0m", "\033[31mred\033[0m" },
	{ "\033[31mred\033[m", "\033[31mred\033[m" },
	{ "\033[1;31mred", "\033[1;31mred\033[0m" },
	{ "\033[38:5:1mred", "\033[38:5:1mred\033[0m" },
	{ "\033[2J\033[H", "\\x1b[2J\\x1b[H" },
	{ "\033]0;title\a", "\\x1b]0;title\\x07" },
	{ "\033[31", "\\x1b[31" },
	{ "\033[?25l", "\\x1b[?25l" },
	{ "\033", "\\x1b" },
	{ "a\bb\177", "a\\x08b\\x7f" },
	{ "\302\233 31m", "\\u009b 31m" },
	{ "x\u202ey\u2066z", "x\\u202ey\\u2066z" },
	{ "\377\300\257 \303", "\\xff\\xc0\\xaf \\xc3" },
	{ "10%\r20%\r100%", "100%" },
	{ "10%\r100%\r", "100%" },
	{ "dos\r", "dos" },
	{ "\r\r", "" },
};

START_TEST(terminal_lines)
{
	struct buf b = { 0 };

	escape_line(&b, escapes[_i].in, strlen(escapes[_i].in));
	ck_assert_str_eq(buf_str(&b), escapes[_i].out);
	buf_fini(&b);
}
END_TEST

START_TEST(names_and_messages)
{
	struct buf b = { 0 };

	escape_line(&b, "a\0b", 3);
	ck_assert_str_eq(buf_str(&b), "a\\x00b");
	buf_clear(&b);
	escape_word(&b, true, "\033[31m\r\n\t", 8);
	ck_assert_str_eq(buf_str(&b), "\\x1b[31m\\r\\n\\t");
	buf_clear(&b);
	escape_word(&b, false, "\033[31m\r\n\t", 8);
	ck_assert_str_eq(buf_str(&b), "\033[31m\r\\n\t");
	buf_clear(&b);
	escape_short(&b, true, "ab\u6f22", 5, 4);
	ck_assert_str_eq(buf_str(&b), "ab...");
	buf_clear(&b);
	escape_short(&b, true, "ab\u6f22", 5, 5);
	ck_assert_str_eq(buf_str(&b), "ab\u6f22");
	buf_fini(&b);
}
END_TEST

/* names and their folding, both separated by blanks */
static const struct pair folds[] = {
	{ "", "" },
	{ "web", "web" },
	{ "web3", "web3" },
	{ "web3 web3", "web3" },
	{ "web1 web2 web3 web7", "web[1-3,7]" },
	{ "web08 web09 web10 web11", "web[08-11]" },
	{ "web09 web10 web100", "web[09-10,100]" },
	{ "n1 n01 n2 n02", "n[1-2,01-02]" },
	{ "db web2 web1 other", "db other web[1-2]" },
	{ "r1n01 r1n02 r2n01 r2n02", "r[1-2]n[01-02]" },
	{ "r1n1.x2 r2n1.x2 r3n1.x2", "r[1-3]n1.x2" },
	{ "a1.wav a2.wav b.wav a1.mp3", "a1.mp3 a[1-2].wav b.wav" },
	{ "1 2 3 10", "[1-3,10]" },
	{ "x123456789012345678901 x123456789012345678902",
	    "x123456789012345678901 x123456789012345678902" },
	{ "n1 n3 n5 n7 n9 n11 n13 n15 n17 n19 n21 n23",
	    "n[1,3,5,7,9,11,13,15,17,19,...]" },
};

START_TEST(names_fold)
{
	char in[256], *names[16], *save = NULL;
	struct buf b = { 0 };
	struct fold f;
	size_t n = 0;

	strcpy(in, folds[_i].in);
	for (char *p = strtok_r(in, " ", &save); p;
	    p = strtok_r(NULL, " ", &save))
		names[n++] = p;
	fold_names(&f, (const char *const *)names, n);
	for (size_t i = 0; i < f.n; i++)
		buf_addf(&b, "%s%s", i ? " " : "", f.text[i]);
	ck_assert_str_eq(buf_str(&b), folds[_i].out);
	fold_fini(&f);
	buf_fini(&b);
}
END_TEST

static const struct pair normal[] = {
	{ "line 12: 99%", "line 0: 0%" },
	{ "at 0x7ffe12ab in deadbeef01", "at 0 in 0" },
	{ "added face decade", "added face decade" },
	{ "cp: '/a b/c': No such file", "cp: '': No such file" },
	{ "cp: \u2018x\u2019: No", "cp: '': No" },
	{ "cat: /etc/shadow: denied", "cat: /: denied" },
	{ "can't do it", "can't do it" },
	{ "gzip: web7: bad", "gzip: @: bad" },
	{ "gzip: web7.gz: bad", "gzip: @.gz: bad" },
	{ "gzip: web77: bad", "gzip: web0: bad" },
	{ "took 3.2s", "took 0" }, { "took 950ms.", "took 0." },
	{ "took 1m03s, 2h", "took 0, 0" }, { "12\u00b5s", "0" },
	{ "3 s in 4 m", "0 s in 0 m" }, { "5max 6dogs", "0max 0dogs" },
	{ "1.5G of 20MiB", "0 of 0" }, { "at 80%", "at 0%" },
	{ "2026-11-21T12:00:01Z x", "0-0-0:0:0Z x" },
	{ "2026-11-21 12:00:01.123 x", "0-0-0 0:0:0 x" },
	{ "12:00:01.123", "0:0:0" }, { "12:00:01", "0:0:0" },
	{ "id 550e8400-e29b-41d4-a716-446655440000.", "id 0." },
	{ "id ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB", "id 0" },
	{ "to 10.0.0.1:8080: no", "to 0:0: no" },
	{ "to fe80::1%eth0: no", "to 0: no" }, { "to [::1]:80", "to [0]:0" },
	{ "to 2001:db8::ff00:42: no", "to 0: no" },
	{ "to 1:2:3:4:5:6:7:abcd", "to 0" }, { "52:54:00:ab:cd:ef", "0" },
	{ "std::string f::x", "std::string f::x" },
	{ "abc:12:5: no", "abc:0:0: no" }, { "gcc 12.2.0", "gcc 0" },
	{ "rm: tmp.Xa3bZq: no", "rm: /: no" }, { "tmp. is", "tmp. is" },
	{ "in /tmp/tmp.Xa3bZq/x: no", "in /: no" },
	{ "pid 4711 died", "pid 0 died" }, { "v1.2.3-rc4", "v0-rc0" },
};

START_TEST(what_differs_is_taken_out)
{
	struct buf b = { 0 };

	cluster_normalise(&b, "web7", normal[_i].in, strlen(normal[_i].in));
	ck_assert_str_eq(buf_str(&b), normal[_i].out);
	buf_fini(&b);
}
END_TEST

static struct sink
open_summary(struct buf *b, bool quiet, bool terminal)
{
	struct summary_options o = {
		.err = { outlet_buf(b), terminal, terminal }, .quiet = quiet,
	};
	struct sink s = summary_open(&o);

	emit_run(&s, EVT_RUN_START, 100);
	return s;
}

static void
lane(const struct sink *s, const char *tag, enum lane_verdict v,
    double seconds, const char *step, const char *tail)
{
	struct lane_info l = { .id = 1, .name = "s", .tag = tag };
	struct result r = {
		.status = v == LANE_OK ? ST_OK : ST_EXIT, .code = 3,
		.message = "", .step = step, .tail = tail,
		.ntail = tail ? strlen(tail) : 0, .seconds = seconds,
	};

	emit_end(s, &l, v, &r);
}

START_TEST(one_lane_is_one_line)
{
	struct buf b = { 0 };
	struct sink s = open_summary(&b, false, false);

	lane(&s, "a", LANE_OK, 3.4, "", NULL);
	emit_run(&s, EVT_RUN_END, 103.4);
	ck_assert_str_eq(buf_str(&b), "pseq: job: ok; 3.4s\n");
	s.close(s.arg);
	buf_fini(&b);
}
END_TEST

START_TEST(nothing_is_said_quietly)
{
	struct buf b = { 0 };
	struct sink s = open_summary(&b, true, false);

	lane(&s, "a", LANE_OK, 3.4, "", NULL);
	if (_i)
		lane(&s, "b", LANE_CANCELLED, 3.4, "", NULL);
	emit_run(&s, EVT_RUN_END, 103.4);
	ck_assert_str_eq(buf_str(&b), _i ?
	    "pseq: job: 2 lanes: 1 ok, 1 cancelled; 3.4s\n" : "");
	s.close(s.arg);
	buf_fini(&b);
}
END_TEST

START_TEST(failures_are_told_by_kind)
{
	struct event left = { .type = EVT_UNSTARTED, .text = "deploy",
	    .len = 6, .count = 12 };
	struct buf b = { 0 };
	struct sink s = open_summary(&b, false, false);
	char tag[32], tail[64];

	lane(&s, "other", LANE_FAILED, 1, "make", NULL);
	for (int i = 1; i <= 12; i++) {
		snprintf(tag, sizeof(tag), "web%02d", i);
		snprintf(tail, sizeof(tail), "1\n2\n3\n4\nlast but one\n"
		    "check: %d bytes left\n\n", i);
		lane(&s, tag, LANE_FAILED, 1, "check", tail);
	}
	lane(&s, "db1", LANE_RESCUED, 1, "check", NULL);
	lane(&s, "db2", LANE_RESCUED, 9.5, "check", NULL);
	s.event(s.arg, &left);
	emit_run(&s, EVT_RUN_END, 163);
	ck_assert_str_eq(buf_str(&b),
	    "FAILED step 'check': exit 3   (12 lanes)\n"
	    "    web[01-12]\n"
	    "    ! 2\n    ! 3\n    ! 4\n    ! last but one\n"
	    "    ! check: 1 bytes left\n"
	    "FAILED step 'make': exit 3   (1 lane)\n"
	    "    other\n"
	    "rescued: db[1-2]\n"
	    "not started: deploy (12 lanes)\n"
	    "slowest: db2 9.5s (median 990ms)\n"
	    "pseq: job: 15 lanes: 2 rescued, 13 failed, 12 not started; "
	    "1m03s\n");
	s.close(s.arg);
	buf_fini(&b);
}
END_TEST

START_TEST(terminals_are_safe_from_summaries)
{
	struct buf b = { 0 };
	struct sink s = open_summary(&b, false, true);

	lane(&s, "a\033b", LANE_FAILED, 1, "s\007", "\033[2Jboo\r\n");
	emit_run(&s, EVT_RUN_END, 101);
	ck_assert_str_eq(buf_str(&b), "\033[1;31mFAILED\033[0m step 's\\x07':"
	    " exit 3   (1 lane)\n    a\\x1bb\n"
	    "    \033[31m!\033[0m \\x1b[2Jboo\n"
	    "pseq: job: \033[31mfailed\033[0m; 1.0s\n");
	s.close(s.arg);
	buf_fini(&b);
}
END_TEST

/* a million failures of as many kinds: bounded, and none is passed over */
START_TEST(any_number_of_failures_is_bounded)
{
	struct buf b = { 0 };
	struct sink s = open_summary(&b, false, false);
	char tag[32], step[32];
	unsigned lines = 0;

	for (unsigned i = 0; i < 20000; i++) {
		snprintf(tag, sizeof(tag), "x%uy", i * 7 % 20000);
		snprintf(step, sizeof(step), "step-%c%c",
		    'a' + i % 20, 'a' + i / 20 % 20);
		lane(&s, tag, LANE_FAILED, 0.5, step, "dead\n");
	}
	emit_run(&s, EVT_RUN_END, 163);
	ck_assert_ptr_nonnull(strstr(buf_str(&b), " more\n"));
	ck_assert_ptr_nonnull(strstr(b.data,
	    "FAILED in other ways   (19500 lanes)\n"));
	ck_assert_ptr_nonnull(strstr(b.data,
	    "pseq: job: 20000 lanes: 20000 failed; 1m03s\n"));
	for (const char *p = b.data, *nl; (nl = strchr(p, '\n')); p = nl + 1) {
		ck_assert_int_le(nl - p, 80);
		lines++;
	}
	ck_assert_uint_lt(lines, 60);
	s.close(s.arg);
	buf_fini(&b);
}
END_TEST

/* a lane is told its kind, whose number lasts when the kinds are sorted */
START_TEST(kinds_keep_their_number)
{
	struct cluster c = { 0 };
	struct result r = result_made(ST_TIMEOUT, "");

	ck_assert_uint_eq(cluster_add(&c, "a1", NULL), 0);
	ck_assert_uint_eq(cluster_add(&c, "a2", &r), 1);
	ck_assert_uint_eq(cluster_add(&c, "a3", &r), 1);
	cluster_sort(&c);
	ck_assert_uint_eq(c.kind[0].number, 1);
	ck_assert_uint_eq(c.kind[0].lanes.count, 2);
	ck_assert_uint_eq(c.kind[1].number, 0);
	for (unsigned i = 2; i < CLUSTER_KINDS + 3; i++) {
		char step[16];

		snprintf(step, sizeof(step), "step-%c%c",
		    'a' + i % 20, 'a' + i / 20 % 20);
		r.step = step;
		ck_assert_uint_eq(cluster_add(&c, "b", &r),
		    i < CLUSTER_KINDS ? i : CLUSTER_OTHER);
	}
	ck_assert_uint_eq(c.others, 3);
	cluster_fini(&c);
}
END_TEST

void
unit_summary(Suite *s)
{
	TCase *tc = tcase_create("summary");

	tcase_add_loop_test(tc, terminal_lines, 0, countof(escapes));
	tcase_add_test(tc, names_and_messages);
	tcase_add_loop_test(tc, names_fold, 0, countof(folds));
	tcase_add_loop_test(tc, what_differs_is_taken_out, 0,
	    countof(normal));
	tcase_add_test(tc, one_lane_is_one_line);
	tcase_add_loop_test(tc, nothing_is_said_quietly, 0, 2);
	tcase_add_test(tc, failures_are_told_by_kind);
	tcase_add_test(tc, terminals_are_safe_from_summaries);
	tcase_add_test(tc, any_number_of_failures_is_bounded);
	tcase_add_test(tc, kinds_keep_their_number);
	suite_add_tcase(s, tc);
}

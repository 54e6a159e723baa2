/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/cluster.h"
#include "model/status.h"
#include "sink/clip.h"
#include "sink/foot.h"
#include "unit.h"

/* --- cutting ------------------------------------------------------------ */

static const struct {
	const char *in;
	size_t max;
	bool utf8;
	const char *out;
	size_t columns;
} clips[] = {
	{ "", 5, true, "", 0 },
	{ "abc", 5, true, "abc", 3 },
	{ "abcde", 5, true, "abcde", 5 },
	{ "abcdef", 5, true, "abcd…", 5 },
	{ "abcdef", 5, false, "ab...", 5 },
	{ "abcdef", 3, false, "...", 3 },
	{ "abcdef", 2, false, "ab", 2 },
	{ "abcdef", 1, true, "…", 1 },
	{ "abcdef", 0, true, "", 0 },
	{ "", 0, false, "", 0 },
	/* two columns each */
	{ "\u6f22\u5b57", 4, true, "\u6f22\u5b57", 4 },
	{ "\u6f22\u5b57", 3, true, "\u6f22…", 3 },
	{ "\u6f22\u5b57\u6f22", 4, true, "\u6f22…", 3 },
	{ "a\u6f22\u5b57\u6f22", 5, false, "a...", 4 },
	{ "\u6f22", 1, true, "…", 1 },
	{ "\u6f22", 1, false, "", 0 },
	/* marks stay with what they stand on, so many */
	{ "e\u0301e\u0301", 2, true, "e\u0301e\u0301", 2 },
	{ "e\u0301e\u0301e\u0301", 2, true, "e\u0301…", 2 },
	{ "e\u0301\u0301\u0301\u0301\u0301\u0301x", 2, true,
	    "e\u0301\u0301\u0301\u0301x", 2 },
	{ "\u2764\ufe0fx", 2, true, "\u2764x", 2 },
	/* what drives a terminal */
	{ "\033[31mred\033[0m\033[m", 3, true, "red", 3 },
	{ "\033[31m\033[1mreddish", 3, true, "re…", 3 },
	{ "a\tb", 3, true, "a b", 3 },
	{ "a\033[2Jb", 10, true, "a\\x1b[2Jb", 9 },
	{ "a\033[2Jb", 8, true, "a\\x1b[2…", 8 },
	/* what is shown in place of a byte is not cut */
	{ "a\033b", 4, true, "a…", 2 },
	{ "\377\376", 8, true, "\\xff\\xfe", 8 },
	{ "\377\376", 7, true, "\\xff…", 5 },
	{ "\303", 4, true, "\\xc3", 4 },
	{ "x\u202ey", 8, true, "x\\u202ey", 8 },
	{ "one\ntwo", 20, true, "one\\ntwo", 8 },
};

START_TEST(texts_are_cut_by_columns)
{
	struct buf b = { 0 };

	buf_adds(&b, ">");
	ck_assert_uint_eq(clip_add(&b, clips[_i].in, strlen(clips[_i].in),
	    clips[_i].max, clips[_i].utf8), clips[_i].columns);
	ck_assert_str_eq(buf_str(&b) + 1, clips[_i].out);
	ck_assert_uint_eq(utf8_columns(b.data + 1, b.len - 1),
	    clips[_i].columns);
	buf_fini(&b);
}
END_TEST

static uint32_t
draw(uint32_t *seed)
{
	return (*seed = *seed * 1664525 + 1013904223) >> 8;
}

/* pieces of all sorts, and bytes of none */
static void
noise(struct buf *b, uint32_t *seed, size_t n)
{
	static const char *const piece[] = {
		"a", "word ", "\u6f22", "\U0001f600", "e\u0301", "\u0301",
		"\033[31m", "\033[", "\033]0;x\a", "\t", "\r", "\n",
		"\u200d", "\ufe0f", "\u202e", "\302\233", "\xe6\xbc", "\xf0",
	};

	for (size_t i = 0; i < n; i++) {
		uint32_t k = draw(seed) % (countof(piece) + 2);

		if (k >= countof(piece))
			buf_addc(b, (char)draw(seed));
		else
			buf_adds(b, piece[k]);
	}
}

/* no byte of a row drives the terminal, and it is that wide */
static size_t
harmless(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_ge((unsigned char)s[i], ' ');
	ck_assert(utf8_valid(s, n));
	return n ? utf8_columns(s, n) : 0;
}

START_TEST(whatever_the_bytes_are_it_is_no_wider)
{
	uint32_t seed = 7;
	struct buf in = { 0 }, out = { 0 };

	for (int i = 0; i < 10000; i++) {
		size_t max = draw(&seed) % 40, n;

		buf_clear(&in);
		buf_clear(&out);
		noise(&in, &seed, draw(&seed) % 30);
		n = clip_add(&out, in.data, in.len, max, i % 2);
		ck_assert_uint_le(n, max);
		ck_assert_uint_eq(harmless(out.data, out.len), n);
	}
	buf_fini(&in);
	buf_fini(&out);
}
END_TEST

/* --- a job of 200 lanes ------------------------------------------------- */

enum { ROWS = 20 };

struct scene {
	struct foot_view view;
	struct cluster failures;
	struct foot_row row[ROWS];
	char name[ROWS][16];
	struct buf out;
};

static void
failed(struct cluster *c, const char *name, int n, const struct result *r)
{
	char lane[32];

	for (int i = 1; i <= n; i++) {
		snprintf(lane, sizeof(lane), "%s%02d", name, i);
		cluster_add(c, lane, r);
	}
}

static void
scene_open(struct scene *s)
{
	static const char tail[] = "rsync: write failed\n"
	    "check: \033[31mno space\033[0m left on device\n";
	static const char last[] = "waiting for the lock of process 3121";
	struct result disk = { .status = ST_EXIT, .code = 3, .step = "check",
	    .message = "", .tail = tail, .ntail = sizeof(tail) - 1 };
	struct result away = { .status = ST_UNREACHABLE, .step = "connect",
	    .message = "connection refused" };
	struct result late = { .status = ST_TIMEOUT, .step = "restart",
	    .message = "" };

	memset(s, 0, sizeof(*s));
	failed(&s->failures, "gw", 1, &away);
	failed(&s->failures, "web", 12, &disk);
	failed(&s->failures, "db", 3, &late);
	for (int i = 0; i < ROWS; i++) {
		snprintf(s->name[i], sizeof(s->name[i]), "web%03d", 20 + i);
		s->row[i] = (struct foot_row){
			.name = s->name[i], .attempt = i == 1 ? 3 : 1,
			.step = i % 3 ? "restart" : "drain the load balancer",
			.seconds = 380.0 / (i + 1), .usual = 20,
			.line = i == 4 ? NULL : last, .len = strlen(last),
		};
	}
	s->view = (struct foot_view){
		.job = "deploy", .seconds = 63, .left = 130, .ok = 107,
		.failed = 16, .running = 20, .waiting = 57, .most = 20,
		.failures = &s->failures, .row = s->row, .nrow = ROWS,
	};
}

static void
scene_close(struct scene *s)
{
	cluster_fini(&s->failures);
	buf_fini(&s->out);
}

#define DRAWN(s, style, text) do { \
	size_t rows_ = 1; \
	buf_clear(&(s)->out); \
	rows_ = foot_draw(&(s)->view, style, &(s)->out); \
	ck_assert_str_eq(buf_str(&(s)->out), text); \
	for (const char *p_ = (s)->out.data; (p_ = strchr(p_, '\n')); p_++) \
		rows_--; \
	ck_assert_uint_eq(rows_, *(text) != '\0'); \
} while (0)

START_TEST(at_80x24)
{
	struct foot_style style = { .utf8 = true, .keys = true, .rows = 24,
	    .columns = 80 };
	struct scene s;

	scene_open(&s);
	DRAWN(&s, &style, 
	    "deploy  [████████████▉        ]  123/200 done  16 failed  "
	    "about 2m left  ? keys\n"
	    "20 running  57 waiting  at most 20 at once  1m03s so far\n"
	    "FAILED step 'check': exit 3  12 lanes: web[01-12]: "
	    "check: no space left on dev…\n"
	    "FAILED step 'restart': timeout  3 lanes: db[01-03]\n"
	    "FAILED step 'connect': unreachable  1 lane: gw01: "
	    "connection refused\n"
	    "web020  drain the load balancer  6m20s  19x usual  "
	    "waiting for the lock of pro…\n"
	    "web021  restart (try 3)          3m10s  10x usual  "
	    "waiting for the lock of pro…\n"
	    "web022  restart                  2m07s  6x usual   "
	    "waiting for the lock of pro…\n"
	    "web023  drain the load balancer  1m35s             "
	    "waiting for the lock of pro…\n"
	    "web024  restart                  1m16s\n"
	    "web025  restart                  1m03s             "
	    "waiting for the lock of pro…\n"
	    "... and 14 more in work");
	style.utf8 = style.keys = false;
	s.view.failures = NULL;
	s.view.failed = s.view.ok = 0;
	s.view.nrow = 1;
	s.view.running = 1;
	DRAWN(&s, &style, 
	    "deploy  [----------------------------------------]  "
	    "0/58 done  about 2m left\n"
	    "1 running  57 waiting  at most 20 at once  1m03s so far\n"
	    "web020  drain the load balancer  6m20s  19x usual  "
	    "waiting for the lock of p...");
	scene_close(&s);
}
END_TEST

START_TEST(at_200x50)
{
	struct foot_style style = { .utf8 = true, .keys = true, .rows = 50,
	    .columns = 200 };
	struct scene s;

	scene_open(&s);
	s.view.running = 7;
	s.view.nrow = 7;
	DRAWN(&s, &style, 
	    "deploy  [██████████████████████████▎             ]  "
	    "123/187 done  16 failed  about 2m left  7 running  57 waiting  "
	    "at most 20 at once  1m03s so far                        "
	    "                      ? keys\n"
	    "FAILED step 'check': exit 3  12 lanes: web[01-12]: "
	    "check: no space left on device\n"
	    "FAILED step 'restart': timeout  3 lanes: db[01-03]\n"
	    "FAILED step 'connect': unreachable  1 lane: gw01: "
	    "connection refused\n"
	    "web020  drain the load balancer  6m20s  19x usual  "
	    "waiting for the lock of process 3121\n"
	    "web021  restart (try 3)          3m10s  10x usual  "
	    "waiting for the lock of process 3121\n"
	    "web022  restart                  2m07s  6x usual   "
	    "waiting for the lock of process 3121\n"
	    "web023  drain the load balancer  1m35s             "
	    "waiting for the lock of process 3121\n"
	    "web024  restart                  1m16s\n"
	    "web025  restart                  1m03s             "
	    "waiting for the lock of process 3121\n"
	    "web026  drain the load balancer    54s             "
	    "waiting for the lock of process 3121");
	scene_close(&s);
}
END_TEST

START_TEST(at_40x10)
{
	struct foot_style style = { .utf8 = true, .rows = 10, .columns = 40 };
	struct scene s;

	scene_open(&s);
	DRAWN(&s, &style, 
	    "123/200 done  16 failed  about 2m left\n"
	    "FAILED 'check': exit 3  12 lanes\n"
	    "  ! check: no space left on device\n"
	    "web020  drain the lo…  6m20s  19x\n"
	    "... and 19 more in work");
	/* without failures there is room for lanes */
	s.view.failures = NULL;
	s.view.failed = 0;
	DRAWN(&s, &style, 
	    "107/184 done  about 2m left  20 running\n"
	    "web020  drain the lo…  6m20s  19x\n"
	    "web021  rest… (try 3)  3m10s  10x\n"
	    "web022  restart        2m07s  6x\n"
	    "... and 17 more in work");
	scene_close(&s);
}
END_TEST

START_TEST(at_20x4_and_10x3)
{
	struct foot_style style = { .rows = 4, .columns = 20, .keys = true };
	struct scene s;

	scene_open(&s);
	DRAWN(&s, &style, "123/200  16 failed");
	style = (struct foot_style){ .rows = 3, .columns = 10 };
	DRAWN(&s, &style, "123/200");
	style = (struct foot_style){ .rows = 5, .columns = 20 };
	DRAWN(&s, &style, 
	    "123/200  16 failed\n"
	    "FAILED 'check': ...\n"
	    "web020  6m20s  19x");
	style = (struct foot_style){ .rows = 1, .columns = 20 };
	DRAWN(&s, &style, "");
	style = (struct foot_style){ .rows = 10, .columns = 1 };
	DRAWN(&s, &style, "");
	scene_close(&s);
}
END_TEST

START_TEST(colours_are_an_addition)
{
	struct foot_style style = { .utf8 = true, .color = true, .rows = 12,
	    .columns = 70 };
	struct scene s;

	scene_open(&s);
	s.view.paused = true;
	DRAWN(&s, &style, 
	    "[\033[32m████▉\033[0m   ]  123/200 done  "
	    "\033[1;31m16 failed\033[0m  20 running  "
	    "\033[33mpaused\033[0m  1m03s so far\n"
	    "\033[1;31mFAILED\033[0m step 'check': exit 3  12 lanes: "
	    "web[01-12]: check: no space l…\n"
	    "web020  drain the load balancer\033[33m  6m20s  19x usual\033[0m"
	    "  waiting for the l…\n"
	    "web021  restart (try 3)        \033[33m  3m10s  10x usual\033[0m"
	    "  waiting for the l…\n"
	    "web022  restart                \033[33m  2m07s  6x usual\033[0m"
	    "   waiting for the l…\n"
	    "... and 17 more in work");
	scene_close(&s);
}
END_TEST

START_TEST(all_is_told_to_a_reader)
{
	struct foot_style style = { .utf8 = true };
	struct scene s;

	scene_open(&s);
	s.view.running = 3;
	s.view.nrow = 3;
	foot_tell(&s.view, &style, &s.out);
	ck_assert_str_eq(buf_str(&s.out), 
	    "pseq: deploy: 123/183 done, 16 failed, about 2m left, 3 running, "
	    "57 waiting, at most 20 at once, 1m03s so far\n"
	    "FAILED step 'check': exit 3  12 lanes: web[01-12]: "
	    "check: no space left on device\n"
	    "FAILED step 'restart': timeout  3 lanes: db[01-03]\n"
	    "FAILED step 'connect': unreachable  1 lane: gw01: "
	    "connection refused\n"
	    "web020  drain the load balancer  6m20s  19x usual  "
	    "waiting for the lock of process 3121\n"
	    "web021  restart (try 3)          3m10s  10x usual  "
	    "waiting for the lock of process 3121\n"
	    "web022  restart                  2m07s  6x usual   "
	    "waiting for the lock of process 3121\n");
	buf_clear(&s.out);
	style.columns = 40;
	foot_tell(&s.view, &style, &s.out);
	ck_assert_str_eq(buf_str(&s.out), 
	    "pseq: deploy: 123/183 done, 16 failed,\n"
	    "    about 2m left, 3 running,\n"
	    "    57 waiting, at most 20 at once,\n"
	    "    1m03s so far\n"
	    "FAILED 'check': exit 3  12 lanes\n"
	    "  ! check: no space left on device\n"
	    "FAILED 'restart': timeout  3 lanes\n"
	    "FAILED 'connect': unreachable  1 lane\n"
	    "  ! connection refused\n"
	    "web020  drain the lo…  6m20s  19x\n"
	    "web021  rest… (try 3)  3m10s  10x\n"
	    "web022  restart        2m07s  6x\n");
	scene_close(&s);
}
END_TEST

/* --- figures of the first row ------------------------------------------- */

static const struct {
	struct foot_view view;
	const char *row;
} heads[] = {
	{ { .left = -1, .waiting = -1, .ok = 3, .running = 2, .seconds = 4 },
	    "3 done  2 running  more to come  4s so far" },
	{ { .left = 70, .ok = 3, .running = 2, .waiting = 1, .paused = true },
	    "[##################------------------]  3/6 done  2 running  "
	    "1 waiting  paused  0s so far" },
	{ { .left = 7, .ok = 9, .running = 1, .draining = true,
	    .seconds = 3700 },
	    "[##################---]  9/10 done  a few seconds left  "
	    "1 running  draining  1h01m so far" },
	{ { .left = 12, .late = 2, .ok = 7, .running = 3 },
	    "[#####################---------]  7/10 done  about 10s left  2 late  "
	    "3 running  0s so far" },
	{ { .left = 0, .late = 2, .ok = 8, .running = 2, .paused = true },
	    "[##############################--------]  8/10 done  2 late  2 running  paused  "
	    "0s so far" },
	/* one lane: there is nothing to count */
	{ { .left = -1, .running = 1, .seconds = 3, .job = "j" },
	    "j  3s so far" },
	{ { .left = -1, .waiting = 1, .seconds = 3, .paused = true },
	    "paused  3s so far" },
	{ { .left = 12.4, .ok = 5 },
	    "[#######################################]  5/5 done  about 10s left  "
	    "0 running  0s so far" },
	{ { .left = 54, .ok = 1, .rescued = 1, .cancelled = 2, .job = "j" },
	    "j  [############]  4/4 done  about 50s left  "
	    "0 running  1 rescued  2 cancelled  0s so far" },
	{ { .left = 3540, .ok = 5 },
	    "[#######################################]  5/5 done  about 59m left  "
	    "0 running  0s so far" },
	{ { .left = 3599, .ok = 5 },
	    "[#####################################]  5/5 done  about 1h00m left  "
	    "0 running  0s so far" },
	{ { .left = 8100, .ok = 5 },
	    "[#####################################]  5/5 done  about 2h20m left  "
	    "0 running  0s so far" },
	{ { .left = 86400, .ok = 5 },
	    "[#######################################]  5/5 done  about 24h left  "
	    "0 running  0s so far" },
	{ { .left = 1e6, .ok = 5 },
	    "[#######################################]  5/5 done  about 12d left  "
	    "0 running  0s so far" },
};

START_TEST(figures_are_plain)
{
	struct foot_style style = { .rows = 4, .columns = 90 };
	struct buf b = { 0 };

	foot_draw(&heads[_i].view, &style, &b);
	ck_assert_str_eq(buf_str(&b), heads[_i].row);
	buf_fini(&b);
}
END_TEST

/* an eighth of a column is seen */
START_TEST(the_bar_grows_by_eighths)
{
	struct foot_style style = { .utf8 = true, .rows = 4, .columns = 60 };
	struct foot_view v = { .left = -1, .waiting = 1000, .seconds = 1 };
	struct buf b = { 0 };
	char last[256] = "";
	unsigned changes = 0;

	for (int i = 0; i <= 1000; i++) {
		char *end;

		v.ok = i;
		v.waiting = 1000 - i;
		buf_clear(&b);
		foot_draw(&v, &style, &b);
		buf_str(&b);
		ck_assert_int_eq(b.data[0], '[');
		end = strchr(b.data, ']');
		ck_assert_ptr_nonnull(end);
		*end = '\0';
		ck_assert(strcmp(last, b.data) == 0 || ++changes);
		ck_assert_uint_lt(b.len, sizeof(last));
		strcpy(last, b.data);
		/* full when all is done, not before */
		ck_assert((strcmp(end - 3, "█") == 0) == (i == 1000));
	}
	ck_assert_uint_gt(changes, 60);
	buf_fini(&b);
}
END_TEST

/* --- what must never be ------------------------------------------------- */

/* sizes from nothing to more than there is; rows counted and measured */
static void
measure(const struct foot_style *style, const char *s, size_t rows)
{
	size_t n = 0;

	ck_assert(rows == 0 || rows < style->rows);
	if (rows == 0) {
		ck_assert_str_eq(s, "");
		return;
	}
	for (const char *end; ; s = end + 1) {
		size_t len;

		end = strchrnul(s, '\n');
		len = (size_t)(end - s);
		n++;
		ck_assert_uint_lt(harmless(s, len), style->columns);
		if (!*end)
			break;
	}
	ck_assert_uint_eq(n, rows);
}

START_TEST(no_row_is_ever_too_wide)
{
	struct scene s;
	struct buf text[3] = { 0 };
	uint32_t seed = (uint32_t)_i + 1;

	scene_open(&s);
	for (int i = 0; i < 400; i++) {
		struct foot_style style = { .utf8 = i % 2, .keys = i % 3,
		    .rows = draw(&seed) % 60, .columns = draw(&seed) % 220 };

		for (size_t k = 0; k < 3; k++) {
			buf_clear(&text[k]);
			noise(&text[k], &seed, draw(&seed) % 40);
		}
		s.row[0].name = buf_str(&text[0]);
		s.row[1].step = s.row[2].name = buf_str(&text[1]);
		s.row[2].line = text[2].data;
		s.row[2].len = text[2].len;
		s.view.job = s.row[0].name;
		s.view.nrow = draw(&seed) % (ROWS + 1);
		s.view.running = draw(&seed) % 10000;
		s.view.waiting = (int64_t)(draw(&seed) % 1000) - 1;
		s.row[1].seconds = draw(&seed) % 100000;
		buf_clear(&s.out);
		measure(&style, buf_str(&s.out), foot_draw(&s.view, &style,
		    &s.out));
		buf_clear(&s.out);
		foot_tell(&s.view, &style, &s.out);
	}
	for (size_t k = 0; k < 3; k++)
		buf_fini(&text[k]);
	scene_close(&s);
}
END_TEST

/* a command is long; which host it is, and why, must be seen */
START_TEST(a_long_command_does_not_hide_its_failure)
{
	struct foot_style style = { .rows = 24, .columns = 80 };
	struct result r = { .status = ST_UNREACHABLE,
	    .step = "for i in a b c; do something --with \"$i\" || exit; done",
	    .message = "ssh: connect to host h002 port 22: Connection refused" };
	struct scene s;

	scene_open(&s);
	cluster_fini(&s.failures);
	memset(&s.failures, 0, sizeof(s.failures));
	cluster_add(&s.failures, "h002", &r);
	buf_clear(&s.out);
	foot_draw(&s.view, &style, &s.out);
	ck_assert_ptr_nonnull(strstr(buf_str(&s.out),
	    "': unreachable  1 lane: h002: ssh: "));
	scene_close(&s);
}
END_TEST

/* near the end there are few lanes, and many who ask what went wrong */
START_TEST(kinds_have_the_room_that_lanes_leave)
{
	struct foot_style style = { .rows = 20, .columns = 60 };
	struct result r = result_made(ST_TIMEOUT, "");
	struct scene s;

	scene_open(&s);
	cluster_fini(&s.failures);
	memset(&s.failures, 0, sizeof(s.failures));
	for (unsigned i = 0; i < 6; i++) {
		char step[2] = { (char)('a' + i) };

		r.step = step;
		cluster_add(&s.failures, "x", &r);
	}
	s.view.nrow = s.view.work = 2;
	buf_clear(&s.out);
	ck_assert_uint_eq(foot_draw(&s.view, &style, &s.out), 10);
	ck_assert_ptr_nonnull(strstr(buf_str(&s.out), "'f': timeout"));
	ck_assert_ptr_null(strstr(buf_str(&s.out), "in other ways"));
	/* as many lanes as there is room for */
	s.view.work = 40;
	buf_clear(&s.out);
	ck_assert_uint_lt(foot_draw(&s.view, &style, &s.out), 11);
	ck_assert_ptr_null(strstr(buf_str(&s.out), "'c': timeout"));
	ck_assert_ptr_nonnull(strstr(buf_str(&s.out), "in other ways  4 lanes"));
	scene_close(&s);
}
END_TEST

/* the cluster goes on to be filled: it must not be sorted */
START_TEST(failures_go_on_to_be_counted)
{
	struct foot_style style = { .rows = 40, .columns = 60 };
	struct result r = result_made(ST_TIMEOUT, "");
	struct scene s;

	scene_open(&s);
	for (unsigned i = 0; i < CLUSTER_KINDS + 5; i++) {
		char step[3] = { (char)('a' + i % 26), (char)('a' + i / 26) };

		r.step = step;
		for (unsigned k = 0; k < i / 4; k++)
			cluster_add(&s.failures, "x", &r);
		buf_clear(&s.out);
		foot_draw(&s.view, &style, &s.out);
	}
	for (size_t i = 0; i < s.failures.n; i++)
		ck_assert_uint_eq(s.failures.kind[i].number, i);
	ck_assert_ptr_nonnull(strstr(buf_str(&s.out), 
	    "FAILED step 'mc': timeout  16 lanes: x\n"
	    "FAILED step 'ic': timeout  15 lanes: x\n"
	    "FAILED in other ways  "));
	scene_close(&s);
}
END_TEST

START_TEST(of_ten_thousand_lanes_some_are_shown)
{
	enum { MANY = 10000 };
	struct foot_style style = { .rows = 50, .columns = 200 };
	struct foot_row *row = mem_calloc(MANY, sizeof(*row));
	struct foot_view v = { .left = -1, .waiting = 0, .row = row,
	    .running = MANY };
	struct buf b = { 0 };
	size_t lines = 0;

	for (size_t i = 0; i < MANY; i++)
		row[i] = (struct foot_row){ .name = "lane", .step = "step" };
	v.nrow = foot_lanes(&style);
	ck_assert_uint_eq(v.nrow, 24);
	ck_assert_uint_eq(foot_draw(&v, &style, &b), 25);
	ck_assert_ptr_nonnull(strstr(buf_str(&b),
	    "\n... and 9977 more in work"));
	/* lanes that are hidden or started by others make it more */
	v.work = MANY + 1;
	buf_clear(&b);
	foot_draw(&v, &style, &b);
	ck_assert_ptr_nonnull(strstr(buf_str(&b), "and 9978 more"));
	v.nrow = MANY;
	v.work = 0;
	buf_clear(&b);
	foot_tell(&v, &style, &b);
	for (const char *p = buf_str(&b); (p = strchr(p, '\n')); p++)
		lines++;
	ck_assert_uint_eq(lines, 1 + MANY);
	buf_fini(&b);
	free(row);
}
END_TEST

void
unit_foot(Suite *s)
{
	TCase *tc = tcase_create("foot");

	tcase_add_loop_test(tc, texts_are_cut_by_columns, 0, countof(clips));
	tcase_add_test(tc, whatever_the_bytes_are_it_is_no_wider);
	tcase_add_test(tc, at_80x24);
	tcase_add_test(tc, at_200x50);
	tcase_add_test(tc, at_40x10);
	tcase_add_test(tc, at_20x4_and_10x3);
	tcase_add_test(tc, colours_are_an_addition);
	tcase_add_test(tc, all_is_told_to_a_reader);
	tcase_add_loop_test(tc, figures_are_plain, 0, countof(heads));
	tcase_add_test(tc, the_bar_grows_by_eighths);
	tcase_add_loop_test(tc, no_row_is_ever_too_wide, 0, 5);
	tcase_add_test(tc, kinds_have_the_room_that_lanes_leave);
	tcase_add_test(tc,
	    a_long_command_does_not_hide_its_failure);
	tcase_add_test(tc, failures_go_on_to_be_counted);
	tcase_add_test(tc, of_ten_thousand_lanes_some_are_shown);
	suite_add_tcase(s, tc);
}

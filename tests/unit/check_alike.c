/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/siphash.h"
#include "outlet.h"
#include "sink/printer.h"
#include "unit.h"

static const struct result good = { .status = ST_OK, .message = "" };
static const struct step_ref step = { .label = "check", .id = 7 };
static const struct step_ref quiet = {
	.label = "poll", .id = 8, .quiet = true
};

enum { LANES = 2000 };

static struct lane_info web[LANES];
static char names[LANES][16];

/* a printer whose bytes come out in two buffers */
struct rig {
	struct buf out, err;
	struct sink sink;
	double now;
};

static void
rig_open(struct rig *r, struct printer_options o)
{
	*r = (struct rig){ 0 };
	o.out.outlet = outlet_buf(&r->out);
	o.err.outlet = outlet_buf(&r->err);
	o.mode = MODE_FOLD;
	r->sink = printer_open(&o);
	for (unsigned i = 0; i < LANES; i++) {
		snprintf(names[i], sizeof(names[i]), "web%u", i);
		web[i] = (struct lane_info){
			.id = i + 1, .name = names[i], .tag = names[i],
			.group = "s", .index = i + 1, .order = i + 1,
		};
	}
}

static void
rig_close(struct rig *r)
{
	if (r->sink.close)
		r->sink.close(r->sink.arg);
	r->sink.close = NULL;
	buf_fini(&r->out);
	buf_fini(&r->err);
}

/* what has come since the last time */
#define OUT_IS(r, text) do { \
	ck_assert_str_eq(buf_str(&(r)->out), text); \
	buf_clear(&(r)->out); \
} while (0)
#define ERR_IS(r, text) ck_assert_str_eq(buf_str(&(r)->err), text)

static void
begin(struct rig *r, const struct lane_info *l)
{
	emit(&r->sink, EVT_LANE_START, l, NULL);
	emit_step(&r->sink, EVT_STEP_START, l, &step, NULL, false);
}

static void
say(struct rig *r, const struct lane_info *l, unsigned stream,
    const char *text)
{
	struct event ev = {
		.type = EVT_LINE, .lane = l, .step = &step, .mono = r->now,
		.stream = stream, .text = text, .len = strlen(text),
	};

	r->sink.event(r->sink.arg, &ev);
}

static void
out(struct rig *r, const struct lane_info *l, const char *text)
{
	say(r, l, STREAM_OUT, text);
}

static void
end(struct rig *r, const struct lane_info *l)
{
	emit_step(&r->sink, EVT_STEP_END, l, &step, &good, false);
	emit_end(&r->sink, l, LANE_OK, &good);
}

static void
over(struct rig *r)
{
	emit_run(&r->sink, EVT_RUN_END, r->now);
}

/* a whole lane; a letter is a line, in capitals one of standard error */
static void
lane(struct rig *r, const struct lane_info *l, const char *text)
{
	begin(r, l);
	for (; *text; text++)
		say(r, l, *text >= 'A' && *text <= 'Z' ? STREAM_ERR :
		    STREAM_OUT, (char[]){ *text, '\0' });
	end(r, l);
}

/* --- digests ------------------------------------------------------------ */

/* the first of the vectors that its authors give */
START_TEST(a_digest_is_what_it_should_be)
{
	struct siphash_key key = { 0x0706050403020100u, 0x0f0e0d0c0b0a0908u };
	struct siphash s = siphash_begin(&key), t = s;
	struct siphash_sum sum = siphash_end(&s);
	unsigned char bytes[64];

	ck_assert(sum.a == 0xe6a825ba047f81a3u);
	ck_assert(sum.b == 0x930255c71472f66du);
	for (unsigned i = 0; i < 64; i++)
		bytes[i] = (unsigned char)i;
	siphash_add(&s, bytes, 1);
	sum = siphash_end(&s);
	ck_assert(sum.a == 0x44af996bd8c187dau);
	ck_assert(sum.b == 0x45fc229b11597634u);
	/* wherever the bytes are cut */
	siphash_add(&s, bytes + 1, (size_t)_i);
	siphash_add(&s, bytes + 1 + _i, (size_t)(63 - _i));
	siphash_add(&t, bytes, 64);
	ck_assert(siphash_end(&s).a == siphash_end(&t).a);
	ck_assert(siphash_end(&s).b == siphash_end(&t).b);
}
END_TEST

/* --- while it runs ------------------------------------------------------ */

static const struct printer_options live = { .live = true };

START_TEST(a_line_is_shown_when_all_lanes_in_work_have_it)
{
	struct rig r;

	rig_open(&r, live);
	for (int i = 1; i <= 3; i++)
		begin(&r, &web[i]);
	out(&r, &web[2], "one");
	out(&r, &web[1], "one");
	OUT_IS(&r, "");
	out(&r, &web[3], "one");
	OUT_IS(&r, "web[1-3] | one\n");
	/* one that works no longer is not waited for */
	out(&r, &web[1], "two");
	end(&r, &web[2]);
	OUT_IS(&r, "");
	out(&r, &web[3], "two");
	OUT_IS(&r, "web[1,3] | two\n");
	/* standard error is another matter */
	say(&r, &web[1], STREAM_ERR, "three");
	out(&r, &web[3], "three");
	OUT_IS(&r, "web1     ! three\n");
	emit_step(&r.sink, EVT_STEP_END, &web[1], &step, &good, false);
	OUT_IS(&r, "web3     | three\n");
	rig_close(&r);
}
END_TEST

START_TEST(lines_of_a_lane_stay_in_order)
{
	struct rig r;

	rig_open(&r, live);
	for (int i = 1; i <= 3; i++)
		begin(&r, &web[i]);
	out(&r, &web[1], "x");
	out(&r, &web[1], "y");
	/* it has its y in front of its x */
	out(&r, &web[2], "y");
	out(&r, &web[2], "x");
	out(&r, &web[2], "x");
	out(&r, &web[1], "x");
	OUT_IS(&r, "");
	/* nobody can have the first x any more */
	out(&r, &web[3], "y");
	OUT_IS(&r, "web1 | x\nweb[1-3] | y\n");
	out(&r, &web[1], "x");
	out(&r, &web[3], "x");
	OUT_IS(&r, "web[1-3] | x\n");
	out(&r, &web[3], "x");
	OUT_IS(&r, "web[1-3] | x\n");
	rig_close(&r);
}
END_TEST

/* _i: found out by the next line, or by a look at the clock */
START_TEST(no_line_waits_longer_than_a_second)
{
	struct rig r;

	rig_open(&r, live);
	for (int i = 1; i <= 3; i++)
		begin(&r, &web[i]);
	r.now = 100;
	out(&r, &web[1], "one");
	r.now = 100.5;
	out(&r, &web[2], "one");
	out(&r, &web[2], "two");
	if (_i) {
		printer_tick(r.sink.arg, 7);
		printer_tick(r.sink.arg, 7.9);
		OUT_IS(&r, "");
		printer_tick(r.sink.arg, 8);
	} else {
		r.now = 100.9;
		out(&r, &web[1], "two");
		OUT_IS(&r, "");
		r.now = 101.6;
		out(&r, &web[2], "last");
	}
	OUT_IS(&r, _i ? "web[1-2] | one\nweb2     | two\n" :
	    "web[1-2] | one\nweb[1-2] | two\n");
	rig_close(&r);
}
END_TEST

START_TEST(a_window_that_is_full_lets_lines_go)
{
	static char text[5000];
	struct rig r;
	size_t all = 0;

	rig_open(&r, live);
	begin(&r, &web[1]);
	begin(&r, &web[2]);
	for (int i = 0; i < 20000; i++) {
		size_t n = (size_t)snprintf(text, sizeof(text), "line %d%*s",
		    i, _i ? i % 4000 : 0, "");

		out(&r, &web[1], text);
		all += n + 8;
		if (i % 1000 == 0)
			printer_tick(r.sink.arg, 1);
	}
	ck_assert_uint_gt(r.out.len, 0);
	ck_assert_uint_gt(all, r.out.len);
	ck_assert_uint_lt(all - r.out.len, 300 * 1024);
	emit_step(&r.sink, EVT_STEP_END, &web[2], &step, &good, false);
	ck_assert_uint_eq(r.out.len, all);
	rig_close(&r);
}
END_TEST

START_TEST(many_joins_are_bounded_too)
{
	struct rig r;
	char text[32];

	rig_open(&r, live);
	for (int i = 0; i < LANES; i++)
		begin(&r, &web[i]);
	for (int k = 0; k < 100; k++) {
		snprintf(text, sizeof(text), "line %d", k);
		for (int i = 1; i < LANES; i++)
			out(&r, &web[i], text);
	}
	ck_assert_ptr_nonnull(strstr(buf_str(&r.out),
	    "web[1-1999] | line 0\nweb[1-1999] | line 1\n"));
	rig_close(&r);
}
END_TEST

START_TEST(started_lanes_go_by_the_name_of_theirs)
{
	static const struct lane_info sub = {
		.id = 5000, .name = "web1/sub", .tag = "web1/sub",
		.group = "sub", .sub = true, .parent = 2,
	};
	struct rig r;

	rig_open(&r, live);
	begin(&r, &web[1]);
	begin(&r, &sub);
	out(&r, &sub, "of a sub");
	OUT_IS(&r, "web1     | of a sub\n");
	end(&r, &sub);
	out(&r, &web[1], "own");
	end(&r, &web[1]);
	OUT_IS(&r, "web1     | own\n");
	/* just that was shown */
	over(&r);
	OUT_IS(&r, "");
	rig_close(&r);
}
END_TEST

START_TEST(what_was_shown_as_it_came_is_not_shown_again)
{
	struct rig r;

	/* nothing was shown before the end */
	rig_open(&r, live);
	for (int i = 1; i <= 3; i++)
		begin(&r, &web[i]);
	for (int i = 1; i <= 2; i++)
		out(&r, &web[i], "one");
	OUT_IS(&r, "");
	over(&r);
	OUT_IS(&r, "---- web[1-2] (2 lanes)\n| one\n---- web3: no output\n");
	rig_close(&r);
	/* some was: then the end tells who had what in all */
	rig_open(&r, live);
	for (int i = 1; i <= 3; i++)
		begin(&r, &web[i]);
	for (int i = 1; i <= 3; i++)
		out(&r, &web[i], "one");
	out(&r, &web[1], "two");
	OUT_IS(&r, "web[1-3] | one\n");
	over(&r);
	OUT_IS(&r, "web1     | two\n"
	    "---- web[2-3] (2 lanes)\n| one\n---- web1\n| one\n| two\n");
	rig_close(&r);
}
END_TEST

/* --- at the end --------------------------------------------------------- */

START_TEST(equal_outputs_are_shown_once_the_most_first)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .keep_order = _i });
	lane(&r, &web[1], "ab");
	for (int i = 2; i < 5; i++)
		lane(&r, &web[i], "aB");
	lane(&r, &web[5], "");
	emit_end(&r.sink, &web[6], LANE_FAILED, &good);
	lane(&r, &web[7], "ab");
	OUT_IS(&r, "");
	ERR_IS(&r, "pseq: web6: ok\n");
	over(&r);
	OUT_IS(&r, _i ?
	    "---- web[1,7] (2 lanes)\n| a\n| b\n"
	    "---- web[2-4] (3 lanes)\n| a\n! B\n---- web5: no output\n" :
	    "---- web[2-4] (3 lanes)\n| a\n! B\n"
	    "---- web[1,7] (2 lanes)\n| a\n| b\n---- web5: no output\n");
	rig_close(&r);
}
END_TEST

START_TEST(lanes_that_are_all_silent_are_not_named)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ 0 });
	lane(&r, &web[1], "");
	lane(&r, &web[2], "");
	over(&r);
	OUT_IS(&r, "");
	rig_close(&r);
}
END_TEST

START_TEST(how_streams_mix_makes_no_difference)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ 0 });
	lane(&r, &web[1], "aBcD");
	lane(&r, &web[2], "acBD");
	lane(&r, &web[3], "acDB");
	over(&r);
	OUT_IS(&r, "---- web[1-2] (2 lanes)\n| a\n! B\n| c\n! D\n"
	    "---- web3\n| a\n| c\n! D\n! B\n");
	rig_close(&r);
}
END_TEST

/* a line that came as a first piece of so many bytes, or of as many as fit */
static void
pieces(struct rig *r, const struct lane_info *l, const char *text, size_t first)
{
	size_t len = strlen(text), n = first ? first : LINES_MAX;
	unsigned flags = 0;
	char piece[LINES_MAX + 1];

	while (len > 0 || flags) {
		bool part;

		n = n < len ? n : len;
		memcpy(piece, text, n);
		piece[n] = '\0';
		text += n;
		len -= n;
		/* a pause may come just before the newline, too */
		part = len > 0 || (n > 0 && n == first);
		emit_line(&r->sink, l, &step, STREAM_OUT, piece,
		    flags | (part ? LINE_PART : 0));
		flags = part ? LINE_MORE : 0;
		n = LINES_MAX;
		first = 0;
	}
}

/* where a pause has cut a line in two is mere chance */
START_TEST(pieces_of_lines_make_no_difference)
{
	enum { LONG = 2 * LINES_MAX + 5 };
	static const size_t first[] = { 0, 1, LINES_MAX - 1, LINES_MAX, 5 };
	char *text = mem_alloc(LONG + 1);
	struct rig r;

	memset(text, 'x', LONG);
	text[LONG] = '\0';
	rig_open(&r, (struct printer_options){ .diff = _i });
	for (int i = 0; i < 5; i++) {
		begin(&r, &web[i + 1]);
		pieces(&r, &web[i + 1], "a line", first[i] < 6 ? first[i] : 6);
		/* that of the other stream stands before, or behind it */
		emit_line(&r.sink, &web[i + 1], &step, STREAM_ERR, "A",
		    LINE_PART);
		if (i < 2)
			say(&r, &web[i + 1], STREAM_OUT, "b");
		emit_line(&r.sink, &web[i + 1], &step, STREAM_ERR, "B",
		    LINE_MORE);
		if (i >= 2)
			say(&r, &web[i + 1], STREAM_OUT, "b");
		end(&r, &web[i + 1]);
	}
	over(&r);
	OUT_IS(&r, "---- web[1-5] (5 lanes)\n| a line\n| b\n! AB\n");
	rig_close(&r);
	rig_open(&r, (struct printer_options){ .diff = _i });
	for (int i = 0; i < 5; i++) {
		begin(&r, &web[i]);
		pieces(&r, &web[i], text, first[i]);
		end(&r, &web[i]);
	}
	over(&r);
	buf_str(&r.out);
	ck_assert_mem_eq(r.out.data, "---- web[0-4] (5 lanes)\n| xx", 28);
	ck_assert_str_eq(r.out.data + r.out.len - 10, "xx\n+ xxxxx\n" + 1);
	ck_assert_uint_eq(r.out.len, 24 + 3 * 3 + (size_t)LONG);
	rig_close(&r);
	free(text);
}
END_TEST

/* a last line without its newline looks the same, but only with marks */
START_TEST(without_tags_bytes_stay_as_they_are)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .no_tag = _i });
	lane(&r, &web[1], "aB");
	begin(&r, &web[2]);
	say(&r, &web[2], STREAM_ERR, "B");
	emit_line(&r.sink, &web[2], &step, STREAM_OUT, "a", LINE_TAIL);
	end(&r, &web[2]);
	lane(&r, &web[3], "c");
	over(&r);
	OUT_IS(&r, _i ? "---- web1\na\n---- web2\na\n---- web3\nc\n" :
	    "---- web[1-2] (2 lanes)\n| a\n! B\n---- web3\n| c\n");
	ERR_IS(&r, _i ? "B\nB\n" : "");
	rig_close(&r);
}
END_TEST

START_TEST(quiet_steps_and_words_of_the_job_count)
{
	struct result bad = { .status = ST_EXIT, .code = 1, .message = "" };
	struct rig r;

	rig_open(&r, (struct printer_options){ .show_commands = true });
	for (int i = 1; i <= 3; i++) {
		begin(&r, &web[i]);
		emit(&r.sink, EVT_SAY, &web[i], "said");
		emit_step(&r.sink, EVT_STEP_START, &web[i], &quiet, NULL,
		    false);
		emit_line(&r.sink, &web[i], &quiet, STREAM_OUT, "q", 0);
		emit_step(&r.sink, EVT_STEP_END, &web[i], &quiet,
		    i == 3 ? &bad : &good, false);
		end(&r, &web[i]);
	}
	over(&r);
	OUT_IS(&r, "---- web[1-2] (2 lanes)\n: said\n"
	    "---- web3\n: said\n| q\n");
	rig_close(&r);
}
END_TEST

START_TEST(sequences_are_told_apart)
{
	static const struct lane_info other = {
		.id = 5000, .name = "t[web1]", .tag = "t[web1]",
		.group = "t", .index = 1, .order = 1
	};
	struct rig r;

	rig_open(&r, (struct printer_options){ 0 });
	lane(&r, &web[1], "a");
	lane(&r, &other, "a");
	over(&r);
	OUT_IS(&r, "---- web1\n| a\n---- t[web1]\n| a\n");
	rig_close(&r);
}
END_TEST

START_TEST(lanes_of_before_a_resume_are_not_named)
{
	struct event ev = {
		.type = EVT_LANE_END, .lane = &web[1], .result = &good,
		.past = true,
	};
	struct rig r;

	rig_open(&r, (struct printer_options){ 0 });
	r.sink.event(r.sink.arg, &ev);
	lane(&r, &web[2], "a");
	over(&r);
	OUT_IS(&r, "---- web2\n| a\n");
	rig_close(&r);
}
END_TEST

/* 2,000 lanes with three outputs; _i: a limit of memory, or 0 */
START_TEST(many_lanes_spill_and_come_out_whole)
{
	struct buf want = { 0 };
	char text[64];
	struct rig r;

	rig_open(&r, (struct printer_options){ .hold_max = (size_t)_i });
	for (int i = 0; i < LANES; i++)
		begin(&r, &web[i]);
	for (int k = 0; k < 30; k++)
		for (int i = 0; i < LANES; i++) {
			snprintf(text, sizeof(text), "line %d of kind %d", k,
			    i < 100 ? 1 : i < 500 ? 2 : 3);
			out(&r, &web[i], text);
		}
	for (int i = LANES; i-- > 0;)
		end(&r, &web[i]);
	over(&r);
	for (int kind = 3; kind > 0; kind--) {
		buf_adds(&want, kind == 3 ?
		    "---- web[500-1999] (1500 lanes)\n" : kind == 2 ?
		    "---- web[100-499] (400 lanes)\n" :
		    "---- web[0-99] (100 lanes)\n");
		for (int k = 0; k < 30; k++)
			buf_addf(&want, "| line %d of kind %d\n", k, kind);
	}
	OUT_IS(&r, buf_str(&want));
	buf_fini(&want);
	rig_close(&r);
}
END_TEST

START_TEST(outputs_that_all_differ_come_out_whole)
{
	struct buf want = { 0 };
	char text[64];
	struct rig r;

	rig_open(&r, (struct printer_options){ .hold_max = 3000 });
	for (int i = 0; i < LANES; i++) {
		snprintf(text, sizeof(text), "I am the lane %d", i);
		begin(&r, &web[i]);
		for (int k = 0; k < 3; k++)
			out(&r, &web[i], text);
		end(&r, &web[i]);
		buf_addf(&want, "---- web%d\n| %s\n| %s\n| %s\n", i, text,
		    text, text);
	}
	over(&r);
	OUT_IS(&r, buf_str(&want));
	buf_fini(&want);
	rig_close(&r);
}
END_TEST

START_TEST(what_cannot_be_kept_is_shown_at_once)
{
	struct rlimit limit, none;
	struct rig r;

	signal(SIGXFSZ, SIG_IGN);
	rig_open(&r, (struct printer_options){ .hold_max = 30 });
	begin(&r, &web[1]);
	for (const char *s = "abcdef"; *s; s++)
		out(&r, &web[1], (char[]){ *s, '\0' });
	/* the first three are in the file; from now on it is full */
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_FSIZE, &none);
	end(&r, &web[1]);
	setrlimit(RLIMIT_FSIZE, &limit);
	OUT_IS(&r, "---- web1\n| a\n| b\n| c\n| d\n| e\n| f\n");
	begin(&r, &web[2]);
	out(&r, &web[2], "more than there is room for");
	out(&r, &web[2], "x");
	OUT_IS(&r, "web2 | more than there is room for\nweb2 | x\n");
	end(&r, &web[2]);
	lane(&r, &web[3], "ab");
	over(&r);
	OUT_IS(&r, "---- web3\n| a\n| b\n");
	ERR_IS(&r, "pseq: warning: output that waits cannot be kept in /tmp: "
	    "File too large; it is shown as it comes\n");
	rig_close(&r);
}
END_TEST

START_TEST(an_early_close_shows_what_waits)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .live = true, .quiet = _i });
	lane(&r, &web[1], "ab");
	begin(&r, &web[2]);
	begin(&r, &web[3]);
	out(&r, &web[2], "a");
	buf_clear(&r.out);
	r.sink.close(r.sink.arg);
	r.sink.close = NULL;
	OUT_IS(&r, _i ? "---- web1\n| a\n| b\n---- web2\n| a\n"
	    "---- web3: no output\n" : "web2 | a\n"
	    "---- web1\n| a\n| b\n---- web2\n| a\n---- web3: no output\n");
	rig_close(&r);
}
END_TEST

START_TEST(a_terminal_gets_no_surprises)
{
	struct lane_info bad = web[1];
	struct rig r;

	rig_open(&r, (struct printer_options){
		.out = { .color = true, .escape = true } });
	bad = web[1];
	bad.tag = "w\033]b";
	begin(&r, &bad);
	say(&r, &bad, STREAM_ERR, "\033[2Jx");
	end(&r, &bad);
	over(&r);
	OUT_IS(&r, "\033[1m---- w\\x1b]b\033[0m\n"
	    "\033[31m!\033[0m \\x1b[2Jx\n");
	rig_close(&r);
}
END_TEST

/* --- what differs ------------------------------------------------------- */

static const struct printer_options diff = { .diff = true };

START_TEST(of_few_only_what_differs_is_shown)
{
	struct rig r;

	rig_open(&r, (struct printer_options){ .diff = true, .no_tag = _i });
	lane(&r, &web[1], "abcXdefghijk");
	lane(&r, &web[2], "abcdeXfghijl");
	for (int i = 3; i < 6; i++)
		lane(&r, &web[i], "abcdefghijk");
	lane(&r, &web[6], "");
	lane(&r, &web[7], "vw");
	over(&r);
	if (_i)
		OUT_IS(&r, "---- web[3-5] (3 lanes)\n"
		    "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n"
		    "---- web1\n@@ -9,3 +9,4 @@\n i\n j\n k\n+X\n"
		    "---- web2\n@@ -8,4 +8,5 @@\n h\n i\n j\n-k\n+l\n+X\n"
		    "---- web7\nv\nw\n"
		    "---- web6: no output\n");
	else
		OUT_IS(&r, "---- web[3-5] (3 lanes)\n"
		    "| a\n| b\n| c\n| d\n| e\n| f\n| g\n| h\n| i\n| j\n| k\n"
		    "---- web1\n@@ -9,3 +9,4 @@\n"
		    "  | i\n  | j\n  | k\n+ ! X\n"
		    "---- web2\n@@ -8,4 +8,5 @@\n"
		    "  | h\n  | i\n  | j\n- | k\n+ | l\n+ ! X\n"
		    "---- web7\n| v\n| w\n"
		    "---- web6: no output\n");
	rig_close(&r);
}
END_TEST

START_TEST(own_names_make_no_difference)
{
	struct lane_info x = { .id = 5000, .tag = "db.example.com",
	    .name = "db", .group = "s", .index = 9, .order = 9 };
	struct lane_info ok = x;
	char text[40];
	struct rig r;

	ok.tag = "ok";
	ok.id++;
	rig_open(&r, diff);
	for (int i = 3; i > 0; i--) {
		begin(&r, &web[i]);
		snprintf(text, sizeof(text), "I am web%d, not web30", i);
		out(&r, &web[i], text);
		out(&r, &web[i], "ok");
		end(&r, &web[i]);
	}
	begin(&r, &x);
	out(&r, &x, "I am db, not web30");
	out(&r, &x, "ok");
	end(&r, &x);
	/* its name is a word that all others have there, too */
	begin(&r, &ok);
	out(&r, &ok, "I am ok, not web30");
	out(&r, &ok, "ok");
	end(&r, &ok);
	over(&r);
	OUT_IS(&r, "---- db.example.com,web[1-3] (4 lanes; text of web1)\n"
	    "| I am web1, not web30\n| ok\n"
	    "---- ok\n(the same but for the names)\n");
	rig_close(&r);
}
END_TEST

START_TEST(what_is_too_dear_to_compare_is_shown_whole)
{
	enum { N = 10000 };
	struct rig r;
	char text[16];
	size_t n = 0;

	rig_open(&r, diff);
	for (int i = 0; i < 3; i++) {
		begin(&r, &web[i]);
		for (int k = 0; k < N; k++) {
			snprintf(text, sizeof(text), "%05d",
			    i < 2 ? k : N - 1 - k);
			out(&r, &web[i], text);
		}
		end(&r, &web[i]);
	}
	over(&r);
	for (const char *p = buf_str(&r.out); *p; p++) {
		n += *p == '|';
		ck_assert_int_ne(*p, '+');
	}
	ck_assert_uint_eq(n, 2 * N);
	rig_close(&r);
}
END_TEST

void
unit_alike(Suite *s)
{
	TCase *tc = tcase_create("alike");

	tcase_add_loop_test(tc, a_digest_is_what_it_should_be, 0, 63);
	tcase_add_test(tc, a_line_is_shown_when_all_lanes_in_work_have_it);
	tcase_add_test(tc, lines_of_a_lane_stay_in_order);
	tcase_add_loop_test(tc, no_line_waits_longer_than_a_second, 0, 2);
	tcase_add_loop_test(tc, a_window_that_is_full_lets_lines_go, 0, 2);
	tcase_add_test(tc, many_joins_are_bounded_too);
	tcase_add_test(tc, started_lanes_go_by_the_name_of_theirs);
	tcase_add_test(tc, what_was_shown_as_it_came_is_not_shown_again);
	tcase_add_loop_test(tc, equal_outputs_are_shown_once_the_most_first,
	    0, 2);
	tcase_add_test(tc, lanes_that_are_all_silent_are_not_named);
	tcase_add_test(tc, how_streams_mix_makes_no_difference);
	tcase_add_loop_test(tc, pieces_of_lines_make_no_difference, 0, 2);
	tcase_add_loop_test(tc, without_tags_bytes_stay_as_they_are, 0, 2);
	tcase_add_test(tc, quiet_steps_and_words_of_the_job_count);
	tcase_add_test(tc, sequences_are_told_apart);
	tcase_add_test(tc, lanes_of_before_a_resume_are_not_named);
	tcase_add_loop_test(tc, many_lanes_spill_and_come_out_whole, 0, 2);
	tcase_add_test(tc, outputs_that_all_differ_come_out_whole);
	tcase_add_test(tc, what_cannot_be_kept_is_shown_at_once);
	tcase_add_loop_test(tc, an_early_close_shows_what_waits, 0, 2);
	tcase_add_test(tc, a_terminal_gets_no_surprises);
	tcase_add_loop_test(tc, of_few_only_what_differs_is_shown, 0, 2);
	tcase_add_test(tc, own_names_make_no_difference);
	tcase_add_test(tc, what_is_too_dear_to_compare_is_shown_whole);
	suite_add_tcase(s, tc);
}

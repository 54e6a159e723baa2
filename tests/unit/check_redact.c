/* SPDX-License-Identifier: ISC */
/* secrets in what the sinks see, wherever it is cut */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "outlet.h"
#include "sink/redact.h"
#include "sink/secrets.h"
#include "unit.h"

static const struct lane_info lane = {
	.id = 1, .name = "s[a]", .tag = "a", .group = "s", .index = 1
};
static const struct lane_info other = {
	.id = 2, .name = "s[b]", .tag = "b", .group = "s", .index = 2
};
static const struct step_ref step = { .label = "check", .id = 7 };
static const struct step_ref step2 = { .label = "check", .id = 7 };

/* a bus whose only sink writes down what it sees */
struct rig {
	struct bus bus;
	struct redact *redact;
	struct buf seen;
};

static int
on_event(void *arg, const struct event *ev)
{
	struct buf *b = arg;

	if (ev->type == EVT_STEP_END) {
		buf_addf(b, "<%s|%s|", ev->result->message, ev->result->step);
		buf_add(b, ev->result->tail, ev->result->ntail);
		buf_addf(b, "|%s|%s>", ev->reaction ? ev->reaction : "",
		    ev->step->command ? ev->step->command : "");
		for (size_t i = 0; ev->note && i < ev->note->nassign; i++)
			buf_addf(b, "%s=%s;", ev->note->assign[i].name,
			    ev->note->assign[i].text);
		if (ev->note && ev->note->secret)
			buf_adds(b, "secret");
		return 0;
	}
	if (ev->type == EVT_LINE && ev->lane->id == 2)
		buf_addc(b, '2');
	if (ev->type == EVT_LINE && ev->stream == STREAM_ERR)
		buf_addc(b, '!');
	if (ev->flags & LINE_MORE)
		buf_addc(b, '+');
	buf_add(b, ev->text, ev->len);
	if (ev->type == EVT_LANE_START)
		buf_addf(b, "{%s %s %s}", ev->lane->name, ev->lane->tag,
		    ev->lane->group);
	if (!(ev->flags & LINE_BLOCK))
		buf_addc(b, ev->flags & LINE_PART ? '~' :
		    ev->flags & LINE_TAIL ? '$' : '\n');
	return 0;
}

/* values: separated by blanks */
static void
rig_open(struct rig *r, const char *values)
{
	struct sink s = { .name = "seen", .arg = &r->seen,
	    .event = on_event };

	*r = (struct rig){ .redact = redact_new() };
	bus_add(&r->bus, &s);
	r->bus.filter = redact_filter(r->redact);
	while (*values) {
		size_t n = strcspn(values, " ");

		redact_add(r->redact, values, n);
		values += n + (values[n] == ' ');
	}
}

static void
rig_close(struct rig *r)
{
	bus_close(&r->bus);
	redact_free(r->redact);
	buf_fini(&r->seen);
}

static void
line_of(struct rig *r, const struct lane_info *l, const struct step_ref *s,
    unsigned stream, const char *text, size_t len, unsigned flags)
{
	struct event ev = {
		.type = EVT_LINE, .lane = l, .step = s, .stream = stream,
		.text = text, .len = len, .flags = flags,
	};

	bus_emit(&r->bus, &ev);
}

static void
line(struct rig *r, const char *text, unsigned flags)
{
	line_of(r, &lane, &step, STREAM_OUT, text, strlen(text), flags);
}

#define SEEN(r, text) ck_assert_str_eq(buf_str(&(r)->seen), text)

/* what comes of a text for sure: every byte that lies in a value, by hand */
static void
expect(struct buf *out, const char *text, const char *const *value)
{
	size_t len = strlen(text), end = 0;

	for (size_t i = 0; i < len; i++) {
		size_t best = 0;

		for (size_t k = 0; value[k]; k++) {
			size_t n = strlen(value[k]);

			if (n > best && strncmp(text + i, value[k], n) == 0)
				best = n;
		}
		if (best && i >= end)
			buf_adds(out, "***");
		if (best && i + best > end)
			end = i + best;
		if (i >= end)
			buf_addc(out, text[i]);
	}
}

static const char *const values[] = {
	"hunter2", "hunter22x", "ter2zz", "aaaa", "zzaab", "abcdefgh",
	"cdef", NULL
};
static const char all_values[] =
    "hunter2 hunter22x ter2zz aaaa zzaab abcdefgh cdef";

static const char *const texts[] = {
	"x hunter2 y", "hunter22x", "hunter22", "hunter2zzaabcd",
	"aaaaaaaaa", "aaaaa hunter", "abcdefg", "abcdefgh", "ab cdefcdef",
	"hunhunter2", "aaahunterhunter22xx", "none of them", "hunter2hunter2",
	"a", "zzaaaaab",
};

/* two cuts at any places: three pieces, the last one whole or a tail */
START_TEST(any_cut_hides_the_same)
{
	const char *text = texts[_i];
	size_t len = strlen(text);
	struct buf want = { 0 };

	expect(&want, text, values);
	for (size_t a = 1; a <= len; a++)
		for (size_t b = a; b <= len; b++)
			for (unsigned tail = 0; tail < 2; tail++) {
				struct rig r;
				struct buf got = { 0 };
				const char *p;

				rig_open(&r, all_values);
				line_of(&r, &lane, &step, STREAM_OUT, text, a,
				    LINE_PART);
				line_of(&r, &lane, &step, STREAM_OUT,
				    text + a, b - a, LINE_PART | LINE_MORE);
				line_of(&r, &lane, &step, STREAM_OUT,
				    text + b, len - b, LINE_MORE |
				    (tail ? LINE_TAIL : 0));
				for (p = buf_str(&r.seen); *p; p++)
					if (!strchr("~+\n$", *p))
						buf_addc(&got, *p);
				ck_assert_str_eq(buf_str(&got),
				    buf_str(&want));
				/* what comes first is no "more" */
				ck_assert_int_ne(*buf_str(&r.seen), '+');
				ck_assert_int_eq(p[-1], tail ? '$' : '\n');
				buf_fini(&got);
				rig_close(&r);
			}
	buf_fini(&want);
}
END_TEST

/* every byte by itself */
START_TEST(single_bytes_hide_the_same)
{
	const char *text = texts[_i];
	struct buf want = { 0 }, got = { 0 };
	struct rig r;

	expect(&want, text, values);
	rig_open(&r, all_values);
	for (size_t i = 0; text[i]; i++)
		line_of(&r, &lane, &step, STREAM_OUT, text + i, 1,
		    LINE_PART | (i ? LINE_MORE : 0));
	line(&r, "", LINE_MORE | LINE_TAIL);
	for (const char *p = buf_str(&r.seen); *p; p++)
		if (!strchr("~+$", *p))
			buf_addc(&got, *p);
	ck_assert_str_eq(buf_str(&got), buf_str(&want));
	buf_fini(&got);
	buf_fini(&want);
	rig_close(&r);
}
END_TEST

/* whole lines: the same whether they come alone or many at once */
START_TEST(blocks_are_looked_at_as_a_whole)
{
	struct rig r;

	rig_open(&r, all_values);
	line(&r, "one hunter2\ntwo\naaaa\n\nabcdefgh.\n", LINE_BLOCK);
	line(&r, "hunter2", 0);
	line(&r, "", 0);
	line(&r, "hunter", LINE_TAIL);
	SEEN(&r, "one ***\ntwo\n***\n\n***.\n***\n\nhunter$");
	rig_close(&r);
}
END_TEST

START_TEST(what_may_become_one_is_held_back)
{
	struct rig r;

	rig_open(&r, "hunter2");
	line(&r, "pass: hun", LINE_PART);
	SEEN(&r, "pass: ~");
	line(&r, "ter", LINE_PART | LINE_MORE);
	SEEN(&r, "pass: ~");
	line(&r, "2 ok", LINE_PART | LINE_MORE);
	SEEN(&r, "pass: ~+*** ok~");
	line(&r, "", LINE_MORE | LINE_TAIL);
	SEEN(&r, "pass: ~+*** ok~+$");
	rig_close(&r);
}
END_TEST

START_TEST(streams_and_lanes_are_held_apart)
{
	struct rig r;

	rig_open(&r, "hunter2");
	line(&r, "hun", LINE_PART);
	line_of(&r, &lane, &step, STREAM_ERR, "hun", 3, LINE_PART);
	line_of(&r, &other, &step2, STREAM_OUT, "hunt", 4, LINE_PART);
	SEEN(&r, "");
	line_of(&r, &lane, &step, STREAM_ERR, "ger", 3, LINE_MORE);
	SEEN(&r, "!hunger\n");
	line_of(&r, &other, &step2, STREAM_OUT, "er2", 3, LINE_MORE);
	SEEN(&r, "!hunger\n2***\n");
	line(&r, "t", LINE_MORE | LINE_TAIL);
	SEEN(&r, "!hunger\n2***\nhunt$");
	/* a line of another process of the same lane goes on by itself */
	buf_clear(&r.seen);
	line(&r, "hun", LINE_PART);
	line_of(&r, &lane, &step2, STREAM_OUT, "ter2", 4, LINE_MORE);
	SEEN(&r, "+ter2\n");
	line(&r, "ter2", LINE_MORE);
	SEEN(&r, "+ter2\n***\n");
	rig_close(&r);
}
END_TEST

/* thousands of unfinished lines at once */
START_TEST(many_lines_are_held)
{
	enum { N = 3000 };
	static struct step_ref steps[N];
	struct buf want = { 0 };
	struct rig r;

	rig_open(&r, "hunter2");
	for (size_t i = 0; i < N; i++)
		line_of(&r, &lane, &steps[i], STREAM_OUT, "hunt", 4,
		    LINE_PART);
	SEEN(&r, "");
	for (size_t i = N; i-- > 0;) {
		line_of(&r, &lane, &steps[i], STREAM_OUT, "er2", 3,
		    LINE_MORE);
		buf_adds(&want, "***\n");
	}
	SEEN(&r, buf_str(&want));
	buf_fini(&want);
	rig_close(&r);
}
END_TEST

START_TEST(all_texts_of_events_are_looked_at)
{
	struct lane_info l = { .id = 3, .name = "s[hunter2]",
	    .tag = "hunter2", .group = "hunter2s" };
	struct step_ref s = { .label = "hunter2", .identity = "x",
	    .command = "echo hunter2" };
	struct result res = { .status = ST_ERROR, .message = "no hunter2!",
	    .step = "is hunter2", .tail = "a\nhunter2\n", .ntail = 10 };
	struct event ev = { .type = EVT_LANE_START, .lane = &l };
	struct rig r;

	rig_open(&r, "hunter2");
	bus_emit(&r.bus, &ev);
	SEEN(&r, "{s[***] *** ***s}\n");
	buf_clear(&r.seen);
	ev = (struct event){ .type = EVT_STEP_END, .lane = &l, .step = &s,
	    .result = &res, .reaction = "fail hunter2" };
	bus_emit(&r.bus, &ev);
	SEEN(&r, "<no ***!|is ***|a\n***\n|fail ***|echo ***>");
	buf_clear(&r.seen);
	ev = (struct event){ .type = EVT_WARN, .text = "hunter2", .len = 7 };
	bus_emit(&r.bus, &ev);
	ev.type = EVT_SAY;
	ev.lane = &lane;
	bus_emit(&r.bus, &ev);
	SEEN(&r, "***\n***\n");
	/* the event itself stays as it was */
	ck_assert_str_eq(res.message, "no hunter2!");
	ck_assert_str_eq(ev.text, "hunter2");
	rig_close(&r);
}
END_TEST

/* lines after others of the same process: names are right in all of them */
START_TEST(names_are_right_in_every_line)
{
	struct lane_info l = { .id = 1, .name = "hunter2", .tag = "hunter2",
	    .group = "s" };
	struct event ev = { .type = EVT_LANE_START, .lane = &l };
	struct rig r;

	rig_open(&r, "aaaa");
	line_of(&r, &l, &step, STREAM_OUT, "hunter2", 7, 0);
	redact_add(r.redact, "hunter2", 7);
	line_of(&r, &l, &step, STREAM_OUT, "hunter2", 7, 0);
	line_of(&r, &lane, &step2, STREAM_OUT, "x", 1, 0);
	bus_emit(&r.bus, &ev);
	SEEN(&r, "hunter2\n***\nx\n{*** *** s}\n");
	rig_close(&r);
}
END_TEST

/* the tail of standard error may begin within a value */
START_TEST(half_a_value_at_the_head_of_a_tail_is_hidden)
{
	char tail[RESULT_TAIL + 1];
	struct result res = { .status = ST_EXIT, .message = "", .step = "",
	    .tail = tail, .ntail = RESULT_TAIL };
	struct event ev = { .type = EVT_STEP_END, .lane = &lane,
	    .step = &step, .result = &res };
	struct rig r;

	memset(tail, '.', sizeof(tail));
	memcpy(tail, "nter2", 5);
	rig_open(&r, "hunter2 r2.............");
	bus_emit(&r.bus, &ev);
	/* "r2......" begins within the one that was cut: one mark for both */
	ck_assert_int_eq(strncmp(buf_str(&r.seen), "<||***..", 8), 0);
	ck_assert_ptr_null(strstr(buf_str(&r.seen), "ter2"));
	ck_assert_ptr_null(strstr(r.seen.data, "****"));
	ck_assert_uint_eq(r.seen.len, 3 + 3 + RESULT_TAIL - 3 - 15 + 3);
	rig_close(&r);
	/* a short tail was not cut */
	res.tail = "nter2";
	res.ntail = 5;
	rig_open(&r, "hunter2");
	bus_emit(&r.bus, &ev);
	SEEN(&r, "<||nter2||>");
	rig_close(&r);
}
END_TEST

START_TEST(lines_of_a_value_count_by_themselves)
{
	struct secrets s = { 0 };
	static const char key[] = "-----\r\nabcd\nxyz\n\nabcd\nefghij";

	secrets_add(&s, key, strlen(key));
	ck_assert_uint_eq(s.n, 3);
	ck_assert(secrets_find(&s, "1abcd2", 6));
	ck_assert(secrets_find(&s, "-----", 5));
	ck_assert(!secrets_find(&s, "xyz", 3));
	ck_assert(!secrets_find(&s, "abc", 3));
	ck_assert(!secrets_find(&s, "", 0));
	secrets_fini(&s);
	ck_assert(!secrets_find(&s, "abcd", 4));
	secrets_add(&s, "abc", 3);
	ck_assert_uint_eq(s.n, 0);
	secrets_fini(&s);
}
END_TEST

START_TEST(thousands_of_values_are_found)
{
	struct secrets s = { 0 };
	char text[32];

	for (int i = 0; i < 5000; i++) {
		int n = snprintf(text, sizeof(text), "value-%d-", i);

		secrets_add(&s, text, (size_t)n);
	}
	ck_assert_uint_eq(s.n, 5000);
	for (int i = 0; i < 5000; i++) {
		int n = snprintf(text, sizeof(text), "..value-%d-..", i);
		size_t covered = 0;
		struct buf b = { 0 };

		secrets_mask(&s, text, (size_t)n, (size_t)n, &covered, &b);
		ck_assert_str_eq(buf_str(&b), "..***..");
		buf_fini(&b);
	}
	ck_assert(!secrets_find(&s, "value-5000-", 11));
	secrets_fini(&s);
}
END_TEST

/* --- what is kept to be used again ---------------------------------------- */

struct kept {
	bool secret;
	size_t nassign;
	char name[8], facts[128], text[32];
};

static int
on_kept(void *arg, const struct event *ev)
{
	struct kept *k = arg;

	if (ev->note) {
		k->secret = ev->note->secret;
		k->nassign = ev->note->nassign;
		if (k->nassign > 0)
			snprintf(k->name, sizeof(k->name), "%s",
			    ev->note->assign[0].name);
	}
	if (ev->facts)
		snprintf(k->facts, sizeof(k->facts), "%.*s",
		    (int)ev->facts->len, ev->facts->data);
	if (ev->text)
		snprintf(k->text, sizeof(k->text), "%.*s", (int)ev->len,
		    ev->text);
	return 0;
}

static void
kept_of(struct kept *k, const struct event *ev)
{
	struct sink s = { .name = "kept", .arg = k, .event = on_kept };
	struct rig r;

	*k = (struct kept){ .nassign = 99 };
	rig_open(&r, "hunter2 \"q\"uote 123456");
	bus_add(&r.bus, &s);
	bus_emit(&r.bus, ev);
	rig_close(&r);
}

START_TEST(a_value_that_is_set_is_not_kept)
{
	static const struct assign set[] = {
		{ "a", ASSIGN_TEXT, "x hunter2 y", 11 },
		{ "b", ASSIGN_JSON, "{\"v\":\"\\u0068unter2\"}", 21 },
		{ "c", ASSIGN_TEXT, "plain", 5 },
		{ "d", ASSIGN_JSON, "[\"\\\"q\\\"uote\"]", 13 },
		{ "e", ASSIGN_PAIRS, "K=hunter2\n", 10 },
	};
	struct step_note note = { .assign = set, .nassign = countof(set) };
	struct result ok = result_made(ST_OK, "");
	struct event ev = {
		.type = EVT_STEP_END, .lane = &lane, .step = &step,
		.result = &ok, .note = &note
	};
	struct kept k;

	kept_of(&k, &ev);
	ck_assert(k.secret);
	ck_assert_uint_eq(k.nassign, 1);
	ck_assert_str_eq(k.name, "c");
	note.assign = set + 2;
	note.nassign = 1;
	kept_of(&k, &ev);
	ck_assert(!k.secret);
	ck_assert_uint_eq(k.nassign, 1);
}
END_TEST

START_TEST(facts_stay_json)
{
	static const struct {
		const char *facts, *want;
	} cases[] = {
		{ "{\"a\":1}", "{\"a\":1}" },
		{ "{\"a\":\"my hunter2\"}", "{\"a\":\"my ***\"}" },
		{ "{\"hunter2\":[ true ]}", "{\"***\":[ true ]}" },
		{ "{\"a\":\"\\u0068unter2\\n\"}", "{\"a\":\"***\\n\"}" },
		{ "{\"a\":\"\\\"q\\\"uote\"}", "{\"a\":\"***\"}" },
		{ "{\"a\":123456}", "{\"a\":\"***\"}" },
		{ "{\"a\":\"\\ud83d\\ude00hunter2\"}",
		  "{\"a\":\"\xf0\x9f\x98\x80***\"}" },
		/* as it stands it would be found across the quotes */
		{ "{\"\":\"q\"uote}", "" },
	};
	struct buf b = { 0 };
	struct result ok = result_made(ST_OK, "");
	struct event ev = {
		.type = EVT_LANE_END, .lane = &lane, .result = &ok,
		.facts = &b
	};
	struct kept k;

	buf_adds(&b, cases[_i].facts);
	kept_of(&k, &ev);
	ck_assert_str_eq(k.facts, cases[_i].want);
	buf_fini(&b);
}
END_TEST

START_TEST(a_message_with_a_value_says_so)
{
	struct event ev = {
		.type = EVT_SENT, .lane = &lane, .name = "ch",
		.text = "a hunter2", .len = 9
	};
	struct kept k;

	kept_of(&k, &ev);
	ck_assert(k.secret);
	ck_assert_str_eq(k.text, "a ***");
	ev.text = "a hunter3";
	kept_of(&k, &ev);
	ck_assert(!k.secret);
}
END_TEST

START_TEST(without_values_events_pass_as_they_are)
{
	struct rig r;

	rig_open(&r, "");
	line(&r, "hun", LINE_PART);
	line(&r, "ter2", LINE_MORE);
	SEEN(&r, "hun~+ter2\n");
	rig_close(&r);
}
END_TEST

static int
on_broken(void *arg, const struct event *ev)
{
	(void)arg;
	return ev->type == EVT_LINE ? -1 : 0;
}

START_TEST(a_sink_that_fails_is_dropped_behind_the_filter)
{
	struct sink bad = { .name = "bad", .event = on_broken };
	struct rig r;

	rig_open(&r, "hunter2");
	bus_add(&r.bus, &bad);
	line(&r, "hunter2", 0);
	line(&r, "hunter2", 0);
	SEEN(&r, "***\noutput 'bad' failed and is dropped\n***\n");
	rig_close(&r);
}
END_TEST

/* a variable is kept as it is, or not at all */
START_TEST(variables_that_hold_a_value_are_not_kept)
{
	static const struct assign set[] = {
		{ .name = "a", .text = "clear", .len = 5 },
		{ .name = "b", .text = "x-secret-y", .len = 10 },
		{ .name = "c", .text = "well", .len = 4 },
	};
	struct step_note note = { .assign = set, .nassign = 3 };
	struct result res = result_made(ST_OK, "");
	struct event ev = {
		.type = EVT_STEP_END, .lane = &lane, .step = &step,
		.result = &res, .note = &note,
	};
	struct rig r;

	res.tail = "";
	rig_open(&r, "secret");
	bus_emit(&r.bus, &ev);
	SEEN(&r, "<||||>a=clear;c=well;secret");
	note.nassign = 1;
	buf_clear(&r.seen);
	bus_emit(&r.bus, &ev);
	SEEN(&r, "<||||>a=clear;");
	rig_close(&r);
}
END_TEST

void
unit_redact(Suite *s)
{
	TCase *tc = tcase_create("redact");

	tcase_add_loop_test(tc, any_cut_hides_the_same, 0, countof(texts));
	tcase_add_loop_test(tc, single_bytes_hide_the_same, 0,
	    countof(texts));
	tcase_add_test(tc, blocks_are_looked_at_as_a_whole);
	tcase_add_test(tc, what_may_become_one_is_held_back);
	tcase_add_test(tc, streams_and_lanes_are_held_apart);
	tcase_add_test(tc, many_lines_are_held);
	tcase_add_test(tc, all_texts_of_events_are_looked_at);
	tcase_add_test(tc, names_are_right_in_every_line);
	tcase_add_test(tc, half_a_value_at_the_head_of_a_tail_is_hidden);
	tcase_add_test(tc, lines_of_a_value_count_by_themselves);
	tcase_add_test(tc, thousands_of_values_are_found);
	tcase_add_test(tc, a_value_that_is_set_is_not_kept);
	tcase_add_loop_test(tc, facts_stay_json, 0, 8);
	tcase_add_test(tc, a_message_with_a_value_says_so);
	tcase_add_test(tc, without_values_events_pass_as_they_are);
	tcase_add_test(tc, a_sink_that_fails_is_dropped_behind_the_filter);
	tcase_add_test(tc, variables_that_hold_a_value_are_not_kept);
	suite_add_tcase(s, tc);
}

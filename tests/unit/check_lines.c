/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/lines.h"
#include "model/runner.h"
#include "unit.h"

/* lines become text: "one|two|", a piece ends in '+', the tail in '$' */
static void
note(void *arg, const char *text, size_t len, unsigned flags)
{
	struct buf *b = arg;

	buf_add(b, text, len);
	buf_addc(b, flags & LINE_PART ? '+' : flags & LINE_TAIL ? '$' : '|');
}

static const char text[] = "one\n\ntwo and more\ntail";

/* wherever the pipe happens to cut the bytes, the lines come out the same */
START_TEST(any_cut_gives_the_same_lines)
{
	struct lines l = { .separator = '\n' };
	struct buf b = { 0 };
	size_t at = (size_t)_i;

	ck_assert_uint_eq(lines_feed(&l, text, at, note, &b), at);
	lines_feed(&l, text + at, strlen(text) - at, note, &b);
	lines_end(&l, note, &b);
	ck_assert_str_eq(buf_str(&b), "one||two and more|tail$");
	buf_fini(&b);
}
END_TEST

START_TEST(nul_separates_where_asked)
{
	struct lines l = { .separator = '\0' };
	struct buf b = { 0 };

	lines_feed(&l, "a\nb\0c\0", 6, note, &b);
	lines_end(&l, note, &b);
	ck_assert_str_eq(buf_str(&b), "a\nb|c|");
	buf_fini(&b);
}
END_TEST

START_TEST(carriage_returns_go_where_asked)
{
	struct lines l = { .separator = '\n', .strip_cr = true };
	struct buf b = { 0 };

	lines_feed(&l, "a\r", 2, note, &b);
	lines_feed(&l, "\nb\rc\r\n\r\n", 8, note, &b);
	ck_assert_str_eq(buf_str(&b), "a|b\rc||");
	lines_fini(&l);
	buf_fini(&b);
}
END_TEST

struct sizes {
	size_t n[16], total;
	unsigned flags[16], count;
};

static void
note_size(void *arg, const char *p, size_t len, unsigned flags)
{
	struct sizes *s = arg;

	(void)p;
	ck_assert_uint_lt(s->count, 16);
	s->n[s->count] = len;
	s->flags[s->count++] = flags;
	s->total += len;
}

/* in any chunks, a long line comes in pieces of LINES_MAX, none of them 0 */
START_TEST(long_lines_come_in_pieces)
{
	static const size_t chunks[] = { 1, 1000, LINES_MAX - 1, LINES_MAX,
	    LINES_MAX + 1, 3 * LINES_MAX };
	const size_t len = 2 * LINES_MAX + 10;
	struct lines l = { .separator = '\n' };
	struct sizes s = { 0 };
	char *p = malloc(len + 1);

	memset(p, 'x', len);
	p[len] = '\n';
	for (size_t at = 0; at <= len; at += chunks[_i]) {
		size_t n = len + 1 - at;

		lines_feed(&l, p + at, n < chunks[_i] ? n : chunks[_i],
		    note_size, &s);
	}
	ck_assert_uint_eq(s.count, 3);
	ck_assert_uint_eq(s.n[0], LINES_MAX);
	ck_assert_uint_eq(s.n[1], LINES_MAX);
	ck_assert_uint_eq(s.n[2], 10);
	ck_assert_uint_eq(s.flags[0], LINE_PART);
	ck_assert_uint_eq(s.flags[1], LINE_PART | LINE_MORE);
	ck_assert_uint_eq(s.flags[2], LINE_MORE);
	ck_assert_ptr_null(l.buf);
	free(p);
}
END_TEST

START_TEST(a_line_of_just_the_limit_is_whole)
{
	struct lines l = { .separator = '\n' };
	struct sizes s = { 0 };
	char *p = malloc(LINES_MAX + 1);
	size_t half = _i ? LINES_MAX : LINES_MAX / 2;

	memset(p, 'x', LINES_MAX);
	p[LINES_MAX] = '\n';
	lines_feed(&l, p, half, note_size, &s);
	lines_feed(&l, p + half, LINES_MAX + 1 - half, note_size, &s);
	ck_assert_uint_eq(s.count, 1);
	ck_assert_uint_eq(s.n[0], LINES_MAX);
	ck_assert_uint_eq(s.flags[0], 0);
	lines_fini(&l);
	free(p);
}
END_TEST

START_TEST(a_prompt_is_flushed_and_goes_on)
{
	struct lines l = { .separator = '\n' };
	struct buf b = { 0 };

	lines_feed(&l, "name? ", 6, note, &b);
	ck_assert(lines_waiting(&l));
	lines_flush(&l, note, &b);
	ck_assert(!lines_waiting(&l));
	lines_feed(&l, "bob\nx\n", 6, note, &b);
	lines_feed(&l, "y", 1, note, &b);
	lines_flush(&l, note, &b);
	lines_end(&l, note, &b);
	ck_assert_str_eq(buf_str(&b), "name? +bob|x|y+$");
	buf_fini(&b);
}
END_TEST

static struct lines *stopping;

static void
note_and_stop(void *arg, const char *p, size_t len, unsigned flags)
{
	note(arg, p, len, flags);
	stopping->stop = true;
}

START_TEST(a_callback_can_stop)
{
	struct lines l = { .separator = '\n' };
	struct buf b = { 0 };

	stopping = &l;
	ck_assert_uint_eq(lines_feed(&l, "a\nb\nc", 5, note_and_stop, &b), 2);
	l.stop = false;
	ck_assert_uint_eq(lines_feed(&l, "b\nc", 3, note_and_stop, &b), 2);
	ck_assert_str_eq(buf_str(&b), "a|b|");
	lines_fini(&l);
	buf_fini(&b);
}
END_TEST

void
unit_lines(Suite *s)
{
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, any_cut_gives_the_same_lines, 0, sizeof(text));
	tcase_add_test(tc, nul_separates_where_asked);
	tcase_add_test(tc, carriage_returns_go_where_asked);
	tcase_add_loop_test(tc, long_lines_come_in_pieces, 0, 6);
	tcase_add_loop_test(tc, a_line_of_just_the_limit_is_whole, 0, 2);
	tcase_add_test(tc, a_prompt_is_flushed_and_goes_on);
	tcase_add_test(tc, a_callback_can_stop);
	suite_add_tcase(s, tc);
}

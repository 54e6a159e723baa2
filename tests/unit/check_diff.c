/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diff.h"
#include "base/mem.h"
#include "unit.h"

/* a text: a letter for each line */
struct text {
	struct diff_text t;
	uint32_t line[64];
	bool odd[64];
};

static void
set(struct text *x, const char *s)
{
	x->t = (struct diff_text){ x->line, strlen(s), x->odd };
	for (size_t i = 0; s[i]; i++)
		x->line[i] = (unsigned char)s[i];
}

/* what unified lines would be: "@ a-b+c " and so on */
static const char *
diff(const char *a, const char *b, size_t context)
{
	static struct buf out;
	struct diff_hunk h = { 0 };
	struct text x, y;

	set(&x, a);
	set(&y, b);
	buf_clear(&out);
	ck_assert_int_eq(diff_lines(&x.t, &y.t), 0);
	while (diff_next(&x.t, &y.t, context, &h)) {
		size_t i = h.from_a, k = h.from_b;

		buf_addc(&out, '@');
		while (i < h.to_a || k < h.to_b) {
			if (i < h.to_a && x.odd[i])
				buf_addf(&out, "-%c", a[i++]);
			else if (k < h.to_b && y.odd[k])
				buf_addf(&out, "+%c", b[k++]);
			else
				buf_addf(&out, " %c", (k++, a[i++]));
		}
	}
	return buf_str(&out);
}

#define DIFF_IS(a, b, want) ck_assert_str_eq(diff(a, b, 3), want)

START_TEST(what_differs_stands_in_its_context)
{
	DIFF_IS("", "", "");
	DIFF_IS("abc", "abc", "");
	DIFF_IS("", "ab", "@+a+b");
	DIFF_IS("ab", "", "@-a-b");
	DIFF_IS("abcdefg", "abcxefg", "@ a b c-d+x e f g");
	DIFF_IS("abcdefghi", "abcdXefghi", "@ b c d+X e f g");
	DIFF_IS("xabc", "abc", "@-x a b c");
	DIFF_IS("abc", "abcx", "@ a b c+x");
	/* two hunks only where the context leaves a gap */
	DIFF_IS("a123456b", "A123456B", "@-a+A 1 2 3 4 5 6-b+B");
	DIFF_IS("a1234567b", "A1234567B", "@-a+A 1 2 3@ 5 6 7-b+B");
	ck_assert_str_eq(diff("abc", "axc", 0), "@-b+x");
}
END_TEST

/* the length of the longest common subsequence, the plain way */
static size_t
longest(const char *a, size_t n, const char *b, size_t m)
{
	size_t t[33][33] = { 0 };

	for (size_t i = 1; i <= n; i++)
		for (size_t k = 1; k <= m; k++) {
			size_t up = t[i - 1][k], left = t[i][k - 1];

			t[i][k] = a[i - 1] == b[k - 1] ?
			    t[i - 1][k - 1] + 1 : up > left ? up : left;
		}
	return t[n][m];
}

/* whatever the texts, what is common is the same in both, and the most */
START_TEST(as_little_as_can_be_differs)
{
	srand(1);
	for (int round = 0; round < 20000; round++) {
		char a[33] = "", b[33] = "";
		size_t n = (size_t)rand() % 32, m = (size_t)rand() % 32;
		size_t k = 0, left = 0;
		int letters = 2 + rand() % 12;
		struct text x, y;

		for (size_t i = 0; i < n; i++)
			a[i] = (char)('a' + rand() % letters);
		for (size_t i = 0; i < m; i++)
			b[i] = (char)('b' + rand() % letters);
		set(&x, a);
		set(&y, b);
		ck_assert_int_eq(diff_lines(&x.t, &y.t), 0);
		for (size_t i = 0; i < n; i++) {
			if (x.odd[i])
				continue;
			while (k < m && y.odd[k])
				k++;
			ck_assert_uint_lt(k, m);
			ck_assert_int_eq(a[i], b[k]);
			k++;
			left++;
		}
		while (k < m && y.odd[k])
			k++;
		ck_assert_uint_eq(k, m);
		ck_assert_uint_eq(left, longest(a, n, b, m));
	}
}
END_TEST

START_TEST(what_is_too_dear_is_said)
{
	enum { N = 100 * 1000 };
	uint32_t *la = mem_calloc(N, sizeof(*la));
	uint32_t *lb = mem_calloc(N, sizeof(*lb));
	bool *oa = mem_calloc(N, sizeof(*oa)), *ob = mem_calloc(N, sizeof(*ob));
	struct diff_text a = { la, N, oa }, b = { lb, N, ob };

	for (uint32_t i = 0; i < N; i++) {
		la[i] = i;
		lb[i] = N - i;
	}
	ck_assert_int_eq(diff_lines(&a, &b), -1);
	ck_assert(oa[1] && ob[1] && oa[N - 2] && ob[N - 2]);
	/* what is only in one of them costs nothing */
	for (uint32_t i = 0; i < N; i++)
		lb[i] = i % 2 ? i : N + i;
	ck_assert_int_eq(diff_lines(&a, &b), 0);
	ck_assert(oa[0] && !oa[1] && oa[2] && ob[0] && !ob[1]);
	free(la);
	free(lb);
	free(oa);
	free(ob);
}
END_TEST

void
unit_diff(Suite *s)
{
	TCase *tc = tcase_create("diff");

	tcase_add_test(tc, what_differs_stands_in_its_context);
	tcase_add_test(tc, as_little_as_can_be_differs);
	tcase_add_test(tc, what_is_too_dear_is_said);
	suite_add_tcase(s, tc);
}

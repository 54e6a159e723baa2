/* SPDX-License-Identifier: ISC */
/* what makes two job files differ, and what does not */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "lang/lang.h"
#include "model/plan.h"
#include "unit.h"

#define JOB "[vars]\nv = 1\n[sequence s]\nparallel = 2\neach x = a b\n" \
	"step = one\nrun = echo ${v} ${x}\ntimeout = 5s\n\nrun = echo two\n" \
	"[routine r]\nrun = true\n"

static struct plan *
load(const char *text)
{
	struct lang_options o = { .out = stderr };
	struct plan *p = lang_load_bytes("a.job", text, strlen(text), &o, NULL);

	ck_assert_ptr_nonnull(p);
	return p;
}

/* the parts that differ from those of JOB, one a line */
static const char *
differs(const char *text)
{
	static char seen[400];
	struct plan *a = load(JOB), *b = load(text);
	size_t n = 0;

	seen[0] = '\0';
	ck_assert_uint_eq(a->npart, b->npart);
	for (size_t i = 0; i < a->npart; i++)
		if (strcmp(a->part[i].digest, b->part[i].digest) != 0)
			n += (size_t)snprintf(seen + n, sizeof(seen) - n,
			    "%s;", b->part[i].name);
	ck_assert_int_eq(n == 0, strcmp(a->digest, b->digest) == 0);
	lang_free(a);
	lang_free(b);
	return seen;
}

START_TEST(parts_have_names)
{
	static const char *const name[] = {
		"[vars]", "[sequence s]", "[sequence s], step 'one'",
		"[sequence s], step 'echo two'", "[routine r]",
		"[routine r], step 'true'",
	};
	struct plan *p = load(JOB);

	ck_assert_uint_eq(p->npart, 6);
	for (size_t i = 0; i < 6; i++) {
		ck_assert_str_eq(p->part[i].name, name[i]);
		ck_assert_uint_eq(strlen(p->part[i].digest), DIGEST_TEXT - 1);
	}
	lang_free(p);
}
END_TEST

START_TEST(comments_and_blanks_do_not_count)
{
	ck_assert_str_eq(differs("# new\n\n[vars]\n  # and\n\nv   =   1\n"
	    "[sequence s]\n\nparallel=2\neach  x = a b\n\n# more\nstep = one\n"
	    "run = echo ${v} ${x}\ntimeout = 5s\n\n\nrun = echo two\n"
	    "[routine r]\nrun = true\n# end\n"), "");
}
END_TEST

START_TEST(what_differs_is_named)
{
	ck_assert_str_eq(differs("[vars]\nv = 2\n[sequence s]\nparallel = 2\n"
	    "each x = a b\nstep = one\nrun = echo ${v} ${x}\ntimeout = 6s\n\n"
	    "run = echo two\n[routine r]\nrun = true\n"),
	    "[vars];[sequence s], step 'one';");
	ck_assert_str_eq(differs("[vars]\nv = 1\n[sequence s]\nparallel = 2\n"
	    "each x = a c\nstep = one\nrun = echo ${v} ${x}\ntimeout = 5s\n\n"
	    "run = echo two\n[routine r]\nrun = true\nquiet = yes\n"),
	    "[sequence s];[routine r], step 'true';");
}
END_TEST

/* the same bytes, cut in another way */
START_TEST(fields_are_not_mixed_up)
{
	struct digest a = digest_begin(), b = digest_begin();
	char x[DIGEST_TEXT], y[DIGEST_TEXT];

	digest_add(&a, "ab", 2);
	digest_add(&a, "c", 1);
	digest_add(&b, "a", 1);
	digest_add(&b, "bc", 2);
	digest_text(&a, x);
	digest_text(&b, y);
	ck_assert_str_ne(x, y);
	ck_assert(strncmp(x, y, 16) != 0);
	ck_assert_str_ne(x + 16, y + 16);
}
END_TEST

void
unit_digest(Suite *s)
{
	TCase *tc = tcase_create("digest");

	tcase_add_test(tc, parts_have_names);
	tcase_add_test(tc, comments_and_blanks_do_not_count);
	tcase_add_test(tc, what_differs_is_named);
	tcase_add_test(tc, fields_are_not_mixed_up);
	suite_add_tcase(s, tc);
}

/* SPDX-License-Identifier: ISC */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/regex.h"

enum { MATCH_LIMIT = 200 * 1000, DEPTH_LIMIT = 20 * 1000 };

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	bool tried_jit;
};

/* the stack of the JIT code: what it begins with, and how far it may grow */
enum { STACK_MIN = 32 * 1024, STACK_MAX = 4 * 1024 * 1024 };

struct regex *
regex_new(const char *pattern, size_t len, const char **why, size_t *at)
{
	static _Thread_local PCRE2_UCHAR text[256];
	struct regex *re;
	pcre2_code *code;
	PCRE2_SIZE off;
	int err;

	code = pcre2_compile((PCRE2_SPTR)pattern, len,
	    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
	    &err, &off, NULL);
	if (!code) {
		pcre2_get_error_message(err, text, sizeof(text));
		*why = (const char *)text;
		*at = off;
		return NULL;
	}
	re = mem_calloc(1, sizeof(*re));
	re->code = code;
	re->data = pcre2_match_data_create_from_pattern(code, NULL);
	re->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(re->context, MATCH_LIMIT);
	pcre2_set_depth_limit(re->context, DEPTH_LIMIT);
	return re;
}

int
regex_match(struct regex *re, const char *text, size_t len,
    const char **group, size_t *ngroup)
{
	PCRE2_SIZE *v;
	int n;

	if (!re->tried_jit) {
		re->tried_jit = true;
		pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
		re->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX,
		    NULL);
		pcre2_jit_stack_assign(re->context, NULL, re->stack);
	}
	if (len > REGEX_SUBJECT_MAX)
		len = REGEX_SUBJECT_MAX;
	n = pcre2_match(re->code, (PCRE2_SPTR)text, len, 0, 0, re->data,
	    re->context);
	if (n < 0)
		return n == PCRE2_ERROR_NOMATCH ? 0 : -1;
	v = pcre2_get_ovector_pointer(re->data);
	*group = text;
	*ngroup = len;
	if (n > 1 && v[2] != PCRE2_UNSET) {
		*group = text + v[2];
		*ngroup = v[3] - v[2];
	}
	return 1;
}

void
regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_match_context_free(re->context);
	if (re->stack)
		pcre2_jit_stack_free(re->stack);
	pcre2_match_data_free(re->data);
	pcre2_code_free(re->code);
	free(re);
}

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/mem.h"
#include "lang/expr.h"
#include "lang/loader.h"
#include "lang/operand.h"
#include "lang/words.h"

static struct expr *parse_or(struct parser *);

static bool
at_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	expr_skip(p);
	return expr_name_len(p) == n && !memcmp(p->v->text + p->at, word, n);
}

static struct expr *
parse_parens(struct parser *p)
{
	size_t open = p->at++;
	struct expr *e;

	if (++p->depth > EXPR_DEPTH_MAX)
		return expr_wrong(p, open, 1, "the expression is nested too deeply");
	e = parse_or(p);
	p->depth--;
	if (!e)
		return NULL;
	expr_skip(p);
	if (p->v->text[p->at] != ')')
		return expr_wrong(p, open, 1, "a '(' that is never closed");
	p->at++;
	return e;
}

static struct expr *
parse_unary(struct parser *p)
{
	size_t len, from;
	struct expr *a;
	char c;

	expr_skip(p);
	from = p->at;
	c = p->v->text[p->at];
	if (p->at == p->v->len)
		return expr_wrong(p, p->at, 1, "a value is missing");
	if (c == '-') {
		p->at++;
		if (++p->depth > EXPR_DEPTH_MAX)
			return expr_wrong(p, from, 1,
			    "the expression is nested too deeply");
		a = parse_unary(p);
		p->depth--;
		return a ? expr_node(p, EX_NEGATE, from, 1, a, NULL) : NULL;
	}
	if (c == '(')
		return parse_parens(p);
	if (c == '"' || c == '\'')
		return expr_text(p);
	if (c == '$' && p->v->text[p->at + 1] == '{')
		return expr_reference(p);
	if (at_word(p, "defined"))
		return expr_defined(p);
	if (at_word(p, "exists"))
		return expr_exists(p);
	if (c == '!')
		return expr_wrong(p, from, 1, "'!' is no operator: 'not'?");
	if (at_word(p, "and"))
		return expr_wrong(p, from, 3, "a value is missing before 'and'");
	if (at_word(p, "or"))
		return expr_wrong(p, from, 2, "a value is missing before 'or'");
	if (at_word(p, "not"))
		return expr_wrong(p, from, 3, "'not' stands before a comparison: "
		    "use parentheses");
	len = expr_name_len(p);
	if (len == 0) {
		diag_error(&p->ld->diag, value_pos(p->v, p->at, 1),
		    "a value is missing before '%c'", c & 0x80 ? '?' : c);
		return NULL;
	}
	return expr_word(p, len);
}

static struct expr *
parse_product(struct parser *p)
{
	struct expr *a = parse_unary(p), *b;

	while (a) {
		size_t at;
		char c;

		expr_skip(p);
		at = p->at;
		c = p->v->text[at];
		if (c != '*' && c != '/' && c != '%')
			return a;
		p->at++;
		b = parse_unary(p);
		a = b ? expr_node(p, c == '*' ? EX_MUL : c == '/' ? EX_DIV :
		    EX_MOD, at, 1, a, b) : NULL;
	}
	return NULL;
}

static struct expr *
parse_sum(struct parser *p)
{
	struct expr *a = parse_product(p), *b;

	while (a) {
		size_t at;
		char c;

		expr_skip(p);
		at = p->at;
		c = p->v->text[at];
		if (c != '+' && c != '-')
			return a;
		p->at++;
		b = parse_product(p);
		a = b ? expr_node(p, c == '+' ? EX_ADD : EX_SUB, at, 1, a, b) :
		    NULL;
	}
	return NULL;
}

/* a pattern stands between quotes as it is: only \" is for us to skip */
static struct expr *
parse_match(struct parser *p, enum expr_op op, size_t at, struct expr *a)
{
	size_t from, end;
	struct expr *e;

	expr_skip(p);
	if (p->v->text[p->at] != '"') {
		diag_error(&p->ld->diag, value_pos(p->v, p->at, 1),
		    "a \"REGEX\" in quotes is missing behind '%s'",
		    op == EX_MATCH ? "=~" : "!~");
		return NULL;
	}
	from = p->at + 1;
	for (end = from; end < p->v->len && p->v->text[end] != '"'; end++)
		if (p->v->text[end] == '\\')
			end++;
	if (end >= p->v->len)
		return expr_wrong(p, p->at, 1, "a quote that is never closed");
	p->at = end + 1;
	e = expr_node(p, op, at, 2, a, NULL);
	if (e)
		e->regex = add_regex(p->ld, p->v, from, end - from);
	return e && e->regex ? e : NULL;
}

static size_t
comparison(const char *s, enum expr_op *op)
{
	static const struct {
		char sign[3];
		enum expr_op op;
	} signs[] = {
		{ "==", EX_EQ }, { "!=", EX_NE }, { "<=", EX_LE },
		{ ">=", EX_GE }, { "=~", EX_MATCH }, { "!~", EX_NOMATCH },
		{ "<", EX_LT }, { ">", EX_GT },
	};

	for (size_t i = 0; i < countof(signs); i++) {
		size_t n = strlen(signs[i].sign);

		if (!strncmp(s, signs[i].sign, n)) {
			*op = signs[i].op;
			return n;
		}
	}
	return 0;
}

static struct expr *
parse_compare(struct parser *p)
{
	struct expr *a = parse_sum(p), *b;
	enum expr_op op;
	size_t at, n;

	if (!a)
		return NULL;
	expr_skip(p);
	at = p->at;
	n = comparison(p->v->text + at, &op);
	if (n == 0)
		return a;
	p->at += n;
	if (op == EX_MATCH || op == EX_NOMATCH)
		a = parse_match(p, op, at, a);
	else
		a = (b = parse_sum(p)) ? expr_node(p, op, at, n, a, b) : NULL;
	if (!a)
		return NULL;
	expr_skip(p);
	n = comparison(p->v->text + p->at, &op);
	if (n)
		return expr_wrong(p, p->at, n, "comparisons do not chain: "
		    "join them with 'and'");
	return a;
}

static struct expr *
parse_not(struct parser *p)
{
	struct expr *a;
	size_t at;

	if (!at_word(p, "not"))
		return parse_compare(p);
	at = p->at;
	p->at += strlen("not");
	if (++p->depth > EXPR_DEPTH_MAX)
		return expr_wrong(p, at, 3, "the expression is nested too deeply");
	a = parse_not(p);
	p->depth--;
	return a ? expr_node(p, EX_NOT, at, 3, a, NULL) : NULL;
}

/* what part reads, joined by a word, from the left */
static struct expr *
parse_joined(struct parser *p, const char *word, enum expr_op op,
    struct expr *(*part)(struct parser *))
{
	struct expr *a = part(p), *b;
	size_t n = strlen(word);

	while (a && at_word(p, word)) {
		size_t at = p->at;

		p->at += n;
		b = part(p);
		a = b ? expr_node(p, op, at, n, a, b) : NULL;
	}
	return a;
}

static struct expr *
parse_and(struct parser *p)
{
	return parse_joined(p, "and", EX_AND, parse_not);
}

static struct expr *
parse_or(struct parser *p)
{
	return parse_joined(p, "or", EX_OR, parse_and);
}

/* behind a whole expression there is something left */
static void
too_much(struct parser *p)
{
	const char *s = p->v->text + p->at;
	size_t n = expr_name_len(p);

	if (n == 0)
		n = strcspn(s, " \t\n");
	if (s[0] == '=' || s[0] == '&' || s[0] == '|' || s[0] == '!') {
		diag_error(&p->ld->diag, value_pos(p->v, p->at, 1),
		    "'%c' is no operator: '%s'?", s[0], s[0] == '=' ? "==" :
		    s[0] == '&' ? "and" : s[0] == '|' ? "or" : "!=");
		return;
	}
	extra_word(p->ld, arena_strndup(&p->ld->tmp, s, n),
	    value_pos(p->v, p->at, n));
}

const struct expr *
expr_value(struct loader *ld, const struct value *v)
{
	struct parser p = { .ld = ld, .v = v };
	const struct expr *e;

	if (v->len == 0) {
		missing(ld, v, "an expression");
		return NULL;
	}
	e = parse_or(&p);
	if (!e)
		return NULL;
	expr_skip(&p);
	if (p.at < v->len) {
		too_much(&p);
		return NULL;
	}
	return e;
}

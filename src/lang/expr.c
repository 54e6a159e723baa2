/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "lang/expr.h"
#include "lang/loader.h"
#include "lang/words.h"

/* the tree is walked by functions that call themselves */
enum { NODES_MAX = 1000, DEPTH_MAX = 100 };

struct parser {
	struct loader *ld;
	const struct value *v;
	size_t at;
	unsigned depth, nodes;
};

static struct expr *parse_or(struct parser *);

static struct expr *
wrong(struct parser *p, size_t at, size_t len, const char *what)
{
	diag_error(&p->ld->diag, value_pos(p->v, at, len), "%s", what);
	return NULL;
}

static void
skip(struct parser *p)
{
	while (p->at < p->v->len && strchr(" \t\n", p->v->text[p->at]))
		p->at++;
}

static bool
is_name_byte(char c)
{
	return !(c & 0x80) && (isalnum((unsigned char)c) || c == '_' ||
	    c == '-' || c == '.');
}

/* the length of the name or number at the cursor */
static size_t
name_len(const struct parser *p)
{
	size_t n = 0;

	while (p->at + n < p->v->len && is_name_byte(p->v->text[p->at + n]))
		n++;
	return n;
}

static bool
at_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	skip(p);
	return name_len(p) == n && !memcmp(p->v->text + p->at, word, n);
}

static struct expr *
node(struct parser *p, enum expr_op op, size_t at, size_t len,
    const struct expr *a, const struct expr *b)
{
	struct expr *e;

	if (++p->nodes > NODES_MAX) {
		if (p->nodes == NODES_MAX + 1)
			wrong(p, at, len, "the expression is too long");
		return NULL;
	}
	e = arena_alloc(&p->ld->plan->arena, sizeof(*e));
	e->op = op;
	e->a = a;
	e->b = b;
	e->pos = value_pos(p->v, at, len);
	return e;
}

static struct expr *
parse_number(struct parser *p, size_t len)
{
	char *s = arena_strndup(&p->ld->tmp, p->v->text + p->at, len);
	struct expr *e = node(p, EX_NUMBER, p->at, len, NULL, NULL);

	if (!e)
		return NULL;
	e->is_int = strspn(s, "0123456789") == len;
	if (e->is_int && num_int(s, &e->i) == -1)
		return wrong(p, p->at, len, "the number is too large");
	if (!e->is_int && num_double(s, &e->d) == -1) {
		diag_error(&p->ld->diag, e->pos, "'%s' is no number", s);
		if (strchr(s, '-'))
			diag_note(&p->ld->diag, "minus stands between blanks");
		return NULL;
	}
	if (e->is_int)
		e->d = (double)e->i;
	else if (e->d >= HUGE_VAL)
		return wrong(p, p->at, len, "the number is too large");
	p->at += len;
	return e;
}

static struct expr *
parse_text(struct parser *p)
{
	struct cutter c = { .ld = p->ld, .v = p->v, .at = p->at };
	struct value part = *p->v;
	char quote = p->v->text[p->at];
	size_t end = p->at + 1;
	struct expr *e;
	struct word w;

	while (end < p->v->len && p->v->text[end] != quote)
		end += p->v->text[end] == '\\' && quote == '"' ? 2 : 1;
	if (end >= p->v->len)
		return wrong(p, p->at, 1, "a quote that is never closed");
	/* one word of the shell's kind, and nothing that touches it */
	part.len = end + 1;
	c.v = &part;
	if (cut_value(&c, &w) != 1)
		return NULL;
	e = node(p, EX_TEXT, p->at, end + 1 - p->at, NULL, NULL);
	p->at = end + 1;
	if (e)
		e->text = w.text;
	return e;
}

static struct expr *
parse_reference(struct parser *p)
{
	size_t from = p->at;
	struct piece piece;
	struct expr *e;

	if (!cut_reference(p->ld, p->v, &p->at, &piece))
		return NULL;
	e = node(p, EX_VAR, from, p->at - from, NULL, NULL);
	if (e)
		e->var = piece;
	return e;
}

/* STEP.result, STEP.code; NULL without a mistake: it is neither */
static struct expr *
parse_of_step(struct parser *p, const char *name, size_t len, bool *is)
{
	const char *dot = strchr(name, '.');
	bool result = dot && !strcmp(dot, ".result");
	char *step;
	uint32_t i;
	struct expr *e;

	*is = false;
	if (!result && !(dot && !strcmp(dot, ".code")))
		return NULL;
	step = arena_strndup(&p->ld->tmp, name, (size_t)(dot - name));
	i = p->ld->at ? find_step(p->ld->at, step) : NOWHERE;
	if (i == NOWHERE && symbol_is_known(p->ld, step, strlen(step)))
		return NULL;
	*is = true;
	if (i == NOWHERE) {
		unknown_step(p->ld, step, value_pos(p->v, p->at,
		    strlen(step)));
		return NULL;
	}
	e = node(p, result ? EX_RESULT : EX_CODE, p->at, len, NULL, NULL);
	p->at += len;
	if (e)
		e->step = i;
	return e;
}

static struct expr *
not_a_name(struct parser *p, const char *name, size_t len)
{
	size_t head = strcspn(name, "-");

	diag_error(&p->ld->diag, value_pos(p->v, p->at, len),
	    "'%s' is no variable: quote it?", name);
	if (name[head] && is_var_name(name, head))
		diag_note(&p->ld->diag, "minus stands between blanks");
	return NULL;
}

static struct expr *
parse_name(struct parser *p, size_t len)
{
	char *name = arena_strndup(&p->ld->tmp, p->v->text + p->at, len);
	size_t head = strcspn(name, ".");
	struct expr *e;
	bool is;

	e = parse_of_step(p, name, len, &is);
	if (is)
		return e;
	if (!is_var_name(name, head) || name[len - 1] == '.' ||
	    strstr(name, ".."))
		return not_a_name(p, name, len);
	e = node(p, EX_VAR, p->at, len, NULL, NULL);
	if (!e)
		return NULL;
	e->var.pos = e->pos;
	if (!strncmp(name, "env.", 4)) {
		if (!is_var_name(name + 4, len - 4))
			return not_a_name(p, name, len);
		e->var.kind = PIECE_ENV;
		e->var.text = arena_strdup(&p->ld->plan->arena, name + 4);
		e->var.len = len - 4;
	} else {
		e->var.kind = PIECE_VAR;
		e->var.sym = symbol_read(p->ld, name, head, e->pos, true,
		    head < len);
		if (head < len) {
			e->var.text = arena_strdup(&p->ld->plan->arena,
			    name + head + 1);
			e->var.len = len - head - 1;
		}
	}
	p->at += len;
	return e;
}

static struct expr *
parse_defined(struct parser *p)
{
	size_t from = p->at, len;
	struct expr *a;

	p->at += strlen("defined");
	skip(p);
	len = name_len(p);
	if (p->at + 1 < p->v->len && !memcmp(p->v->text + p->at, "${", 2))
		a = parse_reference(p);
	else if (len && !isdigit((unsigned char)p->v->text[p->at]))
		a = parse_name(p, len);
	else
		return wrong(p, p->at, 1, "a name is missing behind 'defined'");
	return a ? node(p, EX_DEFINED, from, p->at - from, a, NULL) : NULL;
}

static struct expr *
parse_exists(struct parser *p)
{
	size_t from = p->at, end;
	struct value part = *p->v;
	struct cutter c = { .ld = p->ld, .v = &part };
	struct expr *a;
	struct word w;

	p->at += strlen("exists");
	skip(p);
	/* a path ends at a blank; a ')' belongs to it only within quotes */
	for (end = p->at; end < p->v->len; end++) {
		char ch = p->v->text[end];

		if (ch == '"' || ch == '\'') {
			const char *q = memchr(p->v->text + end + 1, ch,
			    p->v->len - end - 1);

			if (q)
				end = (size_t)(q - p->v->text);
		} else if (strchr(" \t\n)", ch))
			break;
	}
	part.len = end;
	c.at = p->at;
	switch (cut_next(&c, &w)) {
	case 0:
		return wrong(p, p->at, 1, "a path is missing behind 'exists'");
	case -1:
		return NULL;
	}
	a = node(p, EX_TEXT, w.at, w.len, NULL, NULL);
	if (!a)
		return NULL;
	a->text = w.text;
	p->at = c.at;
	return node(p, EX_EXISTS, from, p->at - from, a, NULL);
}

static struct expr *
parse_parens(struct parser *p)
{
	size_t open = p->at++;
	struct expr *e;

	if (++p->depth > DEPTH_MAX)
		return wrong(p, open, 1, "the expression is nested too deeply");
	e = parse_or(p);
	p->depth--;
	if (!e)
		return NULL;
	skip(p);
	if (p->v->text[p->at] != ')')
		return wrong(p, open, 1, "a '(' that is never closed");
	p->at++;
	return e;
}

static struct expr *
parse_unary(struct parser *p)
{
	size_t len, from;
	struct expr *a;
	char c;

	skip(p);
	from = p->at;
	c = p->v->text[p->at];
	if (p->at == p->v->len)
		return wrong(p, p->at, 1, "a value is missing");
	if (c == '-') {
		p->at++;
		if (++p->depth > DEPTH_MAX)
			return wrong(p, from, 1,
			    "the expression is nested too deeply");
		a = parse_unary(p);
		p->depth--;
		return a ? node(p, EX_NEGATE, from, 1, a, NULL) : NULL;
	}
	if (c == '(')
		return parse_parens(p);
	if (c == '"' || c == '\'')
		return parse_text(p);
	if (c == '$' && p->v->text[p->at + 1] == '{')
		return parse_reference(p);
	if (at_word(p, "defined"))
		return parse_defined(p);
	if (at_word(p, "exists"))
		return parse_exists(p);
	if (c == '!')
		return wrong(p, from, 1, "'!' is no operator: 'not'?");
	if (at_word(p, "and"))
		return wrong(p, from, 3, "a value is missing before 'and'");
	if (at_word(p, "or"))
		return wrong(p, from, 2, "a value is missing before 'or'");
	if (at_word(p, "not"))
		return wrong(p, from, 3, "'not' stands before a comparison: "
		    "use parentheses");
	len = name_len(p);
	if (len == 0) {
		diag_error(&p->ld->diag, value_pos(p->v, p->at, 1),
		    "a value is missing before '%c'", c & 0x80 ? '?' : c);
		return NULL;
	}
	/* names of steps may begin with a digit */
	if (isdigit((unsigned char)c) || c == '.') {
		char *s = arena_strndup(&p->ld->tmp, p->v->text + p->at, len);
		bool is;

		a = parse_of_step(p, s, len, &is);
		return is ? a : parse_number(p, len);
	}
	return parse_name(p, len);
}

static struct expr *
parse_product(struct parser *p)
{
	struct expr *a = parse_unary(p), *b;

	while (a) {
		size_t at;
		char c;

		skip(p);
		at = p->at;
		c = p->v->text[at];
		if (c != '*' && c != '/' && c != '%')
			return a;
		p->at++;
		b = parse_unary(p);
		a = b ? node(p, c == '*' ? EX_MUL : c == '/' ? EX_DIV :
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

		skip(p);
		at = p->at;
		c = p->v->text[at];
		if (c != '+' && c != '-')
			return a;
		p->at++;
		b = parse_product(p);
		a = b ? node(p, c == '+' ? EX_ADD : EX_SUB, at, 1, a, b) :
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

	skip(p);
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
		return wrong(p, p->at, 1, "a quote that is never closed");
	p->at = end + 1;
	e = node(p, op, at, 2, a, NULL);
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
	skip(p);
	at = p->at;
	n = comparison(p->v->text + at, &op);
	if (n == 0)
		return a;
	p->at += n;
	if (op == EX_MATCH || op == EX_NOMATCH)
		a = parse_match(p, op, at, a);
	else
		a = (b = parse_sum(p)) ? node(p, op, at, n, a, b) : NULL;
	if (!a)
		return NULL;
	skip(p);
	n = comparison(p->v->text + p->at, &op);
	if (n)
		return wrong(p, p->at, n, "comparisons do not chain: "
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
	if (++p->depth > DEPTH_MAX)
		return wrong(p, at, 3, "the expression is nested too deeply");
	a = parse_not(p);
	p->depth--;
	return a ? node(p, EX_NOT, at, 3, a, NULL) : NULL;
}

static struct expr *
parse_and(struct parser *p)
{
	struct expr *a = parse_not(p), *b;

	while (a && at_word(p, "and")) {
		size_t at = p->at;

		p->at += strlen("and");
		b = parse_not(p);
		a = b ? node(p, EX_AND, at, 3, a, b) : NULL;
	}
	return a;
}

static struct expr *
parse_or(struct parser *p)
{
	struct expr *a = parse_and(p), *b;

	while (a && at_word(p, "or")) {
		size_t at = p->at;

		p->at += strlen("or");
		b = parse_and(p);
		a = b ? node(p, EX_OR, at, 2, a, b) : NULL;
	}
	return a;
}

/* behind a whole expression there is something left */
static void
too_much(struct parser *p)
{
	const char *s = p->v->text + p->at;
	size_t n = name_len(p);

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
	skip(&p);
	if (p.at < v->len) {
		too_much(&p);
		return NULL;
	}
	return e;
}

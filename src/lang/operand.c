/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "lang/loader.h"
#include "lang/operand.h"
#include "lang/words.h"

struct expr *
expr_wrong(struct parser *p, size_t at, size_t len, const char *what)
{
	diag_error(&p->ld->diag, value_pos(p->v, at, len), "%s", what);
	return NULL;
}

void
expr_skip(struct parser *p)
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
size_t
expr_name_len(const struct parser *p)
{
	size_t n = 0;

	while (p->at + n < p->v->len && is_name_byte(p->v->text[p->at + n]))
		n++;
	return n;
}

struct expr *
expr_node(struct parser *p, enum expr_op op, size_t at, size_t len,
    const struct expr *a, const struct expr *b)
{
	struct expr *e;

	if (++p->nodes > EXPR_NODES_MAX) {
		if (p->nodes == EXPR_NODES_MAX + 1)
			expr_wrong(p, at, len, "the expression is too long");
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
	struct expr *e = expr_node(p, EX_NUMBER, p->at, len, NULL, NULL);

	if (!e)
		return NULL;
	e->is_int = strspn(s, "0123456789") == len;
	if (e->is_int && num_int(s, &e->i) == -1)
		return expr_wrong(p, p->at, len, "the number is too large");
	if (!e->is_int && num_double(s, &e->d) == -1) {
		diag_error(&p->ld->diag, e->pos, "'%s' is no number", s);
		if (strchr(s, '-'))
			diag_note(&p->ld->diag, "minus stands between blanks");
		return NULL;
	}
	if (e->is_int)
		e->d = (double)e->i;
	else if (e->d >= HUGE_VAL)
		return expr_wrong(p, p->at, len, "the number is too large");
	p->at += len;
	return e;
}

struct expr *
expr_text(struct parser *p)
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
		return expr_wrong(p, p->at, 1, "a quote that is never closed");
	/* one word of the shell's kind, and nothing that touches it */
	part.len = end + 1;
	c.v = &part;
	if (cut_value(&c, &w) != 1)
		return NULL;
	e = expr_node(p, EX_TEXT, p->at, end + 1 - p->at, NULL, NULL);
	p->at = end + 1;
	if (e)
		e->text = w.text;
	return e;
}

struct expr *
expr_reference(struct parser *p)
{
	size_t from = p->at;
	struct piece piece;
	struct expr *e;

	if (!cut_reference(p->ld, p->v, &p->at, &piece))
		return NULL;
	e = expr_node(p, EX_VAR, from, p->at - from, NULL, NULL);
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
	e = expr_node(p, result ? EX_RESULT : EX_CODE, p->at, len, NULL, NULL);
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
	e = expr_node(p, EX_VAR, p->at, len, NULL, NULL);
	if (!e)
		return NULL;
	e->var.pos = e->pos;
	if (!strncmp(name, "env.", 4)) {
		if (!is_var_name(name + 4, len - 4))
			return not_a_name(p, name, len);
		e->var.kind = PIECE_ENV;
		e->var.text = arena_strdup(&p->ld->plan->arena, name + 4);
		e->var.len = len - 4;
		symbol_env(p->ld, e->var.text, e->pos);
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

struct expr *
expr_defined(struct parser *p)
{
	size_t from = p->at, len;
	struct expr *a;

	p->at += strlen("defined");
	expr_skip(p);
	len = expr_name_len(p);
	if (p->at + 1 < p->v->len && !memcmp(p->v->text + p->at, "${", 2))
		a = expr_reference(p);
	else if (len && !isdigit((unsigned char)p->v->text[p->at]))
		a = parse_name(p, len);
	else
		return expr_wrong(p, p->at, 1, "a name is missing behind 'defined'");
	return a ? expr_node(p, EX_DEFINED, from, p->at - from, a, NULL) : NULL;
}

struct expr *
expr_exists(struct parser *p)
{
	size_t from = p->at, end;
	struct value part = *p->v;
	struct cutter c = { .ld = p->ld, .v = &part };
	struct expr *a;
	struct word w;

	p->at += strlen("exists");
	expr_skip(p);
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
		return expr_wrong(p, p->at, 1, "a path is missing behind 'exists'");
	case -1:
		return NULL;
	}
	a = expr_node(p, EX_TEXT, w.at, w.len, NULL, NULL);
	if (!a)
		return NULL;
	a->text = w.text;
	p->at = c.at;
	return expr_node(p, EX_EXISTS, from, p->at - from, a, NULL);
}

struct expr *
expr_word(struct parser *p, size_t len)
{
	char c = p->v->text[p->at];
	struct expr *e;
	bool is;
	char *s;

	if (!isdigit((unsigned char)c) && c != '.')
		return parse_name(p, len);
	/* names of steps may begin with a digit */
	s = arena_strndup(&p->ld->tmp, p->v->text + p->at, len);
	e = parse_of_step(p, s, len, &is);
	return is ? e : parse_number(p, len);
}

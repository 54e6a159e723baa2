/* SPDX-License-Identifier: ISC */
/* expressions: numbers where both sides are numbers, else text */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "walk/inner.h"

struct number {
	enum number_kind kind;
	int64_t i;
	double d;
};

struct eval {
	struct walk *w;
	const struct ctx *c;
	const struct outcome *outcome;
	const struct seq *seq;
	struct buf *why;
};

static struct value *evaluate(struct eval *, const struct expr *);

static struct value *
wrong(struct eval *v, const struct expr *e, const char *text)
{
	why_at(v->w, e->pos, v->why);
	buf_adds(v->why, text);
	return NULL;
}

static struct number
number_of(const struct value *v)
{
	struct number n = { .kind = NUM_NONE };

	if (strlen(v->text) != v->len)
		return n;
	if (num_int(v->text, &n.i) == 0) {
		n.kind = NUM_INT;
		n.d = (double)n.i;
	} else if (num_double(v->text, &n.d) == 0) {
		n.kind = NUM_DOUBLE;
	}
	return n;
}

static struct value *
of_double(struct eval *v, const struct expr *e, double d)
{
	char buf[40];

	if (!isfinite(d))
		return wrong(v, e, "the number is too large");
	snprintf(buf, sizeof(buf), "%.15g", d);
	/* a value is text: this one must be seen to be no integer */
	if (!strpbrk(buf, ".e"))
		strcat(buf, ".0");
	return value_str(buf);
}

static bool
truth(const struct value *v)
{
	struct number n = number_of(v);

	if (n.kind != NUM_NONE)
		return n.d < 0 || n.d > 0;
	return v->len > 0 && strcmp(v->text, "no") != 0 &&
	    strcmp(v->text, "false") != 0;
}

static struct value *
of_bool(bool b)
{
	return value_str(b ? "1" : "0");
}

static const struct outcome *
outcome_of(const struct eval *v, const struct expr *e)
{
	const struct outcome *o;

	if (!v->outcome)
		return NULL;
	o = &v->outcome[e->step];
	return o->status == ST_N ? NULL : o;
}

static struct value *
step_value(struct eval *v, const struct expr *e)
{
	const struct outcome *o = outcome_of(v, e);

	if (!o) {
		why_at(v->w, e->pos, v->why);
		buf_addf(v->why, "step '%s' has not run",
		    v->seq ? v->seq->step[e->step].name : "?");
		return NULL;
	}
	if (e->op == EX_RESULT)
		return value_str(status_name(o->status));
	return o->code == CODE_NONE ? value_str("") : value_int(o->code);
}

static struct value *
defined(struct eval *v, const struct expr *a)
{
	struct buf ignored = { 0 };
	struct value *value;
	bool is;

	if (a->op != EX_VAR)
		return of_bool(outcome_of(v, a) != NULL);
	value = vars_piece(v->w, v->c, &a->var, &ignored);
	is = value != NULL;
	value_unref(value);
	buf_fini(&ignored);
	return of_bool(is);
}

static struct value *
exists(struct eval *v, const struct expr *e)
{
	struct value *path = evaluate(v, e->a);
	bool is;

	if (!path)
		return NULL;
	is = path->len > 0 && faccessat(AT_FDCWD, path->text, F_OK,
	    AT_SYMLINK_NOFOLLOW) == 0;
	value_unref(path);
	return of_bool(is);
}

static struct value *
compare(struct eval *v, const struct expr *e, const struct value *a,
    const struct value *b)
{
	struct number x = number_of(a), y = number_of(b);
	int c;

	(void)v;
	if (x.kind == NUM_INT && y.kind == NUM_INT) {
		c = (x.i > y.i) - (x.i < y.i);
	} else if (x.kind != NUM_NONE && y.kind != NUM_NONE) {
		c = (x.d > y.d) - (x.d < y.d);
	} else {
		size_t n = a->len < b->len ? a->len : b->len;

		c = memcmp(a->text, b->text, n);
		if (c == 0)
			c = (a->len > b->len) - (a->len < b->len);
	}
	switch (e->op) {
	case EX_EQ:
		return of_bool(c == 0);
	case EX_NE:
		return of_bool(c != 0);
	case EX_LT:
		return of_bool(c < 0);
	case EX_LE:
		return of_bool(c <= 0);
	case EX_GT:
		return of_bool(c > 0);
	default:
		return of_bool(c >= 0);
	}
}

static struct value *
integers(struct eval *v, const struct expr *e, int64_t a, int64_t b)
{
	int64_t r = 0;
	bool over = false;

	switch (e->op) {
	case EX_ADD:
		over = __builtin_add_overflow(a, b, &r);
		break;
	case EX_SUB:
		over = __builtin_sub_overflow(a, b, &r);
		break;
	case EX_MUL:
		over = __builtin_mul_overflow(a, b, &r);
		break;
	default:
		if (b == 0)
			return wrong(v, e, "division by zero");
		over = a == INT64_MIN && b == -1;
		if (!over)
			r = e->op == EX_DIV ? a / b : a % b;
		break;
	}
	if (over)
		return wrong(v, e, "the number is too large");
	return value_int(r);
}

static struct value *
arithmetic(struct eval *v, const struct expr *e, const struct value *a,
    const struct value *b)
{
	struct number x = number_of(a), y = number_of(b);

	if (x.kind == NUM_NONE || y.kind == NUM_NONE) {
		why_at(v->w, x.kind == NUM_NONE ? e->a->pos : e->b->pos,
		    v->why);
		buf_addf(v->why, "'%.60s' is no number",
		    x.kind == NUM_NONE ? a->text : b->text);
		return NULL;
	}
	if (x.kind == NUM_INT && y.kind == NUM_INT)
		return integers(v, e, x.i, y.i);
	switch (e->op) {
	case EX_ADD:
		return of_double(v, e, x.d + y.d);
	case EX_SUB:
		return of_double(v, e, x.d - y.d);
	case EX_MUL:
		return of_double(v, e, x.d * y.d);
	default:
		if (y.d >= 0 && y.d <= 0)
			return wrong(v, e, "division by zero");
		return of_double(v, e, e->op == EX_DIV ? x.d / y.d :
		    fmod(x.d, y.d));
	}
}

static struct value *
matches(struct eval *v, const struct expr *e)
{
	struct value *a = evaluate(v, e->a);
	const char *group;
	size_t n;
	int hit;

	if (!a)
		return NULL;
	hit = regex_match(e->regex, a->text, a->len, &group, &n);
	value_unref(a);
	if (hit == -1)
		return wrong(v, e, "the pattern gave up: it is too much work "
		    "for this text");
	return of_bool(hit == (e->op == EX_MATCH));
}

static struct value *
two(struct eval *v, const struct expr *e)
{
	struct value *a = evaluate(v, e->a), *b, *r;

	if (!a)
		return NULL;
	b = evaluate(v, e->b);
	if (!b) {
		value_unref(a);
		return NULL;
	}
	r = e->op >= EX_ADD ? arithmetic(v, e, a, b) : compare(v, e, a, b);
	value_unref(a);
	value_unref(b);
	return r;
}

static struct value *
both_or_either(struct eval *v, const struct expr *e)
{
	struct value *a = evaluate(v, e->a);
	bool t;

	if (!a)
		return NULL;
	t = truth(a);
	value_unref(a);
	if (t == (e->op == EX_OR))
		return of_bool(t);
	a = evaluate(v, e->b);
	if (!a)
		return NULL;
	t = truth(a);
	value_unref(a);
	return of_bool(t);
}

static struct value *
one(struct eval *v, const struct expr *e)
{
	struct value *a = evaluate(v, e->a), *r;
	struct number n;

	if (!a)
		return NULL;
	if (e->op == EX_NOT) {
		r = of_bool(!truth(a));
	} else {
		n = number_of(a);
		if (n.kind == NUM_NONE)
			r = wrong(v, e, "only a number can be negative");
		else if (n.kind == NUM_DOUBLE)
			r = of_double(v, e, -n.d);
		else if (n.i == INT64_MIN)
			r = wrong(v, e, "the number is too large");
		else
			r = value_int(-n.i);
	}
	value_unref(a);
	return r;
}

static struct value *
literal(struct eval *v, const struct expr *e)
{
	struct buf text = { 0 };
	struct value *r = NULL;

	if (e->op == EX_NUMBER)
		return e->is_int ? value_int(e->i) : of_double(v, e, e->d);
	if (vars_fill(v->w, v->c, &e->text, &text, v->why) == 0)
		r = value_new(text.data, text.len);
	buf_fini(&text);
	return r;
}

static struct value *
evaluate(struct eval *v, const struct expr *e)
{
	switch (e->op) {
	case EX_NUMBER:
	case EX_TEXT:
		return literal(v, e);
	case EX_VAR:
		return vars_piece(v->w, v->c, &e->var, v->why);
	case EX_RESULT:
	case EX_CODE:
		return step_value(v, e);
	case EX_DEFINED:
		return defined(v, e->a);
	case EX_EXISTS:
		return exists(v, e);
	case EX_NOT:
	case EX_NEGATE:
		return one(v, e);
	case EX_AND:
	case EX_OR:
		return both_or_either(v, e);
	case EX_MATCH:
	case EX_NOMATCH:
		return matches(v, e);
	case EX_EQ:
	case EX_NE:
	case EX_LT:
	case EX_LE:
	case EX_GT:
	case EX_GE:
	case EX_ADD:
	case EX_SUB:
	case EX_MUL:
	case EX_DIV:
	case EX_MOD:
		return two(v, e);
	}
	return NULL;
}

struct value *
eval_text(struct walk *w, const struct ctx *c, const struct outcome *o,
    const struct seq *seq, const struct expr *e, struct buf *why)
{
	struct eval v = { w, c, o, seq, why };

	return evaluate(&v, e);
}

int
eval_truth(struct walk *w, const struct ctx *c, const struct outcome *o,
    const struct seq *seq, const struct expr *e, struct buf *why)
{
	struct value *v = eval_text(w, c, o, seq, e, why);
	int t;

	if (!v)
		return -1;
	t = truth(v);
	value_unref(v);
	return t;
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>

#include "app/show.h"
#include "base/buf.h"

static const char *
operator_of(enum expr_op op)
{
	switch (op) {
	case EX_AND:
		return "and";
	case EX_OR:
		return "or";
	case EX_EQ:
		return "==";
	case EX_NE:
		return "!=";
	case EX_LT:
		return "<";
	case EX_LE:
		return "<=";
	case EX_GT:
		return ">";
	case EX_GE:
		return ">=";
	case EX_MATCH:
		return "=~";
	case EX_NOMATCH:
		return "!~";
	case EX_ADD:
		return "+";
	case EX_SUB:
		return "-";
	case EX_MUL:
		return "*";
	case EX_DIV:
		return "/";
	case EX_MOD:
		return "%";
	default:
		return "?";
	}
}

/* an operand that is an operation itself stands in brackets */
static void
operand(const struct show *s, const struct seq *q, const struct expr *e,
    struct buf *b)
{
	bool brackets = e->op >= EX_AND;

	buf_adds(b, brackets ? "(" : "");
	show_expr(s, q, e, b);
	buf_adds(b, brackets ? ")" : "");
}

void
show_expr(const struct show *s, const struct seq *q, const struct expr *e,
    struct buf *b)
{
	const struct show as_written = { .plan = s->plan };

	switch (e->op) {
	case EX_NUMBER:
		if (e->is_int)
			buf_addf(b, "%" PRId64, e->i);
		else
			buf_addf(b, "%.15g", e->d);
		break;
	case EX_TEXT:
		buf_addc(b, '"');
		show_text(&as_written, &e->text, b);
		buf_addc(b, '"');
		break;
	case EX_VAR:
		if (e->var.kind == PIECE_ENV || e->var.text)
			show_piece(s, &e->var, b);
		else
			buf_adds(b, s->plan->symbols.name[e->var.sym]);
		break;
	case EX_RESULT:
	case EX_CODE:
		buf_addf(b, "%s.%s", q->step[e->step].name,
		    e->op == EX_RESULT ? "result" : "code");
		break;
	case EX_DEFINED:
	case EX_EXISTS:
	case EX_NOT:
	case EX_NEGATE:
		buf_adds(b, e->op == EX_DEFINED ? "defined " :
		    e->op == EX_EXISTS ? "exists " :
		    e->op == EX_NOT ? "not " : "-");
		operand(s, q, e->a, b);
		break;
	case EX_MATCH:
	case EX_NOMATCH:
		operand(s, q, e->a, b);
		buf_addf(b, " %s \"", operator_of(e->op));
		show_text(&as_written, &e->text, b);
		buf_addc(b, '"');
		break;
	default:
		operand(s, q, e->a, b);
		buf_addf(b, " %s ", operator_of(e->op));
		operand(s, q, e->b, b);
		break;
	}
}

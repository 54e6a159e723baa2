/*
 * expr - expressions into trees (section 7 of the language)
 *
 *	or:      and { "or" and }
 *	and:     not { "and" not }
 *	not:     [ "not" ] compare
 *	compare: sum [ ( == != < <= > >= ) sum | ( =~ !~ ) "REGEX" ]
 *	sum:     product { ( + - ) product }
 *	product: unary { ( * / % ) unary }
 *	unary:   [ - ] ( "(" or ")" | number | "text" | ${name} | name
 *	         | STEP.result | STEP.code | defined NAME | exists PATH )
 */
#ifndef LANG_EXPR_H
#define LANG_EXPR_H

struct expr;
struct loader;
struct value;

/* NULL: what is wrong was reported */
const struct expr *expr_value(struct loader *, const struct value *);

#endif

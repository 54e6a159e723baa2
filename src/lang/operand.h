/*
 * operand - what stands between the operators of an expression
 *
 * Inside of lang/expr: the parser's state and the parts that read literals,
 * variables and the results of steps.
 */
#ifndef LANG_OPERAND_H
#define LANG_OPERAND_H

#include <stdbool.h>
#include <stddef.h>

#include "model/plan.h"

struct loader;
struct value;

/* the tree is walked by functions that call themselves */
enum { EXPR_NODES_MAX = 1000, EXPR_DEPTH_MAX = 100 };

struct parser {
	struct loader *ld;
	const struct value *v;
	size_t at;
	unsigned depth, nodes;
};

/* report a mistake; returns NULL */
struct expr *expr_wrong(struct parser *, size_t at, size_t len,
    const char *what);
struct expr *expr_node(struct parser *, enum expr_op, size_t at, size_t len,
    const struct expr *a, const struct expr *b);
void expr_skip(struct parser *);
/* the length of the name or number at the cursor */
size_t expr_name_len(const struct parser *);

/* all return NULL for what was reported */
struct expr *expr_text(struct parser *);
struct expr *expr_reference(struct parser *);
struct expr *expr_defined(struct parser *);
struct expr *expr_exists(struct parser *);
/* a number, a name, or STEP.result */
struct expr *expr_word(struct parser *, size_t len);

#endif

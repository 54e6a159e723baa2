/*
 * making - a text while it grows, piece by piece
 */
#ifndef LANG_MAKING_H
#define LANG_MAKING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/plan.h"

struct loader;
struct value;

struct making {
	struct loader *ld;
	const struct value *v;
	struct piece *piece;
	size_t n, cap;
	struct buf lit;
	size_t lit_at;		/* where the literal began in the value */
};

void making_literal(struct making *, size_t at, const char *s, size_t len);
/* a '$' at byte *at, which is then behind it; false: reported */
bool making_dollar(struct making *, size_t *at);
void making_finish(struct making *, struct text *, struct pos);
void making_drop(struct making *);

#endif

/*
 * list - the items of one `each`, known before any lane is there
 */
#ifndef WALK_LIST_H
#define WALK_LIST_H

#include "walk/inner.h"

struct list {
	struct walk *w;
	const struct ctx *ctx;	/* of the lane whose list it is, or NULL */
	struct buf *why;	/* where a failure is told */
	const struct each *each;
	char **item;		/* words, files, lines …; NULL: of a range */
	size_t n, cap;
	int64_t lo;		/* of a range */
	uint64_t step;		/* … added without regard to overflow */
	int width;		/* of its numbers, padded with zeros */
	size_t at;
};

/* the items that were given for this list, or NULL */
const struct walk_list *list_given(const struct walk *, const struct each *);
/* w, ctx, why and each are the caller's to set; -1 and why */
int list_read(struct list *);
void list_fini(struct list *);

#endif

/*
 * tree - text with branches drawn before it
 */
#ifndef APP_TREE_H
#define APP_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct tree {
	struct buf *out;
	bool utf8;		/* else the branches are ASCII */
	struct buf stem;	/* what the next line begins with */
};

/*
 * Draws the branch of an item, the last one of its parent or not; the caller
 * adds the rest of the line to out.  Until tree_end(), which gets what this
 * returns, all that comes belongs to the item.
 */
size_t tree_begin(struct tree *, bool is_last);
void tree_end(struct tree *, size_t item);
/* lines begin n columns further right until the item at hand ends */
void tree_indent(struct tree *, size_t n);
/* whole lines, with a newline at the end or not; blanks there are cut off */
void tree_lines(struct tree *, const char *text, size_t len);
void tree_fini(struct tree *);

#endif

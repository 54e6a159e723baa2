/*
 * mdoc - the source of a manual as plain text
 *
 * Knows the macros and escapes that man/pseq.5 uses, no others.
 */
#ifndef APP_MDOC_H
#define APP_MDOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* words with one blank between them, as far as they have come */
struct mdoc_text {
	struct buf words;
	bool tight;		/* no blank before the next one */
};

/* a blank that no line is broken at, until the text is written */
enum { MDOC_BLANK = 31 };

/* one word of a macro line; borrowed from it */
struct mdoc_arg {
	const char *s;
	size_t len;
	bool quoted;
	bool is_macro;		/* the name of one that may stand within a line */
};

/* false at the end; *s is moved on */
bool mdoc_arg(const char **s, const char *end, struct mdoc_arg *);
bool mdoc_is(const struct mdoc_arg *, const char *word);
/* a plain text, its escapes resolved */
void mdoc_plain(struct mdoc_text *, const char *s, size_t len);
/* what stands behind the dot of a line */
void mdoc_line(struct mdoc_text *, const char *s, size_t len);

/* columns of a line, and where it begins */
struct mdoc_shape {
	size_t width, indent;
};

/* words, broken into lines; further ones begin at hang */
void mdoc_wrap(struct buf *out, struct mdoc_text *, struct mdoc_shape,
    size_t hang);
/* whole lines of source */
void mdoc_render(struct buf *out, const char *s, size_t len,
    struct mdoc_shape);

#endif

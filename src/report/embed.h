/*
 * embed - JSON that can stand within a page
 *
 * Inside <script> only `<` could end it or begin a comment, so none is
 * written; nor anything that would end a line.
 */
#ifndef REPORT_EMBED_H
#define REPORT_EMBED_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Add a string with its quotes, all bytes as they are: one that is no UTF-8
 * becomes the lone surrogate U+DC00 + byte, which no UTF-8 can mean.
 */
void embed_text(struct buf *, const char *s, size_t len);
/* the same of a NUL-terminated text; NULL as "" */
void embed_str(struct buf *, const char *s);
/* `"key":`, with a comma before it unless it is the first in its object */
void embed_key(struct buf *, const char *key);
/* a key and its value; left out if the text is NULL or empty, or n is 0 */
void embed_pair(struct buf *, const char *key, const char *text);
void embed_count(struct buf *, const char *key, int64_t n);
/* seconds, to the microsecond */
void embed_seconds(struct buf *, double seconds);
/* a key with these; with texts */
void embed_when(struct buf *, const char *key, double seconds);
void embed_list(struct buf *, const char *key, const char *const *text,
    size_t n);

#endif

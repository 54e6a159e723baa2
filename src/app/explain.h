/*
 * explain - what the manual of the job file says of a word
 */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Adds all entries of a key, an action, a section, a result or another word,
 * or the chapter of that name, each with its place, in lines of width
 * columns.  False if there is none: best gets the nearest word that has one.
 */
bool explain_word(const char *word, size_t width, struct buf *out,
    struct buf *best);
/* columns of standard output; 80 if that is not known */
size_t explain_width(void);

#endif

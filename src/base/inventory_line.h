/*
 * inventory_line - the words of one line of an inventory
 *
 * As Ansible reads them: quotes of a shell in a line of a host, literals of
 * Python in values, ranges [01:50] in names.
 */
#ifndef BASE_INVENTORY_LINE_H
#define BASE_INVENTORY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * The next word of *s (of a line that ends at end) into word, quotes taken
 * off; `#` begins a comment.  1, 0: there is none, -1 and why.
 */
int inventory_word(const char **s, const char *end, struct buf *word,
    struct buf *why);
/*
 * What a value means: quotes around it are taken off, and a comment behind
 * them or behind a number.  May change the text.  -1 and why if it cannot
 * mean anything here.
 */
int inventory_value(char *text, struct buf *why);
/*
 * Every name a pattern such as db[01:10:3]-[a:c] stands for; ends at -1 of
 * fn, which it returns; -1 and why, too, if it is wrong.
 */
int inventory_expand(const char *pattern, int (*fn)(void *arg,
    const char *name, size_t len), void *arg, struct buf *why);

#endif

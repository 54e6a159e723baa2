/*
 * utf8 - decode UTF-8 ourselves, whatever the locale
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode one character of s (n > 0 bytes).  Returns its length and sets *c;
 * 0 if the bytes are no UTF-8 (overlong forms and surrogates included).
 */
size_t utf8_decode(const char *s, size_t n, uint32_t *c);
/* columns on a terminal: 0 (combining), 1 or 2 (East Asian wide, emoji) */
unsigned utf8_width(uint32_t c);
/* columns of a text; a byte that is no UTF-8 counts one */
size_t utf8_columns(const char *s, size_t n);
bool utf8_valid(const char *s, size_t n);

#endif

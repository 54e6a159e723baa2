/*
 * json - writes JSON, appended to a buffer
 *
 * A comma is put where one is wanted.  Text whose bytes are no UTF-8 comes
 * with U+FFFD for each such byte, and beside it, as KEY_b64, with all its
 * bytes in base64: what is written can always be read back as it was.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* '{' or '['; within an array, or as the first of all */
void json_open(struct buf *, char bracket);
/* '}' or ']' */
void json_close(struct buf *, char bracket);
/* "key": and nothing yet; the key is a word of ours */
void json_key(struct buf *, const char *key);
/* the same with any text */
void json_name(struct buf *, const char *text, size_t len);
/* an element: in quotes; false if it was no UTF-8 */
bool json_element(struct buf *, const char *text, size_t len);
/* an element: the bytes in base64, in quotes */
void json_base64(struct buf *, const char *text, size_t len);

void json_text(struct buf *, const char *key, const char *text, size_t len);
/* the same of a string; nothing at all for NULL or "" */
void json_str(struct buf *, const char *key, const char *s);
/* one of our own words: plain ASCII without quotes or backslashes */
void json_word(struct buf *, const char *key, const char *word);
void json_int(struct buf *, const char *key, int64_t n);
void json_uint(struct buf *, const char *key, uint64_t n);
/* with six decimals */
void json_seconds(struct buf *, const char *key, double seconds);
/* KEY: true; nothing at all for false */
void json_flag(struct buf *, const char *key, bool on);

#endif

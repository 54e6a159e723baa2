/*
 * regex - PCRE2 patterns that can never hang the loop
 *
 * Patterns see one line without its newline.  Bytes that are no UTF-8 match
 * nothing and do not fail; a match that would take too long gives up.
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stddef.h>

enum { REGEX_SUBJECT_MAX = 64 * 1024 };

struct regex;

/*
 * NULL if the pattern is wrong; then *why is a text in static storage of
 * the calling thread and *at the byte where it went wrong.  The JIT code is
 * made at the first match.
 */
struct regex *regex_new(const char *pattern, size_t len, const char **why,
    size_t *at);
/*
 * 1 if it matches; *group and *ngroup are then the first group if the
 * pattern has one that took part, else the whole text.  0 if not; -1 if it
 * gave up: the match would have taken too long.
 */
int regex_match(struct regex *, const char *text, size_t len,
    const char **group, size_t *ngroup);
void regex_free(struct regex *);

#endif

/*
 * each - lists that a sequence runs over
 */
#ifndef LANG_EACH_H
#define LANG_EACH_H

#include <stdbool.h>
#include <stddef.h>

struct each;
struct entry;
struct loader;

/* nth: how many lists of the same header stand before it */
bool read_each(struct loader *, const struct entry *, unsigned nth,
    struct each *);
/* none of its names stands in the n lists before it; else reported */
bool each_is_new(struct loader *, const struct entry *,
    const struct each *list, size_t n);

#endif

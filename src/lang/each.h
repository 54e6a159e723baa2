/*
 * each - lists that a sequence runs over
 */
#ifndef LANG_EACH_H
#define LANG_EACH_H

#include <stdbool.h>

struct each;
struct entry;
struct loader;

/* nth: how many lists of the same header stand before it */
bool read_each(struct loader *, const struct entry *, unsigned nth,
    struct each *);

#endif

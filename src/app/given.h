/*
 * given - lists of the command line: --list NAME=WORDS
 *
 * In place of what a command, a file or standard input would give.
 */
#ifndef APP_GIVEN_H
#define APP_GIVEN_H

#include <stddef.h>

#include "base/arena.h"

struct options;
struct plan;
struct walk_list;

struct given_lists {
	struct arena arena;
	struct walk_list *list;
	size_t n;
};

/* -1 after mistakes were reported */
int given_read(struct given_lists *, const struct plan *,
    const struct options *);
void given_fini(struct given_lists *);

#endif

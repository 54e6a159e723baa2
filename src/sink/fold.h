/*
 * fold - many names in few words: web[01-12], db3
 *
 * Names that differ in one number only become one.  Expanding the result
 * gives the same names again (padding included).
 */
#ifndef SINK_FOLD_H
#define SINK_FOLD_H

#include <stddef.h>

struct buf;

/* folded names in the order of their first members */
struct fold {
	char **text;
	size_t *count;		/* names each stands for */
	size_t n;
};

/* names that are given twice count once */
void fold_names(struct fold *, const char *const *names, size_t n);
void fold_fini(struct fold *);

#endif

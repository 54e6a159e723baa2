/*
 * fold - many names in few words, to be looked at: web[01-12], db3
 *
 * As base/hosts folds them, sorted by their numbers; a list of many ranges
 * is cut off.
 */
#ifndef SINK_FOLD_H
#define SINK_FOLD_H

#include <stddef.h>

struct buf;

struct fold {
	char **text;
	size_t *count;		/* names each stands for */
	size_t n;
};

/* names that are given twice count once */
void fold_names(struct fold *, const char *const *names, size_t n);
void fold_fini(struct fold *);
/*
 * Add the names with commas: exactly, so that they can be read again; but if
 * that takes more than max bytes, in short and only as many as fit, then
 * "and 7 more".
 */
void fold_text(struct buf *, const char *const *names, size_t n, size_t max);

#endif

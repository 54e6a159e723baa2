/*
 * diag - mistakes in job files: collected, then shown in the file's order
 *
 *	deploy.job:2:12: error: no step 'restrat'
 *	    2 | goto = restrat
 *	      |        ^~~~~~~
 *	deploy.job:2:12: note: did you mean 'restart'?
 */
#ifndef LANG_DIAG_H
#define LANG_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/pos.h"

struct near;
struct sources;

enum {
	DIAG_SHOWN = 20,	/* mistakes shown in one go */
	DIAG_KEPT = 1000	/* … kept, to show the first of the file */
};

struct mistake {
	struct pos pos;
	size_t nth;		/* in the order they were found */
	char *text, *note;
};

/* a zeroed one is ready for use */
struct diag {
	struct mistake *list;
	size_t n, cap;
};

void diag_error(struct diag *, struct pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* a note to the last mistake */
void diag_note(struct diag *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* "did you mean", if there is a near name */
void diag_near(struct diag *, const struct near *);
/* returns how many mistakes there are, 0 if none */
unsigned diag_print(struct diag *, const struct sources *, FILE *,
    bool color);
void diag_fini(struct diag *);

#endif

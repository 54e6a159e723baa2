/*
 * diff - what two texts have in common, line by line
 *
 * Lines are numbers: two are equal if their numbers are.  The common ones
 * found are as many as there can be (Myers).
 */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* places of the search that are looked at; 4 bytes each */
enum { DIFF_DEAR = 4 * 1024 * 1024 };

struct diff_text {
	const uint32_t *line;
	size_t n;
	bool *odd;		/* n of them: this line is not in the other */
};

/*
 * Sets odd of both.  -1: they differ so much that it would be too dear to
 * find out; then all lines between the common begin and end are odd.
 */
int diff_lines(struct diff_text *a, struct diff_text *b);

/* lines from to (without it) of both, with lines of context around */
struct diff_hunk {
	size_t from_a, to_a, from_b, to_b;
};

/*
 * The next hunk behind *h, which is zeroed at the beginning; false: there is
 * none.
 */
bool diff_next(const struct diff_text *a, const struct diff_text *b,
    size_t context, struct diff_hunk *h);

#endif

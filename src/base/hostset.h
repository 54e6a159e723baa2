/*
 * hostset - names of hosts as tuples of numbers, and words of sets of them
 *
 * Private to folding (hosts_fold.c): names of one shape are rows of cells,
 * one for each number in them; rows that differ in one cell only become one,
 * whose cell then is a set.
 */
#ifndef BASE_HOSTSET_H
#define BASE_HOSTSET_H

#include <stddef.h>
#include <stdint.h>

enum {
	HOSTSET_DIGITS = 15,	/* longer numbers are text */
	HOSTSET_DIMS = 8	/* numbers looked at in a name, from its end */
};

/*
 * A number as it is written: how many digits (upper byte) and its value, so
 * that these are in order: 1, 9, 01, 09, 10, 99, 001.
 * A cell is such a number, or with HOSTSET_SET the number of a set of them.
 */
#define HOSTSET_SET ((uint64_t)1 << 63)
enum { HOSTSET_LENGTH = 56 };

/* a zeroed one is ready for use */
struct hostset {
	uint64_t *member;
	size_t nmember, member_cap;
	struct hostset_span {
		size_t at, n;		/* of member */
	} *set;
	size_t nset, cap;
	uint32_t *slot;		/* sets by content; number + 1, 0 = free */
	size_t nslot;
};

struct hostset_rows {
	unsigned dims;
	uint64_t *cell;		/* dims of them for each row */
	size_t n, cap;
};

/* the numbers a cell stands for, in order; borrowed until the next fold */
const uint64_t *hostset_members(const struct hostset *, const uint64_t *cell,
    size_t *n);
/* as few rows as is cheap to find; sorted by their first numbers */
void hostset_fold(struct hostset *, struct hostset_rows *);
void hostset_fini(struct hostset *);

#endif

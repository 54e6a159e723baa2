/*
 * hostword - one word of a host set: r[1-4]n[01-40/2].example.net
 *
 * Cut up and checked first, so that it is known how many names there will be
 * before any is made.
 */
#ifndef BASE_HOSTWORD_H
#define BASE_HOSTWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { HOSTWORD_PARTS = 20 };	/* ranges in one name, and the text around */

/* from, from + step, … to; written with at least width digits */
struct hostword_range {
	uint64_t from, to, step;
	size_t width;		/* 0: no zeros in front */
};

/* a piece of text, or (n > 0) the numbers of one pair of brackets */
struct hostword_part {
	const char *text;
	size_t len;
	size_t first, n;	/* of hostword.range */
};

/* borrows the text; a zeroed one is ready for use, and may be used again */
struct hostword {
	const char *text;
	size_t len;
	bool group;		/* @name: the names are those of groups */
	struct hostword_part part[HOSTWORD_PARTS];
	size_t nparts;
	struct hostword_range *range;
	size_t nranges, cap;
	uint64_t count;		/* names it stands for, at most HOSTS_MAX */
	size_t longest;		/* length of its longest name */
};

typedef int hostword_fn(void *arg, const char *name, size_t len);

/* len is not 0; -1 and why, the word included */
int hostword_read(struct hostword *, const char *s, size_t len,
    struct buf *why);
/* the names, the first range varying slowest; ends at -1 of fn, which it
 * returns */
int hostword_each(const struct hostword *, hostword_fn *fn, void *arg);
void hostword_fini(struct hostword *);
/* the beginning of any text, quoted, as it can be shown anywhere */
void hostword_show(struct buf *, const char *s, size_t len);

#endif

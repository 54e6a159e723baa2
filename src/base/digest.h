/*
 * digest - a short sum of what was read
 *
 * Two texts that differ have different sums but for a chance of 2^-128; who
 * wants to can make two that have the same.  It serves to find out that a
 * file has changed, not that it was forged.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 33 };	/* with its NUL */

struct digest {
	uint64_t a, b;
};

struct digest digest_begin(void);
/* a field: its length counts, too, so that fields are never mixed up */
void digest_add(struct digest *, const char *s, size_t len);
/* of all fields until now, in hexadecimal */
void digest_text(const struct digest *, char text[DIGEST_TEXT]);

#endif

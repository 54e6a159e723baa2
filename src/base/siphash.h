/*
 * siphash - SipHash-2-4 with 128 bits, fed piece by piece
 *
 * A digest that nobody can aim at without the key: under a key of its own
 * no two texts of a run have the same but by chance (2^-128).
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t a, b;
};

struct siphash {
	uint64_t v[4];
	uint64_t tail;		/* the bytes of a word that is not full yet */
	uint64_t len;
};

struct siphash_sum {
	uint64_t a, b;
};

/* one that was not there before */
struct siphash_key siphash_new_key(void);
struct siphash siphash_begin(const struct siphash_key *);
void siphash_add(struct siphash *, const void *p, size_t n);
struct siphash_sum siphash_end(const struct siphash *);

#endif

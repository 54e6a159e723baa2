/* SPDX-License-Identifier: ISC */
#include <endian.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/siphash.h"

struct siphash_key
siphash_new_key(void)
{
	struct siphash_key k;
	struct timespec t;

	if (getrandom(&k, sizeof(k), GRND_NONBLOCK) == sizeof(k))
		return k;
	/* only before a system has gathered any chance at all */
	clock_gettime(CLOCK_REALTIME, &t);
	return (struct siphash_key){ (uint64_t)t.tv_nsec, (uint64_t)t.tv_sec };
}

static inline uint64_t
rotate(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static inline void
round_of(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static inline void
add_word(uint64_t v[4], uint64_t m)
{
	v[3] ^= m;
	round_of(v);
	round_of(v);
	v[0] ^= m;
}

struct siphash
siphash_begin(const struct siphash_key *k)
{
	return (struct siphash){ .v = {
		k->a ^ 0x736f6d6570736575u, k->b ^ 0x646f72616e646f6du ^ 0xee,
		k->a ^ 0x6c7967656e657261u, k->b ^ 0x7465646279746573u,
	} };
}

void
siphash_add(struct siphash *s, const void *p, size_t n)
{
	const unsigned char *c = p, *end = c + n;
	uint64_t v[4], m;

	for (; c < end && s->len % 8 != 0; s->len++) {
		s->tail |= (uint64_t)*c++ << 8 * (s->len % 8);
		if (s->len % 8 == 7) {
			add_word(s->v, s->tail);
			s->tail = 0;
		}
	}
	memcpy(v, s->v, sizeof(v));
	for (; end - c >= 8; c += 8, s->len += 8) {
		memcpy(&m, c, sizeof(m));
		add_word(v, le64toh(m));
	}
	memcpy(s->v, v, sizeof(v));
	for (; c < end; s->len++)
		s->tail |= (uint64_t)*c++ << 8 * (s->len % 8);
}

struct siphash_sum
siphash_end(const struct siphash *s)
{
	struct siphash_sum sum;
	uint64_t v[4];

	memcpy(v, s->v, sizeof(v));
	add_word(v, s->tail | s->len << 56);
	v[2] ^= 0xee;
	for (int i = 0; i < 4; i++)
		round_of(v);
	sum.a = v[0] ^ v[1] ^ v[2] ^ v[3];
	v[1] ^= 0xdd;
	for (int i = 0; i < 4; i++)
		round_of(v);
	sum.b = v[0] ^ v[1] ^ v[2] ^ v[3];
	return sum;
}

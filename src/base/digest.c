/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>

#include "base/digest.h"

/* FNV-1a twice, from different begins and with different multipliers */
static const uint64_t prime_a = 0x100000001b3u;
static const uint64_t prime_b = 0x9e3779b97f4a7c15u;

struct digest
digest_begin(void)
{
	return (struct digest){ 0xcbf29ce484222325u, 0x6c62272e07bb0142u };
}

static void
add_byte(struct digest *d, unsigned char c)
{
	d->a = (d->a ^ c) * prime_a;
	d->b = (d->b ^ c ^ d->b >> 47) * prime_b;
}

void
digest_add(struct digest *d, const char *s, size_t len)
{
	for (unsigned i = 0; i < 8; i++)
		add_byte(d, (unsigned char)((uint64_t)len >> 8 * i));
	for (size_t i = 0; i < len; i++)
		add_byte(d, (unsigned char)s[i]);
}

/* every bit of it shows in every bit of the sum */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

void
digest_text(const struct digest *d, char text[DIGEST_TEXT])
{
	snprintf(text, DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, mix(d->a),
	    mix(d->b + d->a));
}

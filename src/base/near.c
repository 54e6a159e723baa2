/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/near.h"

enum { NEAR_MAX = 40 };		/* longer names are compared by their start */

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

unsigned
near_distance(const char *a, const char *b)
{
	unsigned row[3][NEAR_MAX + 1];
	size_t n = strnlen(a, NEAR_MAX), m = strnlen(b, NEAR_MAX);
	unsigned *before = row[0], *last = row[1], *now = row[2];

	for (size_t j = 0; j <= m; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *old = before;

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned same = a[i - 1] == b[j - 1] ? 0 : 1;

			now[j] = min3(last[j] + 1, now[j - 1] + 1,
			    last[j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = old;
	}
	return last[m];
}

void
near_offer(struct near *n, const char *wanted, const char *candidate)
{
	size_t len = strlen(candidate), lw = strlen(wanted);
	unsigned d = near_distance(wanted, candidate);

	if (lw > len)
		len = lw;
	if (len > NEAR_MAX)
		len = NEAR_MAX;
	if (d == 0 || d >= len || d > (len < 4 ? 1 : (len + 1) / 3))
		return;
	if (!n->best || d < n->distance) {
		n->best = candidate;
		n->distance = d;
	}
}

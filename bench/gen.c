/* SPDX-License-Identifier: ISC */
/*
 * gen BYTES [ID] - lines of 80 bytes, large writes
 *
 *	L<id, 3 digits> <running number mod 4096, 4 hex digits> <fill>
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 80, LINES = 4096, CHUNK = 65536 };

int
main(int argc, char **argv)
{
	static char buf[LINE * LINES + 1];
	long left = argc > 1 ? atol(argv[1]) / LINE * LINE : 0;
	int id = argc > 2 ? atoi(argv[2]) % 1000 : 0;
	size_t at = 0;

	for (int i = 0; i < LINES; i++) {
		char head[32], *p = buf + (size_t)i * LINE;
		int n = snprintf(head, sizeof(head), "L%03d %04x ", id, i);

		memset(p, 'a' + i % 26, LINE - 1);
		memcpy(p, head, (size_t)n);
		p[LINE - 1] = '\n';
	}
	while (left > 0) {
		size_t n = sizeof(buf) - 1 - at;
		ssize_t w;

		if (n > CHUNK)
			n = CHUNK;
		if (n > (size_t)left)
			n = (size_t)left;
		w = write(1, buf + at, n);
		if (w <= 0)
			return 1;
		left -= w;
		at = (at + (size_t)w) % (sizeof(buf) - 1);
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * latency send [N [USEC]] - N lines, one every USEC, each the time at which
 * it is written
 *
 * latency receive - reads such lines behind any tag; prints the median and
 * the 99th percentile of how long they took, in microseconds
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX = 1000000 };

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int
send_lines(int n, int usec)
{
	const struct timespec gap = {
		.tv_sec = usec / 1000000, .tv_nsec = usec % 1000000 * 1000L
	};
	char text[64];

	for (int i = 0; i < n; i++) {
		int len;

		nanosleep(&gap, NULL);
		len = snprintf(text, sizeof(text), "@%lld\n", now());
		if (write(1, text, (size_t)len) != len)
			return 1;
	}
	return 0;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
receive(void)
{
	static char buf[1 << 20];
	static double took[MAX];
	size_t have = 0;
	int n = 0;
	ssize_t r;

	while ((r = read(0, buf + have, sizeof(buf) - have)) > 0) {
		long long at = now();
		char *p = buf, *q, *stamp;

		have += (size_t)r;
		while ((q = memchr(p, '\n', (size_t)(buf + have - p)))) {
			stamp = memchr(p, '@', (size_t)(q - p));
			if (stamp && n < MAX)
				took[n++] = (double)(at - atoll(stamp + 1)) /
				    1e3;
			p = q + 1;
		}
		have -= (size_t)(p - buf);
		memmove(buf, p, have);
	}
	if (n == 0)
		return 1;
	qsort(took, (size_t)n, sizeof(*took), compare);
	printf("%.0f %.0f\n", took[n / 2], took[n * 99 / 100]);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "send") == 0)
		return send_lines(argc > 2 ? atoi(argv[2]) : 500,
		    argc > 3 ? atoi(argv[3]) : 2000);
	return receive();
}

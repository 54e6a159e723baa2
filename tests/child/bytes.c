/* bytes N [C] - N times the byte C (default x), no newline */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static char buf[65536];
	long n = argc > 1 ? atol(argv[1]) : 1;

	memset(buf, argc > 2 ? argv[2][0] : 'x', sizeof(buf));
	while (n > 0) {
		size_t want = n < (long)sizeof(buf) ? (size_t)n : sizeof(buf);
		ssize_t w = write(1, buf, want);

		if (w <= 0)
			return 1;
		n -= w;
	}
	return 0;
}

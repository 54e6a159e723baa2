/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <unistd.h>

#include "base/full.h"

int
full_write(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w == -1 && errno == EINTR)
			continue;
		if (w == -1)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/story.h"
#include "report/tail.h"

uint64_t
tail_add(struct buf *b, const struct story_lane *l, size_t most)
{
	uint64_t from = l->log_size > most ? l->log_size - most : 0;
	size_t at = b->len;
	const char *nl;
	ssize_t n;
	int fd;

	if (!l->log || l->log_size == 0)
		return 0;
	fd = open(l->log, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return 0;
	n = pread(fd, buf_room(b, most), most, (off_t)from);
	close(fd);
	if (n <= 0)
		return from;
	b->len += (size_t)n;
	if (from > 0 && (nl = memchr(b->data + at, '\n', (size_t)n))) {
		size_t cut = (size_t)(nl + 1 - (b->data + at));

		memmove(b->data + at, nl + 1, (size_t)n - cut);
		b->len -= cut;
		from += cut;
	}
	return from;
}

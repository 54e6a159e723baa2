/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/story.h"
#include "report/tail.h"

enum { CHUNK = 64 * 1024 };

/* the bytes of a file from one offset to another, or as many as there are */
static int
read_part(struct buf *b, const char *path, uint64_t from, uint64_t to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = 0;

	if (fd < 0)
		return -1;
	while (from < to) {
		size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;

		n = pread(fd, buf_room(b, want), want, (off_t)from);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		b->len += (size_t)n;
		from += (size_t)n;
	}
	close(fd);
	return n < 0 ? -1 : 0;
}

/* where to begin so that no line is cut, unless it is a very long one */
static size_t
line_start(const char *text, size_t len)
{
	const char *nl = memchr(text, '\n', len / 2);

	return nl ? (size_t)(nl + 1 - text) : 0;
}

int
tail_read(struct buf *b, const struct story_lane *l, uint64_t *from)
{
	size_t at = b->len, skip;

	if (read_part(b, l->log, *from, l->log_size) == -1)
		return -1;
	if (*from == 0 || b->len == at)
		return 0;
	skip = line_start(b->data + at, b->len - at);
	b->len -= skip;
	memmove(b->data + at, b->data + at + skip, b->len - at);
	*from += skip;
	return 0;
}

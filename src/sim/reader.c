/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/runner.h"
#include "sim/reader.h"

enum { CHUNK = 64 * 1024 };

struct reader {
	int fd;
	char separator;
	bool more;		/* what comes continues a line */
	bool eof;
	size_t at, len;
	char buf[CHUNK];
};

struct reader *
reader_open(const char *path, char separator)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct reader *r;
	struct stat st;

	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		errno = S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
		return NULL;
	}
	r = mem_alloc(sizeof(*r));
	r->fd = fd;
	r->separator = separator;
	r->more = r->eof = false;
	r->at = r->len = 0;
	return r;
}

/* move what is left to the front and read on */
static int
fill(struct reader *r)
{
	ssize_t n;

	memmove(r->buf, r->buf + r->at, r->len - r->at);
	r->len -= r->at;
	r->at = 0;
	do
		n = read(r->fd, r->buf + r->len, CHUNK - r->len);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	r->eof = n == 0;
	r->len += (size_t)n;
	return 0;
}

int
reader_next(struct reader *r, const char **text, size_t *len, unsigned *flags)
{
	char *end;

	for (;;) {
		end = memchr(r->buf + r->at, r->separator, r->len - r->at);
		if (end || r->eof || (r->at == 0 && r->len == CHUNK))
			break;
		if (fill(r) == -1)
			return -1;
	}
	*flags = r->more ? LINE_MORE : 0;
	*text = r->buf + r->at;
	*len = end ? (size_t)(end - *text) : r->len - r->at;
	if (!end && r->eof && *len == 0 && !r->more)
		return 0;
	r->at += *len + (end != NULL);
	r->more = !end && !r->eof;
	if (!end)
		*flags |= r->eof ? LINE_TAIL : LINE_PART;
	return 1;
}

void
reader_close(struct reader *r)
{
	if (!r)
		return;
	close(r->fd);
	free(r);
}

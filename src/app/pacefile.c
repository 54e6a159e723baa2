/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/pacefile.h"
#include "base/buf.h"
#include "base/full.h"
#include "sink/pace.h"

enum { LONGEST = 1024 * 1024 };		/* bytes that are read of one */

static void
name(struct buf *b, const char *path, const char *end)
{
	const char *slash = strrchr(path, '/');

	buf_add(b, path, slash ? (size_t)(slash + 1 - path) : 0);
	buf_adds(b, "pace");
	buf_adds(b, end);
}

void
pacefile_read(const char *path, struct pace *pace)
{
	struct buf file = { 0 }, text = { 0 };
	ssize_t n = 0;
	int fd;

	if (!path)
		return;
	name(&file, path, "");
	fd = open(buf_str(&file), O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	buf_fini(&file);
	if (fd == -1)
		return;
	while (text.len < LONGEST &&
	    (n = read(fd, buf_room(&text, 4096), 4096)) > 0)
		text.len += (size_t)n;
	if (n == 0 && text.len > 0)
		pace_read(pace, text.data, text.len);
	close(fd);
	buf_fini(&text);
}

/* in one moment: another run of the job may read or write it just now */
void
pacefile_write(const char *path, struct pace *pace)
{
	struct buf file = { 0 }, new = { 0 }, text = { 0 };
	char end[32];
	int fd;

	if (!path)
		return;
	snprintf(end, sizeof(end), ".%ld", (long)getpid());
	name(&file, path, "");
	name(&new, path, end);
	pace_write(pace, &text);
	fd = open(buf_str(&new), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd != -1) {
		bool good = full_write(fd, text.data, text.len) == 0;

		if (close(fd) == -1 || !good ||
		    rename(buf_str(&new), buf_str(&file)) == -1)
			unlink(buf_str(&new));
	}
	buf_fini(&file);
	buf_fini(&new);
	buf_fini(&text);
}

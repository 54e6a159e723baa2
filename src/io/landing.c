/* SPDX-License-Identifier: ISC */
/* files and links, of what lands */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/full.h"
#include "io/landing.h"

enum {
	CHUNK = 64 * 1024,
	/*
	 * A file up to this size is first compared only; from the first
	 * byte that differs on it is written, after what was the same.
	 * That is done at once, so a larger one is written from the start.
	 */
	CATCH_UP = 32 * 1024 * 1024
};

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
land_drop_file(struct land *l)
{
	if (l->temp[0])
		unlinkat(land_innermost(l), l->temp, 0);
	l->temp[0] = '\0';
	shut(&l->out);
	shut(&l->old);
	buf_clear(&l->name);
}

/* --- files -------------------------------------------------------------- */

/* a name beside that of the file at hand; a long one is cut */
static void
temp_name(char *buf, const char *name, unsigned i)
{
	snprintf(buf, NAME_MAX + 1, ".%.200s.pseq-%ld-%u", name,
	    (long)getpid(), i);
}

static int
open_temp(struct land *l)
{
	for (unsigned i = 0; i < 100; i++) {
		temp_name(l->temp, l->file, i);
		l->out = openat(land_innermost(l), l->temp,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (l->out != -1 || errno != EEXIST)
			break;
	}
	if (l->out != -1)
		return 0;
	l->temp[0] = '\0';
	return land_fail_errno(l, "write", buf_str(&l->name));
}

int
land_file(struct land *l, const char *name, mode_t mode, uint64_t size)
{
	const char *last = land_reach(l, name);
	struct stat st;

	if (!last)
		return -1;
	land_drop_file(l);
	buf_adds(&l->name, name);
	snprintf(l->file, sizeof(l->file), "%s", last);
	l->mode = mode & 07777;
	l->size = size;
	l->done = 0;
	if (fstatat(land_innermost(l), last, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISDIR(st.st_mode))
			return land_fail(l, "write", name, "is a directory");
		/* a link is replaced; a device or a pipe is not for us */
		if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
			return land_fail(l, "write", name,
			    "is no regular file");
		if (S_ISREG(st.st_mode) && (uint64_t)st.st_size == size &&
		    (st.st_mode & 07777) == l->mode)
			l->old = openat(land_innermost(l), last,
			    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	}
	return l->old == -1 || size > CATCH_UP ? open_temp(l) : 0;
}

static ssize_t
read_at(int fd, char *buf, size_t n, uint64_t at)
{
	ssize_t r;

	do
		r = pread(fd, buf, n, (off_t)at);
	while (r == -1 && errno == EINTR);
	return r;
}

static bool
is_same(const struct land *l, const char *p, size_t n)
{
	char buf[CHUNK];
	uint64_t at = l->done;

	while (n > 0) {
		ssize_t r = read_at(l->old, buf, n < CHUNK ? n : CHUNK, at);

		if (r <= 0 || memcmp(buf, p, (size_t)r) != 0)
			return false;
		p += r;
		n -= (size_t)r;
		at += (uint64_t)r;
	}
	return true;
}

/* it differs from the old one: from here on it is written */
static int
catch_up(struct land *l)
{
	char buf[CHUNK];
	uint64_t at = 0;

	if (l->out == -1) {
		if (open_temp(l) == -1)
			return -1;
		while (at < l->done) {
			uint64_t left = l->done - at;
			ssize_t r = read_at(l->old, buf,
			    left < CHUNK ? (size_t)left : CHUNK, at);

			if (r == 0)
				errno = EIO;
			if (r <= 0 || full_write(l->out, buf, (size_t)r) == -1)
				return land_fail_errno(l, "write",
				    buf_str(&l->name));
			at += (uint64_t)r;
		}
	}
	shut(&l->old);
	return 0;
}

int
land_data(struct land *l, const char *p, size_t n)
{
	if (l->old != -1 && !is_same(l, p, n) && catch_up(l) == -1)
		return -1;
	if (l->out != -1 && full_write(l->out, p, n) == -1)
		return land_fail_errno(l, "write", buf_str(&l->name));
	l->done += n;
	return 0;
}

int
land_file_end(struct land *l)
{
	const char *name = buf_str(&l->name);
	int r, fd;

	if (l->done != l->size)
		return land_fail(l, "write", name, "it did not come whole");
	if (l->old != -1) {
		land_drop_file(l);
		return 0;
	}
	if (fchmod(l->out, l->mode) == -1)
		return land_fail_errno(l, "set the mode", name);
	/* some file systems tell of a full disk only now */
	r = close(l->out);
	l->out = -1;
	if (r == -1)
		return land_fail_errno(l, "write", name);
	fd = land_innermost(l);
	if (renameat(fd, l->temp, fd, l->file) == -1)
		return land_fail_errno(l, "rename to", name);
	l->temp[0] = '\0';
	l->changed = true;
	land_drop_file(l);
	return 0;
}

/* --- links -------------------------------------------------------------- */

int
land_link(struct land *l, const char *name, const char *text)
{
	const char *last = l->dir ? land_reach(l, name) : NULL;
	char have[PATH_MAX];
	size_t len = strlen(text);
	ssize_t n;
	int fd;

	if (!l->dir)
		return land_fail(l, "write", "", "a link came, and no file");
	if (!last)
		return -1;
	fd = land_innermost(l);
	n = readlinkat(fd, last, have, sizeof(have));
	if (n >= 0 && (size_t)n == len && memcmp(have, text, len) == 0)
		return 0;
	land_drop_file(l);
	buf_adds(&l->name, name);
	temp_name(l->temp, last, 0);
	unlinkat(fd, l->temp, 0);
	if (symlinkat(text, fd, l->temp) == -1) {
		l->temp[0] = '\0';
		return land_fail_errno(l, "write", name);
	}
	if (renameat(fd, l->temp, fd, last) == -1)
		return land_fail_errno(l, "rename to", name);
	l->temp[0] = '\0';
	l->changed = true;
	return 0;
}

/* the file that has this name, through no link; -1 with errno */
static int
open_came(const struct land *l, const char *name)
{
	int at = l->level[0].fd, fd;
	char part[NAME_MAX + 1];

	for (;;) {
		size_t n = strcspn(name, "/");
		bool last = name[n] == '\0';

		snprintf(part, sizeof(part), "%.*s", (int)n, name);
		fd = openat(at, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		    O_NONBLOCK | (last ? 0 : O_DIRECTORY));
		if (at != l->level[0].fd)
			close(at);
		if (fd == -1 || last)
			return fd;
		at = fd;
		name += n + 1;
	}
}

int
land_same(struct land *l, const char *name, const char *other, mode_t mode)
{
	char buf[CHUNK];
	struct stat st;
	ssize_t n = 0;
	int fd, r;

	if (!l->dir || l->nlevel == 0 || !land_is_safe(other))
		return land_fail(l, "write", name, "what it is a name of did "
		    "not come");
	fd = open_came(l, other);
	if (fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		shut(&fd);
		return land_fail(l, "write", name, "what it is a name of did "
		    "not come");
	}
	r = land_file(l, name, mode, (uint64_t)st.st_size);
	while (r == 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		r = land_data(l, buf, (size_t)n);
	if (n == -1)
		r = land_fail_errno(l, "read", other);
	close(fd);
	return r == 0 ? land_file_end(l) : -1;
}

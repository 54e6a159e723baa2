/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/inside.h"

/*
 * Standard input is shared with others, so its flags are not ours to
 * change: open it anew where that is the same file, else be careful.
 */
static int
open_stdin(struct stream *s)
{
	struct stat st;
	int fd;

	if (fstat(0, &st) == -1)
		return -1;
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) {
		fd = open("/proc/self/fd/0",
		    O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd != -1)
			return fd;
		s->shy = true;
	}
	s->socket = S_ISSOCK(st.st_mode);
	return fcntl(0, F_DUPFD_CLOEXEC, 3);
}

static int
open_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd != -1 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		errno = EISDIR;
		return -1;
	}
	return fd;
}

/*
 * To the table a reading is a process that has ended and left something in
 * its pipe; but nobody waits for it with a clock.
 */
void
launch_read(struct task *t, const struct launch *l)
{
	int fd = l->path ? open_path(l->path) : open_stdin(&t->out);
	struct buf b = { 0 };

	t->out.lines.separator = l->separator;
	t->state = TASK_DRAINING;
	if (fd != -1) {
		stream_open(&t->out, fd, EV_READ);
		return;
	}
	if (l->path)
		buf_addf(&b, "cannot read '%s': %s", l->path, strerror(errno));
	else
		buf_addf(&b, "cannot read standard input: %s", strerror(errno));
	buf_str(&b);
	task_fail(t, b.data);
	task_over(t);
}

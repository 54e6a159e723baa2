/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/full.h"
#include "base/mem.h"
#include "io/input.h"
#include "io/loop.h"
#include "io/spawn.h"
#include "model/transport.h"

enum {
	SMALL = 1024 * 1024,	/* a file up to this size is copied */
	CHUNK = 64 * 1024
};

struct feeder {
	struct loop *loop;
	ev_io in, out;		/* the file, the pipe; one is active */
	char *buf;
	size_t at, len;
};

/* all of a regular file, from its beginning to its end as it is now */
static int
append(int to, int from)
{
	char *buf = mem_alloc(CHUNK);
	ssize_t n;

	while ((n = read(from, buf, CHUNK)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 || full_write(to, buf, (size_t)n) == -1)
			break;
	}
	free(buf);
	return n == 0 ? 0 : -1;
}

/* bytes, then a file (-1: none), as a file in memory */
static int
in_memory(const char *p, size_t n, int file)
{
	int fd = memfd_create("stdin", MFD_CLOEXEC);
	int err;

	if (fd == -1)
		return -1;
	if (full_write(fd, p, n) == -1 || (file != -1 && append(fd, file) == -1) ||
	    lseek(fd, 0, SEEK_SET) == -1) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static void
end(struct feeder *f)
{
	ev_io_stop(loop_ev(f->loop), &f->in);
	ev_io_stop(loop_ev(f->loop), &f->out);
	if (f->in.fd != -1)
		close(f->in.fd);
	if (f->out.fd != -1)
		close(f->out.fd);
	f->in.fd = f->out.fd = -1;
}

static void
on_file(struct ev_loop *ev, ev_io *w, int events)
{
	struct feeder *f = w->data;
	ssize_t n = read(w->fd, f->buf, CHUNK);

	(void)events;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end(f);
		return;
	}
	f->at = 0;
	f->len = (size_t)n;
	ev_io_stop(ev, &f->in);
	ev_io_start(ev, &f->out);
}

static void
on_pipe(struct ev_loop *ev, ev_io *w, int events)
{
	struct feeder *f = w->data;
	ssize_t n = write(w->fd, f->buf + f->at, f->len - f->at);

	(void)events;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == -1) {
		/* not everybody reads to the end */
		end(f);
		return;
	}
	f->at += (size_t)n;
	if (f->at < f->len)
		return;
	ev_io_stop(ev, &f->out);
	ev_io_start(ev, &f->in);
}

/* takes over file; returns the reading end of the pipe */
static int
feed(struct loop *loop, const char *p, size_t n, int file, struct feeder **out)
{
	struct feeder *f;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	f = mem_calloc(1, sizeof(*f));
	f->loop = loop;
	f->buf = mem_alloc(n > CHUNK ? n : CHUNK);
	memcpy(f->buf, p, n);
	f->len = n;
	ev_io_init(&f->in, on_file, file, EV_READ);
	ev_io_init(&f->out, on_pipe, fd[1], EV_WRITE);
	f->in.data = f->out.data = f;
	ev_io_start(loop_ev(loop), &f->out);
	*out = f;
	return fd[0];
}

int
input_file(const char *path, struct buf *why)
{
	/* a pipe without a writer must not stop us; nor the process */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	int err = errno;

	if (fd != -1 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		err = EISDIR;
	}
	if (fd == -1)
		buf_addf(why, "standard input: cannot open '%s': %s", path,
		    strerror(err));
	errno = err;
	return fd;
}

int
input_open(struct loop *loop, const struct launch *l, struct feeder **feeder,
    struct buf *why)
{
	struct stat st;
	int file = -1, fd, err;

	*feeder = NULL;
	if (!l->in_path && !l->in_bytes)
		return SPAWN_NULL;
	if (l->in_path) {
		file = input_file(l->in_path, why);
		if (file == -1)
			return -2;
		if (!l->in_bytes) {
			fcntl(file, F_SETFL, 0);
			return file;
		}
	}
	if (file == -1 || (fstat(file, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= SMALL)) {
		fd = in_memory(l->in_bytes, l->in_len, file);
		err = errno;
		if (file != -1)
			close(file);
		errno = err;
	} else {
		fd = feed(loop, l->in_bytes, l->in_len, file, feeder);
		if (fd == -1)
			close(file);
	}
	if (fd != -1)
		return fd;
	buf_addf(why, "standard input: %s", strerror(errno));
	return -2;
}

void
feeder_free(struct feeder *f)
{
	if (!f)
		return;
	end(f);
	free(f->buf);
	free(f);
}

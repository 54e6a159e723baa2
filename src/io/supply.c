/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/supply.h"

struct file {
	ev_io io;		/* active while there is nothing to read */
	struct ev_loop *ev;
	void (*ready)(void *arg);
	void *arg;
};

static void
on_file(struct ev_loop *ev, ev_io *w, int events)
{
	struct file *f = w->data;

	(void)events;
	ev_io_stop(ev, w);
	f->ready(f->arg);
}

static ssize_t
pull_file(void *arg, char *p, size_t n)
{
	struct file *f = arg;
	ssize_t got;

	do
		got = read(f->io.fd, p, n);
	while (got == -1 && errno == EINTR);
	if (got == -1 && errno == EAGAIN) {
		ev_io_start(f->ev, &f->io);
		return -1;
	}
	/* what cannot be read any further is over, as for a pipe's reader */
	return got > 0 ? got : 0;
}

static void
fini_file(void *arg)
{
	struct file *f = arg;

	ev_io_stop(f->ev, &f->io);
	close(f->io.fd);
	free(f);
}

void
supply_file(struct supply *s, struct ev_loop *ev, int fd,
    void (*ready)(void *arg), void *arg)
{
	struct file *f = mem_calloc(1, sizeof(*f));

	f->ev = ev;
	f->ready = ready;
	f->arg = arg;
	ev_io_init(&f->io, on_file, fd, EV_READ);
	f->io.data = f;
	s->pull = pull_file;
	s->fini = fini_file;
	s->arg = f;
}

static void
finish(struct supply *s)
{
	if (s->fini)
		s->fini(s->arg);
	s->pull = NULL;
	s->fini = NULL;
}

ssize_t
supply_get(struct supply *s, char *p, size_t n)
{
	ssize_t got;

	if (s->at < s->head.len) {
		if (n > s->head.len - s->at)
			n = s->head.len - s->at;
		memcpy(p, s->head.data + s->at, n);
		s->at += n;
		if (s->at == s->head.len) {
			buf_fini(&s->head);
			s->at = 0;
		}
		return (ssize_t)n;
	}
	if (s->pull) {
		got = s->pull(s->arg, p, n);
		if (got != 0)
			return got;
		finish(s);
	}
	return s->open ? -1 : 0;
}

void
supply_fini(struct supply *s)
{
	finish(s);
	buf_fini(&s->head);
}

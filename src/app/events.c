/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/events.h"
#include "app/exits.h"
#include "base/buf.h"
#include "base/full.h"
#include "base/num.h"
#include "journal/writer.h"

bool
events_on_stdout(const char *events)
{
	return events && !strcmp(events, "-");
}

static int
cannot_open(const char *events)
{
	fprintf(stderr, "pseq: error: --events: '%s': %s\n", events,
	    strerror(errno));
	return EXITS_USAGE;
}

/* one that we were given; no command is to have it */
static int
take(struct events_end *s, const char *events)
{
	int64_t n;
	int flags;

	if (num_int(events + 3, &n) == -1 || n < 3 || n > INT_MAX) {
		fprintf(stderr, "pseq: error: --events: '%s': a number from 3 "
		    "stands behind 'fd:'\n", events);
		return EXITS_USAGE;
	}
	flags = fcntl((int)n, F_GETFL);
	if (flags == -1)
		return cannot_open(events);
	if ((flags & O_ACCMODE) == O_RDONLY) {
		errno = EBADF;
		return cannot_open(events);
	}
	fcntl((int)n, F_SETFD, FD_CLOEXEC);
	s->fd = (int)n;
	return EXITS_OK;
}

int
events_open(struct events_end *s, const char *events)
{
	*s = (struct events_end){ .fd = -1 };
	if (!events)
		return EXITS_OK;
	if (events_on_stdout(events)) {
		s->fd = STDOUT_FILENO;
		return EXITS_OK;
	}
	if (!strncmp(events, "fd:", 3))
		return take(s, events);
	s->fd = open(events, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
	    O_NOCTTY, 0666);
	if (s->fd == -1)
		return cannot_open(events);
	s->own = true;
	return EXITS_OK;
}

void
events_begin(const struct events_end *s)
{
	/* what is no file holds nothing */
	if (s->own && ftruncate(s->fd, 0) == -1 && errno != EINVAL)
		fprintf(stderr, "pseq: warning: --events: it cannot be "
		    "emptied: %s\n", strerror(errno));
}

void
events_skipped(const struct events_end *s, const char *events,
    const char *lock, pid_t pid)
{
	struct timespec t;
	struct buf b = { 0 };
	struct outlet outlet = outlet_buf(&b);
	struct moment at = { 0 };
	struct writer *w;

	if (s->fd == -1)
		return;
	clock_gettime(CLOCK_REALTIME, &t);
	at.wall = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	w = writer_new(NULL, at);
	writer_add(w, &outlet);
	writer_skipped(w, at, lock, pid);
	if (full_write(s->fd, b.data, b.len) == -1)
		fprintf(stderr, "pseq: warning: --events: '%s': %s\n", events,
		    strerror(errno));
	writer_free(w);
	buf_fini(&b);
}

void
events_lost(const char *what, int err)
{
	fprintf(stderr, "pseq: warning: %s: %s: the rest of it is lost\n",
	    what, strerror(err));
}

void
events_close(struct events_end *s)
{
	if (s->own)
		close(s->fd);
}

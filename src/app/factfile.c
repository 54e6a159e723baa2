/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/factfile.h"
#include "base/buf.h"
#include "base/full.h"
#include "model/event.h"
#include "report/facts.h"

int
factfile_open(struct factfile *f, const char *path)
{
	*f = (struct factfile){ .path = path, .fd = -1 };
	if (!path)
		return EXITS_OK;
	if (!strcmp(path, "-")) {
		f->fd = STDOUT_FILENO;
		return EXITS_OK;
	}
	f->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (f->fd != -1)
		return EXITS_OK;
	fprintf(stderr, "pseq: error: --facts %s: %s\n", path,
	    strerror(errno));
	return EXITS_USAGE;
}

static int
on_ready(void *arg, const struct buf *b)
{
	struct factfile *f = arg;

	buf_add(&f->text, b->data, b->len);
	return 0;
}

void
factfile_write(struct factfile *f)
{
	struct stat st;

	if (f->text.len == 0)
		return;
	/* what was there was of another run */
	if (f->fd != STDOUT_FILENO && fstat(f->fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && ftruncate(f->fd, 0) == -1)
		f->broken = true;
	if (!f->broken && full_write(f->fd, f->text.data, f->text.len) == 0)
		return;
	f->broken = true;
	fprintf(stderr, "pseq: warning: --facts %s: %s\n", f->path,
	    strerror(errno));
}

void
factfile_listen(struct factfile *f, struct bus *bus, const char *job,
    const char *run)
{
	struct facts_options o = {
		.job = job, .run = run, .ready = on_ready, .arg = f
	};
	struct sink sink;

	if (!f->path)
		return;
	sink = facts_open(&o);
	bus_add(bus, &sink);
}

void
factfile_close(struct factfile *f)
{
	if (f->fd > STDERR_FILENO)
		close(f->fd);
	f->fd = -1;
	buf_fini(&f->text);
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/whole.h"
#include "base/buf.h"
#include "base/full.h"

/* a file that is there keeps its links: the one at their end is replaced */
static char *
path_of(const char *name, bool there)
{
	char *cwd, *path = NULL;

	if (there)
		return realpath(name, NULL);
	if (*name == '/')
		return strdup(name);
	cwd = getcwd(NULL, 0);
	if (cwd && asprintf(&path, "%s/%s", cwd, name) == -1)
		path = NULL;
	free(cwd);
	return path;
}

/* something can be made beside it */
static int
try_folder(const char *path)
{
	struct buf folder = { 0 };
	int rc;

	buf_add(&folder, path, (size_t)(strrchr(path, '/') - path) + 1);
	rc = access(buf_str(&folder), W_OK | X_OK);
	buf_fini(&folder);
	return rc;
}

static int
prepare(struct whole *w)
{
	struct stat st;
	bool there = stat(w->name, &st) == 0;

	if (there && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (there && !S_ISREG(st.st_mode)) {
		w->fd = open(w->name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return w->fd == -1 ? -1 : 0;
	}
	if (there && access(w->name, W_OK) == -1)
		return -1;
	w->path = path_of(w->name, there);
	return w->path ? try_folder(w->path) : -1;
}

int
whole_open(struct whole *w, const char *option, const char *name)
{
	*w = (struct whole){ .option = option, .name = name, .fd = -1 };
	if (!name)
		return EXITS_OK;
	if (!strcmp(name, "-")) {
		w->fd = STDOUT_FILENO;
		return EXITS_OK;
	}
	if (prepare(w) == 0)
		return EXITS_OK;
	fprintf(stderr, "pseq: error: %s %s: %s\n", option, name,
	    strerror(errno));
	return EXITS_USAGE;
}

/* under another name first */
static int
replace(const char *path, const struct buf *b)
{
	struct buf temp = { 0 };
	struct stat st;
	int fd, rc = -1, error;

	buf_addf(&temp, "%s.%ld", path, (long)getpid());
	fd = open(buf_str(&temp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666);
	if (fd != -1) {
		if (stat(path, &st) == 0)
			(void)fchmod(fd, st.st_mode & 07777);
		rc = full_write(fd, b->data, b->len);
		/* some file systems tell of a full disk only now */
		if (close(fd) == -1)
			rc = -1;
		if (rc == 0)
			rc = rename(buf_str(&temp), path);
		error = errno;
		if (rc == -1)
			unlink(buf_str(&temp));
		errno = error;
	}
	buf_fini(&temp);
	return rc;
}

void
whole_write(struct whole *w, const struct buf *b)
{
	if (!w->name)
		return;
	if ((w->path ? replace(w->path, b) :
	    full_write(w->fd, b->data, b->len)) == 0)
		return;
	w->broken = true;
	fprintf(stderr, "pseq: warning: %s %s: %s\n", w->option, w->name,
	    strerror(errno));
}

void
whole_close(struct whole *w)
{
	if (w->fd > STDERR_FILENO)
		close(w->fd);
	w->fd = -1;
	free(w->path);
	w->path = NULL;
}

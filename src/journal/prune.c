/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "journal/prune.h"
#include "journal/rundir.h"

/* what is no run any more is called so, and its name */
static const char gone[] = ".gone-";

enum { DEPTH = 16 };

struct old {
	char name[RUN_NAME];
	struct timespec last;	/* something was written */
};

/* newest first; by name where the clock says nothing */
static int
compare(const void *a, const void *b)
{
	const struct old *p = a, *q = b;

	if (p->last.tv_sec != q->last.tv_sec)
		return p->last.tv_sec < q->last.tv_sec ? 1 : -1;
	if (p->last.tv_nsec != q->last.tv_nsec)
		return p->last.tv_nsec < q->last.tv_nsec ? 1 : -1;
	return strcmp(q->name, p->name);
}

static DIR *
list_dir(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd == -1 ? NULL : fdopendir(fd);

	if (!d && fd != -1)
		close(fd);
	return d;
}

/* is it a directory of a run, and since when did nothing change in it? */
static bool
look_at(int folder, const char *name, struct old *o)
{
	char path[RUN_NAME + sizeof("/journal")];
	struct stat dir, file;

	if (!rundir_is_name(name) ||
	    fstatat(folder, name, &dir, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISDIR(dir.st_mode))
		return false;
	snprintf(o->name, sizeof(o->name), "%s", name);
	snprintf(path, sizeof(path), "%s/journal", name);
	o->last = dir.st_mtim;
	if (fstatat(folder, path, &file, AT_SYMLINK_NOFOLLOW) == 0)
		o->last = file.st_mtim;
	return true;
}

/* nobody else asks for the lock, so that it tells who is running */
static bool
is_running(int folder, const char *name)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[RUN_NAME + sizeof(gone) + sizeof("/journal")];
	bool running;
	int fd;

	snprintf(path, sizeof(path), "%s/journal", name);
	fd = openat(folder, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	if (fd == -1)
		return errno != ENOENT;
	running = fcntl(fd, F_GETLK, &lock) == -1 || lock.l_type != F_UNLCK;
	close(fd);
	return running;
}

static void
mark(int folder, const char *name)
{
	char to[RUN_NAME + sizeof(gone)];

	if (is_running(folder, name))
		return;
	snprintf(to, sizeof(to), "%s%s", gone, name);
	if (renameat(folder, name, folder, to) == -1)
		return;
	/* who has locked it meanwhile looks whether it is still there */
	if (is_running(folder, to))
		renameat(folder, to, folder, name);
}

void
prune_mark(int folder, const struct rundir_keep *keep)
{
	struct old *list = NULL;
	size_t n = 0, cap = 0;
	struct timespec now;
	struct dirent *e;
	DIR *d = list_dir(folder);

	while (d && (e = readdir(d))) {
		list = mem_grow(list, &cap, n + 1, sizeof(*list));
		n += look_at(folder, e->d_name, &list[n]);
	}
	if (d)
		closedir(d);
	if (n > 0)
		qsort(list, n, sizeof(*list), compare);
	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = n; i-- > 0;)
		if ((keep->n > 0 && i + 1 >= (size_t)keep->n) ||
		    (keep->age > 0 && (double)(now.tv_sec -
		    list[i].last.tv_sec) > keep->age))
			mark(folder, list[i].name);
	free(list);
}

/* a directory with all that is in it */
static int
remove_all(int at, const char *name, int depth)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC), rc = 0, err = 0;
	struct dirent *e;
	DIR *d;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return -1;
	}
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlinkat(fd, e->d_name, 0) == 0 || errno == ENOENT)
			continue;
		if ((errno != EISDIR && errno != EPERM) || depth == 0 ||
		    remove_all(fd, e->d_name, depth - 1) == -1) {
			err = errno;
			rc = -1;
		}
	}
	closedir(d);
	if (rc == 0 && unlinkat(at, name, AT_REMOVEDIR) == -1 &&
	    errno != ENOENT)
		return -1;
	errno = err;
	return rc;
}

void
prune_sweep(int folder, struct buf *left)
{
	DIR *d = list_dir(folder);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, gone, sizeof(gone) - 1) != 0 ||
		    !rundir_is_name(e->d_name + sizeof(gone) - 1))
			continue;
		if (remove_all(folder, e->d_name, DEPTH) == -1 &&
		    left->len == 0)
			buf_addf(left, "old run '%s' cannot be removed: %s",
			    e->d_name, strerror(errno));
	}
	if (d)
		closedir(d);
}

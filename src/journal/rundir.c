/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/state.h"
#include "journal/prune.h"
#include "journal/rundir.h"

enum {
	FOLDER_MAX = 200,	/* of a name that many systems take 255 of */
	TRIES = 1000
};

/* --- names -------------------------------------------------------------- */

void
rundir_name(char name[RUN_NAME])
{
	struct timespec t;
	struct tm tm;
	char when[24];

	clock_gettime(CLOCK_REALTIME, &t);
	localtime_r(&t.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	snprintf(name, RUN_NAME, "%s-%05x", when,
	    (unsigned)(t.tv_nsec / 1000 ^ getpid()) & 0xfffff);
}

bool
rundir_is_name(const char *name)
{
	static const char form[] = "dddddddd-dddddd-xxxxx";
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; form[i] && name[i]; i++) {
		const char *p = strchr(digits, name[i]);

		if (form[i] == '-' ? name[i] != '-' :
		    !p || (form[i] == 'd' && p - digits > 9))
			return false;
	}
	return form[i] == name[i];
}

void
rundir_folder(struct buf *b, const char *job)
{
	/* these lie beside the folders of the jobs */
	if (!*job || *job == '.' || !strcmp(job, "locks") ||
	    !strcmp(job, "limits"))
		buf_addc(b, '_');
	for (size_t i = 0; job[i] && i < FOLDER_MAX; i++) {
		unsigned char c = (unsigned char)job[i];

		buf_addc(b, c < ' ' || c == '/' || c == 0x7f ? '_' : job[i]);
	}
}

/* --- the lock ----------------------------------------------------------- */

static int
lock_now(int fd, pid_t *holder)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	*holder = 0;
	if (fcntl(fd, F_SETLK, &l) == 0)
		return 0;
	if (errno != EACCES && errno != EAGAIN)
		return -1;
	if (fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK)
		*holder = l.l_pid;
	errno = EWOULDBLOCK;
	return -1;
}

/*
 * A process that was killed while it started a command leaves its lock to
 * that one for a moment: until it has let go of our files.
 */
static int
lock(int fd, pid_t *holder)
{
	static const struct timespec pause = { .tv_nsec = 10000000 };
	int rc = lock_now(fd, holder);

	for (int i = 0; i < 100 && rc == -1 && errno == EWOULDBLOCK; i++) {
		if (*holder > 0 && !(kill(*holder, 0) == -1 && errno == ESRCH)) {
			errno = EWOULDBLOCK;
			break;
		}
		nanosleep(&pause, NULL);
		rc = lock_now(fd, holder);
	}
	return rc;
}

/* --- a new one ---------------------------------------------------------- */

static int
fails(struct buf *why, const char *what, const char *path)
{
	buf_addf(why, "cannot %s '%s': %s", what, path, strerror(errno));
	return -1;
}

static int
open_dir(int at, const char *path)
{
	return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* the folder of the job, and the only one to change what runs it has */
static int
open_folder(const char *job, struct buf *path, int *guard, struct buf *why)
{
	struct buf below = { 0 };
	int fd, rc;

	rundir_folder(&below, job);
	rc = state_path(path, buf_str(&below), why);
	buf_fini(&below);
	if (rc == -1)
		return -1;
	buf_str(path);
	if (state_make(path->data) == -1 && errno != EEXIST)
		return fails(why, "make", path->data);
	fd = open_dir(AT_FDCWD, path->data);
	if (fd == -1)
		return fails(why, "open", path->data);
	*guard = openat(fd, ".lock", O_RDWR | O_CREAT | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (*guard == -1) {
		fails(why, "write to", path->data);
		close(fd);
		return -1;
	}
	while (flock(*guard, LOCK_EX) == -1 && errno == EINTR)
		;
	return fd;
}

static int
make_unique(struct rundir *r, int folder)
{
	for (int i = 0; i < TRIES; i++) {
		if (i > 0 || !*r->run)
			rundir_name(r->run);
		if (mkdirat(folder, r->run, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* what belongs into a directory that is open */
static int
fill(struct rundir *r, struct buf *why)
{
	pid_t holder;

	if (mkdirat(r->dir, "lanes", 0700) == -1 ||
	    (r->lanes = open_dir(r->dir, "lanes")) == -1)
		return fails(why, "make the logs' directory in", r->path);
	r->journal = openat(r->dir, "journal", O_RDWR | O_CREAT | O_EXCL |
	    O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (r->journal == -1)
		return fails(why, "make the journal in", r->path);
	if (lock(r->journal, &holder) == -1)
		return fails(why, "lock the journal in", r->path);
	return 0;
}

static int
make_in(struct rundir *r, int folder, const struct buf *path,
    struct buf *why)
{
	struct buf all = { 0 };

	if (make_unique(r, folder) == -1)
		return fails(why, "make a directory in", path->data);
	buf_addf(&all, "%s/%s", path->data, r->run);
	r->path = mem_strdup(buf_str(&all));
	buf_fini(&all);
	r->dir = open_dir(folder, r->run);
	if (r->dir == -1)
		return fails(why, "open", r->path);
	return fill(r, why);
}

int
rundir_make(struct rundir *r, const char *job, const struct rundir_keep *keep,
    struct buf *left, struct buf *why)
{
	/* for us alone, and for us in any case */
	mode_t mask = umask(0);
	struct buf path = { 0 };
	int guard = -1, folder = open_folder(job, &path, &guard, why), rc = -1;

	r->dir = r->lanes = r->journal = -1;
	if (folder != -1) {
		prune_mark(folder, keep);
		rc = make_in(r, folder, &path, why);
		close(guard);
		prune_sweep(folder, left);
		close(folder);
	}
	umask(mask);
	if (rc == -1)
		rundir_discard(r);
	buf_fini(&path);
	return rc;
}

/* --- one that is there -------------------------------------------------- */

/* false: it was taken away, being old, before we had the lock */
static bool
is_there(const struct rundir *r)
{
	struct stat ours, now;

	if (stat(r->path, &now) == -1 || fstat(r->dir, &ours) == -1)
		return false;
	errno = ENOENT;
	return ours.st_ino == now.st_ino && ours.st_dev == now.st_dev;
}

int
rundir_open(struct rundir *r, const char *path, pid_t *holder,
    struct buf *why)
{
	const char *name = strrchr(path, '/');

	*r = (struct rundir){ .dir = -1, .lanes = -1, .journal = -1 };
	*holder = 0;
	r->path = mem_strdup(path);
	snprintf(r->run, sizeof(r->run), "%s", name ? name + 1 : path);
	r->dir = open_dir(AT_FDCWD, path);
	if (r->dir == -1)
		goto fail;
	mkdirat(r->dir, "lanes", 0700);
	r->lanes = open_dir(r->dir, "lanes");
	r->journal = openat(r->dir, "journal", O_RDWR | O_APPEND | O_CLOEXEC |
	    O_NOFOLLOW);
	if (r->lanes == -1 || r->journal == -1)
		goto fail;
	if (lock(r->journal, holder) == 0 && is_there(r))
		return 0;
	if (errno == EWOULDBLOCK) {
		buf_addf(why, "the run '%s' is still going on", r->run);
		if (*holder > 0)
			buf_addf(why, " (process %d)", (int)*holder);
		rundir_close(r);
		return -1;
	}
fail:
	fails(why, "open the run in", path);
	rundir_close(r);
	return -1;
}

void
rundir_discard(struct rundir *r)
{
	if (r->dir != -1) {
		unlinkat(r->dir, "journal", 0);
		unlinkat(r->dir, "lanes", AT_REMOVEDIR);
	}
	if (r->path)
		rmdir(r->path);
	rundir_close(r);
}

void
rundir_close(struct rundir *r)
{
	if (!r->path)
		return;
	if (r->journal != -1)
		close(r->journal);
	if (r->lanes != -1)
		close(r->lanes);
	if (r->dir != -1)
		close(r->dir);
	free(r->path);
	*r = (struct rundir){ .dir = -1, .lanes = -1, .journal = -1 };
}

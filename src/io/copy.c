/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "io/copy.h"
#include "base/full.h"
#include "io/trail.h"
#include "model/action.h"

enum {
	WORK = 1024 * 1024,	/* bytes in one step */
	ENTRY = 16 * 1024,	/* what looking at a file counts for */
	CHUNK = 256 * 1024
};

/* a directory that is being copied */
struct level {
	DIR *dir;
	size_t from_len, to_len;	/* of the paths, to cut them back */
	mode_t mode;			/* for the copy, once it is full */
};

struct copier {
	struct arena arena;	/* of the copy */
	struct copy copy;
	size_t next;			/* source */
	struct buf from, to;		/* paths of what is at hand */
	struct level *level;
	size_t nlevel, level_cap;
	dev_t target_dev;		/* of the first directory we made */
	ino_t target_ino;

	/* the file at hand */
	int in, out;			/* -1: none */
	bool comparing;			/* out is the old one, to be compared */
	struct stat st;
	off_t done;
	struct buf temp;		/* its temporary name, "" if none */

	char *chunk, *other;
	bool changed;
	struct buf message;
};

struct copier *
copier_new(const struct copy *copy)
{
	struct copier *c = mem_calloc(1, sizeof(*c));
	const char **from;

	from = arena_alloc(&c->arena, copy->nfrom * sizeof(*from));
	for (size_t i = 0; i < copy->nfrom; i++)
		from[i] = arena_strdup(&c->arena, copy->from[i]);
	c->copy = (struct copy){
		.from = from, .nfrom = copy->nfrom,
		.to = copy->to ? arena_strdup(&c->arena, copy->to) : NULL,
	};
	c->in = c->out = -1;
	return c;
}

static enum copy_state
fail(struct copier *c, const char *what, const char *path, const char *why)
{
	if (c->message.len == 0)
		buf_addf(&c->message, "cannot %s: %s: %s", what, path, why);
	return COPY_FAILED;
}

static enum copy_state
fail_errno(struct copier *c, const char *what, struct buf *path)
{
	return fail(c, what, buf_str(path), strerror(errno));
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static void
set_path(struct buf *b, const char *s)
{
	buf_clear(b);
	buf_adds(b, s);
}

/* --- one file ----------------------------------------------------------- */

/* ".NAME.pseq-PID", beside the target; a long name is cut */
static int
open_temp(struct copier *c)
{
	const char *to = buf_str(&c->to), *slash = strrchr(to, '/');
	const char *name = slash ? slash + 1 : to;

	for (unsigned i = 0; i < 100; i++) {
		buf_clear(&c->temp);
		buf_add(&c->temp, to, (size_t)(name - to));
		buf_addf(&c->temp, ".%.200s.pseq-%ld-%u", name, (long)getpid(),
		    i);
		c->out = open(buf_str(&c->temp),
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (c->out != -1 || errno != EEXIST)
			break;
	}
	if (c->out == -1) {
		int err = errno;

		buf_clear(&c->temp);
		errno = err;
	}
	return c->out == -1 ? -1 : 0;
}

static enum copy_state
begin_writing(struct copier *c)
{
	shut(&c->out);
	c->comparing = false;
	c->done = 0;
	if (lseek(c->in, 0, SEEK_SET) == -1)
		return fail_errno(c, "read", &c->from);
	if (open_temp(c) == -1)
		return fail_errno(c, "write", &c->to);
	return COPY_MORE;
}

static enum copy_state
begin_file(struct copier *c)
{
	struct stat old;

	/* many may wait for their turn: those need none */
	if (!c->chunk) {
		c->chunk = mem_alloc(CHUNK);
		c->other = mem_alloc(CHUNK);
	}
	c->in = open(buf_str(&c->from), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (c->in == -1 || fstat(c->in, &c->st) == -1)
		return fail_errno(c, "read", &c->from);
	c->done = 0;
	if (lstat(buf_str(&c->to), &old) == 0) {
		if (S_ISDIR(old.st_mode))
			return fail(c, "write", buf_str(&c->to),
			    "is a directory");
		/* a link is replaced; a device or a pipe is not for us */
		if (!S_ISREG(old.st_mode) && !S_ISLNK(old.st_mode))
			return fail(c, "write", buf_str(&c->to),
			    "is no regular file");
		if (S_ISREG(old.st_mode) && old.st_size == c->st.st_size &&
		    (old.st_mode & 07777) == (c->st.st_mode & 07777))
			c->out = open(buf_str(&c->to), O_RDONLY | O_CLOEXEC);
		c->comparing = c->out != -1;
	}
	return c->comparing ? COPY_MORE : begin_writing(c);
}

static ssize_t
read_full(int fd, char *buf, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, buf + got, n - got);

		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

static void
end_file(struct copier *c)
{
	shut(&c->in);
	shut(&c->out);
	c->comparing = false;
	buf_clear(&c->temp);
}

static enum copy_state
finish_file(struct copier *c)
{
	struct stat in, out;

	if (fstat(c->in, &in) == -1 || fstat(c->out, &out) == -1)
		return fail_errno(c, "check", &c->to);
	if (out.st_size != c->done || in.st_size != c->done)
		return fail(c, "copy", buf_str(&c->from),
		    "it changed while it was copied");
	if (fchmod(c->out, in.st_mode & 07777) == -1)
		return fail_errno(c, "set the mode", &c->to);
	/* some file systems tell of a full disk only now */
	if (close(c->out) == -1) {
		c->out = -1;
		return fail_errno(c, "write", &c->to);
	}
	c->out = -1;
	if (rename(buf_str(&c->temp), buf_str(&c->to)) == -1)
		return fail_errno(c, "rename to", &c->to);
	c->changed = true;
	end_file(c);
	return COPY_MORE;
}

/* a chunk of the file at hand */
static enum copy_state
go_on(struct copier *c)
{
	ssize_t n = read_full(c->in, c->chunk, CHUNK);

	if (n == -1)
		return fail_errno(c, "read", &c->from);
	if (c->comparing) {
		if (read_full(c->out, c->other, CHUNK) != n ||
		    memcmp(c->chunk, c->other, (size_t)n) != 0)
			return begin_writing(c);
		if (n == 0)
			end_file(c);
		return COPY_MORE;
	}
	if (n == 0)
		return finish_file(c);
	if (full_write(c->out, c->chunk, (size_t)n) == -1)
		return fail_errno(c, "write", &c->to);
	c->done += n;
	return COPY_MORE;
}

/* --- links and directories ---------------------------------------------- */

static enum copy_state
copy_link(struct copier *c)
{
	char want[PATH_MAX], have[PATH_MAX];
	ssize_t n = readlink(buf_str(&c->from), want, sizeof(want) - 1), m;

	if (n == -1)
		return fail_errno(c, "read", &c->from);
	want[n] = '\0';
	m = readlink(buf_str(&c->to), have, sizeof(have));
	if (m == n && memcmp(want, have, (size_t)n) == 0)
		return COPY_MORE;
	buf_clear(&c->temp);
	buf_addf(&c->temp, "%s.pseq-%ld", buf_str(&c->to), (long)getpid());
	unlink(buf_str(&c->temp));
	if (symlink(want, buf_str(&c->temp)) == -1) {
		buf_clear(&c->temp);
		return fail_errno(c, "write", &c->to);
	}
	if (rename(buf_str(&c->temp), buf_str(&c->to)) == -1)
		return fail_errno(c, "rename to", &c->to);
	buf_clear(&c->temp);
	c->changed = true;
	return COPY_MORE;
}

/* make a directory, and those it stands in; 1: it was there */
static int
make_dirs(char *path, mode_t mode)
{
	struct stat st;
	char *slash;
	int r;

	if (mkdir(path, mode) == 0)
		return 0;
	if (errno == EEXIST) {
		if (stat(path, &st) == -1)
			return -1;
		errno = ENOTDIR;
		return S_ISDIR(st.st_mode) ? 1 : -1;
	}
	slash = strrchr(path, '/');
	if (errno != ENOENT || !slash || slash == path)
		return -1;
	*slash = '\0';
	r = make_dirs(path, 0777);
	*slash = '/';
	return r == -1 ? -1 : mkdir(path, mode);
}

static enum copy_state
enter(struct copier *c, const struct stat *st)
{
	struct level *l;
	struct stat to;
	int fd, r;

	/* its own mode may forbid us to fill it; it gets that at the end */
	r = mkdir(buf_str(&c->to), (st->st_mode & 0777) | 0700);
	if (r == 0)
		c->changed = true;
	if ((r == -1 && errno != EEXIST) || stat(buf_str(&c->to), &to) == -1)
		return fail_errno(c, "make", &c->to);
	if (!S_ISDIR(to.st_mode))
		return fail(c, "make", buf_str(&c->to), strerror(EEXIST));
	if (c->nlevel == 0) {
		c->target_dev = to.st_dev;
		c->target_ino = to.st_ino;
	}
	if (st->st_dev == c->target_dev && st->st_ino == c->target_ino)
		return fail(c, "copy", buf_str(&c->from),
		    "a directory into itself");
	fd = open(buf_str(&c->from), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return fail_errno(c, "read", &c->from);
	c->level = mem_grow(c->level, &c->level_cap, c->nlevel + 1,
	    sizeof(*c->level));
	l = &c->level[c->nlevel];
	l->dir = fdopendir(fd);
	if (!l->dir) {
		close(fd);
		return fail_errno(c, "read", &c->from);
	}
	l->from_len = c->from.len;
	l->to_len = c->to.len;
	l->mode = st->st_mode & 07777;
	c->nlevel++;
	return COPY_MORE;
}

/* the directory at hand is done */
static enum copy_state
leave(struct copier *c)
{
	struct level *l = &c->level[c->nlevel - 1];
	struct stat st;

	trail_cut(&c->from, l->from_len);
	trail_cut(&c->to, l->to_len);
	closedir(l->dir);
	c->nlevel--;
	if (stat(buf_str(&c->to), &st) == -1)
		return fail_errno(c, "check", &c->to);
	if ((st.st_mode & 07777) == l->mode)
		return COPY_MORE;
	if (chmod(buf_str(&c->to), l->mode) == -1)
		return fail_errno(c, "set the mode", &c->to);
	c->changed = true;
	return COPY_MORE;
}

/* what from names goes to to; links of a tree stay links */
static enum copy_state
begin_item(struct copier *c, bool follow)
{
	struct stat st;

	if ((follow ? stat : lstat)(buf_str(&c->from), &st) == -1)
		return fail_errno(c, "read", &c->from);
	if (S_ISREG(st.st_mode))
		return begin_file(c);
	if (S_ISDIR(st.st_mode))
		return enter(c, &st);
	if (S_ISLNK(st.st_mode))
		return copy_link(c);
	return fail(c, "copy", buf_str(&c->from),
	    "neither a file nor a directory");
}

static enum copy_state
next_entry(struct copier *c)
{
	const struct level *l = &c->level[c->nlevel - 1];
	struct dirent *e;

	trail_cut(&c->from, l->from_len);
	trail_cut(&c->to, l->to_len);
	do {
		errno = 0;
		e = readdir(l->dir);
	} while (e && (strcmp(e->d_name, ".") == 0 ||
	    strcmp(e->d_name, "..") == 0));
	if (!e)
		return errno ? fail_errno(c, "read", &c->from) : leave(c);
	trail_add(&c->from, e->d_name);
	trail_add(&c->to, e->d_name);
	return begin_item(c, false);
}

/* --- the whole ---------------------------------------------------------- */

static enum copy_state
next_source(struct copier *c)
{
	const char *to = c->copy.to, *name;
	size_t len;
	int r;

	if (c->next == c->copy.nfrom)
		return COPY_DONE;
	if (c->copy.nfrom > 1 && to[strlen(to) - 1] != '/')
		return fail(c, "copy several sources", to,
		    "no directory (a '/' at the end makes it one)");
	set_path(&c->from, c->copy.from[c->next++]);
	set_path(&c->to, to);
	/* "dir/" is "dir" */
	for (len = c->from.len; len > 1 && c->from.data[len - 1] == '/';)
		len--;
	trail_cut(&c->from, len);
	if (c->to.data[c->to.len - 1] != '/')
		return begin_item(c, true);
	for (len = c->to.len; len > 1 && c->to.data[len - 1] == '/';)
		len--;
	trail_cut(&c->to, len);
	r = make_dirs(c->to.data, 0777);
	if (r == -1)
		return fail_errno(c, "make", &c->to);
	c->changed |= r == 0;
	name = strrchr(c->from.data, '/');
	name = name ? name + 1 : c->from.data;
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return fail(c, "copy", c->from.data, "it has no name");
	trail_add(&c->to, name);
	return begin_item(c, true);
}

enum copy_state
copier_step(struct copier *c)
{
	enum copy_state s = COPY_MORE;

	if (c->copy.nfrom == 0 || !c->copy.to || c->copy.to[0] == '\0')
		return fail(c, "copy", "''", "no source or no target");
	for (int work = WORK; work > 0 && s == COPY_MORE;) {
		if (c->in != -1) {
			s = go_on(c);
			work -= CHUNK;
			continue;
		}
		s = c->nlevel > 0 ? next_entry(c) : next_source(c);
		work -= ENTRY;
	}
	return s;
}

bool
copier_changed(const struct copier *c)
{
	return c->changed;
}

const char *
copier_message(const struct copier *c)
{
	return c->message.len ? c->message.data : "";
}

void
copier_free(struct copier *c)
{
	if (!c)
		return;
	if (c->temp.len > 0)
		unlink(buf_str(&c->temp));
	shut(&c->in);
	shut(&c->out);
	while (c->nlevel > 0)
		closedir(c->level[--c->nlevel].dir);
	arena_fini(&c->arena);
	free(c->level);
	free(c->chunk);
	free(c->other);
	buf_fini(&c->from);
	buf_fini(&c->to);
	buf_fini(&c->temp);
	buf_fini(&c->message);
	free(c);
}

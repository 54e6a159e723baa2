/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/landing.h"

/* --- errors ------------------------------------------------------------- */

int
land_fail(struct land *l, const char *what, const char *name, const char *why)
{
	if (l->message.len > 0)
		return -1;
	buf_addf(&l->message, "cannot %s: %s", what, buf_str(&l->base));
	if (l->dir && *name) {
		if (l->base.len == 0 || l->base.data[l->base.len - 1] != '/')
			buf_addc(&l->message, '/');
		buf_adds(&l->message, name);
	}
	buf_addf(&l->message, ": %s", why);
	return -1;
}

int
land_fail_errno(struct land *l, const char *what, const char *name)
{
	return land_fail(l, what, name, strerror(errno));
}

int
land_innermost(const struct land *l)
{
	return l->level[l->nlevel - 1].fd;
}

/* --- directories -------------------------------------------------------- */

static void
push(struct land *l, int fd)
{
	l->level = mem_grow(l->level, &l->level_cap, l->nlevel + 1,
	    sizeof(*l->level));
	l->level[l->nlevel++] = (struct level){ fd, l->at.len };
}

static void
pop(struct land *l)
{
	close(l->level[--l->nlevel].fd);
	l->at.len = l->nlevel ? l->level[l->nlevel - 1].len : 0;
	buf_str(&l->at);
}

/* leave directories that do not hold what has this name */
static void
climb(struct land *l, const char *name, size_t len)
{
	while (l->nlevel > 1 && (l->at.len > len ||
	    memcmp(l->at.data, name, l->at.len) != 0 ||
	    (l->at.len < len && name[l->at.len] != '/')))
		pop(l);
}

/* go down to a directory that has come before; -1 with errno */
static int
descend(struct land *l, const char *name, size_t len)
{
	char part[NAME_MAX + 1];

	climb(l, name, len);
	while (l->at.len < len) {
		const char *p = name + l->at.len + (l->at.len > 0);
		size_t n = strcspn(p, "/");
		int fd;

		snprintf(part, sizeof(part), "%.*s", (int)n, p);
		fd = openat(land_innermost(l), part, O_RDONLY | O_DIRECTORY |
		    O_CLOEXEC | O_NOFOLLOW);
		if (fd == -1)
			return -1;
		buf_clear(&l->at);
		buf_add(&l->at, name, (size_t)(p + n - name));
		buf_str(&l->at);
		push(l, fd);
	}
	return 0;
}

static int
set_mode(struct land *l, int fd, const char *name, mode_t mode)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return land_fail_errno(l, "check", name);
	if ((st.st_mode & 07777) == mode)
		return 0;
	if (fchmod(fd, mode) == -1)
		return land_fail_errno(l, "set the mode", name);
	l->changed = true;
	return 1;
}

/* the last that came are the innermost: they are shut first */
static int
shut_all(struct land *l)
{
	int r = l->message.len > 0 ? -1 : 0;

	for (; l->nshut > 0; free(l->shut[l->nshut].name)) {
		const struct shut *s = &l->shut[--l->nshut];

		if (r == -1)
			continue;
		r = descend(l, s->name, strlen(s->name));
		if (r == -1)
			land_fail_errno(l, "set the mode", s->name);
		else if (set_mode(l, land_innermost(l), s->name, s->mode) == -1)
			r = -1;
	}
	return r;
}

int
land_end(struct land *l)
{
	int r;

	land_drop_file(l);
	r = shut_all(l);
	while (l->nlevel > 0)
		pop(l);
	return r;
}

bool
land_is_safe(const char *name)
{
	for (;;) {
		size_t n = strcspn(name, "/");

		if (n == 0 || n > NAME_MAX || (n == 1 && name[0] == '.') ||
		    (n == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (name[n] == '\0')
			return true;
		name += n + 1;
	}
}

const char *
land_reach(struct land *l, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;

	if (!l->dir)
		return buf_str(&l->leaf);
	if (!land_is_safe(name)) {
		land_fail(l, "write", "", "a name in what came is not allowed");
		return NULL;
	}
	if (l->nlevel == 0 || descend(l, name, n) == -1) {
		land_fail(l, "write", name, "its directory did not come");
		return NULL;
	}
	return slash ? slash + 1 : name;
}

/* the directory is opened, and made if it is missing */
static int
enter(struct land *l, int at, const char *path, const char *name, mode_t mode,
    int flags)
{
	int r = mkdirat(at, path, (mode & 0777) | 0700), fd, set = 0;
	struct stat st;

	if (r == 0)
		l->changed = true;
	if (r == -1 && errno != EEXIST)
		return land_fail_errno(l, "make", name);
	fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	if (fd == -1 && r == -1 && (errno == ENOTDIR || errno == ELOOP))
		return land_fail(l, "make", name, strerror(EEXIST));
	if (fd == -1)
		return land_fail_errno(l, "make", name);
	buf_clear(&l->at);
	buf_adds(&l->at, name);
	buf_str(&l->at);
	push(l, fd);
	if ((mode & 0700) == 0700)
		return set_mode(l, fd, name, mode) == -1 ? -1 : 0;
	if (fstat(fd, &st) == 0 && (st.st_mode & 07777) == mode)
		return 0;
	set = set_mode(l, fd, name, mode | 0700);
	l->shut = mem_grow(l->shut, &l->shut_cap, l->nshut + 1,
	    sizeof(*l->shut));
	l->shut[l->nshut++] = (struct shut){ mem_strdup(name), mode };
	return set == -1 ? -1 : 0;
}

int
land_dir(struct land *l, const char *name, mode_t mode)
{
	const char *last;

	if (!l->dir)
		return land_fail(l, "write", "",
		    "a directory came, and no file");
	if (*name == '\0')
		return l->nlevel ? 0 : enter(l, AT_FDCWD, buf_str(&l->base),
		    "", mode, 0);
	last = land_reach(l, name);
	if (!last)
		return -1;
	return enter(l, land_innermost(l), last, name, mode, O_NOFOLLOW);
}

int
land_make(struct land *l, const char *path)
{
	char *p = mem_strdup(path);
	size_t len = strlen(p);
	struct stat st;
	int r = 0;

	while (len > 1 && p[len - 1] == '/')
		p[--len] = '\0';
	buf_clear(&l->base);
	buf_adds(&l->base, p);
	for (size_t i = 1; i <= len && r == 0; i++) {
		char c = p[i];

		if (c != '/' && c != '\0')
			continue;
		p[i] = '\0';
		if (stat(p, &st) == 0) {
			errno = ENOTDIR;
			r = S_ISDIR(st.st_mode) ? 0 : -1;
		} else {
			r = mkdir(p, 0777);
			l->changed |= r == 0;
		}
		p[i] = c;
	}
	free(p);
	return r == 0 ? 0 : land_fail_errno(l, "make", "");
}

int
land_begin(struct land *l, const char *path, bool dir)
{
	const char *slash = strrchr(path, '/');
	char *parent;
	int fd;

	if (land_end(l) == -1)
		return -1;
	buf_clear(&l->base);
	buf_adds(&l->base, path);
	buf_clear(&l->leaf);
	buf_clear(&l->at);
	buf_str(&l->at);
	l->dir = dir;
	if (dir)
		return 0;
	buf_adds(&l->leaf, slash ? slash + 1 : path);
	parent = slash ? mem_strndup(path, (size_t)(slash - path) + 1) :
	    mem_strdup(".");
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	if (fd == -1)
		return land_fail_errno(l, "write", "");
	push(l, fd);
	return 0;
}

/* --- the whole ---------------------------------------------------------- */

struct land *
land_new(void)
{
	struct land *l = mem_calloc(1, sizeof(*l));

	l->out = l->old = -1;
	return l;
}

bool
land_changed(const struct land *l)
{
	return l->changed;
}

const char *
land_message(const struct land *l)
{
	return l->message.len ? l->message.data : "";
}

void
land_free(struct land *l)
{
	if (!l)
		return;
	if (l->nlevel > 0)
		land_drop_file(l);
	while (l->nlevel > 0)
		pop(l);
	while (l->nshut > 0)
		free(l->shut[--l->nshut].name);
	free(l->shut);
	buf_fini(&l->base);
	buf_fini(&l->leaf);
	buf_fini(&l->at);
	buf_fini(&l->name);
	buf_fini(&l->message);
	free(l->level);
	free(l);
}

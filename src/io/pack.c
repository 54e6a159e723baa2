/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/pack.h"
#include "io/tar.h"
#include "io/trail.h"

/* a directory that is being packed */
struct level {
	DIR *dir;
	size_t from_len, name_len;	/* of the paths, to cut them back */
	mode_t mode;
};

struct pack {
	char **source;
	size_t nsource, next;
	struct buf from, name;		/* here, and in the archive */
	struct level *level;
	size_t nlevel, level_cap;
	struct buf head;		/* to be given out, from head_at */
	size_t head_at;
	int in;				/* the file at hand, or -1 */
	uint64_t left;			/* … of its data */
	size_t padding;			/* zeros that follow */
	struct buf fix;			/* what "end" will say */
	bool ended;
	uint64_t total;			/* that were given out */
	struct buf message;
};

static int
fail(struct pack *p, const char *what, const char *why)
{
	if (p->message.len == 0)
		buf_addf(&p->message, "cannot %s: %s: %s", what,
		    buf_str(&p->from), why);
	return -1;
}

static int
fail_errno(struct pack *p)
{
	return fail(p, "read", strerror(errno));
}

/* --- what goes into the archive ----------------------------------------- */

static void
add(struct pack *p, char type, const char *link, const struct stat *st,
    mode_t mode)
{
	if (type == TAR_DIR)
		buf_addc(&p->name, '/');
	tar_add(&p->head, type, buf_str(&p->name), link, mode,
	    type == TAR_FILE ? (uint64_t)st->st_size : 0,
	    (int64_t)st->st_mtime);
	if (type == TAR_DIR)
		trail_cut(&p->name, p->name.len - 1);
}

/* "-rwsr-xr-t", as ls(1) shows it */
static void
add_mode(struct buf *b, char type, mode_t mode)
{
	static const char letters[] = "rwxrwxrwx";
	static const struct { mode_t bit, x; size_t at; char set, both; }
	above[] = {
		{ S_ISUID, S_IXUSR, 3, 'S', 's' },
		{ S_ISGID, S_IXGRP, 6, 'S', 's' },
		{ S_ISVTX, S_IXOTH, 9, 'T', 't' },
	};
	char text[] = "?---------";

	text[0] = type;
	for (size_t i = 0; i < 9; i++)
		if (mode & (0400u >> i))
			text[i + 1] = letters[i];
	for (size_t i = 0; i < countof(above); i++)
		if (mode & above[i].bit)
			text[above[i].at] = mode & above[i].x ?
			    above[i].both : above[i].set;
	buf_adds(b, text);
}

/* a mode that is set at the end */
static void
add_fix(struct pack *p, mode_t mode, bool dir)
{
	const char *name = buf_str(&p->name), *rest = strchr(name, '/');
	size_t n = rest ? (size_t)(rest - name) : p->name.len;

	buf_addf(&p->fix, "x %.*s ", (int)n, name);
	buf_addq(&p->fix, rest ? rest : "");
	buf_addf(&p->fix, " %05o ", (unsigned)mode);
	add_mode(&p->fix, dir ? 'd' : '-', mode);
	buf_addc(&p->fix, '\n');
}

/* nofollow: a link that has come into its place is not meant */
static int
begin_file(struct pack *p, bool follow)
{
	struct stat st;

	p->in = open(buf_str(&p->from), O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
	if (p->in == -1 || fstat(p->in, &st) == -1)
		return fail_errno(p);
	if (!S_ISREG(st.st_mode))
		return fail(p, "copy", "it changed while it was copied");
	add(p, TAR_FILE, "", &st, st.st_mode & 0777);
	if (st.st_mode & 07000)
		add_fix(p, st.st_mode & 07777, false);
	p->left = (uint64_t)st.st_size;
	p->padding = tar_padding(p->left);
	return 0;
}

static int
add_link(struct pack *p, const struct stat *st)
{
	char text[PATH_MAX];
	ssize_t n = readlink(buf_str(&p->from), text, sizeof(text) - 1);

	if (n == -1)
		return fail_errno(p);
	text[n] = '\0';
	add(p, TAR_LINKED, text, st, 0777);
	return 0;
}

/* has to be among the fixes */
static bool
is_special(mode_t mode)
{
	return (mode & 07000) || (mode & 0700) != 0700;
}

static int
enter(struct pack *p, const struct stat *st, bool follow)
{
	mode_t mode = st->st_mode & 07777;
	struct level *l;
	int fd = open(buf_str(&p->from), O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    (follow ? 0 : O_NOFOLLOW));

	if (fd == -1)
		return fail_errno(p);
	p->level = mem_grow(p->level, &p->level_cap, p->nlevel + 1,
	    sizeof(*p->level));
	l = &p->level[p->nlevel];
	l->dir = fdopendir(fd);
	if (!l->dir) {
		close(fd);
		return fail_errno(p);
	}
	l->from_len = p->from.len;
	l->name_len = p->name.len;
	l->mode = mode;
	p->nlevel++;
	add(p, TAR_DIR, "", st, is_special(mode) ? 0700 : mode);
	return 0;
}

/* what is within has been told before: a shut one can be shut */
static void
leave(struct pack *p)
{
	const struct level *l = &p->level[--p->nlevel];

	closedir(l->dir);
	if (is_special(l->mode))
		add_fix(p, l->mode, true);
}

static int
begin_item(struct pack *p, bool follow)
{
	struct stat st;

	if ((follow ? stat : lstat)(buf_str(&p->from), &st) == -1)
		return fail_errno(p);
	if (S_ISREG(st.st_mode))
		return begin_file(p, follow);
	if (S_ISDIR(st.st_mode))
		return enter(p, &st, follow);
	if (S_ISLNK(st.st_mode))
		return add_link(p, &st);
	return fail(p, "copy", "neither a file nor a directory");
}

static int
next_entry(struct pack *p)
{
	const struct level *l = &p->level[p->nlevel - 1];
	struct dirent *e;

	trail_cut(&p->from, l->from_len);
	trail_cut(&p->name, l->name_len);
	do {
		errno = 0;
		e = readdir(l->dir);
	} while (e && (strcmp(e->d_name, ".") == 0 ||
	    strcmp(e->d_name, "..") == 0));
	if (!e && errno)
		return fail_errno(p);
	if (!e) {
		leave(p);
		return 0;
	}
	trail_add(&p->from, e->d_name);
	trail_add(&p->name, e->d_name);
	return begin_item(p, false);
}

static void
set_source(struct pack *p, size_t i)
{
	buf_clear(&p->from);
	buf_adds(&p->from, p->source[i]);
	buf_clear(&p->name);
	buf_addf(&p->name, "%zu", i);
	buf_str(&p->name);
}

static void
add_end(struct pack *p)
{
	static const char zeros[TAR_RECORD];
	size_t n;

	buf_adds(&p->fix, "whole=yes\n");
	tar_add(&p->head, TAR_FILE, "end", "", 0600, p->fix.len, 0);
	buf_add(&p->head, p->fix.data, p->fix.len);
	buf_add(&p->head, zeros, tar_padding(p->fix.len) + 2 * TAR_BLOCK);
	n = (size_t)((p->total + p->head.len) % TAR_RECORD);
	buf_add(&p->head, zeros, n ? TAR_RECORD - n : 0);
	p->ended = true;
}

static int
next(struct pack *p)
{
	buf_clear(&p->head);
	p->head_at = 0;
	if (p->nlevel > 0)
		return next_entry(p);
	if (p->next < p->nsource) {
		set_source(p, p->next++);
		return begin_item(p, true);
	}
	add_end(p);
	return 0;
}

/* --- giving it out ------------------------------------------------------ */

static void
shut(struct pack *p)
{
	if (p->in != -1)
		close(p->in);
	p->in = -1;
}

static ssize_t
file_read(struct pack *p, char *buf, size_t n)
{
	ssize_t r;

	if (n > p->left)
		n = (size_t)p->left;
	do
		r = read(p->in, buf, n);
	while (r == -1 && errno == EINTR);
	if (r == -1)
		return fail_errno(p);
	if (r == 0)
		return fail(p, "copy", "it changed while it was copied");
	p->left -= (uint64_t)r;
	return r;
}

/* what is at hand; 0: nothing is */
static ssize_t
some(struct pack *p, char *buf, size_t n)
{
	size_t have = p->head.len - p->head_at;

	if (have > 0) {
		n = have < n ? have : n;
		memcpy(buf, p->head.data + p->head_at, n);
		p->head_at += n;
		return (ssize_t)n;
	}
	if (p->left > 0)
		return file_read(p, buf, n);
	shut(p);
	n = p->padding < n ? p->padding : n;
	memset(buf, 0, n);
	p->padding -= n;
	return (ssize_t)n;
}

ssize_t
pack_read(struct pack *p, char *buf, size_t n)
{
	size_t got = 0;

	while (got < n && p->message.len == 0) {
		ssize_t r = some(p, buf + got, n - got);

		if (r < 0 || (r == 0 && (p->ended || next(p) == -1)))
			break;
		got += (size_t)r;
		p->total += (uint64_t)r;
	}
	return p->message.len > 0 ? -1 : (ssize_t)got;
}

const char *
pack_message(const struct pack *p)
{
	return p->message.len ? p->message.data : "";
}

/* a source that is missing is known before anything is begun */
static void
look(struct pack *p)
{
	struct stat st;

	for (size_t i = 0; i < p->nsource && p->message.len == 0; i++) {
		set_source(p, i);
		if (stat(p->source[i], &st) == -1 ||
		    access(p->source[i], R_OK) == -1)
			fail_errno(p);
		else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			fail(p, "copy", "neither a file nor a directory");
	}
}

struct pack *
pack_new(const char *const *from, size_t nfrom)
{
	struct pack *p = mem_calloc(1, sizeof(*p));

	p->in = -1;
	p->source = mem_calloc(nfrom, sizeof(*p->source));
	for (size_t i = 0; i < nfrom; i++) {
		size_t len = strlen(from[i]);

		/* "dir/" is "dir" */
		while (len > 1 && from[i][len - 1] == '/')
			len--;
		p->source[i] = mem_strndup(from[i], len);
	}
	p->nsource = nfrom;
	look(p);
	return p;
}

void
pack_free(struct pack *p)
{
	if (!p)
		return;
	shut(p);
	while (p->nlevel > 0)
		closedir(p->level[--p->nlevel].dir);
	for (size_t i = 0; i < p->nsource; i++)
		free(p->source[i]);
	free(p->source);
	free(p->level);
	buf_fini(&p->from);
	buf_fini(&p->name);
	buf_fini(&p->head);
	buf_fini(&p->fix);
	buf_fini(&p->message);
	free(p);
}

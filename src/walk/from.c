/* SPDX-License-Identifier: ISC */
/* sources of groups that are files */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/hosts.h"
#include "base/inventory.h"
#include "base/mem.h"
#include "walk/places.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024 };

void
from_fini(struct from *f)
{
	if (f->inventory)
		inventory_free(f->inventory);
	else
		hosts_free(f->set);
	*f = (struct from){ 0 };
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* 1: what was read is still what stands there, 0: read it; -1: errno */
static int
open_file(const char *path, const struct from *f, int *fd, struct stat *st)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd == -1)
		return -1;
	if (fstat(*fd, st) == -1)
		goto fail_close;
	if (!S_ISREG(st->st_mode) || st->st_size > FILE_SIZE_MAX) {
		errno = S_ISDIR(st->st_mode) ? EISDIR :
		    S_ISREG(st->st_mode) ? EFBIG : EINVAL;
		goto fail_close;
	}
	return f->read && is_same(st, &f->st);
fail_close:
	close(*fd);
	*fd = -1;
	return -1;
}

static int
read_all(int fd, struct buf *b)
{
	ssize_t n;

	do {
		char *to = buf_room(b, 64 * 1024);

		n = read(fd, to, 64 * 1024);
		if (n > 0)
			b->len += (size_t)n;
	} while (n > 0 && b->len <= FILE_SIZE_MAX);
	return n == -1 ? -1 : 0;
}

int
from_lines(struct hosts *set, const char *s, size_t len, struct buf *why)
{
	const char *end = s + len;
	struct buf what = { 0 };
	int rc = 0;

	for (unsigned line = 1; s < end && rc == 0; line++) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		const char *comment;
		size_t n;

		if (!eol)
			eol = end;
		n = (size_t)(eol - s);
		/* no name holds a '#': what follows one is a comment */
		comment = memchr(s, '#', n);
		if (comment)
			n = (size_t)(comment - s);
		if (n > 0)
			rc = hosts_read(set, s, n, NULL, &what, NULL);
		if (rc == -1)
			buf_addf(why, "line %u: %s", line, buf_str(&what));
		s = eol + 1;
	}
	buf_fini(&what);
	return rc;
}

static int
fill(struct walk *w, const struct text *t, struct buf *to, struct buf *why)
{
	return vars_fill(w, NULL, t, to, why);
}

void
from_took(struct walk *w, struct from *f, struct from *new)
{
	from_fini(f);
	*f = *new;
	f->read = true;
	w->places->known++;
}

static int
cannot_read(struct walk *w, const struct hosts_from *d, const char *path,
    const char *what, struct buf *why)
{
	why_at(w, d->pos, why);
	buf_addf(why, "cannot read '%s': %s", path, what);
	return -1;
}

static int
parse_inventory(struct walk *w, const struct hosts_from *d, const char *path,
    const struct buf *b, struct from *new, struct buf *why)
{
	struct buf group = { 0 };
	const char *near;

	new->inventory = inventory_read(path, b->data ? b->data : "", b->len,
	    why);
	if (!new->inventory)
		return -1;
	if (d->has_group && fill(w, &d->group, &group, why) == -1) {
		buf_fini(&group);
		return -1;
	}
	new->set = (struct hosts *)inventory_group(new->inventory,
	    d->has_group ? buf_str(&group) : NULL);
	if (!new->set) {
		near = inventory_near(new->inventory, buf_str(&group));
		why_at(w, d->pos, why);
		buf_addf(why, "'%s' has no group '%s'", path,
		    buf_str(&group));
		if (near)
			buf_addf(why, "; did you mean '%s'?", near);
	}
	buf_fini(&group);
	return new->set ? 0 : -1;
}

/* what the open file holds */
static int
parse_file(struct walk *w, const struct hosts_from *d, const char *path,
    int fd, struct from *new, struct buf *why)
{
	struct buf bytes = { 0 }, what = { 0 };
	int rc = 0;

	if (read_all(fd, &bytes) == -1) {
		rc = cannot_read(w, d, path, strerror(errno), why);
	} else if (d->kind == HOSTS_ANSIBLE) {
		rc = parse_inventory(w, d, path, &bytes, new, why);
	} else {
		new->set = hosts_new();
		if (from_lines(new->set, bytes.data, bytes.len, &what) == -1)
			rc = cannot_read(w, d, path, buf_str(&what), why);
	}
	buf_fini(&bytes);
	buf_fini(&what);
	return rc;
}

int
from_file(struct walk *w, const struct hosts_from *d, struct from *f,
    struct buf *why)
{
	struct buf path = { 0 };
	struct from new = { 0 };
	int fd = -1, rc = fill(w, &d->text, &path, why), same;

	f->absent = false;
	if (rc == -1)
		goto out;
	same = open_file(buf_str(&path), f, &fd, &new.st);
	if (same == -1) {
		f->absent = errno == ENOENT;
		rc = cannot_read(w, d, buf_str(&path), strerror(errno), why);
		goto out;
	}
	if (same == 0)
		rc = parse_file(w, d, buf_str(&path), fd, &new, why);
	close(fd);
	if (same == 0 && rc == 0)
		from_took(w, f, &new);
	else
		from_fini(&new);
out:
	buf_fini(&path);
	return rc;
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sink/hold.h"

enum { PUNCH_MIN = 64 * 1024 };	/* give back pieces of at least this size */

/* before each line */
struct head {
	uint32_t kind, len;
};

/*
 * A hold's piece in the file begins with where its piece before it is, so
 * that nothing is kept in memory however many there are.
 */
struct link {
	uint64_t at;
	uint32_t len, pad;
};

void
hold_open(struct hold_store *st, const char *dir, size_t max)
{
	*st = (struct hold_store){ .dir = dir, .max = max, .fd = -1 };
}

static void
list_in(struct hold_store *st, struct hold *h)
{
	h->prev = NULL;
	h->next = st->first;
	if (st->first)
		st->first->prev = h;
	st->first = h;
}

static void
list_out(struct hold_store *st, struct hold *h)
{
	if (h->prev)
		h->prev->next = h->next;
	else
		st->first = h->next;
	if (h->next)
		h->next->prev = h->prev;
	h->prev = h->next = NULL;
}

/* forget what a hold has in memory; the bytes themselves are the caller's */
static void
take_out(struct hold_store *st, struct hold *h)
{
	if (h->mem.len == 0)
		return;
	st->used -= h->mem.len;
	list_out(st, h);
}

static int
file_open(struct hold_store *st)
{
	const char *dir = st->dir && *st->dir ? st->dir : "/tmp";
	struct buf name = { 0 };

	st->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (st->fd == -1 && errno != ENOENT && errno != EACCES) {
		/* not every file system can do without a name */
		buf_addf(&name, "%s/pseq-XXXXXX", dir);
		buf_str(&name);
		st->fd = mkostemp(name.data, O_CLOEXEC);
		if (st->fd != -1)
			unlink(name.data);
	}
	buf_fini(&name);
	return st->fd == -1 ? -1 : 0;
}

static int
write_all(int fd, const char *p, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t k = pwrite(fd, p, n, at);

		if (k == -1 && errno == EINTR)
			continue;
		if (k <= 0) {
			if (k == 0)
				errno = EIO;
			return -1;
		}
		p += k;
		n -= (size_t)k;
		at += k;
	}
	return 0;
}

static int
read_all(int fd, void *buf, size_t n, off_t at)
{
	char *p = buf;

	while (n > 0) {
		ssize_t k = pread(fd, p, n, at);

		if (k == -1 && errno == EINTR)
			continue;
		if (k <= 0) {
			if (k == 0)
				errno = EIO;
			return -1;
		}
		p += k;
		n -= (size_t)k;
		at += k;
	}
	return 0;
}

/* put what all holds have in memory into the file, with one write */
static int
spill(struct hold_store *st)
{
	struct buf all = { 0 };
	off_t at = st->end;

	if (!st->first)
		return 0;
	if (st->error == 0 && st->fd == -1 && file_open(st) == -1)
		st->error = errno;
	if (st->error != 0) {
		errno = st->error;
		return -1;
	}
	for (struct hold *h = st->first; h; h = h->next) {
		struct link l = { .at = (uint64_t)h->at, .len = h->len };

		buf_add(&all, &l, sizeof(l));
		buf_add(&all, h->mem.data, h->mem.len);
	}
	if (write_all(st->fd, all.data, all.len, at) == -1) {
		st->error = errno;
		buf_fini(&all);
		errno = st->error;
		return -1;
	}
	for (struct hold *h; (h = st->first);) {
		h->at = at + (off_t)sizeof(struct link);
		h->len = (uint32_t)h->mem.len;
		at = h->at + (off_t)h->len;
		take_out(st, h);
		buf_fini(&h->mem);
	}
	st->live += at - st->end;
	st->end = at;
	buf_fini(&all);
	return 0;
}

int
hold_add(struct hold_store *st, struct hold *h, unsigned kind,
    const char *text, size_t len)
{
	struct head head = { .kind = kind, .len = (uint32_t)len };
	size_t n = sizeof(head) + len;

	if (st->used + n > st->max && spill(st) == -1)
		return -1;
	if (h->mem.len == 0)
		list_in(st, h);
	buf_add(&h->mem, &head, sizeof(head));
	buf_add(&h->mem, text, len);
	st->used += n;
	return 0;
}

static void
hand_over(const char *p, size_t n, hold_fn *fn, void *arg)
{
	for (const char *end = p + n; p < end;) {
		struct head head;

		memcpy(&head, p, sizeof(head));
		p += sizeof(head);
		fn(arg, head.kind, p, head.len);
		p += head.len;
	}
}

/* the file's room of one piece is wanted no longer */
static void
give_back(struct hold_store *st, off_t at, uint32_t len)
{
	st->live -= (off_t)len + (off_t)sizeof(struct link);
	if (st->live == 0) {
		/* should it fail, the file only grows on */
		if (ftruncate(st->fd, 0) == 0)
			st->end = 0;
	} else if (len >= PUNCH_MIN) {
		(void)fallocate(st->fd,
		    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len);
	}
}

/* all pieces in the file, the last first; the caller frees */
static int
pieces(struct hold_store *st, struct hold *h, struct link **list, size_t *n)
{
	struct link l = { .at = (uint64_t)h->at, .len = h->len };
	struct link *a = NULL;
	size_t cap = 0;
	int rc = 0;

	*n = 0;
	while (l.len > 0) {
		a = mem_grow(a, &cap, *n + 1, sizeof(*a));
		a[(*n)++] = l;
		if (read_all(st->fd, &l, sizeof(l),
		    (off_t)l.at - (off_t)sizeof(l)) == -1) {
			rc = -1;
			break;
		}
	}
	h->at = 0;
	h->len = 0;
	*list = a;
	return rc;
}

/* fn is NULL: only forget them */
static int
from_file(struct hold_store *st, struct hold *h, hold_fn *fn, void *arg)
{
	struct buf b = { 0 };
	struct link *list;
	size_t n;
	int error = 0;

	if (pieces(st, h, &list, &n) == -1)
		error = errno;
	while (n-- > 0) {
		const struct link *l = &list[n];

		buf_clear(&b);
		if (!fn)
			;
		else if (read_all(st->fd, buf_room(&b, l->len), l->len,
		    (off_t)l->at) == -1)
			error = errno;
		else
			hand_over(b.data, l->len, fn, arg);
		give_back(st, (off_t)l->at, l->len);
	}
	buf_fini(&b);
	free(list);
	errno = error;
	return error ? -1 : 0;
}

int
hold_show(struct hold_store *st, struct hold *h, hold_fn *fn, void *arg)
{
	struct buf mem = h->mem;
	int rc = 0, error = 0;

	/* first out of the store: fn may add to other holds, and spill */
	take_out(st, h);
	h->mem = (struct buf){ 0 };
	if (h->len > 0 && (rc = from_file(st, h, fn, arg)) == -1)
		error = errno;
	hand_over(mem.data, mem.len, fn, arg);
	buf_fini(&mem);
	errno = error;
	return rc;
}

void
hold_drop(struct hold_store *st, struct hold *h)
{
	take_out(st, h);
	buf_fini(&h->mem);
	h->mem = (struct buf){ 0 };
	if (h->len > 0)
		(void)from_file(st, h, NULL, NULL);
}

void
hold_close(struct hold_store *st)
{
	if (st->fd != -1)
		close(st->fd);
	st->fd = -1;
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "io/land.h"
#include "io/tar.h"
#include "io/unpack.h"

/* the longest record about a member */
enum { NOTE_MAX = 1024 * 1024 };

enum state {
	AT_HEADER,
	AT_DATA,		/* of a file */
	AT_NOTE,		/* of a record about the next member */
	AT_SKIP,		/* of what we pass over */
	AT_PADDING,
	AT_END
};

struct unpack {
	struct land *land;
	enum state state;
	char block[TAR_BLOCK];
	size_t have;		/* … of it */
	struct tar_header h;
	uint64_t left;		/* of data */
	size_t padding;
	/* what records said of the next member */
	struct buf note;
	struct buf name, link;	/* "": nothing */
	bool has_size;
	uint64_t size;
};

static int
broken(struct unpack *u, const char *why)
{
	return land_fail(u->land, "unpack", "", why);
}

/* --- records ------------------------------------------------------------ */

static void
set(struct buf *b, const char *p, size_t n)
{
	buf_clear(b);
	buf_add(b, p, n);
	buf_str(b);
}

static bool
is_key(const struct tar_pax *r, const char *key)
{
	return strlen(key) == r->key_len &&
	    memcmp(key, r->key, r->key_len) == 0;
}

static bool
get_size(const struct tar_pax *r, uint64_t *size)
{
	*size = 0;
	for (size_t i = 0; i < r->value_len; i++) {
		if (r->value[i] < '0' || r->value[i] > '9' || *size >> 58)
			return false;
		*size = *size * 10 + (uint64_t)(r->value[i] - '0');
	}
	return r->value_len > 0;
}

static int
read_pax(struct unpack *u)
{
	const char *p = u->note.data, *end = p + u->note.len;
	struct tar_pax r;
	int ret;

	while ((ret = tar_pax(&r, &p, end)) == 1) {
		if (is_key(&r, "path")) {
			set(&u->name, r.value, r.value_len);
		} else if (is_key(&r, "linkpath")) {
			set(&u->link, r.value, r.value_len);
		} else if (is_key(&r, "size")) {
			u->has_size = get_size(&r, &u->size);
			if (!u->has_size)
				return broken(u, "a size makes no sense");
		} else if (r.key_len > 11 &&
		    memcmp(r.key, "GNU.sparse.", 11) == 0) {
			return broken(u, "a file with holes is not understood");
		}
	}
	return ret == 0 ? 0 : broken(u, "a record makes no sense");
}

static int
end_note(struct unpack *u)
{
	size_t n = strnlen(u->note.data ? u->note.data : "", u->note.len);

	switch (u->h.type) {
	case TAR_LONG_NAME:
		set(&u->name, u->note.data, n);
		return 0;
	case TAR_LONG_LINK:
		set(&u->link, u->note.data, n);
		return 0;
	}
	return u->note.len > 0 ? read_pax(u) : 0;
}

/* --- members ------------------------------------------------------------ */

/* "./a/" is "a"; NULL: it holds a NUL, or is absolute */
static const char *
trim(struct buf *b)
{
	const char *p = buf_str(b);

	if (strlen(p) != b->len || p[0] == '/')
		return NULL;
	while (b->len > 0 && b->data[b->len - 1] == '/')
		b->len--;
	p = buf_str(b);
	while (p[0] == '.' && p[1] == '/') {
		p++;
		while (*p == '/')
			p++;
	}
	return strcmp(p, ".") == 0 ? "" : p;
}

static void
expect(struct unpack *u, enum state state)
{
	u->left = u->h.size;
	u->padding = tar_padding(u->left);
	u->state = state;
}

static int
file(struct unpack *u, const char *name)
{
	if (land_file(u->land, name, u->h.mode, u->h.size) == -1)
		return -1;
	expect(u, AT_DATA);
	return u->left > 0 ? 0 : land_file_end(u->land);
}

/* of a second name: what it is a name of */
static int
hard(struct unpack *u, const char *name)
{
	const char *other = trim(&u->link);

	/* some write the size, and no data; none that we know has data */
	u->h.size = 0;
	expect(u, AT_PADDING);
	return other ? land_same(u->land, name, other, u->h.mode) :
	    broken(u, "a name in what came is not allowed");
}

static int
member(struct unpack *u)
{
	bool slash = u->name.len > 0 && u->name.data[u->name.len - 1] == '/';
	const char *name = trim(&u->name);

	if (!name)
		return broken(u, "a name in what came is not allowed");
	switch (u->h.type) {
	case TAR_FILE:
		if (!slash)
			return file(u, name);
		/* so did the oldest say that it is a directory */
		/* FALLTHROUGH */
	case TAR_DIR:
		expect(u, AT_SKIP);
		return land_dir(u->land, name, u->h.mode);
	case TAR_LINKED:
		expect(u, AT_SKIP);
		return land_link(u->land, name, buf_str(&u->link));
	case TAR_HARD:
		return hard(u, name);
	}
	return land_fail(u->land, "copy", name,
	    "neither a file nor a directory");
}

static int
header(struct unpack *u)
{
	int r = tar_parse(&u->h, u->block);

	u->have = 0;
	if (r == 0) {
		u->state = AT_END;
		return 0;
	}
	if (r == -1)
		return broken(u, "what came is no archive");
	switch (u->h.type) {
	case TAR_LONG_NAME:
	case TAR_LONG_LINK:
	case TAR_PAX:
		if (u->h.size > NOTE_MAX)
			return broken(u, "a record is too long");
		buf_clear(&u->note);
		expect(u, AT_NOTE);
		return u->left > 0 ? 0 : end_note(u);
	case TAR_PAX_ALL:
		expect(u, AT_SKIP);
		return 0;
	}
	if (u->name.len == 0)
		set(&u->name, u->h.name, strlen(u->h.name));
	if (u->link.len == 0)
		set(&u->link, u->h.link, strlen(u->h.link));
	if (u->has_size)
		u->h.size = u->size;
	r = member(u);
	buf_clear(&u->name);
	buf_clear(&u->link);
	u->has_size = false;
	return r;
}

/* --- bytes -------------------------------------------------------------- */

/* so many bytes of the data at hand */
static int
data(struct unpack *u, const char *p, size_t n)
{
	if (u->state == AT_DATA && land_data(u->land, p, n) == -1)
		return -1;
	if (u->state == AT_NOTE)
		buf_add(&u->note, p, n);
	u->left -= n;
	if (u->left > 0)
		return 0;
	if (u->state == AT_DATA && land_file_end(u->land) == -1)
		return -1;
	if (u->state == AT_NOTE && end_note(u) == -1)
		return -1;
	u->state = AT_PADDING;
	return 0;
}

/* the next few bytes: how many were used */
static ssize_t
some(struct unpack *u, const char *p, size_t n)
{
	size_t want;

	if (u->state != AT_HEADER && u->left == 0 && u->state != AT_PADDING)
		u->state = AT_PADDING;
	if (u->state == AT_PADDING) {
		n = u->padding < n ? u->padding : n;
		u->padding -= n;
		if (u->padding == 0)
			u->state = AT_HEADER;
		return (ssize_t)n;
	}
	if (u->state == AT_HEADER) {
		want = sizeof(u->block) - u->have;
		n = want < n ? want : n;
		memcpy(u->block + u->have, p, n);
		u->have += n;
		return u->have < sizeof(u->block) || header(u) == 0 ?
		    (ssize_t)n : -1;
	}
	n = u->left < n ? (size_t)u->left : n;
	return data(u, p, n) == 0 ? (ssize_t)n : -1;
}

ssize_t
unpack_feed(struct unpack *u, const char *p, size_t n)
{
	size_t used = 0;

	while (used < n && u->state != AT_END) {
		ssize_t r = some(u, p + used, n - used);

		if (r == -1)
			return -1;
		used += (size_t)r;
	}
	return (ssize_t)used;
}

bool
unpack_whole(const struct unpack *u)
{
	return u->state == AT_END;
}

struct unpack *
unpack_new(struct land *l)
{
	struct unpack *u = mem_calloc(1, sizeof(*u));

	u->land = l;
	return u;
}

void
unpack_free(struct unpack *u)
{
	if (!u)
		return;
	buf_fini(&u->note);
	buf_fini(&u->name);
	buf_fini(&u->link);
	free(u);
}

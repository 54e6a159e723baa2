/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "io/land.h"
#include "io/pack.h"
#include "io/transfer.h"
#include "io/unpack.h"
#include "model/action.h"

/* the longest line, or message, that the other end may write */
enum { SAID_MAX = 4096 };

enum state { IN_LINE, IN_ARCHIVE, IN_ZEROS, IN_MESSAGE, IN_END };

struct transfer {
	struct arena arena;
	const char **from;
	size_t nfrom, next;	/* the next archive's source */
	const char *to;
	bool get;
	struct pack *pack;
	struct land *land;
	struct unpack *unpack;	/* of the archive at hand */
	enum state state;
	struct buf said;	/* of a line, or of the message */
	bool whole, changed;
	struct buf message;	/* our own */
};

static int
fail(struct transfer *t, const char *what, const char *path, const char *why)
{
	if (t->message.len == 0)
		buf_addf(&t->message, "cannot %s: %s: %s", what, path, why);
	return -1;
}

static bool
into_directory(const struct transfer *t)
{
	return t->to[strlen(t->to) - 1] == '/';
}

/* --- what comes --------------------------------------------------------- */

static const char *
last_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int
begin_archive(struct transfer *t, bool dir)
{
	struct buf path = { 0 };
	int r = 0;

	if (!t->get || t->next == t->nfrom)
		return fail(t, "copy", t->to, "more came than was asked for");
	buf_adds(&path, t->to);
	if (into_directory(t)) {
		if (t->next == 0)
			r = land_make(t->land, t->to);
		buf_adds(&path, last_of(t->from[t->next]));
	}
	t->next++;
	if (r == 0)
		r = land_begin(t->land, buf_str(&path), dir);
	buf_fini(&path);
	unpack_free(t->unpack);
	t->unpack = unpack_new(t->land);
	t->state = IN_ARCHIVE;
	return r;
}

static int
line(struct transfer *t)
{
	const char *s = buf_str(&t->said);

	t->state = IN_LINE;
	if (strcmp(s, "archive dir") == 0 || strcmp(s, "archive file") == 0)
		return begin_archive(t, s[8] == 'd');
	if (strcmp(s, "error") == 0) {
		t->state = IN_MESSAGE;
		return 0;
	}
	if (t->get && strcmp(s, "end") == 0 && t->next == t->nfrom) {
		t->state = IN_END;
		if (land_end(t->land) == -1)
			return -1;
		t->whole = true;
		return 0;
	}
	if (!t->get && strncmp(s, "changed ", 8) == 0) {
		t->state = IN_END;
		t->whole = true;
		t->changed = strcmp(s + 8, "yes") == 0;
		return 0;
	}
	return fail(t, "copy", t->to, "its other end is not understood");
}

static ssize_t
take_line(struct transfer *t, const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n);
	size_t len = end ? (size_t)(end - p) : n;
	int r;

	if (len + t->said.len > SAID_MAX)
		return fail(t, "copy", t->to,
		    "its other end is not understood");
	buf_add(&t->said, p, len);
	if (!end)
		return (ssize_t)n;
	r = line(t);
	buf_clear(&t->said);
	return r == 0 ? (ssize_t)len + 1 : -1;
}

static ssize_t
take_archive(struct transfer *t, const char *p, size_t n)
{
	ssize_t r = unpack_feed(t->unpack, p, n);

	if (unpack_whole(t->unpack))
		t->state = IN_ZEROS;
	return r;
}

/* the end of an archive is filled up */
static ssize_t
take_zeros(struct transfer *t, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] == '\0')
		i++;
	if (i < n)
		t->state = IN_LINE;
	return (ssize_t)i;
}

static ssize_t
take_message(struct transfer *t, const char *p, size_t n)
{
	size_t room = SAID_MAX - t->said.len;

	buf_add(&t->said, p, n < room ? n : room);
	return (ssize_t)n;
}

int
transfer_take(struct transfer *t, const char *p, size_t n)
{
	while (n > 0 && t->state != IN_END) {
		ssize_t r = -1;

		switch (t->state) {
		case IN_LINE:
			r = take_line(t, p, n);
			break;
		case IN_ARCHIVE:
			r = take_archive(t, p, n);
			break;
		case IN_ZEROS:
			r = take_zeros(t, p, n);
			break;
		case IN_MESSAGE:
			r = take_message(t, p, n);
			break;
		case IN_END:
			break;
		}
		if (r == -1)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

/* --- the whole ---------------------------------------------------------- */

ssize_t
transfer_read(struct transfer *t, char *buf, size_t n)
{
	return t->pack ? pack_read(t->pack, buf, n) : 0;
}

bool
transfer_whole(struct transfer *t)
{
	return t->whole && transfer_message(t)[0] == '\0';
}

bool
transfer_changed(const struct transfer *t)
{
	return t->changed || (t->land && land_changed(t->land));
}

const char *
transfer_message(struct transfer *t)
{
	struct buf *said = &t->said;

	if (t->message.len > 0)
		return t->message.data;
	if (t->pack && *pack_message(t->pack))
		return pack_message(t->pack);
	if (t->land && *land_message(t->land))
		return land_message(t->land);
	if (t->state != IN_MESSAGE)
		return "";
	while (said->len > 0 && said->data[said->len - 1] == '\n')
		said->len--;
	return buf_str(said);
}

static void
check(struct transfer *t)
{
	if (t->nfrom == 0 || t->to[0] == '\0') {
		fail(t, "copy", "''", "no source or no target");
		return;
	}
	if (t->nfrom > 1 && !into_directory(t))
		fail(t, "copy several sources", t->to,
		    "no directory (a '/' at the end makes it one)");
	for (size_t i = 0; i < t->nfrom && into_directory(t); i++) {
		const char *name = last_of(t->from[i]);

		if (*name == '\0' || strcmp(name, ".") == 0 ||
		    strcmp(name, "..") == 0)
			fail(t, "copy", t->from[i], "it has no name");
	}
}

struct transfer *
transfer_new(const struct copy *copy)
{
	struct transfer *t = mem_calloc(1, sizeof(*t));

	t->get = copy->get;
	t->nfrom = copy->nfrom;
	t->from = arena_alloc(&t->arena, (t->nfrom + 1) * sizeof(*t->from));
	t->to = arena_strdup(&t->arena, copy->to ? copy->to : "");
	for (size_t i = 0; i < t->nfrom; i++) {
		size_t len = strlen(copy->from[i]);

		/* "dir/" is "dir" */
		while (len > 1 && copy->from[i][len - 1] == '/')
			len--;
		t->from[i] = arena_strndup(&t->arena, copy->from[i], len);
	}
	check(t);
	if (t->message.len > 0)
		return t;
	if (t->get)
		t->land = land_new();
	else
		t->pack = pack_new(t->from, t->nfrom);
	return t;
}

void
transfer_free(struct transfer *t)
{
	if (!t)
		return;
	pack_free(t->pack);
	unpack_free(t->unpack);
	land_free(t->land);
	buf_fini(&t->said);
	buf_fini(&t->message);
	arena_fini(&t->arena);
	free(t);
}

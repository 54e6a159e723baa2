/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "journal/output.h"
#include "model/event.h"
#include "model/runner.h"

enum { CHUNK = 64 * 1024 };

void
output_path(struct buf *b, const char *dir, uint32_t lane)
{
	buf_addf(b, "%s/lanes/%06u.log", dir, (unsigned)lane);
}

static void
emit(struct output *o, struct bus *bus, const struct event *ev,
    const char *text, size_t len, unsigned flags)
{
	struct event own = *ev;

	own.text = text;
	own.len = len;
	own.flags = flags | (o->more ? LINE_MORE : 0);
	o->more = flags & LINE_PART;
	bus_emit(bus, &own);
}

/* returns how much of it was emitted; none: there is no newline in it */
static size_t
whole_lines(struct output *o, struct bus *bus, const struct event *ev,
    const char *text, size_t len)
{
	const char *last = memrchr(text, '\n', len), *nl;
	size_t at = 0;

	if (!last)
		return 0;
	if (o->more) {
		nl = memchr(text, '\n', len);
		at = (size_t)(nl + 1 - text);
		emit(o, bus, ev, text, at - 1, 0);
	}
	if (text + at <= last)
		emit(o, bus, ev, text + at, (size_t)(last + 1 - text) - at,
		    LINE_BLOCK);
	return (size_t)(last + 1 - text);
}

/* false: there is more, but not now */
static bool
emit_from(struct output *o, int fd, struct bus *bus, const struct event *ev,
    uint64_t upto, bool end, const bool *full)
{
	char text[CHUNK];

	while (o->at < upto) {
		uint64_t left = upto - o->at;
		size_t want = left < CHUNK ? (size_t)left : CHUNK, used;
		ssize_t n;

		if (*full)
			return false;
		n = pread(fd, text, want, (off_t)o->at);
		if (n <= 0)
			break;
		used = whole_lines(o, bus, ev, text, (size_t)n);
		if (used == 0 && n == CHUNK) {
			used = (size_t)n;
			emit(o, bus, ev, text, used, LINE_PART);
		} else if (used == 0 && end) {
			used = (size_t)n;
			emit(o, bus, ev, text, used, LINE_TAIL);
		} else if (used == 0) {
			break;
		}
		o->at += used;
	}
	return true;
}

bool
output_emit(struct output *o, const char *dir, uint32_t lane,
    struct bus *bus, const struct event *ev, uint64_t upto, bool end,
    const bool *full)
{
	struct buf path = { 0 };
	bool done = true;
	int fd;

	if (o->at >= upto)
		return true;
	output_path(&path, dir, lane);
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd != -1) {
		done = emit_from(o, fd, bus, ev, upto, end, full);
		close(fd);
	}
	buf_fini(&path);
	return done;
}

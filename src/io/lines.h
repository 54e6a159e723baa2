/*
 * lines - cut a byte stream into lines
 *
 * Feed it whatever read(2) returned; it calls back once per line, without
 * the separator, straight from the caller's bytes where the line is whole.
 * A line longer than LINES_MAX comes in pieces (LINE_PART, LINE_MORE of
 * model/runner.h), so memory per stream is bounded, and none is held while
 * no line is unfinished.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* text is borrowed until the call returns, and is not NUL-terminated */
typedef void lines_fn(void *arg, const char *text, size_t len, unsigned flags);

struct lines {
	char *buf;		/* the beginning of an unfinished line */
	uint32_t len, cap;
	char separator;
	bool block;		/* whole lines may come many at once */
	bool more;		/* a piece of the line was handed over */
	bool strip_cr;		/* "\r\n" ends a line, too */
	bool stop;		/* set by a callback: no further line now */
};

/* a zeroed struct lines, but for the separator, is ready for use */
/* returns how many bytes were taken: all, unless stop was set meanwhile */
size_t lines_feed(struct lines *, const char *data, size_t len, lines_fn *,
    void *arg);
/* whether a line is unfinished and has bytes that were not handed over */
bool lines_waiting(const struct lines *);
/* what waits, the last of it; borrowed until the next call */
const char *lines_peek(const struct lines *, size_t *len);
/* hand over what waits, as a piece of a line that goes on */
void lines_flush(struct lines *, lines_fn *, void *arg);
/* the stream has ended: hand over what is left as LINE_TAIL */
void lines_end(struct lines *, lines_fn *, void *arg);
void lines_fini(struct lines *);

#endif

/*
 * rows - lines as they are written: with tags, or as they are
 *
 * With tags each line is one row of standard output.  Without, bytes stay as
 * they are, standard error goes to standard error, and a newline is put only
 * between the lines of two lanes.
 */
#ifndef SINK_ROWS_H
#define SINK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sink/face.h"
#include "sink/tag.h"

/* the kind of a line, as it is kept: mark, LINE_… flags, its own stream */
#define ROWS_KIND(mark, flags, stream) \
	((unsigned)(mark) | (unsigned)(flags) << 8 | (unsigned)(stream) << 16)
/* … and with a head (mark.h) of so many bytes before its text */
#define ROWS_HEADED(kind, len) ((kind) | (unsigned)(len) << 18)
#define ROWS_HEAD(kind) ((size_t)(kind) >> 18)
#define ROWS_STREAM(kind) ((kind) >> 16 & 3)

/* a face, and whose line there has no newline yet (without tags) */
struct rows_port {
	struct face face;
	bool open;
	uint32_t lane;
};

struct rows {
	struct rows_port out, err;
	bool no_tag;
	bool mixed;		/* lines of several lanes come by turns */
	struct tag tag;
	struct buf text;	/* escaped lines */
	struct buf below;
};

/* with tags; no_tag and mixed are the caller's to set afterwards */
void rows_init(struct rows *, const struct face *out, const struct face *err);
void rows_fini(struct rows *);

/* any line, whatever the kind: all lines have a head, or none */
void rows_line(struct rows *, uint32_t lane, const char *tag, unsigned kind,
    const char *text, size_t len);
/*
 * With tags, and nothing to be escaped: one line, or many that end in \n; with
 * the head that tag_head() was given
 */
void rows_plain(struct rows *, uint32_t lane, const char *tag, char mark,
    bool red, const char *text, size_t len);
void rows_block(struct rows *, uint32_t lane, const char *tag, char mark,
    bool red, const char *text, size_t len);
/* a line of ours on standard output, above lines that are said to be whose */
void rows_head(struct rows *, const char *text, size_t len);
/*
 * A line below a head: marked, without a name.  sign: what stands before it
 * in a diff, then it is a row of standard output in any case; 0: no diff.
 */
void rows_below(struct rows *, char sign, unsigned kind, const char *text,
    size_t len);
/* whole lines of our own, on standard error */
void rows_message(struct rows *, const char *text, size_t len);

#endif

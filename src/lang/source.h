/*
 * source - the true text of job files, line by line
 *
 * A logical line is a section header, a comment, or a key with its value
 * over all the indented lines that follow.  What kind it is says inih
 * (lang/ini); what stands in it is kept here, with the place of each byte.
 */
#ifndef LANG_SOURCE_H
#define LANG_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/pos.h"

struct arena;
struct diag;

enum {
	SOURCE_LINE_MAX = 1024 * 1024,
	SOURCE_FILE_MAX = 64 * 1024 * 1024
};

struct source {
	char *name;		/* as diagnostics call it */
	char *data;
	size_t len;
	size_t *line;		/* offsets of the lines' first bytes */
	uint32_t nline;
	dev_t dev;
	ino_t ino;
	bool open;		/* being read: naming it again is a circle */
};

struct sources {
	struct source *list;
	size_t n, cap;
};

/* from which byte of a value on it stands where */
struct seg {
	size_t at;
	uint32_t line, col;
};

struct value {
	const char *text;	/* NUL-terminated at len */
	size_t len;
	const struct seg *seg;
	size_t nseg;
	uint32_t file;
	bool block;		/* began on the line after the key */
};

enum line_kind { LINE_BAD, LINE_COMMENT, LINE_SECTION, LINE_KEY };

struct logical {
	enum line_kind kind;
	uint32_t line, last;	/* first and last line, from 1 */
	bool blank_before;
	bool indented;		/* a continuation of nothing */
};

/*
 * Read a file.  NULL, or what is wrong with it as a text: errno's or one of
 * ours.  The new source is then the last of the list.
 */
const char *sources_read(struct sources *, const char *path);
void sources_add(struct sources *, const char *name, const char *bytes,
    size_t len);
void sources_fini(struct sources *);

/* a line without its end; "" behind the last one */
const char *source_line(const struct source *, uint32_t line, size_t *len);
/*
 * The bytes are fit to be read: no NUL, no line too long.  Else false and a
 * mistake was reported.
 */
bool source_check(const struct sources *, uint32_t file, struct diag *);
/* the logical lines, to be freed; their kinds are still to be asked */
struct logical *source_logical(const struct source *, size_t *n);
/* the value of a LINE_KEY, which begins behind byte eq of its line */
void source_value(const struct sources *, uint32_t file,
    const struct logical *, size_t eq, struct arena *, struct value *);

/* the place of len bytes of a value */
struct pos value_pos(const struct value *, size_t at, size_t len);

#endif

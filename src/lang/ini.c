/* SPDX-License-Identifier: ISC */
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/ini.h"
#include "lang/source.h"

struct feed {
	const struct source *source;
	struct logical *line;
	size_t n, at;		/* the line fed last is at - 1 */
	/*
	 * inih does not report sections, only the keys in them: behind each
	 * header it gets a key of ours.
	 */
	bool probe;
};

/* the shape of a line: what it begins with and whether its sign is there */
static void
stand_in(const struct feed *f, size_t i, char *str, size_t size)
{
	size_t len;
	const char *s = source_line(f->source, f->line[i].line, &len);
	size_t in = 0;

	while (in < len && (s[in] == ' ' || s[in] == '\t'))
		in++;
	if (s[in] == '#' || s[in] == ';')
		snprintf(str, size, "%c\n", s[in]);
	else if (s[in] == '[')
		snprintf(str, size, "[%zu%s\n", i,
		    memchr(s, ']', len) ? "]" : "");
	else
		snprintf(str, size, "%zu%s\n", i,
		    memchr(s, '=', len) ? "=@" : "");
}

static char *
on_read(char *str, int num, void *stream)
{
	struct feed *f = stream;

	if (f->probe) {
		f->probe = false;
		snprintf(str, (size_t)num, "@=@\n");
		return str;
	}
	if (f->at == f->n)
		return NULL;
	stand_in(f, f->at, str, (size_t)num);
	f->line[f->at].kind = str[0] == '#' || str[0] == ';' ?
	    LINE_COMMENT : LINE_BAD;
	f->probe = str[0] == '[';
	f->at++;
	return str;
}

static int
on_key(void *user, const char *section, const char *name, const char *value)
{
	struct feed *f = user;
	struct logical *l = &f->line[f->at - 1];

	(void)value;
	if (strcmp(name, "@") != 0)
		l->kind = LINE_KEY;
	else if (strtoul(section, NULL, 10) == f->at - 1 && *section)
		l->kind = LINE_SECTION;
	return 1;
}

void
ini_kinds(const struct source *s, struct logical *line, size_t n)
{
	struct feed f = { .source = s, .line = line, .n = n };

	/* what it returns says less than the lines it was silent about */
	ini_parse_stream(on_read, &f, on_key, &f);
}

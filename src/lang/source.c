/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "lang/diag.h"
#include "lang/source.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
find_lines(struct source *s)
{
	size_t cap = 0;
	size_t at = 0;

	/* a byte order mark is no part of the first line */
	if (s->len >= 3 && !memcmp(s->data, "\xef\xbb\xbf", 3))
		at = 3;
	while (at < s->len) {
		const char *end = memchr(s->data + at, '\n', s->len - at);

		s->line = mem_grow(s->line, &cap, s->nline + 1UL,
		    sizeof(*s->line));
		s->line[s->nline++] = at;
		if (!end)
			break;
		at = (size_t)(end - s->data) + 1;
	}
}

void
sources_add(struct sources *src, const char *name, const char *bytes,
    size_t len)
{
	struct source *s;

	src->list = mem_grow(src->list, &src->cap, src->n + 1,
	    sizeof(*src->list));
	s = &src->list[src->n++];
	*s = (struct source){ .name = mem_strdup(name), .len = len };
	s->data = mem_alloc(len + 1);
	if (len)
		memcpy(s->data, bytes, len);
	s->data[len] = '\0';
	find_lines(s);
}

const char *
sources_read(struct sources *src, const char *path)
{
	struct buf b = { 0 };
	struct stat st;
	const char *why = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return strerror(errno);
	if (fstat(fd, &st) == -1)
		why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		why = "it is a directory";
	while (!why) {
		ssize_t n = read(fd, buf_room(&b, 65536), 65536);

		if (n == 0)
			break;
		if (n == -1 && errno != EINTR)
			why = strerror(errno);
		if (n > 0)
			b.len += (size_t)n;
		if (b.len > SOURCE_FILE_MAX)
			why = "it is larger than 64 MiB";
	}
	close(fd);
	if (!why) {
		sources_add(src, path, b.data, b.len);
		src->list[src->n - 1].dev = st.st_dev;
		src->list[src->n - 1].ino = st.st_ino;
	}
	buf_fini(&b);
	return why;
}

void
sources_fini(struct sources *src)
{
	for (size_t i = 0; i < src->n; i++) {
		free(src->list[i].name);
		free(src->list[i].data);
		free(src->list[i].line);
	}
	free(src->list);
	*src = (struct sources){ 0 };
}

const char *
source_line(const struct source *s, uint32_t line, size_t *len)
{
	size_t from, to;

	*len = 0;
	if (line == 0 || line > s->nline)
		return "";
	from = s->line[line - 1];
	to = line < s->nline ? s->line[line] : s->len;
	if (to > from && s->data[to - 1] == '\n')
		to--;
	if (to > from && s->data[to - 1] == '\r')
		to--;
	*len = to - from;
	return s->data + from;
}

bool
source_check(const struct sources *src, uint32_t file, struct diag *d)
{
	const struct source *s = &src->list[file];

	for (uint32_t i = 1; i <= s->nline; i++) {
		struct pos p = { file, i, 1, 1 };
		const char *nul;
		size_t len;
		const char *text = source_line(s, i, &len);

		if (len > SOURCE_LINE_MAX) {
			diag_error(d, p, "the line is longer than 1 MiB");
			return false;
		}
		nul = memchr(text, '\0', len);
		if (nul) {
			p.col = (uint32_t)(nul - text) + 1;
			diag_error(d, p, "a NUL byte");
			return false;
		}
	}
	return true;
}

static bool
is_empty(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_blank(s[i]))
			return false;
	return true;
}

struct logical *
source_logical(const struct source *s, size_t *n)
{
	struct logical *list = NULL, *new;
	size_t cap = 0;
	size_t key = SIZE_MAX;		/* whose value may go on */
	bool blank = false;

	*n = 0;
	for (uint32_t i = 1; i <= s->nline; i++) {
		size_t len, in = 0;
		const char *text = source_line(s, i, &len);
		bool comment;

		if (is_empty(text, len)) {
			blank = true;
			continue;
		}
		if (is_blank(text[0]) && key != SIZE_MAX) {
			list[key].last = i;
			blank = false;
			continue;
		}
		while (is_blank(text[in]))
			in++;
		comment = text[in] == '#' || text[in] == ';';
		list = mem_grow(list, &cap, *n + 1, sizeof(*list));
		new = &list[(*n)++];
		*new = (struct logical){
			.line = i, .last = i, .blank_before = blank,
			.indented = in > 0 && !comment,
		};
		if (comment)
			continue;
		blank = false;
		/* what follows something bad is no further mistake */
		key = text[0] == '[' || in > 0 ? SIZE_MAX : *n - 1;
	}
	return list;
}

/* bytes of white space that all lines of a block begin with */
static size_t
common_indent(const struct source *s, uint32_t from, uint32_t to)
{
	const char *first = NULL;
	size_t common = 0;

	for (uint32_t i = from; i <= to; i++) {
		size_t len, in = 0;
		const char *text = source_line(s, i, &len);

		while (in < len && is_blank(text[in]))
			in++;
		if (in == len || in == 0)
			continue;
		if (!first) {
			first = text;
			common = in;
			continue;
		}
		for (size_t k = 0; k < common; k++)
			if (k >= in || text[k] != first[k])
				common = k;
	}
	return common;
}

void
source_value(const struct sources *src, uint32_t file,
    const struct logical *l, size_t eq, struct arena *arena, struct value *v)
{
	const struct source *s = &src->list[file];
	struct buf b = { 0 };
	struct seg *seg = mem_calloc(l->last - l->line + 1UL, sizeof(*seg));
	size_t n = 0, len, at = eq + 1;
	const char *text = source_line(s, l->line, &len);
	size_t indent = common_indent(s, l->line + 1, l->last);

	while (at < len && is_blank(text[at]))
		at++;
	while (len > at && is_blank(text[len - 1]))
		len--;
	v->block = at == len && l->last > l->line;
	if (!v->block) {
		seg[n++] = (struct seg){ 0, l->line, (uint32_t)at + 1 };
		buf_add(&b, text + at, len - at);
	}
	for (uint32_t i = l->line + 1; i <= l->last; i++) {
		size_t cut;

		text = source_line(s, i, &len);
		/* a comment at the left edge is the job file's, not ours */
		if (len && !is_blank(text[0]))
			continue;
		for (cut = 0; cut < indent && cut < len; cut++)
			if (!is_blank(text[cut]))
				break;
		if (v->block && n == 0 && is_empty(text, len))
			continue;
		if (n > 0)
			buf_addc(&b, '\n');
		seg[n++] = (struct seg){ b.len, i, (uint32_t)cut + 1 };
		buf_add(&b, text + cut, len - cut);
	}
	v->text = arena_strndup(arena, b.data ? b.data : "", b.len);
	v->len = b.len;
	v->seg = arena_copy(arena, seg, n, sizeof(*seg));
	v->nseg = n;
	v->file = file;
	buf_fini(&b);
	free(seg);
}

struct pos
value_pos(const struct value *v, size_t at, size_t len)
{
	size_t lo = 0, hi = v->nseg;
	size_t end = v->len;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (v->seg[mid].at <= at)
			lo = mid;
		else
			hi = mid;
	}
	/* the caret stays on one line */
	if (lo + 1 < v->nseg)
		end = v->seg[lo + 1].at - 1;
	if (at + len > end)
		len = end > at ? end - at : 1;
	return (struct pos){ v->file, v->seg[lo].line,
	    v->seg[lo].col + (uint32_t)(at - v->seg[lo].at),
	    len ? (uint32_t)len : 1 };
}

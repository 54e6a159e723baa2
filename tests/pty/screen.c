/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "screen.h"

struct screen {
	VTerm *vt;
	VTermScreen *vs;
	int rows, columns;
	bool hidden, alternate;
	char **line;		/* rolled out */
	size_t nline, room;
};

static size_t
put_utf8(char *p, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		*p = (char)c;
		return 1;
	}
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)((0xf00 >> n & 0xff) | c);
	return n;
}

/* the text of so many cells, to be freed */
static char *
text_of(const VTermScreenCell *cell, int n)
{
	char *text = malloc((size_t)n * 4 * VTERM_MAX_CHARS_PER_CELL + 1);
	size_t len = 0;

	if (!text)
		err(100, "malloc");
	for (int i = 0; i < n; i++) {
		/* the right half of a wide one */
		if (cell[i].chars[0] == (uint32_t)-1)
			continue;
		if (cell[i].chars[0] == 0)
			text[len++] = ' ';
		for (int k = 0; k < VTERM_MAX_CHARS_PER_CELL &&
		    cell[i].chars[k]; k++)
			len += put_utf8(text + len, cell[i].chars[k]);
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

static char *
row_text(const struct screen *s, int row)
{
	VTermScreenCell *cell = calloc((size_t)s->columns, sizeof(*cell));
	char *text;

	if (!cell)
		err(100, "calloc");
	for (int i = 0; i < s->columns; i++)
		vterm_screen_get_cell(s->vs,
		    (VTermPos){ .row = row, .col = i }, &cell[i]);
	text = text_of(cell, s->columns);
	free(cell);
	return text;
}

static int
on_pushline(int n, const VTermScreenCell *cells, void *arg)
{
	struct screen *s = arg;

	if (s->nline == s->room) {
		s->room = s->room ? s->room * 2 : 1024;
		s->line = realloc(s->line, s->room * sizeof(*s->line));
		if (!s->line)
			err(100, "realloc");
	}
	s->line[s->nline++] = text_of(cells, n);
	return 1;
}

static int
on_prop(VTermProp prop, VTermValue *value, void *arg)
{
	struct screen *s = arg;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		s->hidden = !value->boolean;
	if (prop == VTERM_PROP_ALTSCREEN)
		s->alternate = value->boolean;
	return 1;
}

struct screen *
screen_new(int rows, int columns,
    void (*answer)(const char *bytes, size_t len, void *arg), void *arg)
{
	static const VTermScreenCallbacks callbacks = {
		.settermprop = on_prop, .sb_pushline = on_pushline
	};
	struct screen *s = calloc(1, sizeof(*s));

	if (!s || !(s->vt = vterm_new(rows, columns)))
		errx(100, "no screen can be made");
	s->rows = rows;
	s->columns = columns;
	vterm_set_utf8(s->vt, 1);
	vterm_output_set_callback(s->vt, answer, arg);
	s->vs = vterm_obtain_screen(s->vt);
	vterm_screen_set_callbacks(s->vs, &callbacks, s);
	vterm_screen_enable_altscreen(s->vs, 1);
	vterm_screen_reset(s->vs, 1);
	return s;
}

void
screen_show(struct screen *s, const char *bytes, size_t len)
{
	vterm_input_write(s->vt, bytes, len);
}

void
screen_resize(struct screen *s, int rows, int columns)
{
	s->rows = rows;
	s->columns = columns;
	vterm_set_size(s->vt, rows, columns);
}

void
screen_print(const struct screen *s, FILE *f)
{
	for (int i = 0; i < s->rows; i++) {
		char *text = row_text(s, i);

		fprintf(f, "%s\n", text);
		free(text);
	}
}

void
screen_history(const struct screen *s, FILE *f)
{
	for (size_t i = 0; i < s->nline; i++)
		fprintf(f, "%s\n", s->line[i]);
	screen_print(s, f);
}

void
screen_state(const struct screen *s, FILE *f)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &at);
	fprintf(f, "cursor %d %d %s\nalternate %s\n", at.row + 1, at.col + 1,
	    s->hidden ? "hidden" : "shown", s->alternate ? "yes" : "no");
}

/* rows of the screen that have it */
static int
on_screen(const struct screen *s, const char *text)
{
	int n = 0;

	for (int i = 0; i < s->rows; i++) {
		char *row = row_text(s, i);

		n += strstr(row, text) != NULL;
		free(row);
	}
	return n;
}

bool
screen_has(const struct screen *s, const char *text)
{
	return on_screen(s, text) > 0;
}

int
screen_times(const struct screen *s, const char *text)
{
	int n = on_screen(s, text);

	for (size_t i = 0; i < s->nline; i++)
		n += strstr(s->line[i], text) != NULL;
	return n;
}

bool
screen_had(const struct screen *s, const char *text, size_t *from)
{
	for (; *from < s->nline; ++*from)
		if (strstr(s->line[*from], text))
			return true;
	return false;
}

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "app/tree.h"

size_t
tree_begin(struct tree *t, bool is_last)
{
	size_t was = t->stem.len;

	buf_add(t->out, t->stem.data, t->stem.len);
	if (t->utf8)
		buf_adds(t->out, is_last ? "└─ " : "├─ ");
	else
		buf_adds(t->out, is_last ? "`- " : "|- ");
	buf_adds(&t->stem, is_last ? "   " : t->utf8 ? "│  " : "|  ");
	return was;
}

void
tree_indent(struct tree *t, size_t n)
{
	while (n-- > 0)
		buf_addc(&t->stem, ' ');
}

void
tree_end(struct tree *t, size_t was)
{
	t->stem.len = was;
}

void
tree_lines(struct tree *t, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));

		if (!eol)
			eol = end;
		buf_add(t->out, t->stem.data, t->stem.len);
		buf_add(t->out, text, (size_t)(eol - text));
		while (t->out->data[t->out->len - 1] == ' ')
			t->out->len--;
		buf_addc(t->out, '\n');
		text = eol + 1;
	}
}

void
tree_fini(struct tree *t)
{
	buf_fini(&t->stem);
}

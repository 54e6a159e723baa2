/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "report/lay.h"

void
lay_title(struct buf *b, const char *text)
{
	buf_addf(b, "\n%s\n", text);
}

void
lay_word(struct buf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '\n')
			buf_adds(b, "\\n");
		else if (c < ' ' || c == 0x7f)
			buf_addf(b, "\\x%02x", c);
		else
			buf_addc(b, (char)c);
	}
}

void
lay_padded(struct buf *b, const char *s, size_t width)
{
	size_t at = b->len, n;

	lay_word(b, s);
	n = utf8_columns(b->data + at, b->len - at);
	buf_addf(b, "%*s", n < width ? (int)(width - n) : 0, "");
}

void
lay_duration(struct buf *b, double seconds)
{
	char show[NUM_SHOW];

	buf_addf(b, "%7s", num_show_duration(show, seconds < 0 ? 0 : seconds));
}

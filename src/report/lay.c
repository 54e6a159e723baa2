/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "report/lay.h"

void
lay_title(struct buf *b, const char *text)
{
	buf_addf(b, "\n%s\n", text);
}

/* what a terminal may obey, or turn round: C1, directions of writing */
static bool
is_sly(uint32_t c)
{
	return (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

void
lay_word(struct buf *b, const char *s)
{
	size_t len = strlen(s);
	uint32_t c;

	for (size_t n; len > 0; s += n, len -= n) {
		n = utf8_decode(s, len, &c);
		if (n == 0) {
			n = 1;
			c = (unsigned char)*s;
		}
		if (c == '\n')
			buf_adds(b, "\\n");
		else if (c < ' ' || c == 0x7f)
			buf_addf(b, "\\x%02x", (unsigned)c);
		else if (is_sly(c))
			buf_addf(b, "\\u%04x", (unsigned)c);
		else
			buf_add(b, s, n);
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

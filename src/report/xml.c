/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report/xml.h"

/* ESC [ … letter; 0: it is none */
static size_t
sequence(const char *s, size_t len)
{
	size_t n = 2;

	if (len < 3 || s[0] != '\033' || s[1] != '[')
		return 0;
	while (n < len && s[n] >= 0x20 && s[n] < 0x40)
		n++;
	return n < len && s[n] >= 0x40 && s[n] < 0x7f ? n + 1 : 0;
}

static bool
may_stand(uint32_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f) ||
	    (c >= 0xa0 && c != 0xfffe && c != 0xffff);
}

static void
add_char(struct buf *b, uint32_t c, const char *s, size_t n)
{
	switch (c) {
	case '<':
		buf_adds(b, "&lt;");
		break;
	case '>':
		buf_adds(b, "&gt;");
		break;
	case '&':
		buf_adds(b, "&amp;");
		break;
	case '"':
		buf_adds(b, "&quot;");
		break;
	/* in an attribute it would become a blank */
	case '\n':
		buf_adds(b, "&#10;");
		break;
	case '\t':
		buf_adds(b, "&#9;");
		break;
	default:
		buf_add(b, s, n);
	}
}

void
xml_text(struct buf *b, const char *s, size_t len)
{
	uint32_t c;

	for (size_t n; len > 0; s += n, len -= n) {
		n = sequence(s, len);
		if (n > 0)
			continue;
		n = utf8_decode(s, len, &c);
		/* an end of a line as on other systems */
		if (n == 1 && c == '\r' && len > 1 && s[1] == '\n')
			continue;
		if (n > 0 && may_stand(c))
			add_char(b, c, s, n);
		else
			buf_adds(b, "\xef\xbf\xbd");
		if (n == 0)
			n = 1;
	}
}

void
xml_str(struct buf *b, const char *s)
{
	xml_text(b, s, strlen(s));
}

void
xml_attribute(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, " %s=\"", name);
	xml_str(b, value);
	buf_addc(b, '"');
}

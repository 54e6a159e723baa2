/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "sink/escape.h"

enum { SGR_MAX = 64 };		/* longer than any that sets a colour */

/* the length of the colour sequence that begins here, or 0 */
static size_t
colour(const char *s, size_t n, bool *reset)
{
	size_t i = 2;

	if (n < 3 || s[0] != '\033' || s[1] != '[')
		return 0;
	while (i < n && i < SGR_MAX &&
	    ((s[i] >= '0' && s[i] <= '9') || s[i] == ';' || s[i] == ':'))
		i++;
	if (i == n || s[i] != 'm')
		return 0;
	*reset = true;
	for (size_t k = 2; k < i; k++)
		if (s[k] != '0')
			*reset = false;
	return i + 1;
}

/* characters that turn the direction of the text around them */
static bool
is_bidi(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* show the character or the byte that stands at s; returns its length */
static size_t
visible(struct buf *b, const char *s, size_t n)
{
	uint32_t c;
	size_t len = utf8_decode(s, n, &c);

	if (len == 0) {
		buf_addf(b, "\\x%02x", (unsigned)(unsigned char)*s);
		return 1;
	}
	switch (c) {
	case '\r':
		buf_adds(b, "\\r");
		return len;
	case '\n':
		buf_adds(b, "\\n");
		return len;
	case '\t':
		buf_adds(b, "\\t");
		return len;
	}
	if (c < 0x20 || c == 0x7f)
		buf_addf(b, "\\x%02x", (unsigned)c);
	else if ((c >= 0x80 && c < 0xa0) || is_bidi(c))
		buf_addf(b, "\\u%04x", (unsigned)c);
	else
		buf_add(b, s, len);
	return len;
}

/* how many bytes from here on need no look at all */
static size_t
plain(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= ' ' && s[i] < 0x7f)
		i++;
	return i;
}

const char *
escape_overwritten(const char *text, size_t *len)
{
	const char *cr;

	while (*len > 0 && text[*len - 1] == '\r')
		--*len;
	cr = *len ? memrchr(text, '\r', *len) : NULL;
	if (cr) {
		*len -= (size_t)(cr + 1 - text);
		text = cr + 1;
	}
	return text;
}

void
escape_line(struct buf *b, const char *text, size_t len)
{
	bool open = false, reset;
	const char *s = escape_overwritten(text, &len);

	for (size_t i = 0, n; i < len; i += n) {
		if ((n = plain(s + i, len - i)) > 0) {
			buf_add(b, s + i, n);
		} else if (s[i] == '\t') {
			buf_addc(b, '\t');
			n = 1;
		} else if ((n = colour(s + i, len - i, &reset)) > 0) {
			buf_add(b, s + i, n);
			open = !reset;
		} else {
			n = visible(b, s + i, len - i);
		}
	}
	if (open)
		buf_adds(b, "\033[0m");
}

size_t
escape_piece(struct buf *b, const char *s, size_t n)
{
	bool reset;
	size_t len = colour(s, n, &reset);

	if (len > 0)
		return len;
	if (*s != '\t')
		return visible(b, s, n);
	buf_addc(b, ' ');
	return 1;
}

void
escape_word(struct buf *b, bool terminal, const char *text, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		if ((n = plain(text + i, len - i)) > 0) {
			buf_add(b, text + i, n);
		} else if (terminal || text[i] == '\n') {
			n = visible(b, text + i, len - i);
		} else {
			buf_addc(b, text[i]);
			n = 1;
		}
	}
}

void
escape_short(struct buf *b, bool terminal, const char *text, size_t len,
    size_t max)
{
	size_t n = len;

	if (len > max) {
		n = max;
		/* not within a character */
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	escape_word(b, terminal, text, n);
	if (n < len)
		buf_adds(b, "...");
}

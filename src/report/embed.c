/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report/embed.h"

static bool
is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<';
}

static void
code_point(struct buf *b, uint32_t c, const char *s, size_t len)
{
	if (c == '\n')
		buf_adds(b, "\\n");
	else if (c == '\t')
		buf_adds(b, "\\t");
	else if (c == '"' || c == '\\')
		buf_addf(b, "\\%c", (int)c);
	else if (c < 0xa0 || c == 0x2028 || c == 0x2029)
		buf_addf(b, "\\u%04x", (unsigned)c);
	else
		buf_add(b, s, len);
}

void
embed_text(struct buf *b, const char *s, size_t len)
{
	buf_addc(b, '"');
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		for (n = 0; i + n < len && is_plain(s[i + n]);)
			n++;
		if (n > 0) {
			buf_add(b, s + i, n);
		} else if ((n = utf8_decode(s + i, len - i, &c)) > 0) {
			code_point(b, c, s + i, n);
		} else {
			buf_addf(b, "\\udc%02x", (unsigned)(unsigned char)s[i]);
			n = 1;
		}
	}
	buf_addc(b, '"');
}

void
embed_str(struct buf *b, const char *s)
{
	embed_text(b, s ? s : "", s ? strlen(s) : 0);
}

void
embed_key(struct buf *b, const char *key)
{
	if (b->len > 0 && b->data[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_addf(b, "\"%s\":", key);
}

void
embed_pair(struct buf *b, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	embed_key(b, key);
	embed_str(b, text);
}

void
embed_count(struct buf *b, const char *key, int64_t n)
{
	if (n == 0)
		return;
	embed_key(b, key);
	buf_addf(b, "%" PRId64, n);
}

void
embed_seconds(struct buf *b, double seconds)
{
	char text[400];
	int n;

	if (!isfinite(seconds))
		seconds = -1;
	n = snprintf(text, sizeof(text), "%.6f", seconds);
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	buf_add(b, text, (size_t)n);
}

void
embed_when(struct buf *b, const char *key, double seconds)
{
	embed_key(b, key);
	embed_seconds(b, seconds);
}

void
embed_list(struct buf *b, const char *key, const char *const *text, size_t n)
{
	embed_key(b, key);
	buf_addc(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		embed_str(b, text[i]);
	}
	buf_addc(b, ']');
}

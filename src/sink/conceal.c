/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "sink/conceal.h"
#include "sink/secrets.h"

/* the length of what begins here: a string, a word or number, or one byte */
static size_t
token(const char *s, size_t n)
{
	size_t i = 1;

	if (*s == '"') {
		while (i < n && s[i] != '"')
			i += s[i] == '\\' ? 2 : 1;
		return i < n ? i + 1 : n;
	}
	if (strchr("{}[]:, \t\r\n", *s))
		return 1;
	while (i < n && !strchr("{}[]:,\" \t\r\n", s[i]))
		i++;
	return i;
}

static unsigned
hex4(const char *s, size_t n)
{
	unsigned c = 0;

	for (size_t i = 0; i < 4 && i < n; i++) {
		unsigned d = (unsigned char)s[i];

		c = c << 4 | (d <= '9' ? d - '0' : ((d | 0x20) - 'a' + 10)) % 16;
	}
	return c;
}

static void
add_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_addc(b, (char)c);
	} else if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
		buf_addc(b, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		buf_addc(b, (char)(0xe0 | c >> 12));
		buf_addc(b, (char)(0x80 | (c >> 6 & 63)));
		buf_addc(b, (char)(0x80 | (c & 63)));
	} else {
		buf_addc(b, (char)(0xf0 | c >> 18));
		buf_addc(b, (char)(0x80 | (c >> 12 & 63)));
		buf_addc(b, (char)(0x80 | (c >> 6 & 63)));
		buf_addc(b, (char)(0x80 | (c & 63)));
	}
}

/* \uXXXX, perhaps the first of a pair; returns its length */
static size_t
add_code(struct buf *b, const char *s, size_t n)
{
	uint32_t c = hex4(s + 2, n - 2), low;

	if (c >= 0xd800 && c < 0xdc00 && n >= 12 && s[6] == '\\' &&
	    s[7] == 'u') {
		low = hex4(s + 8, n - 8);
		add_utf8(b, 0x10000 + ((c - 0xd800) << 10) +
		    ((low - 0xdc00) & 0x3ff));
		return 12;
	}
	add_utf8(b, c);
	return n < 6 ? n : 6;
}

/* what a string, with its quotes, stands for */
static void
unescape(struct buf *b, const char *s, size_t n)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *end = s + n - 1, *p;

	for (s++; s < end; s++) {
		if (*s != '\\' || s + 1 == end) {
			buf_addc(b, *s);
		} else if (s[1] == 'u') {
			s += add_code(b, s, (size_t)(end - s)) - 1;
		} else {
			p = strchr(from, *++s);
			buf_addc(b, p ? to[p - from] : *s);
		}
	}
}

/* append the token, or what stands in its place; true: there was a value */
static bool
mask_token(const struct secrets *s, const char *text, size_t n,
    struct buf *out)
{
	struct buf is = { 0 }, masked = { 0 }, json = { 0 };
	size_t covered = 0;
	bool found;

	if (*text == '"')
		unescape(&is, text, n);
	else
		buf_add(&is, text, n);
	found = secrets_find(s, is.data, is.len);
	if (found && out) {
		secrets_mask(s, is.data, is.len, is.len, &covered, &masked);
		json_element(&json, masked.data, masked.len);
		buf_add(out, json.data, json.len);
	} else if (out) {
		buf_add(out, text, n);
	}
	buf_fini(&is);
	buf_fini(&masked);
	buf_fini(&json);
	return found;
}

bool
conceal_finds(const struct secrets *s, const char *json, size_t len)
{
	if (s->n == 0)
		return false;
	if (secrets_find(s, json, len))
		return true;
	/* what is not escaped was found */
	if (!memchr(json, '\\', len))
		return false;
	for (size_t i = 0, n; i < len; i += n) {
		n = token(json + i, len - i);
		if (json[i] == '"' && mask_token(s, json + i, n, NULL))
			return true;
	}
	return false;
}

bool
conceal_mask(const struct secrets *s, const char *json, size_t len,
    struct buf *out)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = token(json + i, len - i);
		mask_token(s, json + i, n, out);
	}
	if (!secrets_find(s, out->data, out->len))
		return true;
	/* it reaches over several parts */
	buf_clear(out);
	return false;
}

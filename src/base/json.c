/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

/* a byte that stands for itself in a string */
static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* a value needs a comma if another one stands before it */
static void
separate(struct buf *b)
{
	char last = b->len > 0 ? b->data[b->len - 1] : '{';

	if (last != '{' && last != '[' && last != ':' && last != '\n')
		buf_addc(b, ',');
}

void
json_open(struct buf *b, char bracket)
{
	separate(b);
	buf_addc(b, bracket);
}

void
json_close(struct buf *b, char bracket)
{
	buf_addc(b, bracket);
}

void
json_key(struct buf *b, const char *key)
{
	size_t n = strlen(key);
	char *p;

	separate(b);
	p = buf_room(b, n + 3);
	p[0] = '"';
	memcpy(p + 1, key, n);
	p[n + 1] = '"';
	p[n + 2] = ':';
	b->len += n + 3;
}

static void
escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	switch (c) {
	case '"':
	case '\\':
		text[1] = (char)c;
		break;
	case '\n':
		text[1] = 'n';
		break;
	case '\t':
		text[1] = 't';
		break;
	case '\r':
		text[1] = 'r';
		break;
	default:
		buf_add(b, text, 6);
		return;
	}
	buf_add(b, text, 2);
}

/* the inside of a string; false if it was no UTF-8 */
static bool
add_inside(struct buf *b, const char *s, size_t len)
{
	bool valid = true;
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = 0;

		while (i + n < len && is_plain((unsigned char)s[i + n]))
			n++;
		buf_add(b, s + i, n);
		i += n;
		if (i == len)
			break;
		if (!((unsigned char)s[i] & 0x80)) {
			escape(b, (unsigned char)s[i++]);
			continue;
		}
		n = utf8_decode(s + i, len - i, &c);
		if (n > 0) {
			buf_add(b, s + i, n);
		} else {
			buf_adds(b, "\xef\xbf\xbd");
			valid = false;
			n = 1;
		}
		i += n;
	}
	return valid;
}

static bool
add_string(struct buf *b, const char *s, size_t len)
{
	bool valid;

	buf_addc(b, '"');
	valid = add_inside(b, s, len);
	buf_addc(b, '"');
	return valid;
}

void
json_name(struct buf *b, const char *text, size_t len)
{
	separate(b);
	add_string(b, text, len);
	buf_addc(b, ':');
}

bool
json_element(struct buf *b, const char *text, size_t len)
{
	separate(b);
	return add_string(b, text, len);
}

void
json_base64(struct buf *b, const char *text, size_t len)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)text;
	char *p;

	separate(b);
	p = buf_room(b, (len + 2) / 3 * 4 + 2);
	*p++ = '"';
	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)s[i] << 16;

		if (n > 1)
			v |= (uint32_t)s[i + 1] << 8;
		if (n > 2)
			v |= s[i + 2];
		*p++ = digit[v >> 18];
		*p++ = digit[v >> 12 & 63];
		*p++ = n > 1 ? digit[v >> 6 & 63] : '=';
		*p++ = n > 2 ? digit[v & 63] : '=';
	}
	*p++ = '"';
	b->len = (size_t)(p - b->data);
}

void
json_text(struct buf *b, const char *key, const char *text, size_t len)
{
	json_key(b, key);
	if (add_string(b, text, len))
		return;
	buf_addf(b, ",\"%s_b64\":", key);
	json_base64(b, text, len);
}

void
json_str(struct buf *b, const char *key, const char *s)
{
	if (s && *s)
		json_text(b, key, s, strlen(s));
}

void
json_word(struct buf *b, const char *key, const char *word)
{
	json_key(b, key);
	buf_addc(b, '"');
	buf_adds(b, word);
	buf_addc(b, '"');
}

/* digits, at least so many */
static void
add_digits(struct buf *b, uint64_t n, int least)
{
	char text[24], *p = text + sizeof(text);

	for (; n > 0 || least > 0; n /= 10, least--)
		*--p = (char)('0' + n % 10);
	buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

void
json_uint(struct buf *b, const char *key, uint64_t n)
{
	json_key(b, key);
	add_digits(b, n, 1);
}

void
json_int(struct buf *b, const char *key, int64_t n)
{
	json_key(b, key);
	if (n < 0)
		buf_addc(b, '-');
	add_digits(b, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);
}

void
json_seconds(struct buf *b, const char *key, double seconds)
{
	uint64_t micro;

	json_key(b, key);
	if (seconds < 0) {
		buf_addc(b, '-');
		seconds = -seconds;
	}
	if (!(seconds < 1e12))
		seconds = 1e12;
	micro = (uint64_t)(seconds * 1e6 + 0.5);
	add_digits(b, micro / 1000000, 1);
	buf_addc(b, '.');
	add_digits(b, micro % 1000000, 6);
}

void
json_flag(struct buf *b, const char *key, bool on)
{
	if (!on)
		return;
	json_key(b, key);
	buf_adds(b, "true");
}

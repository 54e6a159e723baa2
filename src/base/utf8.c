/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

size_t
utf8_decode(const char *s, size_t n, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len;
	uint32_t v;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (p[0] >= 0xf0 && p[0] < 0xf8)
		len = 4, v = p[0] & 0x07;
	else if (p[0] >= 0xe0)
		len = 3, v = p[0] & 0x0f;
	else if (p[0] >= 0xc0)
		len = 2, v = p[0] & 0x1f;
	else
		return 0;
	if (p[0] >= 0xf8 || n < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*c = v;
	return len;
}

size_t
utf8_columns(const char *s, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = utf8_decode(s + i, n - i, &c);

		columns += len ? utf8_width(c) : 1;
		i += len ? len : 1;
	}
	return columns;
}

bool
utf8_valid(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = utf8_decode(s + i, n - i, &c);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

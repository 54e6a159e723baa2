/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/mem.h"
#include "model/vary.h"

enum { HEX_MIN = 6 };		/* shorter ones may be words */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

bool
vary_in_word(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    c == '_';
}

/* a word may end behind the first n bytes of s */
static bool
ends_at(const char *s, size_t n, size_t at)
{
	return at == n || !vary_in_word(s[at]);
}

/* --- texts -------------------------------------------------------------- */

static bool
ends_path(char c)
{
	return c == '\0' || strchr(" \t:;,()[]<>|\"'`", c) != NULL;
}

/* the length of a quoted text with its quotes, ASCII or typographic */
static size_t
quoted(const char *s, size_t n)
{
	const char *end;

	if (*s == '\'' || *s == '"' || *s == '`') {
		end = memchr(s + 1, *s, n - 1);
		/* `like this' */
		if (!end && *s == '`')
			end = memchr(s + 1, '\'', n - 1);
		return end ? (size_t)(end - s) + 1 : 0;
	}
	if (n > 6 && !memcmp(s, "\u2018", 3)) {
		end = memmem(s, n, "\u2019", 3);
		return end ? (size_t)(end - s) + 3 : 0;
	}
	return 0;
}

/* the length of a word with a slash in it, or as mktemp(1) makes them */
static size_t
path(const char *s, size_t n)
{
	bool is = n > 4 && !memcmp(s, "tmp.", 4) && vary_in_word(s[4]);
	size_t i = 0;

	while (i < n && !ends_path(s[i]))
		is |= s[i++] == '/';
	return is && i > 1 ? i : 0;
}

/* --- numbers ------------------------------------------------------------ */

/* the length of a hexadecimal number that is recognised as one */
static size_t
hex(const char *s, size_t n)
{
	bool digit = false;
	size_t i = 0;

	if (n > 2 && s[0] == '0' && (s[1] | 0x20) == 'x' && is_hex(s[2])) {
		for (i = 2; i < n && is_hex(s[i]);)
			i++;
		return i;
	}
	while (i < n && is_hex(s[i]))
		digit |= is_digit(s[i++]);
	return digit && i >= HEX_MIN && ends_at(s, n, i) ? i : 0;
}

static size_t
uuid(const char *s, size_t n)
{
	enum { LENGTH = 36 };

	if (n < LENGTH)
		return 0;
	for (size_t i = 0; i < LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !is_hex(s[i]))
			return 0;
	}
	return ends_at(s, n, LENGTH) ? LENGTH : 0;
}

/* the length of an IPv6 or a MAC address, with what stands behind % */
static size_t
address(const char *s, size_t n)
{
	size_t colons = 0, digits = 0, longest = 0, i = 0;
	bool twice = false;

	for (; i < n && (is_hex(s[i]) || s[i] == ':'); i++) {
		digits = s[i] == ':' ? 0 : digits + 1;
		longest = digits > longest ? digits : longest;
		colons += s[i] == ':';
		twice |= s[i] == ':' && i > 0 && s[i - 1] == ':';
	}
	/* the colon behind it is none of its own */
	if (i > 1 && s[i - 1] == ':' && s[i - 2] != ':') {
		i--;
		colons--;
	}
	if (longest > 4 || colons < 2 || colons > 7 || !ends_at(s, n, i))
		return 0;
	if (!twice && colons != 7 && !(colons == 5 && longest == 2))
		return 0;
	if (i < n && s[i] == '%')
		while (i + 1 < n && vary_in_word(s[++i]))
			;
	return i;
}

/* the length of a unit of time or size, or 0 */
static size_t
unit(const char *s, size_t n)
{
	static const char *const units[] = {
		"ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "sec", "m",
		"min", "h", "d", "B", "k", "K", "M", "G", "T", "kB",
		"KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB",
	};

	for (size_t i = 0; i < countof(units); i++) {
		size_t len = strlen(units[i]);

		/* 1m03s goes on with a digit */
		if (len <= n && !memcmp(s, units[i], len) &&
		    (ends_at(s, n, len) || is_digit(s[len])))
			return len;
	}
	return 0;
}

/* digits, and more of them behind points */
static size_t
digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (is_digit(s[i]) ||
	    (s[i] == '.' && i > 0 && i + 1 < n && is_digit(s[i + 1]))))
		i++;
	return i;
}

/* the length of a number, with its units if there are any */
static size_t
number(const char *s, size_t n)
{
	size_t i = digits(s, n), more;

	while (i > 0 && i < n && (more = unit(s + i, n - i)) > 0)
		i += more + digits(s + i + more, n - i - more);
	return i;
}

/* --- all of them -------------------------------------------------------- */

size_t
vary(const char *s, size_t n, bool start, const char **as)
{
	size_t len;

	*as = "''";
	if (start && (len = quoted(s, n)) > 0)
		return len;
	*as = "0";
	if (start && ((len = address(s, n)) > 0 || (len = uuid(s, n)) > 0))
		return len;
	*as = "/";
	if (start && (len = path(s, n)) > 0)
		return len;
	*as = "0";
	if (start && (len = hex(s, n)) > 0)
		return len;
	return number(s, n);
}

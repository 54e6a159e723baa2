/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hosts.h"
#include "base/inventory_line.h"
#include "base/num.h"

enum { PATTERN_MAX = 4 * HOST_NAME_MAX_LEN };
static const int64_t VALUE_MAX = 999999999999999;

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* --- words, as in a shell ----------------------------------------------- */

/* s stands on the quote; NULL: it is not closed */
static const char *
quoted(const char *s, const char *end, struct buf *word)
{
	char quote = *s++;

	for (; s < end && *s != quote; s++) {
		if (quote == '"' && *s == '\\' && s + 1 < end &&
		    (s[1] == '"' || s[1] == '\\'))
			s++;
		buf_addc(word, *s);
	}
	return s < end ? s + 1 : NULL;
}

int
inventory_word(const char **at, const char *end, struct buf *word,
    struct buf *why)
{
	const char *s = *at;

	buf_clear(word);
	while (s < end && is_blank(*s))
		s++;
	if (s == end || *s == '#')
		return 0;
	while (s < end && !is_blank(*s) && *s != '#') {
		if (*s == '\'' || *s == '"') {
			s = quoted(s, end, word);
			if (!s) {
				buf_adds(why, "a quote is not closed");
				return -1;
			}
			continue;
		}
		if (*s == '\\' && ++s == end) {
			buf_adds(why, "there is nothing behind '\\'");
			return -1;
		}
		buf_addc(word, *s++);
	}
	/* within a word, too, it ends the line */
	*at = s < end && *s == '#' ? end : s;
	return 1;
}

/* --- values, as in Python ----------------------------------------------- */

static bool
ends(const char *s)
{
	while (is_blank(*s))
		s++;
	return *s == '\0' || *s == '#';
}

/* a string in quotes, in place; false: it is none */
static bool
unquote(char *s, const char **why)
{
	static const char plain[] = "nrtabfv\\'\"", meant[] = "\n\r\t\a\b\f\v\\'\"";
	char quote = *s, *to = s, *from = s + 1, *end = from;
	const char *p;

	while (*end && *end != quote)
		end += *end == '\\' && end[1] ? 2 : 1;
	if (!*end || !ends(end + 1))
		return false;
	while (from < end) {
		if (*from == '\\' && (p = strchr(plain, from[1])) != NULL) {
			*to++ = meant[p - plain];
			from += 2;
			continue;
		}
		if (*from == '\\' && strchr("xuUN01234567", from[1]))
			*why = "escapes by number cannot be read";
		*to++ = *from++;
	}
	*to = '\0';
	return true;
}

/* a number, True, False or None: only the comment behind it goes */
static void
cut_comment(char *s)
{
	size_t n = strcspn(s, " \t#");
	char was = s[n];
	double d;

	s[n] = '\0';
	if (num_double(s, &d) == -1 && strcmp(s, "True") != 0 &&
	    strcmp(s, "False") != 0 && strcmp(s, "None") != 0) {
		s[n] = was;
		return;
	}
	s[n] = was;
	if (ends(s + n))
		s[n] = '\0';
}

int
inventory_value(char *s, struct buf *why)
{
	const char *bad = NULL;

	if ((*s != '\'' && *s != '"') || !unquote(s, &bad))
		cut_comment(s);
	if (strstr(s, "{{") || strstr(s, "{%"))
		bad = "templates ({{ }}) cannot be filled in here";
	if (bad)
		buf_adds(why, bad);
	return bad ? -1 : 0;
}

/* --- ranges in names ---------------------------------------------------- */

struct expand {
	int (*fn)(void *arg, const char *name, size_t len);
	void *arg;
	struct buf *why;
	char name[PATTERN_MAX];
};

/* [begin:end:step]; letters are numbers, too */
struct bounds {
	int64_t from, to, step;
	int width;
	bool letters;
};

/* its place in a-zA-Z; -1: no letter */
static int
letter(const char *s)
{
	static const char all[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *p = s[0] && !s[1] ? strchr(all, *s) : NULL;

	return p ? (int)(p - all) : -1;
}

static char
letter_at(int64_t n)
{
	return (char)(n < 26 ? 'a' + n : 'A' + n - 26);
}

/* returns what is wrong */
static const char *
read_bounds(char *s, struct bounds *b)
{
	char *to = strchr(s, ':'), *step;

	*b = (struct bounds){ .step = 1 };
	if (!to)
		return "a range is written as in [01:50] or [a:f]";
	*to++ = '\0';
	step = strchr(to, ':');
	if (step)
		*step++ = '\0';
	if (step && (num_int(step, &b->step) == -1 || b->step < 1))
		return "the step of a range is a number from 1";
	if (letter(s) >= 0 && letter(to) >= 0) {
		b->letters = true;
		b->from = letter(s);
		b->to = letter(to);
	} else if (num_int(*s ? s : "0", &b->from) == -1 || b->from < 0 ||
	    num_int(to, &b->to) == -1) {
		return "a range is written as in [01:50] or [a:f]";
	}
	if (s[0] == '0' && s[1]) {
		b->width = (int)strlen(s);
		if (strlen(to) != strlen(s))
			return "with zeros in front both ends of a range need "
			    "the same number of digits";
	}
	if (b->to > VALUE_MAX)
		return "a number in a range has at most 15 digits";
	if (b->to < b->from)
		return "a range goes from the smaller to the larger";
	if (b->step > b->to - b->from)
		b->step = b->to - b->from + 1;
	return NULL;
}

static int
expand(struct expand *e, const char *s, size_t len, int64_t factor)
{
	size_t n = strcspn(s, "["), k;
	char inner[64];
	const char *bad;
	struct bounds b;

	if (len + n > HOST_NAME_MAX_LEN) {
		buf_adds(e->why, "a name has at most 255 bytes");
		return -1;
	}
	memcpy(e->name + len, s, n);
	len += n;
	s += n;
	if (!*s)
		return e->fn(e->arg, e->name, len);
	k = strcspn(s, "]");
	if (!s[k] || k >= sizeof(inner)) {
		buf_adds(e->why, "there is no ']' behind '['");
		return -1;
	}
	memcpy(inner, s + 1, k - 1);
	inner[k - 1] = '\0';
	bad = read_bounds(inner, &b);
	if (!bad && (b.to - b.from) / b.step >= HOSTS_MAX / factor)
		bad = "that stands for more than 10000000 names";
	if (bad) {
		buf_adds(e->why, bad);
		return -1;
	}
	factor *= (b.to - b.from) / b.step + 1;
	for (int64_t v = b.from; v <= b.to; v += b.step) {
		char number[sizeof(inner)];
		int m = 1;

		if (b.letters)
			number[0] = letter_at(v);
		else
			m = snprintf(number, sizeof(number), "%0*lld",
			    b.width, (long long)v);
		memcpy(e->name + len, number, (size_t)m);
		if (expand(e, s + k + 1, len + (size_t)m, factor) == -1)
			return -1;
	}
	return 0;
}

int
inventory_expand(const char *pattern, int (*fn)(void *arg, const char *name,
    size_t len), void *arg, struct buf *why)
{
	struct expand e = { .fn = fn, .arg = arg, .why = why };

	return expand(&e, pattern, 0, 1);
}

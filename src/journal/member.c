/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "journal/member.h"
#include "journal/read.h"

/* --- members in the text of a record --------------------------------------- */

/* s is at the quote that opens a string: behind the one that closes it */
static const char *
string_end(const char *s, const char *end)
{
	for (s++; s < end; s++) {
		const char *quote = memchr(s, '"', (size_t)(end - s));
		const char *back;

		if (!quote)
			return NULL;
		back = memchr(s, '\\', (size_t)(quote - s));
		if (!back)
			return quote + 1;
		s = back + 1;
	}
	return NULL;
}

/* behind the value that begins at s */
static const char *
value_end(const char *s, const char *end)
{
	unsigned depth = 0;

	while (s && s < end) {
		switch (*s) {
		case '"':
			s = string_end(s, end);
			if (depth == 0)
				return s;
			continue;
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			if (depth == 0)
				return s;
			if (--depth == 0)
				return s + 1;
			break;
		case ',':
			if (depth == 0)
				return s;
			break;
		default:
			break;
		}
		s++;
	}
	return NULL;
}

bool
record_member(const struct record *r, struct member *m)
{
	const char *s = m->next ? m->next : r->text + 1;
	const char *end = r->text + r->len;

	if (s >= end || *s != '"')
		return false;
	m->key = s + 1;
	s = string_end(s, end);
	if (!s || s >= end || *s != ':')
		return false;
	m->nkey = (size_t)(s - 1 - m->key);
	m->value = s + 1;
	s = value_end(m->value, end);
	if (!s)
		return false;
	m->len = (size_t)(s - m->value);
	m->next = s + 1;
	return true;
}

const char *
record_raw(const struct record *r, const char *key, size_t *len)
{
	struct member m = { 0 };

	while (record_member(r, &m))
		if (member_is(&m, key)) {
			*len = m.len;
			return m.value;
		}
	return NULL;
}

/* --- base64 ------------------------------------------------------------------ */

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* into the arena; NULL if it is none */
static char *
decode(struct arena *a, const char *s, size_t n, size_t *len)
{
	char *to = arena_alloc(a, n / 4 * 3 + 4);
	unsigned bits = 0, have = 0;
	size_t at = 0;

	while (n > 0 && s[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++) {
		int six = sextet(s[i]);

		if (six < 0)
			return NULL;
		bits = bits << 6 | (unsigned)six;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[at++] = (char)(bits >> have);
		}
	}
	*len = at;
	return to;
}

/* KEY_b64; false: too long for any that there is */
static bool
twin_name(char *to, size_t size, const char *key)
{
	int n = snprintf(to, size, "%s_b64", key);

	return n > 0 && (size_t)n < size;
}

/* --- values ------------------------------------------------------------------ */

enum { KEY_SIZE = 32 };

/* a JSON string with its quotes; escapes are left to the library */
static const char *
unquote(const char *s, size_t n, struct arena *a, size_t *len)
{
	json_t *json;
	char *text = NULL;

	if (n < 2 || s[0] != '"')
		return NULL;
	if (!memchr(s, '\\', n)) {
		*len = n - 2;
		return arena_strndup(a, s + 1, n - 2);
	}
	json = json_loadb(s, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (json_is_string(json)) {
		*len = json_string_length(json);
		text = arena_strndup(a, json_string_value(json), *len);
	}
	json_decref(json);
	return text;
}

/* only a text that holds U+FFFD may have a twin */
static bool
may_have_twin(const char *s, size_t n)
{
	return memmem(s, n, "\xef\xbf\xbd", 3) || memmem(s, n, "\\ufffd", 6);
}

const char *
record_text(const struct record *r, const char *key, struct arena *a,
    size_t *len)
{
	char twin[KEY_SIZE];
	size_t n, ntwin, none;
	const char *s = record_raw(r, key, &n), *b64;

	if (!len)
		len = &none;
	if (!s)
		return NULL;
	if (may_have_twin(s, n) && twin_name(twin, sizeof(twin), key) &&
	    (b64 = record_raw(r, twin, &ntwin)) && ntwin >= 2) {
		const char *raw = decode(a, b64 + 1, ntwin - 2, len);

		if (raw)
			return raw;
	}
	return unquote(s, n, a, len);
}

double
member_decimal(const struct member *m, double none)
{
	char digits[40], *end;
	double v;

	if (m->len == 0 || m->len >= sizeof(digits))
		return none;
	memcpy(digits, m->value, m->len);
	digits[m->len] = '\0';
	v = strtod(digits, &end);
	return end == digits ? none : v;
}

int64_t
member_digits(const struct member *m, int64_t none)
{
	bool minus = m->len > 0 && *m->value == '-';
	int64_t v = 0;

	if (m->len <= (size_t)minus)
		return none;
	for (size_t i = minus; i < m->len; i++) {
		char c = m->value[i];

		if (c < '0' || c > '9' || v > INT64_MAX / 10 - 1)
			return none;
		v = v * 10 + (c - '0');
	}
	return minus ? -v : v;
}

double
record_number(const struct record *r, const char *key, double none)
{
	struct member m = { 0 };

	m.value = record_raw(r, key, &m.len);
	return m.value ? member_decimal(&m, none) : none;
}

int64_t
record_int(const struct record *r, const char *key, int64_t none)
{
	struct member m = { 0 };

	m.value = record_raw(r, key, &m.len);
	return m.value ? member_digits(&m, none) : none;
}

bool
record_is_true(const struct record *r, const char *key)
{
	size_t n;
	const char *s = record_raw(r, key, &n);

	return s && n == 4 && !memcmp(s, "true", 4);
}

bool
record_is(const struct record *r, const char *key, const char *text)
{
	size_t n, len = strlen(text);
	const char *s = record_raw(r, key, &n);

	return s && n == len + 2 && *s == '"' && !memcmp(s + 1, text, len);
}

/* --- records as a whole ------------------------------------------------------ */

json_t *
record_json(const struct record *r, struct buf *why)
{
	json_t *json = json_loadb(r->text, r->len, JSON_ALLOW_NUL, NULL);

	if (!json)
		buf_addf(why, "%s%sline %zu is damaged", r->path ? r->path :
		    "", r->path ? ": " : "", r->line);
	return json;
}

const char *
member_text(const json_t *json, const char *key, struct arena *a,
    size_t *len)
{
	const json_t *v = json_object_get(json, key), *b64;
	char twin[KEY_SIZE];
	size_t none;

	if (!len)
		len = &none;
	if (!json_is_string(v))
		return NULL;
	b64 = twin_name(twin, sizeof(twin), key) ?
	    json_object_get(json, twin) : NULL;
	if (json_is_string(b64)) {
		const char *raw = decode(a, json_string_value(b64),
		    json_string_length(b64), len);

		if (raw)
			return raw;
	}
	*len = json_string_length(v);
	return arena_strndup(a, json_string_value(v), *len);
}

char *
member_base64(const json_t *json, struct arena *a, size_t *len)
{
	size_t none;

	return json_is_string(json) ? decode(a, json_string_value(json),
	    json_string_length(json), len ? len : &none) : NULL;
}

double
member_number(const json_t *json, const char *key, double none)
{
	const json_t *v = json_object_get(json, key);

	return json_is_number(v) ? json_number_value(v) : none;
}

int64_t
member_int(const json_t *json, const char *key, int64_t none)
{
	const json_t *v = json_object_get(json, key);

	return json_is_integer(v) ? json_integer_value(v) : none;
}

bool
member_is_true(const json_t *json, const char *key)
{
	return json_is_true(json_object_get(json, key));
}

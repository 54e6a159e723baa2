/* SPDX-License-Identifier: ISC */
/* lines of a manual's source: macros within a line, words, escapes */
#include <string.h>

#include "app/mdoc.h"
#include "base/mem.h"

enum { NESTED = 4 };

/* what is being put into brackets or quotes */
struct enclosing {
	char close[NESTED];
	size_t n;
	bool wants_quote, in_quote;	/* Ql */
};

static const struct {
	const char *name;
	char open, close;
} brackets[] = {
	{ "Pq", '(', ')' }, { "Bq", '[', ']' }, { "Op", '[', ']' },
	{ "Qq", '"', '"' },
};

/* true and the two bytes of \(xx, or the one of \x, are known */
static const struct {
	const char *name, *text;
} escapes[] = {
	{ "&", "" }, { "e", "\\" }, { "-", "-" }, { "(en", "-" },
	{ "(dq", "\"" }, { " ", "\037" },
};

bool
mdoc_is(const struct mdoc_arg *a, const char *word)
{
	return a->len == strlen(word) && !memcmp(a->s, word, a->len);
}

static bool
is_macro(const struct mdoc_arg *a)
{
	static const char *const names[] = {
		"Ar", "Cm", "Va", "Ql", "Li", "Em", "Xr", "Sx", "Pa", "Ev",
		"Dv", "Fl", "Nm", "Pq", "Po", "Pc", "Op", "Oo", "Oc", "Bq",
		"Qq", "Ns", "No", "Ic",
	};

	for (size_t i = 0; !a->quoted && i < countof(names); i++)
		if (mdoc_is(a, names[i]))
			return true;
	return false;
}

bool
mdoc_arg(const char **s, const char *end, struct mdoc_arg *a)
{
	const char *p = *s;

	while (p < end && *p == ' ')
		p++;
	if (p == end)
		return false;
	*a = (struct mdoc_arg){ .quoted = *p == '"' };
	a->s = p += a->quoted;
	while (p < end && *p != (a->quoted ? '"' : ' '))
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	a->len = (size_t)(p - a->s);
	*s = p + (a->quoted && p < end);
	a->is_macro = is_macro(a);
	return true;
}

static size_t
add_escape(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < countof(escapes); i++) {
		size_t n = strlen(escapes[i].name);

		if (n < len && !memcmp(s + 1, escapes[i].name, n)) {
			buf_adds(b, escapes[i].text);
			return n + 1;
		}
	}
	buf_addc(b, *s);
	return 1;
}

/* as it is, with a blank before it unless it is to be tight */
static void
put(struct mdoc_text *t, const char *s, size_t len)
{
	if (t->words.len > 0 && !t->tight)
		buf_addc(&t->words, ' ');
	t->tight = false;
	for (size_t i = 0; i < len; ) {
		if (s[i] == '\\') {
			i += add_escape(&t->words, s + i, len - i);
		} else {
			buf_addc(&t->words, s[i] == ' ' ? MDOC_BLANK : s[i]);
			i++;
		}
	}
}

static void
put_open(struct mdoc_text *t, char c)
{
	put(t, &c, 1);
	t->tight = true;
}

static void
put_close(struct mdoc_text *t, char c)
{
	t->tight = true;
	put(t, &c, 1);
}

void
mdoc_plain(struct mdoc_text *t, const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		const char *word = s;

		while (s < end && *s != ' ')
			s += *s == '\\' && s + 1 < end ? 2 : 1;
		if (s > word)
			put(t, word, (size_t)(s - word));
		while (s < end && *s == ' ')
			s++;
	}
}

static void
end_quote(struct mdoc_text *t, struct enclosing *e)
{
	if (e->in_quote)
		put_close(t, '\'');
	e->in_quote = false;
}

static void
end_brackets(struct mdoc_text *t, struct enclosing *e)
{
	end_quote(t, e);
	while (e->n > 0)
		put_close(t, e->close[--e->n]);
}

static bool
is_mark(const struct mdoc_arg *a, const char *marks)
{
	return a->len == 1 && !a->quoted && strchr(marks, *a->s);
}

/* nothing but marks until the end of the line: they stand outside */
static bool
is_last(const char *s, const char *end)
{
	struct mdoc_arg a;

	while (mdoc_arg(&s, end, &a))
		if (!is_mark(&a, ".,:;?!)]"))
			return false;
	return true;
}

/* name(section); *s is moved over both */
static void
put_page(struct mdoc_text *t, const char **s, const char *end)
{
	struct mdoc_arg name, section;

	if (!mdoc_arg(s, end, &name) || !mdoc_arg(s, end, &section))
		return;
	put(t, name.s, name.len);
	t->tight = true;
	put_open(t, '(');
	put(t, section.s, section.len);
	put_close(t, ')');
}

/* its name was read; the words behind it are plain */
static void
begin(struct mdoc_text *t, const struct mdoc_arg *a, struct enclosing *e,
    const char **s, const char *end)
{
	if (mdoc_is(a, "Ns"))
		t->tight = true;
	else if (mdoc_is(a, "Po"))
		put_open(t, '(');
	else if (mdoc_is(a, "Oo"))
		put_open(t, '[');
	else if (mdoc_is(a, "Pc"))
		put_close(t, ')');
	else if (mdoc_is(a, "Oc"))
		put_close(t, ']');
	else if (mdoc_is(a, "Xr"))
		put_page(t, s, end);
	else if (mdoc_is(a, "Nm") && is_last(*s, end))
		put(t, "pseq", 4);
	e->wants_quote = mdoc_is(a, "Ql");
	for (size_t i = 0; i < countof(brackets) && e->n < NESTED; i++)
		if (mdoc_is(a, brackets[i].name)) {
			put_open(t, brackets[i].open);
			e->close[e->n++] = brackets[i].close;
		}
}

void
mdoc_line(struct mdoc_text *t, const char *s, size_t len)
{
	const char *end = s + len;
	struct enclosing e = { .n = 0 };
	struct mdoc_arg a;
	bool is_option = false;

	while (mdoc_arg(&s, end, &a)) {
		if (a.is_macro) {
			end_quote(t, &e);
			is_option = mdoc_is(&a, "Fl");
			begin(t, &a, &e, &s, end);
			continue;
		}
		if (is_mark(&a, ".,:;?!)]")) {
			end_quote(t, &e);
			if (is_last(s, end))
				end_brackets(t, &e);
			put_close(t, *a.s);
			continue;
		}
		if (is_option || (e.wants_quote && !e.in_quote))
			put_open(t, is_option ? '-' : '\'');
		e.in_quote |= e.wants_quote;
		put(t, a.s, a.len);
	}
	end_brackets(t, &e);
}

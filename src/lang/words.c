/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/loader.h"
#include "lang/making.h"
#include "lang/words.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* inside quotes, at the byte behind the opening one */
static bool
quoted(struct making *m, size_t *at, char quote)
{
	const struct value *v = m->v;
	size_t open = *at - 1;

	while (*at < v->len && v->text[*at] != quote) {
		const char *s = v->text + *at;

		if (quote == '"' && *s == '$') {
			if (!making_dollar(m, at))
				return false;
			continue;
		}
		if (quote == '"' && *s == '\\' && *at + 1 < v->len &&
		    strchr("\"\\$`", s[1])) {
			s++;
			++*at;
		}
		making_literal(m, *at, s, 1);
		++*at;
	}
	if (*at == v->len) {
		diag_error(&m->ld->diag, value_pos(v, open, 1),
		    "a quote that is never closed");
		return false;
	}
	++*at;
	return true;
}

static bool
is_comma(const struct cutter *c)
{
	char next = c->v->text[c->at + 1];

	if (c->v->text[c->at] != ',')
		return false;
	return c->flags & CUT_COMMA || (c->flags & CUT_LOOSE &&
	    (is_blank(next) || c->at + 1 == c->v->len));
}

int
cut_value(struct cutter *c, struct word *w)
{
	struct making m = { .ld = c->ld, .v = c->v };
	const struct value *v = c->v;
	bool ok = true;

	*w = (struct word){ .at = c->at };
	while (ok && c->at < v->len) {
		const char *s = v->text + c->at;

		if (is_blank(*s) || is_comma(c))
			break;
		if (*s == '"' || *s == '\'') {
			w->quoted = true;
			c->at++;
			ok = quoted(&m, &c->at, *s);
		} else if (*s == '$') {
			ok = making_dollar(&m, &c->at);
		} else {
			if (*s == '\\' && c->at + 1 < v->len) {
				w->quoted = true;
				c->at++;
				s++;
			}
			making_literal(&m, c->at, s, 1);
			c->at++;
		}
	}
	w->len = c->at - w->at;
	w->pos = value_pos(v, w->at, w->len);
	if (!ok) {
		making_drop(&m);
		return -1;
	}
	making_finish(&m, &w->text, w->pos);
	w->lit = text_literal(&w->text);
	return 1;
}

int
cut_next(struct cutter *c, struct word *w)
{
	while (c->at < c->v->len &&
	    (is_blank(c->v->text[c->at]) || is_comma(c)))
		c->at++;
	if (c->at == c->v->len)
		return 0;
	return cut_value(c, w);
}

/*
 * Looks at signs only, so that a word with variables is not read twice: one
 * that holds quotes or a '$' comes back without its text.
 */
int
cut_peek(struct cutter *c, struct word *w)
{
	struct cutter ahead = *c;
	const struct value *v = c->v;
	size_t from;

	while (ahead.at < v->len &&
	    (is_blank(v->text[ahead.at]) || is_comma(&ahead)))
		ahead.at++;
	if (ahead.at == v->len)
		return 0;
	from = ahead.at;
	*w = (struct word){ .at = from };
	while (ahead.at < v->len && !is_blank(v->text[ahead.at]) &&
	    !is_comma(&ahead)) {
		if (strchr("\"'\\$", v->text[ahead.at]))
			w->quoted = true;
		ahead.at++;
	}
	w->len = ahead.at - from;
	w->pos = value_pos(v, from, w->len);
	w->lit = w->quoted ? NULL :
	    arena_strndup(&c->ld->tmp, v->text + from, w->len);
	return 1;
}

bool
word_is(const struct word *w, const char *sign)
{
	return !w->quoted && w->lit && !strcmp(w->lit, sign);
}

bool
missing(struct loader *ld, const struct value *v, const char *what)
{
	diag_error(&ld->diag, value_pos(v, v->len, 1), "%s is missing", what);
	return false;
}

void
extra_word(struct loader *ld, const char *word, struct pos pos)
{
	if (word[0] == '#' || word[0] == ';')
		diag_error(&ld->diag, pos,
		    "comments stand on lines of their own");
	else
		diag_error(&ld->diag, pos, "'%s' is one word too many", word);
}

bool
cut_end(struct cutter *c)
{
	struct word w;

	if (cut_peek(c, &w) == 0)
		return true;
	extra_word(c->ld, w.lit ? w.lit : arena_strndup(&c->ld->tmp,
	    c->v->text + w.at, w.len), w.pos);
	return false;
}

bool
one_word(struct loader *ld, const struct value *v, const char *what,
    struct word *w)
{
	struct cutter c = { .ld = ld, .v = v };
	int got = cut_next(&c, w);

	if (got == 0)
		return missing(ld, v, what);
	return got == 1 && cut_end(&c);
}

bool
not_fixed(struct loader *ld, struct pos pos)
{
	/* that it is unknown as well does not matter */
	while (ld->nref > 0) {
		struct pos p = ld->ref[ld->nref - 1].pos;

		if (p.file != pos.file || p.line != pos.line ||
		    p.col < pos.col || p.col >= pos.col + pos.len)
			break;
		ld->nref--;
	}
	diag_error(&ld->diag, pos, "no variable can stand here");
	return false;
}

bool
one_literal(struct loader *ld, const struct value *v, const char *what,
    struct word *w)
{
	if (!one_word(ld, v, what, w))
		return false;
	return w->lit || not_fixed(ld, w->pos);
}

bool
all_words(struct loader *ld, const struct value *v, unsigned flags,
    const char *what, struct word **list, size_t *n)
{
	struct cutter c = { .ld = ld, .v = v, .flags = flags };
	struct word *w = NULL;
	size_t cap = 0;
	int got;

	*n = 0;
	for (;;) {
		w = mem_grow(w, &cap, *n + 1, sizeof(*w));
		got = cut_next(&c, &w[*n]);
		if (got != 1)
			break;
		++*n;
	}
	*list = arena_copy(&ld->tmp, w, *n, sizeof(*w));
	free(w);
	if (got == 0 && *n == 0)
		return missing(ld, v, what);
	return got == 0;
}

struct texts
word_texts(struct loader *ld, const struct word *w, size_t n)
{
	struct text *t = arena_alloc(&ld->plan->arena, n * sizeof(*t));

	for (size_t i = 0; i < n; i++)
		t[i] = w[i].text;
	return (struct texts){ t, n };
}


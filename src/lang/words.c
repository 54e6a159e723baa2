/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "lang/loader.h"
#include "lang/words.h"

/* a text while it grows */
struct making {
	struct loader *ld;
	const struct value *v;
	struct piece *piece;
	size_t n, cap;
	struct buf lit;
	size_t lit_at;		/* where the literal began in the value */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static void
add_piece(struct making *m, const struct piece *p)
{
	m->piece = mem_grow(m->piece, &m->cap, m->n + 1, sizeof(*m->piece));
	m->piece[m->n++] = *p;
}

static void
end_literal(struct making *m)
{
	struct piece p = { .kind = PIECE_TEXT, .len = m->lit.len };

	if (m->lit.len == 0)
		return;
	p.text = arena_strndup(&m->ld->plan->arena, m->lit.data, m->lit.len);
	p.pos = value_pos(m->v, m->lit_at, m->lit.len);
	add_piece(m, &p);
	buf_clear(&m->lit);
}

static void
add_literal(struct making *m, size_t at, const char *s, size_t len)
{
	if (m->lit.len == 0)
		m->lit_at = at;
	buf_add(&m->lit, s, len);
}

static void
finish(struct making *m, struct text *t, struct pos pos)
{
	end_literal(m);
	t->piece = arena_copy(&m->ld->plan->arena, m->piece, m->n,
	    sizeof(*m->piece));
	t->n = m->n;
	t->pos = pos;
	free(m->piece);
	buf_fini(&m->lit);
}

static bool
give_up(struct making *m)
{
	free(m->piece);
	buf_fini(&m->lit);
	return false;
}

/* the parts behind a name: .a.0.b, none of them empty */
static bool
is_path(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.' && (i + 1 == len || s[i + 1] == '.'))
			return false;
		if ((unsigned char)s[i] <= ' ' || strchr("${\"'`\\", s[i]))
			return false;
	}
	return true;
}

bool
cut_reference(struct loader *ld, const struct value *v, size_t *at,
    struct piece *p)
{
	size_t from = *at + 2, len, name;
	const char *s = v->text + from;
	const char *end = memchr(s, '}', v->len - from);
	struct pos pos;

	if (!end || memchr(s, '\n', (size_t)(end - s))) {
		diag_error(&ld->diag, value_pos(v, *at, 2),
		    "'${' without '}' (a plain '${' is written '$${')");
		return false;
	}
	len = (size_t)(end - s);
	pos = value_pos(v, from, len);
	*p = (struct piece){ .pos = value_pos(v, *at, len + 3) };
	*at = from + len + 1;
	for (name = 0; name < len && s[name] != '.'; name++)
		;
	if (len > 4 && !memcmp(s, "env.", 4) && is_var_name(s + 4, len - 4)) {
		p->kind = PIECE_ENV;
		p->text = arena_strndup(&ld->plan->arena, s + 4, len - 4);
		p->len = len - 4;
		return true;
	}
	if (!is_var_name(s, name) || !is_path(s + name, len - name) ||
	    (name == 3 && !memcmp(s, "env", 3) && len > 3)) {
		if (len == 0)
			pos = p->pos;
		diag_error(&ld->diag, pos, "'${%.*s}' names no variable",
		    len > 60 ? 60 : (int)len, s);
		diag_note(&ld->diag, "between '${' and '}' stands a name and "
		    "nothing else; a plain '${' is written '$${'");
		return false;
	}
	p->kind = PIECE_VAR;
	if (name < len) {
		p->text = arena_strndup(&ld->plan->arena, s + name + 1,
		    len - name - 1);
		p->len = len - name - 1;
	}
	p->sym = symbol_read(ld, s, name, pos, false, name < len);
	return true;
}

/* a '$' at byte *at, which is then behind it */
static bool
dollar(struct making *m, size_t *at)
{
	const char *s = m->v->text + *at;
	size_t left = m->v->len - *at;
	struct piece p;

	if (left > 2 && s[1] == '$' && s[2] == '{') {
		add_literal(m, *at, "${", 2);
		*at += 3;
		return true;
	}
	if (left < 2 || s[1] != '{') {
		add_literal(m, *at, "$", 1);
		*at += 1;
		return true;
	}
	end_literal(m);
	if (!cut_reference(m->ld, m->v, at, &p))
		return false;
	add_piece(m, &p);
	return true;
}

bool
text_range(struct loader *ld, const struct value *v, size_t from, size_t to,
    struct text *t)
{
	struct making m = { .ld = ld, .v = v };
	/* an end inside the value must stop the look for a '}' as well */
	struct value part = *v;

	part.len = to;
	m.v = &part;
	*t = (struct text){ .pos = value_pos(v, from, to - from) };
	for (size_t at = from; at < to; ) {
		const char *s = v->text + at;
		const char *next = memchr(s, '$', to - at);
		size_t n = next ? (size_t)(next - s) : to - at;

		if (n)
			add_literal(&m, at, s, n);
		at += n;
		if (next && !dollar(&m, &at))
			return give_up(&m);
	}
	finish(&m, t, t->pos);
	return true;
}

bool
text_whole(struct loader *ld, const struct value *v, struct text *t)
{
	return text_range(ld, v, 0, v->len, t);
}

const char *
text_fixed(struct loader *ld, const struct value *v)
{
	struct text t;

	if (!text_whole(ld, v, &t))
		return NULL;
	if (!text_literal(&t)) {
		for (size_t i = 0; i < t.n; i++)
			if (t.piece[i].kind != PIECE_TEXT) {
				not_fixed(ld, t.piece[i].pos);
				break;
			}
		return NULL;
	}
	return text_literal(&t);
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
			if (!dollar(m, at))
				return false;
			continue;
		}
		if (quote == '"' && *s == '\\' && *at + 1 < v->len &&
		    strchr("\"\\$`", s[1])) {
			s++;
			++*at;
		}
		add_literal(m, *at, s, 1);
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
			ok = dollar(&m, &c->at);
		} else {
			if (*s == '\\' && c->at + 1 < v->len) {
				w->quoted = true;
				c->at++;
				s++;
			}
			add_literal(&m, c->at, s, 1);
			c->at++;
		}
	}
	w->len = c->at - w->at;
	w->pos = value_pos(v, w->at, w->len);
	if (!ok) {
		give_up(&m);
		return -1;
	}
	finish(&m, &w->text, w->pos);
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

size_t
text_split(struct loader *ld, const struct text *t, const char *sign,
    struct text *part, size_t max)
{
	struct piece *piece = NULL;
	size_t n = 0, cap = 0, parts = 0;
	size_t step = strlen(sign);

	for (size_t i = 0; i <= t->n; i++) {
		struct piece p = i < t->n ? t->piece[i] : (struct piece){ 0 };
		char *cut;

		while (i < t->n && p.kind == PIECE_TEXT && parts + 1 < max &&
		    (cut = strstr(p.text, sign))) {
			struct piece head = p;

			head.len = (size_t)(cut - p.text);
			head.text = arena_strndup(&ld->plan->arena, p.text,
			    head.len);
			piece = mem_grow(piece, &cap, n + 1, sizeof(*piece));
			if (head.len)
				piece[n++] = head;
			part[parts++] = (struct text){ arena_copy(
			    &ld->plan->arena, piece, n, sizeof(*piece)), n,
			    t->pos };
			n = 0;
			p.text += head.len + step;
			p.len -= head.len + step;
		}
		piece = mem_grow(piece, &cap, n + 1, sizeof(*piece));
		if (i < t->n && (p.kind != PIECE_TEXT || p.len))
			piece[n++] = p;
	}
	part[parts++] = (struct text){ arena_copy(&ld->plan->arena, piece, n,
	    sizeof(*piece)), n, t->pos };
	free(piece);
	return parts;
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/loader.h"
#include "lang/making.h"
#include "lang/words.h"

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

void
making_literal(struct making *m, size_t at, const char *s, size_t len)
{
	if (m->lit.len == 0)
		m->lit_at = at;
	buf_add(&m->lit, s, len);
}

void
making_finish(struct making *m, struct text *t, struct pos pos)
{
	end_literal(m);
	t->piece = arena_copy(&m->ld->plan->arena, m->piece, m->n,
	    sizeof(*m->piece));
	t->n = m->n;
	t->pos = pos;
	free(m->piece);
	buf_fini(&m->lit);
}

void
making_drop(struct making *m)
{
	free(m->piece);
	buf_fini(&m->lit);
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
		symbol_env(ld, p->text, pos);
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
	if (ld->in_via && name == len && name == 7 &&
	    !memcmp(s, "command", 7)) {
		p->kind = PIECE_COMMAND;
		return true;
	}
	if (ld->in_via && name == len && name == 4 && !memcmp(s, "port", 4)) {
		p->kind = PIECE_PORT;
		return true;
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

bool
making_dollar(struct making *m, size_t *at)
{
	const char *s = m->v->text + *at;
	size_t left = m->v->len - *at;
	struct piece p;

	if (left > 2 && s[1] == '$' && s[2] == '{') {
		making_literal(m, *at, "${", 2);
		*at += 3;
		return true;
	}
	if (left < 2 || s[1] != '{') {
		making_literal(m, *at, "$", 1);
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
			making_literal(&m, at, s, n);
		at += n;
		if (next && !making_dollar(&m, &at)) {
			making_drop(&m);
			return false;
		}
	}
	making_finish(&m, t, t->pos);
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

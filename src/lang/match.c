/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/words.h"

/* matches while they grow */
struct making {
	struct loader *ld;
	struct match *list;
	size_t n, cap;
	bool codes_only;
	bool signals;		/* behind "signal": names of them follow */
};

static void
add(struct making *m, const struct match *one)
{
	m->list = mem_grow(m->list, &m->cap, m->n + 1, sizeof(*m->list));
	m->list[m->n++] = *one;
}

static bool
code(const char *s, size_t len, int *n)
{
	char word[8];
	int64_t v;

	if (len == 0 || len >= sizeof(word))
		return false;
	memcpy(word, s, len);
	word[len] = '\0';
	if (num_int(word, &v) == -1 || v < 0 || v > 255)
		return false;
	*n = (int)v;
	return true;
}

static bool
read_code(struct making *m, const char *s, struct pos pos)
{
	struct match one = { .kind = MATCH_CODE };
	size_t dash = strcspn(s, "-");

	if (!code(s, dash, &one.lo))
		goto bad;
	one.hi = one.lo;
	if (s[dash] && !code(s + dash + 1, strlen(s + dash + 1), &one.hi))
		goto bad;
	if (one.hi < one.lo) {
		diag_error(&m->ld->diag, pos, "'%s' runs backwards", s);
		return false;
	}
	add(m, &one);
	return true;
bad:
	diag_error(&m->ld->diag, pos, "'%s' is no exit code (0 to 255)", s);
	return false;
}

static bool
unknown_match(struct making *m, const char *s, struct pos pos)
{
	struct near n = { 0 };

	diag_error(&m->ld->diag, pos, "'%s' is no result", s);
	for (int i = 0; i < ST_N; i++)
		near_offer(&n, s, status_name((enum status)i));
	for (size_t i = 0; lang_matches[i]; i++)
		near_offer(&n, s, lang_matches[i]);
	diag_near(&m->ld->diag, &n);
	return false;
}

static bool
read_one(struct making *m, const char *s, struct pos pos)
{
	struct match one = { 0 };
	int signo = status_signal_find(s, strlen(s));

	if (m->signals && signo) {
		/* the first name takes the place of the bare "signal" */
		if (m->list[m->n - 1].kind == MATCH_STATUS)
			m->n--;
		one = (struct match){ .kind = MATCH_SIGNAL, .lo = signo,
		    .hi = signo };
		add(m, &one);
		return true;
	}
	m->signals = false;
	if (isdigit((unsigned char)s[0]) || m->codes_only)
		return read_code(m, s, pos);
	if (!strcmp(s, "fail"))
		one.kind = MATCH_FAIL;
	else if (!strcmp(s, "connection"))
		one.kind = MATCH_CONNECTION;
	else if (!strcmp(s, "any"))
		one.kind = MATCH_ANY;
	else {
		one.kind = MATCH_STATUS;
		one.status = status_find(s, strlen(s));
		if (one.status == ST_N)
			return unknown_match(m, s, pos);
		m->signals = one.status == ST_SIGNAL;
	}
	add(m, &one);
	return true;
}

static struct matches
finish(struct making *m)
{
	struct matches all = { arena_copy(&m->ld->plan->arena, m->list, m->n,
	    sizeof(*m->list)), m->n };

	free(m->list);
	return all;
}

static bool
read_rest(struct cutter *c, bool codes_only, struct matches *out)
{
	struct making m = { .ld = c->ld, .codes_only = codes_only };
	bool ok = true;
	struct word w;
	int got;

	c->flags = CUT_COMMA;
	while ((got = cut_next(c, &w)) == 1) {
		if (!w.lit) {
			ok = not_fixed(c->ld, w.pos);
		} else if (w.lit[0] == '#' || w.lit[0] == ';') {
			extra_word(c->ld, w.lit, w.pos);
			ok = false;
			break;
		} else if (!read_one(&m, w.lit, w.pos))
			ok = false;
	}
	if (ok && got == 0 && m.n == 0)
		ok = missing(c->ld, c->v, codes_only ? "an exit code" :
		    "a code or result");
	*out = finish(&m);
	return ok && got == 0;
}

bool
read_matches(struct cutter *c, struct matches *out)
{
	return read_rest(c, false, out);
}

bool
read_codes(struct loader *ld, const struct value *v,
    const struct match **match, size_t *n)
{
	struct cutter c = { .ld = ld, .v = v };
	struct matches all;
	bool ok = read_rest(&c, true, &all);

	*match = all.match;
	*n = all.n;
	return ok;
}

bool
is_line_key(const struct entry *e)
{
	return e->nword == 2 && (!strcmp(e->word[1].text, "line") ||
	    !strcmp(e->word[1].text, "stdout-line") ||
	    !strcmp(e->word[1].text, "stderr-line"));
}

/* the words of a key between `on` and the '=' */
static bool
key_matches(struct loader *ld, const struct entry *e, struct matches *out)
{
	struct making m = { .ld = ld };
	bool ok = true;

	for (size_t i = 1; i < e->nword; i++) {
		const char *s = e->word[i].text;
		size_t len;

		for (; *s; s += len) {
			struct pos pos = e->word[i].pos;

			s += strspn(s, ",");
			len = strcspn(s, ",");
			if (len == 0)
				break;
			pos.col += (uint32_t)(s - e->word[i].text);
			pos.len = (uint32_t)len;
			if (!read_one(&m, arena_strndup(&ld->tmp, s, len),
			    pos))
				ok = false;
		}
	}
	if (ok && m.n == 0) {
		diag_error(&ld->diag, e->word[0].pos,
		    "a code or result is missing behind 'on'");
		ok = false;
	}
	*out = finish(&m);
	return ok;
}

/* the last ` -> ` of a value, SIZE_MAX if there is none */
static size_t
last_arrow(const struct value *v)
{
	for (size_t at = v->len; at-- > 0; )
		if (v->len - at > 2 && !memcmp(v->text + at, "->", 2) &&
		    strchr(" \t\n", v->text[at + 2]) &&
		    (at == 0 || strchr(" \t\n", v->text[at - 1])))
			return at;
	return SIZE_MAX;
}

bool
read_branch(struct loader *ld, const struct entry *e, struct branch *b)
{
	bool ok = key_matches(ld, e, &b->when);

	/* a slip in `on line`: what follows is no reaction alone */
	if (!ok && last_arrow(&e->value) != SIZE_MAX)
		return false;
	return read_reaction(ld, &e->value, 0, false, &b->reaction) && ok;
}

bool
read_line_branch(struct loader *ld, const struct entry *e,
    struct line_branch *b)
{
	const struct value *v = &e->value;
	const char *which = e->word[1].text;
	size_t arrow = last_arrow(v), end = arrow;
	bool ok;

	b->streams = which[0] == 'l' ? STREAM_OUT | STREAM_ERR :
	    !strcmp(which, "stdout-line") ? STREAM_OUT : STREAM_ERR;
	if (arrow == SIZE_MAX) {
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "' -> ' is missing: REGEX -> REACTION");
		return false;
	}
	while (end > 0 && strchr(" \t\n", v->text[end - 1]))
		end--;
	if (end == 0) {
		diag_error(&ld->diag, value_pos(v, 0, 2),
		    "a pattern is missing before '->'");
		return false;
	}
	b->regex = add_regex(ld, v, 0, end);
	b->pattern = arena_strndup(&ld->plan->arena, v->text, end);
	ld->line_ok = true;
	ok = read_reaction(ld, v, arrow + 2, true, &b->reaction);
	ld->line_ok = false;
	return ok && b->regex;
}

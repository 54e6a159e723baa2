/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "lang/command.h"
#include "lang/keys.h"
#include "lang/loader.h"
#include "lang/words.h"
#include "model/plan.h"

/* what dash, or bash called as sh, does not look up in PATH */
static const char shell_words[] =
	"! . : [ [[ alias bg bind break builtin caller case cd chdir command "
	"compgen complete compopt continue coproc declare dirs disown do done "
	"echo elif else enable esac eval exec exit export false fc fg fi for "
	"function getopts hash help history if in jobs kill let local logout "
	"mapfile popd printf pushd pwd read readarray readonly return select "
	"set shift shopt source suspend test then time times trap true type "
	"typeset ulimit umask unalias unset until wait while { }";

static const char *
next_word(const char *s, size_t *len)
{
	s += strspn(s, " \t");
	*len = strcspn(s, " \t");
	return s;
}

/* at a `{}`, which is pseq's */
static bool
is_braces(const char *s)
{
	return s[0] == '{' && s[1] == '}';
}

bool
lang_is_direct(const char *command)
{
	char word[16];
	size_t len;
	const char *first = next_word(command, &len);

	if (len == 0 || memchr(first, '=', len))
		return false;
	if (len < sizeof(word)) {
		memcpy(word, first, len);
		word[len] = '\0';
		if (key_has_word(shell_words, word))
			return false;
	}
	for (const char *s = command; *s; s++) {
		if (is_braces(s)) {
			s++;
			continue;
		}
		if (strchr("|&;<>()$`\\\"'*?[]#~!{}^", *s) ||
		    ((unsigned char)*s < ' ' && *s != '\t'))
			return false;
	}
	return true;
}

bool
lang_has_braces(const char *command)
{
	for (const char *s = command; *s; s++) {
		if (*s == '\\' && s[1])
			s++;
		else if (is_braces(s))
			return true;
	}
	return false;
}

/* a growing text of literals and one variable */
struct words {
	struct arena *arena;
	struct text *word;
	size_t n, cap;
};

static void
add_word(struct words *w, const struct piece *p, size_t n)
{
	w->word = mem_grow(w->word, &w->cap, w->n + 1, sizeof(*w->word));
	w->word[w->n++] = (struct text){
		.piece = arena_copy(w->arena, p, n, sizeof(*p)), .n = n
	};
}

static struct piece
literal(struct arena *a, const char *s, size_t len)
{
	return (struct piece){ .kind = PIECE_TEXT, .len = len,
	    .text = arena_strndup(a, s, len) };
}

/* one word of a direct command, cut at each `{}` if item is given */
static bool
cut_braces(struct words *w, const char *s, size_t len,
    const struct piece *item)
{
	struct piece *p = NULL;
	size_t n = 0, cap = 0, from = 0;
	bool seen = false;

	for (size_t i = 0; i <= len; i++) {
		bool brace = item && i + 1 < len && is_braces(s + i);

		if (!brace && i < len)
			continue;
		p = mem_grow(p, &cap, n + 2, sizeof(*p));
		if (i > from || len == 0)
			p[n++] = literal(w->arena, s + from, i - from);
		if (brace) {
			p[n++] = *item;
			seen = true;
			from = ++i + 1;
		}
	}
	add_word(w, p, n);
	free(p);
	return seen;
}

static void
direct(struct arena *arena, const char *text, const struct piece *item,
    bool append, struct command *c)
{
	struct words w = { .arena = arena };
	bool seen = false;
	size_t len;

	for (const char *s = next_word(text, &len); len;
	    s = next_word(s + len, &len))
		seen |= cut_braces(&w, s, len, item);
	if (item && append && !seen)
		add_word(&w, item, 1);
	*c = (struct command){
		.argv = { arena_copy(arena, w.word, w.n, sizeof(*w.word)),
		    w.n },
		.text = arena_strdup(arena, text),
	};
	free(w.word);
}

void
lang_command(struct arena *arena, const char *text, struct command *c)
{
	if (lang_is_direct(text))
		direct(arena, text, NULL, false, c);
	else
		*c = (struct command){ .text = arena_strdup(arena, text) };
}

enum { LEVELS = 32 };

/* where in a text for the shell one is: quotes, and $( ) and ` ` within */
struct nest {
	struct level {
		char quote;	/* open at this level, or 0 */
		char end;	/* what closes it */
		unsigned parens;
	} level[LEVELS];
	unsigned n;		/* the innermost one */
};

static void
open_level(struct nest *t, char end)
{
	if (t->n + 1 < LEVELS)
		t->level[++t->n] = (struct level){ .end = end };
}

/* look at one character (or `$(`); returns how many it was */
static size_t
nest_pass(struct nest *t, const char *s)
{
	struct level *l = &t->level[t->n];

	if (l->quote == '\'') {
		if (*s == '\'')
			l->quote = 0;
		return 1;
	}
	if (*s == '\\' && s[1])
		return 2;
	if (*s == '$' && s[1] == '(') {
		open_level(t, ')');
		return 2;
	}
	if (*s == '`' && l->end == '`' && !l->quote)
		t->n--;
	else if (*s == '`')
		open_level(t, '`');
	else if (*s == '"')
		l->quote = l->quote ? 0 : '"';
	else if (l->quote)
		return 1;
	else if (*s == '\'')
		l->quote = '\'';
	else if (*s == '(')
		l->parens++;
	else if (*s == ')' && l->parens > 0)
		l->parens--;
	else if (*s == ')' && l->end == ')')
		t->n--;
	return 1;
}

/*
 * `{}` in a text for the shell, quoted as fits its place; a comment is
 * passed over, so that an apostrophe in it opens nothing.
 */
static char *
fill_shell(struct arena *arena, const char *text, const char *name,
    bool append)
{
	struct nest nest = { 0 };
	struct buf b = { 0 };
	bool seen = false;
	char *out;
	size_t n;

	for (const char *s = text; *s; s += n) {
		char quote = nest.level[nest.n].quote;

		if (!quote && *s == '#' && (s == text ||
		    strchr(" \t\n;&|()", s[-1]))) {
			n = strcspn(s, "\n");
		} else if (is_braces(s)) {
			buf_addf(&b, quote == '"' ? "${%s}" : quote ?
			    "'\"${%s}\"'" : "\"${%s}\"", name);
			seen = true;
			n = 2;
			continue;
		} else
			n = nest_pass(&nest, s);
		buf_add(&b, s, n);
	}
	if (!seen && append)
		buf_addf(&b, " \"${%s}\"", name);
	out = arena_strdup(arena, buf_str(&b));
	buf_fini(&b);
	return out;
}

void
lang_command_item(struct arena *arena, const char *text, unsigned sym,
    const char *name, bool append, struct command *c)
{
	struct piece item = { .kind = PIECE_VAR, .sym = sym };

	if (lang_is_direct(text))
		direct(arena, text, &item, append, c);
	else
		*c = (struct command){ .text = fill_shell(arena, text, name,
		    append) };
}

/* is the `{}` at s a word of its own? */
static bool
is_alone(const char *text, const char *s)
{
	return (s == text || strchr(" \t\n;&|()", s[-1])) &&
	    (!s[2] || strchr(" \t\n;&|()<>", s[2]));
}

static int
fill_all(struct arena *arena, const char *text, bool append,
    struct command *c)
{
	static const struct piece items = { .kind = PIECE_ITEMS };
	struct text *arg = arena_alloc(arena, sizeof(*arg));
	struct buf b = { 0 };
	bool seen = false;

	for (const char *s = text; *s; s++) {
		if (*s == '\\' && s[1]) {
			buf_addc(&b, *s++);
		} else if (is_braces(s)) {
			if (!is_alone(text, s)) {
				buf_fini(&b);
				return -1;
			}
			buf_adds(&b, "\"$@\"");
			seen = true;
			s++;
			continue;
		}
		buf_addc(&b, *s);
	}
	if (!seen && append)
		buf_adds(&b, " \"$@\"");
	*arg = (struct text){ .n = 1,
	    .piece = arena_copy(arena, &items, 1, sizeof(items)) };
	*c = (struct command){ .text = arena_strdup(arena, buf_str(&b)),
	    .args = { arg, 1 } };
	buf_fini(&b);
	return 0;
}

int
lang_command_items(struct arena *arena, const char *text, bool append,
    struct command *c)
{
	struct piece items = { .kind = PIECE_ITEMS };
	size_t len;

	if (!lang_is_direct(text))
		return fill_all(arena, text, append, c);
	for (const char *s = next_word(text, &len); len;
	    s = next_word(s + len, &len)) {
		for (size_t i = 0; i + 1 < len; i++)
			if (is_braces(s + i) && len != 2)
				return -1;
	}
	direct(arena, text, &items, append, c);
	return 0;
}

bool
command_value(struct loader *ld, const struct value *v, bool own_shell,
    struct command *c)
{
	struct arena *arena = &ld->plan->arena;

	if (v->len == 0)
		return missing(ld, v, "a command");
	if (own_shell)
		*c = (struct command){ .text = arena_strdup(arena, v->text) };
	else
		lang_command(arena, v->text, c);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/given.h"
#include "app/opts.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/near.h"
#include "model/plan.h"
#include "walk/walk.h"

/* the words of one list, cut and quoted as a shell does it */
struct words {
	struct arena *arena;
	char **word;
	size_t n, cap;
	struct buf text;
};

/* the rest of a word; NULL: a quote is not closed */
static const char *
read_word(struct words *w, const char *s)
{
	char quote = '\0';

	buf_clear(&w->text);
	for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
		if (quote ? *s == quote : *s == '\'' || *s == '"') {
			quote = quote ? '\0' : *s;
			continue;
		}
		if (*s == '\\' && quote != '\'' && s[1])
			s++;
		buf_addc(&w->text, *s);
	}
	w->word = mem_grow(w->word, &w->cap, w->n + 1, sizeof(*w->word));
	w->word[w->n++] = arena_strndup(w->arena, buf_str(&w->text),
	    w->text.len);
	return quote ? NULL : s;
}

static int
read_words(struct words *w, const char *s)
{
	for (;;) {
		s += strspn(s, " \t\n");
		if (!*s)
			return 0;
		s = read_word(w, s);
		if (!s)
			return -1;
	}
}

/* is it a variable of an `each`?  Else offer those that are */
static bool
is_listed(const struct plan *p, const char *name, struct near *near)
{
	for (size_t i = 0; i < p->nseq; i++)
		for (size_t k = 0; k < p->seq[i].neach; k++)
			for (size_t n = 0; n < p->seq[i].each[k].nsym; n++) {
				const char *is = p->symbols.name[
				    p->seq[i].each[k].sym[n]];

				if (strcmp(is, name) == 0)
					return true;
				near_offer(near, name, is);
			}
	return false;
}

/* is it a group of hosts?  Else offer those that are */
static const char *
group_named(const struct plan *p, const char *name, struct near *near)
{
	for (size_t i = 0; i < p->ngroup; i++) {
		if (strcmp(p->group[i].name, name) == 0)
			return p->group[i].name;
		near_offer(near, name, p->group[i].name);
	}
	return NULL;
}

static int
wrong(const struct options *o, const char *name, const char *what,
    const char *more)
{
	fprintf(stderr, "pseq %s: --list %s: %s%s\n", o->command->name, name,
	    what, more);
	return -1;
}

static int
no_list(const struct plan *p, const struct options *o, const char *name,
    const struct near *near)
{
	char more[128] = "";

	for (size_t i = 0; i < p->nvar; i++)
		if (strcmp(p->symbols.name[p->var[i].sym], name) == 0)
			snprintf(more, sizeof(more), "; it is set by -v "
			    "%.40s=VALUE", name);
	if (!more[0] && near->best)
		snprintf(more, sizeof(more), "; did you mean '%.80s'?",
		    near->best);
	return wrong(o, name, "no list has items of that name", more);
}

static int
read_list(struct given_lists *g, const struct plan *p,
    const struct options *o, const char *text)
{
	struct words w = { .arena = &g->arena };
	size_t len = strcspn(text, "=");
	char *name = arena_strndup(&g->arena, text, len);
	struct walk_list *l = &g->list[g->n];
	struct near near = { 0 };
	int rc = 0;

	if (!text[len])
		return wrong(o, name, "it is not NAME=WORDS", "");
	l->sym = NOWHERE;
	if (is_listed(p, name, &near))
		l->sym = map_find(&p->symbols, name, len);
	else if (!(l->group = group_named(p, name, &near)))
		return no_list(p, o, name, &near);
	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].sym == l->sym && g->list[i].group == l->group)
			return wrong(o, name, "it is given twice", "");
	if (read_words(&w, text + len + 1) == -1)
		rc = wrong(o, name, "a quote is not closed", "");
	l->item = arena_copy(&g->arena, w.word, w.n, sizeof(*w.word));
	l->n = w.n;
	g->n++;
	free(w.word);
	buf_fini(&w.text);
	return rc;
}

int
given_read(struct given_lists *g, const struct plan *p,
    const struct options *o)
{
	*g = (struct given_lists){ 0 };
	g->list = arena_alloc(&g->arena,
	    (o->items.n + 1) * sizeof(*g->list));
	for (size_t i = 0; i < o->items.n; i++)
		if (read_list(g, p, o, o->items.word[i]) == -1)
			return -1;
	return 0;
}

void
given_fini(struct given_lists *g)
{
	arena_fini(&g->arena);
}

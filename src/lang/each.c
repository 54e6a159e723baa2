/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/near.h"
#include "base/num.h"
#include "lang/command.h"
#include "lang/each.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/words.h"

/* the source word, if the key ends in one */
static enum each_kind
kind_of(const char *word)
{
	return !strcmp(word, "range") ? EACH_RANGE :
	    !strcmp(word, "lines") ? EACH_LINES :
	    !strcmp(word, "output") ? EACH_OUTPUT :
	    !strcmp(word, "files") ? EACH_FILES :
	    !strcmp(word, "hosts") ? EACH_HOSTS : EACH_VAR;
}

static bool
read_names(struct loader *ld, const struct entry *e, size_t n,
    struct each *each)
{
	uint32_t *sym;
	bool ok = true;

	if (n < 2) {
		diag_error(&ld->diag, e->word[0].pos,
		    "a name is missing behind 'each'");
		return false;
	}
	sym = arena_alloc(&ld->plan->arena, (n - 1) * sizeof(*sym));
	for (size_t i = 1; i < n; i++) {
		if (!symbol_set(ld, &e->word[i], 0, &sym[i - 1])) {
			ok = false;
			continue;
		}
		for (size_t k = 1; k < i; k++)
			if (ok && sym[k - 1] == sym[i - 1]) {
				diag_error(&ld->diag, e->word[i].pos,
				    "'%s' twice", e->word[i].text);
				ok = false;
			}
	}
	each->sym = sym;
	each->nsym = n - 1;
	return ok;
}

static bool
check_number(struct loader *ld, const struct text *t, int64_t *n)
{
	const char *s = text_literal(t);

	*n = 1;
	if (!s || num_int(s, n) == 0)
		return true;
	diag_error(&ld->diag, t->pos, "'%s' is no number", s);
	return false;
}

static bool
read_range(struct loader *ld, const struct value *v, struct each *e)
{
	struct text part[4];
	struct word w;
	size_t n;
	int64_t lo, hi, step = 1;

	if (!one_word(ld, v, "a range", &w))
		return false;
	n = text_split(ld, &w.text, "..", part, 4);
	if (n != 2 && n != 3) {
		diag_error(&ld->diag, w.pos,
		    "a range is written 1..100 or 0..90..10");
		return false;
	}
	e->lo = part[0];
	e->hi = part[1];
	if (n == 3)
		e->step = part[2];
	if (!check_number(ld, &e->lo, &lo) || !check_number(ld, &e->hi, &hi) ||
	    (n == 3 && !check_number(ld, &e->step, &step)))
		return false;
	if (step > 0)
		return true;
	diag_error(&ld->diag, w.pos, "the step of a range is at least 1");
	return false;
}

static bool
read_file_lines(struct loader *ld, const struct entry *e, struct each *each)
{
	struct word w;

	if (!one_word(ld, &e->value, "a file", &w))
		return false;
	each->text = w.text;
	if (!word_is(&w, "-"))
		return true;
	each->kind = EACH_STDIN;
	if (ld->stdin_pos.line) {
		diag_error(&ld->diag, w.pos,
		    "standard input can be read only once in a run");
		diag_note(&ld->diag, "'%s' reads it at line %u",
		    ld->src.list[ld->stdin_pos.file].name,
		    ld->stdin_pos.line);
		return false;
	}
	ld->stdin_pos = w.pos;
	ld->plan->reads_stdin = true;
	return true;
}

static bool
read_source(struct loader *ld, const struct entry *e, struct each *each)
{
	const struct value *v = &e->value;
	struct word *w, one;
	size_t n;

	switch (each->kind) {
	case EACH_WORDS:
	case EACH_FILES:
		if (!all_words(ld, v, each->kind == EACH_WORDS ? CUT_COMMA :
		    CUT_LOOSE, "a list", &w, &n))
			return false;
		each->words = word_texts(ld, w, n);
		return true;
	case EACH_RANGE:
		return read_range(ld, v, each);
	case EACH_LINES:
		return read_file_lines(ld, e, each);
	case EACH_OUTPUT:
		return command_value(ld, v, ld->plan->shell.n > 0,
		    &each->command);
	case EACH_VAR:
		if (!one_literal(ld, v, "a variable", &one))
			return false;
		if (!is_var_name(one.lit, strlen(one.lit))) {
			diag_error(&ld->diag, one.pos,
			    "'%s' is no name for a variable", one.lit);
			return false;
		}
		each->var = symbol_read(ld, one.lit, strlen(one.lit), one.pos,
		    false, false);
		return true;
	case EACH_HOSTS:
		return host_set_value(ld, v, NOWHERE, &each->text);
	case EACH_STDIN:
	case EACH_ITEMS:
		break;
	}
	return false;
}

/* hosts = SET: what lanes run on */
static bool
read_place(struct loader *ld, const struct entry *e, struct each *each)
{
	each->kind = EACH_HOSTS;
	if (e->nword == 1)
		return host_set_value(ld, &e->value, NOWHERE, &each->text);
	diag_error(&ld->diag, e->word[1].pos, "'%s' makes a group of hosts",
	    e->word[1].text);
	diag_note(&ld->diag, "[hosts NAME] holds it; here stands hosts = "
	    "@NAME");
	return false;
}

bool
read_each(struct loader *ld, const struct entry *e, unsigned nth,
    struct each *each)
{
	size_t n = e->nword;
	const char *last = e->word[n - 1].text;
	bool ok;

	*each = (struct each){ .pos = e->word[0].pos, .separator = '\n',
	    .group = 1 };
	if (e->key->id == KEY_HOSTS)
		return read_place(ld, e, each);
	if (n > 1 && key_has_word(e->key->sources, last)) {
		each->kind = kind_of(last);
		n--;
	} else if (n > 2) {
		struct near near = { 0 };
		char buf[KEY_WORD_MAX];

		/* several names and plain words: perhaps a slip in the last */
		key_near_word(&near, e->key->sources, last, buf);
		if (near.best && near.distance == 1) {
			diag_error(&ld->diag, e->word[n - 1].pos,
			    "no source '%s'", last);
			diag_near(&ld->diag, &near);
			for (size_t i = 1; i < n; i++)
				symbol_forgive(ld, e->word[i].text);
			return false;
		}
	}
	ok = read_names(ld, e, n, each);
	if (ok && each->nsym > 1 &&
	    (each->kind == EACH_RANGE || each->kind == EACH_FILES ||
	    each->kind == EACH_HOSTS)) {
		diag_error(&ld->diag, e->word[2].pos,
		    "items of '%s' have one field: one name", last);
		ok = false;
	}
	if (nth > 0 && (each->kind == EACH_LINES ||
	    each->kind == EACH_OUTPUT)) {
		diag_error(&ld->diag, e->word[0].pos,
		    "'%s' can only stand first in a combination", last);
		ok = false;
	}
	return read_source(ld, e, each) && ok;
}

bool
each_is_new(struct loader *ld, const struct entry *e, const struct each *list,
    size_t n)
{
	const struct each *new = &list[n];
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].nsym; k++)
			for (size_t m = 0; m < new->nsym; m++)
				if (list[i].sym[k] == new->sym[m]) {
					diag_error(&ld->diag,
					    e->word[m + 1].pos, "'%s' twice",
					    e->word[m + 1].text);
					ok = false;
				}
	return ok;
}

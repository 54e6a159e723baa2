/* SPDX-License-Identifier: ISC */
/* [secrets], and who may name them */
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/command.h"
#include "lang/keys.h"
#include "lang/loader.h"
#include "lang/modifier.h"
#include "lang/words.h"

static const struct secret *
find(const struct loader *ld, uint32_t sym)
{
	for (size_t i = 0; i < ld->nsecret; i++)
		if (ld->secret[i].sym == sym)
			return &ld->secret[i];
	return NULL;
}

bool
secret_is_captured(const struct loader *ld, uint32_t sym)
{
	const struct secret *s = find(ld, sym);

	return s && s->kind == SECRET_CAPTURE;
}

/* "first in line 3 of x.job" */
static void
twice(struct loader *ld, const char *what, const char *name, struct pos pos,
    struct pos first)
{
	diag_error(&ld->diag, pos, "%s '%s' twice: first in line %u of %s",
	    what, name, first.line, ld->src.list[first.file].name);
}

/* the source word behind the name; false: reported */
static bool
read_source(struct loader *ld, const struct entry *e, enum secret_kind *kind)
{
	const char *words[] = { "file", "env", "output", "ask", "capture" };
	struct near n = { 0 };
	char buf[KEY_WORD_MAX];

	if (e->nword == 1) {
		diag_error(&ld->diag, e->word[0].pos,
		    "where does secret '%s' come from?", e->word[0].text);
		diag_note(&ld->diag, "%s file|env|output|ask|capture = ...; "
		    "a secret does not stand in a job file",
		    e->word[0].text);
		return false;
	}
	if (e->nword > 2) {
		extra_word(ld, e->word[2].text, e->word[2].pos);
		return false;
	}
	for (size_t i = 0; i < countof(words); i++)
		if (!strcmp(e->word[1].text, words[i])) {
			*kind = (enum secret_kind)i;
			return true;
		}
	diag_error(&ld->diag, e->word[1].pos, "no source '%s'",
	    e->word[1].text);
	key_near_word(&n, lang_secret_sources, e->word[1].text, buf);
	diag_near(&ld->diag, &n);
	return false;
}

static void
declare(struct loader *ld, const struct entry *e)
{
	struct secret s = { .pos = e->word[0].pos };
	const struct secret *had;
	bool ok = read_source(ld, e, &s.kind);

	if (!strcmp(e->word[0].text, "none")) {
		diag_error(&ld->diag, s.pos, "'none' takes a default off: it "
		    "is no name for a secret");
		return;
	}
	/* what is wrong with it is no reason to call its name unknown */
	if (!symbol_set(ld, &e->word[0], SYM_SECRET, &s.sym))
		return;
	if (ok && s.kind == SECRET_CAPTURE)
		ld->sym[s.sym] &= (unsigned char)~SYM_CAN_SET;
	had = find(ld, s.sym);
	if (had) {
		twice(ld, "secret", e->word[0].text, s.pos, had->pos);
		return;
	}
	ld->secret = mem_grow(ld->secret, &ld->secret_cap, ld->nsecret + 1,
	    sizeof(*ld->secret));
	ld->secret_entry = mem_grow(ld->secret_entry, &ld->secret_entry_cap,
	    ld->nsecret + 1, sizeof(*ld->secret_entry));
	ld->secret_entry[ld->nsecret] = ok ? e : NULL;
	/* it is needed before anything is read that could hold it */
	if (ok && s.kind == SECRET_ENV)
		s.name = arena_strdup(&ld->plan->arena, e->value.text);
	ld->secret[ld->nsecret++] = s;
}

void
declare_secrets(struct loader *ld)
{
	for (size_t i = 0; i < ld->nsection; i++) {
		const struct section *s = &ld->section[i];

		if (!s->kind || strcmp(s->kind, "secrets") != 0)
			continue;
		for (size_t k = 0; k < s->n; k++)
			declare(ld, &s->entry[k]);
	}
}

static void
read_value(struct loader *ld, const struct value *v, struct secret *s)
{
	struct word w;

	switch (s->kind) {
	case SECRET_FILE:
		if (one_word(ld, v, "a file", &w))
			s->text = w.text;
		break;
	case SECRET_ENV:
		if (v->len == 0)
			missing(ld, v, "a name");
		else if (!is_var_name(v->text, v->len))
			diag_error(&ld->diag, value_pos(v, 0, v->len),
			    "'%s' is no name for a variable", v->text);
		break;
	case SECRET_OUTPUT:
		command_value(ld, v, ld->plan->shell.n > 0, &s->command);
		break;
	case SECRET_ASK:
		s->name = text_fixed(ld, v);
		if (s->name && !*s->name)
			missing(ld, v, "a prompt");
		break;
	case SECRET_CAPTURE:
		if (v->len > 0) {
			diag_error(&ld->diag, value_pos(v, 0, v->len),
			    "the value is captured by a step: nothing stands "
			    "here");
			diag_note(&ld->diag, "a step says 'capture %s = "
			    "stdout'", ld->plan->symbols.name[s->sym]);
		}
		break;
	}
}

void
read_secrets(struct loader *ld)
{
	ld->in_vars = true;
	for (size_t i = 0; i < ld->nsecret; i++)
		if (ld->secret_entry[i])
			read_value(ld, &ld->secret_entry[i]->value,
			    &ld->secret[i]);
	ld->in_vars = false;
}

bool
secret_or_var(struct loader *ld, const struct keyword *w)
{
	uint32_t sym = map_find(&ld->plan->symbols, w->text, strlen(w->text));
	const struct secret *s = sym == MAP_NONE ? NULL : find(ld, sym);

	if (!s)
		return false;
	/* which of the two comes first is known within a file only */
	if (w->pos.file == s->pos.file && w->pos.line > s->pos.line)
		twice(ld, "variable", w->text, w->pos, s->pos);
	else
		twice(ld, "variable", w->text, s->pos, w->pos);
	return true;
}

void
secret_not_set(struct loader *ld, uint32_t sym, struct pos pos)
{
	const struct secret *s = find(ld, sym);

	diag_error(&ld->diag, pos, "'%s' is a secret and cannot be set here",
	    ld->plan->symbols.name[sym]);
	if (s && s->kind != SECRET_CAPTURE)
		diag_note(&ld->diag, "its value comes from [secrets], line "
		    "%u of %s", s->pos.line, ld->src.list[s->pos.file].name);
	else
		diag_note(&ld->diag, "a secret can be captured: capture %s = "
		    "stdout", ld->plan->symbols.name[sym]);
}

static void
shown(struct loader *ld, const char *what, const char *name, struct pos pos)
{
	diag_error(&ld->diag, pos, "'%s' is a secret: only 'env' and 'stdin' "
	    "of a step can hold it", what);
	diag_note(&ld->diag, "'secret = %s' gives it to the command of a step",
	    name);
}

bool
secret_check_read(struct loader *ld, uint32_t sym, struct pos pos)
{
	if (!(ld->sym[sym] & SYM_SECRET) || ld->secret_ok)
		return true;
	shown(ld, ld->plan->symbols.name[sym], ld->plan->symbols.name[sym],
	    pos);
	return false;
}

void
secret_check_env(struct loader *ld, const char *name, struct pos pos)
{
	char what[128];

	for (size_t i = 0; i < ld->nsecret && !ld->secret_ok; i++) {
		const struct secret *s = &ld->secret[i];

		if (s->kind != SECRET_ENV || !s->name ||
		    strcmp(s->name, name) != 0)
			continue;
		snprintf(what, sizeof(what), "env.%s", name);
		shown(ld, what, ld->plan->symbols.name[s->sym], pos);
		return;
	}
}

/* NAME... */
void
read_secret_names(struct loader *ld, const struct value *v, struct step *step)
{
	struct word *w;
	uint32_t *sym;
	size_t n, k = 0;

	if (!all_words(ld, v, CUT_COMMA, "a secret", &w, &n))
		return;
	sym = arena_alloc(&ld->plan->arena, n * sizeof(*sym));
	for (size_t i = 0; i < n; i++) {
		struct near near = { 0 };
		uint32_t one;

		if (!w[i].lit) {
			not_fixed(ld, w[i].pos);
			continue;
		}
		one = map_find(&ld->plan->symbols, w[i].lit,
		    strlen(w[i].lit));
		if (one != MAP_NONE && find(ld, one)) {
			bool had = false;

			for (size_t j = 0; j < k; j++)
				had |= sym[j] == one;
			if (had)
				diag_error(&ld->diag, w[i].pos, "'%s' twice",
				    w[i].lit);
			ld->secret_ok = true;
			symbol_read(ld, w[i].lit, strlen(w[i].lit), w[i].pos,
			    false, false);
			ld->secret_ok = false;
			sym[k++] = one;
			continue;
		}
		if (ld->incomplete)
			continue;
		diag_error(&ld->diag, w[i].pos, "no secret '%s'", w[i].lit);
		if (symbol_is_known(ld, w[i].lit, strlen(w[i].lit))) {
			diag_note(&ld->diag, "'%s' is a variable: every "
			    "command sees it", w[i].lit);
			continue;
		}
		for (size_t j = 0; j < ld->nsecret; j++)
			near_offer(&near, w[i].lit,
			    ld->plan->symbols.name[ld->secret[j].sym]);
		if (!near.best && ld->nsecret == 0)
			diag_note(&ld->diag, "[secrets] names them");
		diag_near(&ld->diag, &near);
	}
	step->secret = sym;
	step->nsecret = k;
}

void
secret_check_capture(struct loader *ld, const struct mods *m)
{
	unsigned streams = 0;

	for (size_t i = 0; i < m->ncapture; i++) {
		enum capture_kind kind = m->capture[i].kind;

		if (!(ld->sym[m->capture[i].sym] & SYM_SECRET))
			continue;
		streams |= kind == CAP_STDERR ? STREAM_ERR :
		    kind == CAP_STDOUT ? STREAM_OUT : STREAM_OUT | STREAM_ERR;
	}
	for (size_t i = 0; i < m->non_line; i++)
		if (m->on_line[i].streams & streams)
			diag_error(&ld->diag, m->on_line[i].reaction.pos,
			    "what is captured here is a secret: a line of it "
			    "cannot be reacted to");
}

void
finish_secrets(struct loader *ld)
{
	struct plan *p = ld->plan;
	uint32_t *is = arena_alloc(&p->arena, p->symbols.n * sizeof(*is));

	for (size_t i = 0; i < ld->nsecret; i++)
		is[ld->secret[i].sym] = (uint32_t)i + 1;
	p->secret = arena_copy(&p->arena, ld->secret, ld->nsecret,
	    sizeof(*ld->secret));
	p->nsecret = ld->nsecret;
	p->is_secret = is;
}

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"
#include "lang/words.h"

/* one sequence or routine while it is cut into steps */
struct listing {
	struct loader *ld;
	struct draft *d;
	struct step_draft *cur;	/* NULL: still in the header */
	bool closed;		/* a blank line stood behind the action */
	bool orphans;		/* that was reported for this paragraph */
	unsigned at;		/* AT_SEQUENCE or AT_ROUTINE */
};

/* the words of its value may be names as well */
static void
forgive_value(struct loader *ld, const struct entry *e)
{
	const char *s = e->value.text;

	while (*s) {
		size_t n = strcspn(s, " \t\n,=");

		if (n > 0 && n < 64)
			symbol_forgive(ld, arena_strndup(&ld->tmp, s, n));
		s += n;
		s += strspn(s, " \t\n,=");
	}
}

static void
new_step(struct listing *l, struct pos pos)
{
	struct draft *d = l->d;

	d->step = mem_grow(d->step, &d->step_cap, d->nstep + 1,
	    sizeof(*d->step));
	l->cur = &d->step[d->nstep++];
	*l->cur = (struct step_draft){ .pos = pos };
	l->closed = l->orphans = false;
}

/* a step that was begun by `step =` must come to an action */
static void
end_step(struct listing *l)
{
	if (!l->cur || l->cur->action || l->cur->broken)
		return;
	diag_error(&l->ld->diag, l->cur->pos, "a step without an action");
	diag_note(&l->ld->diag, "run, local, put, get, sleep, call, set, let, "
	    "say, goto, ...");
	l->cur->broken = true;
}

static void
add_entry(struct entry ***list, size_t *n, size_t *cap, struct entry *e)
{
	*list = mem_grow(*list, cap, *n + 1, sizeof(**list));
	(*list)[(*n)++] = e;
}

/* a key that may not repeat; true if it is the first */
static bool
is_first(struct loader *ld, struct entry *const *list, size_t n,
    const struct entry *e)
{
	if (e->key->flags & KEY_MANY)
		return true;
	for (size_t i = 0; i < n; i++)
		if (list[i]->key == e->key) {
			diag_error(&ld->diag, e->word[0].pos,
			    "'%s' twice: first in line %u", e->key->name,
			    list[i]->word[0].pos.line);
			return false;
		}
	return true;
}

bool
check_key_words(struct loader *ld, const struct entry *e)
{
	const struct key *k = e->key;
	size_t want = k->flags & KEY_NAMED ? 2 : 1;

	if (k->flags & KEY_NAMES || k->id == KEY_ON)
		return true;
	if (e->nword < want) {
		diag_error(&ld->diag, e->word[0].pos,
		    "a name is missing behind '%s'", k->name);
		return false;
	}
	if (e->nword == want)
		return true;
	if (*k->sources && e->nword == 2) {
		struct near n = { 0 };
		char buf[KEY_WORD_MAX];
		const char *w = e->word[1].text;

		if (key_has_word(k->sources, w))
			return true;
		diag_error(&ld->diag, e->word[1].pos, "no source '%s'", w);
		key_near_word(&n, k->sources, w, buf);
		diag_near(&ld->diag, &n);
		return false;
	}
	extra_word(ld, e->word[want].text, e->word[want].pos);
	return false;
}

/* begins a step, or gives the one that `step =` began its action */
static void
add_action(struct listing *l, struct entry *e, bool known)
{
	if (!l->cur || l->cur->action || (l->cur->broken && !known) ||
	    l->closed) {
		end_step(l);
		new_step(l, e->word[0].pos);
	}
	if (known)
		l->cur->action = e;
	else
		l->cur->broken = true;
}

static void
add_name(struct listing *l, struct entry *e)
{
	struct loader *ld = l->ld;
	struct draft *d = l->d;
	struct word w;
	uint32_t first;

	end_step(l);
	new_step(l, e->word[0].pos);
	if (!one_literal(ld, &e->value, "a name", &w))
		return;
	if (!is_user_name(w.lit, strlen(w.lit))) {
		diag_error(&ld->diag, w.pos, "'%s' is no name for a step",
		    w.lit);
		diag_note(&ld->diag,
		    "letters, digits, '_' and '-', and not digits only");
		return;
	}
	first = find_step(d, w.lit);
	if (first != NOWHERE) {
		diag_error(&ld->diag, w.pos,
		    "step '%s' twice: first in line %u", w.lit,
		    d->step[first].name_pos.line);
		return;
	}
	d->named = mem_grow(d->named, &d->named_cap, d->names.n + 1UL,
	    sizeof(*d->named));
	d->named[map_add(&d->names, w.lit, strlen(w.lit))] =
	    (uint32_t)d->nstep - 1;
	l->cur->name = w.lit;
	l->cur->name_pos = w.pos;
}

/* a key nobody knows: was it to begin a step? */
static void
unknown_key(struct listing *l, struct entry *e)
{
	struct loader *ld = l->ld;
	const char *name = e->word[0].text;
	unsigned at = l->cur ? AT_STEP : AT_STEP | l->at;
	const struct later *later = later_find(name, AT_STEP | l->at);
	const struct key *near_key;
	struct near n = { 0 };

	forgive_entry(ld, e);
	if (later) {
		diag_error(&ld->diag, e->word[0].pos,
		    "'%s' is not built yet", name);
		forgive_value(ld, e);
		if (later->action)
			add_action(l, e, false);
		return;
	}
	diag_error(&ld->diag, e->word[0].pos, "no key '%s'", name);
	key_near(&n, name, at);
	if (!n.best)
		key_near(&n, name, AT_STEP | l->at);
	diag_near(&ld->diag, &n);
	near_key = n.best ? key_find(n.best) : NULL;
	if (near_key && near_key->id == KEY_STEP)
		new_step(l, e->word[0].pos);
	if (near_key ? near_key->flags & KEY_ACTION ||
	    near_key->id == KEY_STEP : l->cur && e->blank_before)
		add_action(l, e, false);
}

/* a key that has no place here */
static void
misplaced(struct listing *l, const struct entry *e)
{
	struct diag *d = &l->ld->diag;
	const struct key *k = e->key;
	struct pos pos = e->word[0].pos;

	forgive_entry(l->ld, e);
	/* who knows what it would say about an action nobody knows */
	if (l->cur && l->cur->broken && !l->cur->action)
		return;
	if (k->at & l->at)
		diag_error(d, pos, "a key out of place: '%s' stands before "
		    "the first step", k->name);
	else if (!(k->at & (AT_SEQUENCE | AT_ROUTINE | AT_STEP)))
		diag_error(d, pos, "a key out of place: '%s' stands in [%s]",
		    k->name, k->at & AT_JOB ? "job" : k->at & AT_HOSTS ?
		    "hosts NAME" : k->at & AT_HOST ? "host NAME" :
		    k->at & AT_VIA ? "via NAME" : "channel NAME");
	else if (!(k->at & AT_STEP))
		diag_error(d, pos, "a key out of place: '%s' stands in the "
		    "header of a %s", k->name,
		    k->at & AT_SEQUENCE ? "sequence" : "routine");
	else
		diag_error(d, pos, "a key out of place: '%s' stands behind "
		    "the action of its step", k->name);
	if (!l->cur && (k->id == KEY_HOSTS || k->id == KEY_EACH))
		diag_note(d, "lists of a routine stand at its call or spawn");
}

static void
add_header(struct listing *l, struct entry *e)
{
	struct draft *d = l->d;

	if (!(e->key->at & l->at)) {
		misplaced(l, e);
		return;
	}
	if (is_first(l->ld, d->head, d->nhead, e) && check_key_words(l->ld, e))
		add_entry(&d->head, &d->nhead, &d->head_cap, e);
	else
		forgive_entry(l->ld, e);
}

static void
add_modifier(struct listing *l, struct entry *e)
{
	struct step_draft *s = l->cur;

	if (!(e->key->at & AT_STEP)) {
		misplaced(l, e);
		return;
	}
	if (l->closed) {
		if (!l->orphans)
			diag_error(&l->ld->diag, e->word[0].pos,
			    "which step? a blank line ended the one above");
		l->orphans = true;
		forgive_entry(l->ld, e);
		return;
	}
	if (is_first(l->ld, s->mod, s->nmod, e) && check_key_words(l->ld, e))
		add_entry(&s->mod, &s->nmod, &s->cap, e);
	else
		forgive_entry(l->ld, e);
}

void
list_steps(struct loader *ld, struct draft *d)
{
	struct listing l = { .ld = ld, .d = d,
	    .at = d->seq->routine ? AT_ROUTINE : AT_SEQUENCE };

	for (size_t i = 0; i < d->section->n; i++) {
		struct entry *e = &d->section->entry[i];

		if (e->blank_before) {
			l.closed |= l.cur && (l.cur->action || l.cur->broken);
			l.orphans = false;
		}
		e->key = key_find(e->word[0].text);
		if (e->bad) {
			/* `run foo`: what follows belongs to it all the same */
			forgive_entry(ld, e);
			if (e->key && (e->key->flags & KEY_ACTION ||
			    e->key->id == KEY_STEP))
				add_action(&l, e, false);
		} else if (!e->key)
			unknown_key(&l, e);
		else if (e->key->id == KEY_STEP) {
			if (check_key_words(ld, e))
				add_name(&l, e);
		} else if (e->key->flags & KEY_ACTION) {
			bool good = check_key_words(ld, e);

			add_action(&l, e, good);
			if (!good)
				forgive_entry(ld, e);
		} else if (!l.cur)
			add_header(&l, e);
		else
			add_modifier(&l, e);
	}
	end_step(&l);
	if (d->nstep == 0)
		diag_error(&ld->diag, d->section->pos,
		    "a %s without steps", d->section->kind);
}

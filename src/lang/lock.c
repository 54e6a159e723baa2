/* SPDX-License-Identifier: ISC */
/*
 * What [job] says of the lock and of the end of a run.  It is read behind
 * [vars], since a lock may be named by them.
 */
#include <string.h>

#include "base/near.h"
#include "lang/command.h"
#include "lang/figure.h"
#include "lang/loader.h"
#include "lang/words.h"

/* the first of [vars] that is made by a command; nvar: there is none */
static size_t
first_output(const struct loader *ld)
{
	size_t i = 0;

	while (i < ld->nvar && ld->var[i].kind != VAR_OUTPUT)
		i++;
	return i;
}

/*
 * No command of the job is run before the lock is held, so its name must not
 * need one.  A variable behind such a command is not filled before it.
 */
static bool
is_known(struct loader *ld, const struct text *t)
{
	size_t output = first_output(ld);

	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];

		if (p->kind != PIECE_VAR || p->sym < SYM_FIXED)
			continue;
		for (size_t k = output; k < ld->nvar; k++) {
			if (ld->var[k].sym != p->sym)
				continue;
			diag_error(&ld->diag, p->pos, "the lock is taken "
			    "before '%s' is known", ld->plan->symbols.name[
			    p->sym]);
			diag_note(&ld->diag, k == output ?
			    "no command of the job is run before it" :
			    "it stands behind a variable that is made by a "
			    "command");
			return false;
		}
	}
	return true;
}

/* what stands there between variables can be judged now */
static void
check_parts(struct loader *ld, const struct value *v, const struct text *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		const char *s;

		if (p->kind == PIECE_VAR && p->sym == SYM_RUN) {
			diag_error(&ld->diag, p->pos, "'run' is another one "
			    "each time: such a lock is never held");
			return;
		}
		if (p->kind != PIECE_TEXT)
			continue;
		/* it may not begin so, but go on */
		s = i > 0 ? p->text + strspn(p->text, ".") : p->text;
		if (!*s || plan_is_lock(s))
			continue;
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "'%.*s' is no name for a lock", (int)v->len, v->text);
		if (strpbrk(s, "/\n"))
			diag_note(&ld->diag, "it is the name of a file, so "
			    "without '/'");
		return;
	}
}

static void
read_name(struct loader *ld, const struct value *v)
{
	struct plan *p = ld->plan;

	if (v->len == 0) {
		missing(ld, v, "a name");
		return;
	}
	if (text_whole(ld, v, &p->lock) && is_known(ld, &p->lock))
		check_parts(ld, v, &p->lock);
}

static void
read_overlap(struct loader *ld, const struct value *v)
{
	struct plan *p = ld->plan;
	struct cutter c = { .ld = ld, .v = v };
	struct near n = { 0 };
	char buf[KEY_WORD_MAX];
	static const char list[] = "skip wait replace allow";
	struct word w;
	int got = cut_next(&c, &w);

	if (got != 1) {
		if (got == 0)
			missing(ld, v, "skip, wait, replace or allow");
		return;
	}
	if (word_is(&w, "skip"))
		p->overlap = OVERLAP_SKIP;
	else if (word_is(&w, "wait"))
		p->overlap = OVERLAP_WAIT;
	else if (word_is(&w, "replace"))
		p->overlap = OVERLAP_REPLACE;
	else if (word_is(&w, "allow"))
		p->overlap = OVERLAP_ALLOW;
	else {
		diag_error(&ld->diag, w.pos, "'%s' is not one of: %s",
		    w.lit ? w.lit : "${...}", list);
		if (w.lit) {
			key_near_word(&n, list, w.lit, buf);
			diag_near(&ld->diag, &n);
		}
		return;
	}
	if (p->overlap == OVERLAP_WAIT && (got = cut_next(&c, &w)) != 0) {
		if (got == -1 ||
		    !figure_word(ld, &w, FIG_DURATION, &p->patience) ||
		    !is_known(ld, &w.text))
			return;
	}
	cut_end(&c);
}

static void
read_keys(struct loader *ld, const struct section *s)
{
	const struct entry *lock = NULL, *overlap = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &s->entry[i];

		if (!e->key)
			continue;
		switch (e->key->id) {
		case KEY_LOCK:
			lock = e;
			ld->plan->has_lock = true;
			read_name(ld, &e->value);
			break;
		case KEY_OVERLAP:
			overlap = e;
			read_overlap(ld, &e->value);
			break;
		case KEY_REPORT:
			ld->plan->has_report = command_value(ld, &e->value,
			    ld->plan->shell.n > 0, &ld->plan->report);
			break;
		default:
			break;
		}
	}
	if (overlap && !lock)
		diag_error(&ld->diag, overlap->word[0].pos,
		    "'overlap' without a 'lock': nothing keeps two runs "
		    "apart");
}

void
read_lock(struct loader *ld, const struct section *s)
{
	ld->in_vars = true;
	read_keys(ld, s);
	ld->in_vars = false;
}

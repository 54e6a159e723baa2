/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "lang/command.h"
#include "lang/figure.h"
#include "lang/loader.h"
#include "lang/modifier.h"
#include "lang/words.h"

static void
read_name(struct loader *ld, const struct value *v)
{
	const char *s = text_fixed(ld, v);

	if (!s)
		return;
	if (!*s) {
		missing(ld, v, "a name");
		return;
	}
	/* it names a folder of what the runs leave behind */
	if (s[0] == '.' || strchr(s, '/') || strchr(s, '\n')) {
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "'%s' is no name for a job", s);
		return;
	}
	ld->plan->name = s;
}

static void
read_dir(struct loader *ld, const struct value *v)
{
	struct arena *a = &ld->plan->arena;
	struct word w;
	char *dir;
	size_t n;

	if (!one_literal(ld, v, "a directory", &w))
		return;
	if (w.lit[0] == '/') {
		ld->plan->dir = w.lit;
		return;
	}
	if (!strcmp(w.lit, ".")) {
		ld->plan->dir = ld->plan->job_dir;
		return;
	}
	n = strlen(ld->plan->job_dir) + strlen(w.lit) + 2;
	dir = arena_alloc(a, n);
	snprintf(dir, n, "%s/%s", ld->plan->job_dir, w.lit);
	ld->plan->dir = dir;
}

static void
read_depth(struct loader *ld, const struct value *v)
{
	struct figure f;
	struct word w;

	if (!one_literal(ld, v, "a number", &w) ||
	    !figure_word(ld, &w, FIG_COUNT, &f))
		return;
	if (f.value < 1 || f.value > 100000)
		diag_error(&ld->diag, w.pos,
		    "'%s' is not between 1 and 100000", w.lit);
	else
		ld->plan->depth = (uint32_t)f.value;
}

/* N runs, or an age */
static void
read_keep(struct loader *ld, const struct value *v)
{
	struct plan *p = ld->plan;
	struct word w;

	if (!one_literal(ld, v, "a number of runs, or an age", &w))
		return;
	p->keep = 0;
	p->keep_s = 0;
	if (num_int(w.lit, &p->keep) == 0 && p->keep > 0 &&
	    p->keep <= INT_MAX)
		return;
	if (num_duration(w.lit, &p->keep_s) == 0 && p->keep_s > 0)
		return;
	diag_error(&ld->diag, w.pos, "'%s' is neither a number of runs from "
	    "1 nor an age, as in 30d", w.lit);
}

static void
read_key(struct loader *ld, const struct entry *e)
{
	struct plan *p = ld->plan;
	const struct value *v = &e->value;
	const char *s;
	int i;

	switch (e->key->id) {
	case KEY_NAME:
		read_name(ld, v);
		break;
	case KEY_DESCRIPTION:
		s = text_fixed(ld, v);
		if (s)
			p->description = s;
		break;
	case KEY_CHILDREN:
		if (span_value(ld, v, false, 1, &p->children) &&
		    p->children.width.percent)
			diag_error(&ld->diag, value_pos(v, 0, v->len),
			    "'%s' is no number", v->text);
		break;
	case KEY_DEPTH:
		read_depth(ld, v);
		break;
	case KEY_ALLOW_EMPTY:
		yes_no(ld, v, &p->allow_empty);
		break;
	case KEY_KEEP:
		read_keep(ld, v);
		break;
	case KEY_LOG:
		i = one_of(ld, v, "lanes failed none");
		p->log = i > 0 ? (enum log_keep)i : LOG_LANES;
		break;
	case KEY_PARALLEL:
		span_value(ld, v, true, 1, &p->parallel);
		break;
	case KEY_MAX_FAIL:
		span_value(ld, v, false, 0, &p->max_fail);
		break;
	case KEY_ON_FAIL:
		i = one_of(ld, v, "continue drain stop");
		p->on_fail = i > 0 ? (enum on_fail)i : ON_FAIL_CONTINUE;
		break;
	case KEY_TIMEOUT:
		figure_value(ld, v, FIG_DURATION, &p->timeout);
		break;
	case KEY_DIR:
		read_dir(ld, v);
		break;
	case KEY_SHELL:
		read_shell(ld, v, &p->shell);
		break;
	default:		/* include was done before; see also lock.c */
		break;
	}
}

void
read_job(struct loader *ld, const struct section *s)
{
	ld->in_vars = true;
	for (size_t i = 0; i < s->n; i++)
		if (s->entry[i].key)
			read_key(ld, &s->entry[i]);
	ld->in_vars = false;
}

static void
unknown_source(struct loader *ld, const struct keyword *w, const char *list)
{
	struct near n = { 0 };
	char buf[KEY_WORD_MAX];

	diag_error(&ld->diag, w->pos, "no source '%s'", w->text);
	key_near_word(&n, list, w->text, buf);
	diag_near(&ld->diag, &n);
}

/* NAME = TEXT, NAME output = COMMAND, NAME required = WHAT */
static void
read_one(struct loader *ld, const struct entry *e)
{
	struct var var = { .kind = VAR_TEXT, .pos = e->word[0].pos };
	bool ok = true;

	if (e->nword > 2) {
		extra_word(ld, e->word[2].text, e->word[2].pos);
		ok = false;
	} else if (e->nword == 2) {
		if (!strcmp(e->word[1].text, "output"))
			var.kind = VAR_OUTPUT;
		else if (!strcmp(e->word[1].text, "required"))
			var.kind = VAR_REQUIRED;
		else {
			unknown_source(ld, &e->word[1], lang_var_sources);
			ok = false;
		}
	}
	if (secret_or_var(ld, &e->word[0]) ||
	    !symbol_set(ld, &e->word[0], SYM_SETTABLE | SYM_FROM_VARS,
	    &var.sym))
		return;
	for (size_t i = 0; ld->sym[var.sym] & SYM_IN_VARS && i < ld->nvar; i++)
		if (ld->var[i].sym == var.sym) {
			diag_error(&ld->diag, var.pos,
			    "variable '%s' twice: first in line %u",
			    e->word[0].text, ld->var[i].pos.line);
			return;
		}
	if (ok && var.kind == VAR_OUTPUT)
		ok = command_value(ld, &e->value, ld->plan->shell.n > 0,
		    &var.command);
	else if (ok)
		ok = text_whole(ld, &e->value, &var.text);
	ld->sym[var.sym] |= SYM_IN_VARS;
	if (!ok)
		return;
	ld->var = mem_grow(ld->var, &ld->var_cap, ld->nvar + 1,
	    sizeof(*ld->var));
	ld->var[ld->nvar++] = var;
}

void
read_vars(struct loader *ld, const struct section *s)
{
	ld->in_vars = true;
	for (size_t i = 0; i < s->n; i++)
		read_one(ld, &s->entry[i]);
	ld->in_vars = false;
}

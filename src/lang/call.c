/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/words.h"

bool
target_may_be(const struct target *t, const struct seq *q)
{
	return t->index == NOWHERE ? text_may_be(&t->text, q->name) :
	    t->index == q->index;
}

bool
read_step_target(struct loader *ld, const struct word *w, struct target *t)
{
	*t = (struct target){ .text = w->text, .pos = w->pos };
	if (w->lit) {
		t->index = find_step(ld->at, w->lit);
		if (t->index == NOWHERE)
			unknown_step(ld, w->lit, w->pos);
		return t->index != NOWHERE;
	}
	t->index = NOWHERE;
	for (size_t i = 0; i < ld->at->nstep; i++)
		if (ld->at->step[i].name &&
		    text_may_be(&w->text, ld->at->step[i].name))
			return true;
	diag_error(&ld->diag, w->pos, "no step here can have such a name");
	return false;
}

static bool
read_routine(struct loader *ld, const struct word *w, struct target *t)
{
	*t = (struct target){ .text = w->text, .pos = w->pos };
	if (w->lit) {
		t->index = find_seq(ld, w->lit, true);
		if (t->index == NOWHERE)
			unknown_seq(ld, w->lit, true, w->pos);
		return t->index != NOWHERE;
	}
	t->index = NOWHERE;
	for (size_t i = 0; i < ld->ndraft; i++)
		if (ld->seq[i].routine && text_may_be(&w->text, ld->seq[i].name))
			return true;
	if (!ld->incomplete && !ld->ghost.n)
		diag_error(&ld->diag, w->pos,
		    "no routine can have such a name");
	return false;
}

/* does a routine that may be meant know this parameter? */
static bool
knows_param(struct loader *ld, const struct target *t, uint32_t sym,
    struct near *n)
{
	const char *name = ld->plan->symbols.name[sym];

	for (size_t i = 0; i < ld->ndraft; i++) {
		const struct seq *s = &ld->seq[i];

		if (!s->routine || (t->index == NOWHERE ?
		    !text_may_be(&t->text, s->name) : t->index != i))
			continue;
		if (ld->draft[i].params_bad)
			return true;
		for (size_t k = 0; k < s->nparam; k++) {
			if (s->param[k].sym == sym)
				return true;
			near_offer(n, name,
			    ld->plan->symbols.name[s->param[k].sym]);
		}
	}
	return false;
}

/* name=value or name = value */
static bool
read_arg(struct cutter *c, const struct target *t, struct setting *set)
{
	struct loader *ld = c->ld;
	const char *text = c->v->text;
	struct near n = { 0 };
	struct word w;
	size_t from, end;

	while (strchr(" \t\n,", text[c->at]) && c->at < c->v->len)
		c->at++;
	from = end = c->at;
	while (end < c->v->len && is_var_name(text + from, end + 1 - from))
		end++;
	c->at = end;
	set->pos = value_pos(c->v, from, end - from);
	while (c->at < c->v->len && strchr(" \t\n", text[c->at]))
		c->at++;
	if (end == from || text[c->at] != '=') {
		c->at = from;
		if (cut_peek(c, &w) == 1)
			diag_error(&ld->diag, w.pos,
			    "'%.*s' is no name=value", (int)w.len,
			    text + w.at);
		return false;
	}
	c->at++;
	/* `name = value`: blanks on both sides */
	if (c->at - 1 > end && strchr(" \t\n", text[c->at])) {
		if (cut_next(c, &w) == 0)
			return missing(ld, c->v, "a value");
	} else if (cut_value(c, &w) == -1)
		return false;
	set->value = w.text;
	set->sym = symbol(ld, text + from, end - from);
	if (knows_param(ld, t, set->sym, &n))
		return true;
	diag_error(&ld->diag, set->pos, "the routine has no parameter '%.*s'",
	    (int)(end - from), text + from);
	diag_near(&ld->diag, &n);
	return false;
}

static bool
check_args(struct loader *ld, const struct call *call)
{
	const struct seq *s;
	bool ok = true;

	for (size_t i = 0; i < call->narg; i++)
		for (size_t k = 0; k < i; k++)
			if (call->arg[i].sym == call->arg[k].sym) {
				diag_error(&ld->diag, call->arg[i].pos,
				    "'%s' twice", ld->plan->symbols.name[
				    call->arg[i].sym]);
				ok = false;
				break;
			}
	if (call->routine.index == NOWHERE ||
	    ld->draft[call->routine.index].params_bad)
		return ok;
	s = &ld->seq[call->routine.index];
	for (size_t i = 0; i < s->nparam; i++) {
		size_t k;

		if (s->param[i].has_value)
			continue;
		for (k = 0; k < call->narg; k++)
			if (call->arg[k].sym == s->param[i].sym)
				break;
		if (k < call->narg)
			continue;
		diag_error(&ld->diag, call->routine.pos,
		    "routine '%s' wants a value for '%s'", s->name,
		    ld->plan->symbols.name[s->param[i].sym]);
		return false;
	}
	return ok;
}

bool
read_call(struct cutter *c, const char *until, struct call *call)
{
	struct setting *arg = NULL;
	size_t n = 0, cap = 0;
	struct word w;
	bool known, ok = true;
	int got;

	c->flags = 0;
	got = cut_next(c, &w);
	if (got != 1)
		return got == 0 && missing(c->ld, c->v, "a routine");
	known = read_routine(c->ld, &w, &call->routine);
	c->flags = CUT_LOOSE;
	while (ok && cut_peek(c, &w) == 1 && !(until && word_is(&w, until))) {
		if (w.lit && (w.lit[0] == '#' || w.lit[0] == ';')) {
			extra_word(c->ld, w.lit, w.pos);
			ok = false;
			break;
		}
		if (!known) {
			/* what it knows cannot be asked: pass over it */
			struct word skipped;

			ok = cut_next(c, &skipped) == 1;
			continue;
		}
		arg = mem_grow(arg, &cap, n + 1, sizeof(*arg));
		ok = read_arg(c, &call->routine, &arg[n]);
		n += ok;
	}
	call->arg = arena_copy(&c->ld->plan->arena, arg, n, sizeof(*arg));
	call->narg = n;
	free(arg);
	return ok && known && check_args(c->ld, call);
}

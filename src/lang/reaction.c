/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/words.h"

/* can a text with variables come out as this name? */
static bool
may_be(const struct text *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		size_t left = strlen(name);
		const char *found;

		if (p->kind != PIECE_TEXT)
			continue;
		if (p->len > left)
			return false;
		if (i == 0) {
			if (memcmp(name, p->text, p->len) != 0)
				return false;
			found = name;
		} else if (i == t->n - 1) {
			return !strcmp(name + left - p->len, p->text);
		} else if (!(found = strstr(name, p->text)))
			return false;
		name = found + p->len;
	}
	return true;
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
		    may_be(&w->text, ld->at->step[i].name))
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
		if (ld->seq[i].routine && may_be(&w->text, ld->seq[i].name))
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
		    !may_be(&t->text, s->name) : t->index != i))
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
read_call(struct cutter *c, bool then, struct call *call)
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
	while (ok && cut_peek(c, &w) == 1 && !(then && word_is(&w, "then"))) {
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

/* next, retry, fail, goto STEP */
static bool
read_then(struct cutter *c, struct reaction *r)
{
	struct word w;
	int got = cut_next(c, &w);

	if (got != 1)
		return got == 0 &&
		    missing(c->ld, c->v, "next, retry, fail or goto");
	if (word_is(&w, "next"))
		r->then = DO_NEXT;
	else if (word_is(&w, "retry"))
		r->then = DO_RETRY;
	else if (word_is(&w, "fail"))
		r->then = DO_FAIL;
	else if (word_is(&w, "goto")) {
		r->then = DO_GOTO;
		got = cut_next(c, &w);
		if (got != 1)
			return got == 0 && missing(c->ld, c->v, "a step");
		if (!read_step_target(c->ld, &w, &r->target))
			return false;
	} else {
		diag_error(&c->ld->diag, w.pos,
		    "next, retry, fail or goto STEP can follow 'then'");
		return false;
	}
	return cut_end(c);
}

static bool
read_message(struct cutter *c, struct text *t)
{
	while (c->at < c->v->len && strchr(" \t\n", c->v->text[c->at]))
		c->at++;
	return text_range(c->ld, c->v, c->at, c->v->len, t);
}

static const struct {
	const char *name;
	enum reaction_kind kind;
	bool line;		/* only for lines */
} reactions[] = {
	{ "next", DO_NEXT, false }, { "goto", DO_GOTO, false },
	{ "retry", DO_RETRY, false }, { "call", DO_CALL, false },
	{ "finish", DO_FINISH, false }, { "fail", DO_FAIL, false },
	{ "drain", DO_DRAIN, false }, { "stop", DO_STOP, false },
	{ "set", DO_SET, true }, { "say", DO_SAY, true },
	{ "release", DO_RELEASE, true }, { "kill", DO_KILL, true },
};

/* the first word of a reaction; false: there is no such one */
static bool
reaction_kind(struct loader *ld, const struct word *w, bool line,
    enum reaction_kind *kind)
{
	struct near n = { 0 };

	for (size_t i = 0; i < countof(reactions); i++) {
		if (!word_is(w, reactions[i].name))
			continue;
		*kind = reactions[i].kind;
		if (line || !reactions[i].line)
			return true;
		diag_error(&ld->diag, w->pos,
		    "'%s' can only follow from a line", w->lit);
		return false;
	}
	if (word_is(w, "spawn") || word_is(w, "send")) {
		diag_error(&ld->diag, w->pos, "'%s' is not built yet",
		    w->lit);
		return false;
	}
	diag_error(&ld->diag, w->pos, "'%s' is no reaction",
	    w->lit ? w->lit : "${...}");
	for (size_t i = 0; w->lit && i < countof(reactions); i++)
		if (line || !reactions[i].line)
			near_offer(&n, w->lit, reactions[i].name);
	/* `on 3 = mend` is likely to mean a step */
	if (w->lit && !n.best && find_step(ld->at, w->lit) != NOWHERE)
		diag_note(&ld->diag, "did you mean 'goto %s'?", w->lit);
	else if (w->lit && !n.best && find_seq(ld, w->lit, true) != NOWHERE)
		diag_note(&ld->diag, "did you mean 'call %s'?", w->lit);
	diag_near(&ld->diag, &n);
	return false;
}

static bool
read_kind(struct cutter *c, struct reaction *r)
{
	struct loader *ld = c->ld;
	struct keyword name;
	struct word w;
	int got;

	switch (r->kind) {
	case DO_NEXT:
	case DO_RETRY:
	case DO_RELEASE:
		return cut_end(c);
	case DO_GOTO:
		got = cut_next(c, &w);
		if (got != 1)
			return got == 0 && missing(ld, c->v, "a step");
		return read_step_target(ld, &w, &r->target) && cut_end(c);
	case DO_CALL:
		if (!read_call(c, true, &r->call))
			return false;
		if (cut_next(c, &w) == 0)
			return true;
		return read_then(c, r);
	case DO_KILL:
		if (cut_peek(c, &w) == 0)
			return true;
		if (!word_is(&w, "then"))
			return cut_end(c);
		cut_next(c, &w);
		return read_then(c, r);
	case DO_SET:
		got = cut_next(c, &w);
		if (got != 1 || !w.lit)
			return got >= 0 && missing(ld, c->v, "a name");
		name = (struct keyword){ w.lit, w.pos };
		return symbol_set(ld, &name, 0, &r->sym) && cut_end(c);
	case DO_SAY:
	case DO_FINISH:
	case DO_FAIL:
	case DO_DRAIN:
	case DO_STOP:
		break;
	}
	return read_message(c, &r->message);
}

bool
read_reaction(struct loader *ld, const struct value *v, size_t from,
    bool line, struct reaction *r)
{
	struct cutter c = { .ld = ld, .v = v, .at = from };
	struct word w;
	int got = cut_peek(&c, &w);

	*r = (struct reaction){ .then = DO_NEXT };
	r->target.index = r->call.routine.index = NOWHERE;
	if (got == 0)
		return missing(ld, v, "a reaction");
	r->pos = w.pos;
	r->text = arena_strndup(&ld->plan->arena, v->text + w.at,
	    v->len - w.at);
	if (!w.lit)
		w.lit = arena_strndup(&ld->tmp, v->text + w.at, w.len);
	if (!reaction_kind(ld, &w, line, &r->kind))
		return false;
	c.at = w.at + w.len;
	return read_kind(&c, r);
}

static bool
goes_back(enum reaction_kind kind, const struct reaction *r, uint32_t at)
{
	if (kind == DO_RETRY)
		return true;
	return kind == DO_GOTO &&
	    (r->target.index == NOWHERE || r->target.index <= at);
}

bool
leads_back(const struct reaction *r, uint32_t at)
{
	if (r->kind == DO_CALL || r->kind == DO_KILL)
		return goes_back(r->then, r, at);
	return goes_back(r->kind, r, at);
}

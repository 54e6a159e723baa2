/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/fan.h"
#include "lang/loader.h"
#include "lang/reaction.h"
#include "lang/shared.h"
#include "lang/words.h"

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
	{ "send", DO_SEND, true }, { "spawn", DO_SPAWN, true },
	{ "release", DO_RELEASE, true }, { "kill", DO_KILL, true },
};

const char *
lang_reaction(size_t i)
{
	return i < countof(reactions) ? reactions[i].name : NULL;
}

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
		if (!read_call(c, "then", &r->call))
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
	case DO_SEND:
		got = cut_next(c, &w);
		if (got != 1 || !w.lit)
			return got >= 0 && missing(ld, c->v, "a channel");
		return channel_named(ld, w.lit, w.pos, &r->channel) &&
		    cut_end(c);
	case DO_SPAWN:
		return read_spawn(c, &r->call, &r->name);
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

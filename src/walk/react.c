/* SPDX-License-Identifier: ISC */
/* what a result leads to: branches, handlers, the end of a frame */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/regex.h"
#include "walk/party.h"

static bool
is_signal(const struct match *m, const struct result *r)
{
	if (r->status == ST_SIGNAL)
		return r->signo == m->lo;
	/* as shells report it */
	return r->status == ST_EXIT && r->code == 128 + m->lo;
}

static bool
is_match(const struct match *m, const struct result *r)
{
	switch (m->kind) {
	case MATCH_CODE:
		return (r->status == ST_EXIT || r->status == ST_OK) &&
		    r->code >= m->lo && r->code <= m->hi;
	case MATCH_STATUS:
		if (m->status == ST_SIGNAL && r->status == ST_EXIT)
			return r->code >= 129 && r->code <= 159;
		return r->status == m->status;
	case MATCH_SIGNAL:
		return is_signal(m, r);
	case MATCH_FAIL:
		return r->status != ST_OK && r->status != ST_SKIPPED &&
		    r->status != ST_CANCELLED;
	case MATCH_CONNECTION:
		return r->status == ST_UNREACHABLE || r->status == ST_AUTH ||
		    r->status == ST_HOSTKEY || r->status == ST_LOST;
	case MATCH_ANY:
		return true;
	}
	return false;
}

bool
react_matches(const struct matches *list, const struct result *r)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_match(&list->match[i], r))
			return true;
	return false;
}

/* --- reactions ---------------------------------------------------------- */

static int
message(struct walker *f, const struct reaction *re, struct buf *text)
{
	struct ctx *c = f->c;

	buf_clear(text);
	return vars_fill(c->w, c, &re->message, text, &c->why);
}

static void
fail_with(struct walker *f, const struct reaction *re,
    enum reaction_kind kind, const struct result *r, struct action *a)
{
	struct result why = *r;

	if (message(f, re, &f->say) == -1) {
		why.status = ST_ERROR;
		why.message = buf_str(&f->c->why);
	} else if (f->say.len > 0) {
		why.message = buf_str(&f->say);
	}
	if (why.status == ST_OK || why.status == ST_SKIPPED) {
		why.status = ST_ERROR;
		why.code = CODE_NONE;
	}
	if (kind == DO_FAIL) {
		handle_failure(f, &why, a);
		return;
	}
	/* the job is halted, and this lane is then ended as failed */
	kept_keep(&f->fail, &why);
	a->kind = kind == DO_DRAIN ? ACT_DRAIN : ACT_STOP;
	a->step.label = NULL;
	a->result = f->fail.r;
}

static void
go_to(struct walker *f, const struct target *t, struct action *a)
{
	uint32_t i = step_target(f, t, false);
	struct result r;

	if (i == NOWHERE) {
		step_error(f, a);
		r = a->result;
		*a = (struct action){ .attempt = 1 };
		handle_failure(f, &r, a);
		return;
	}
	f->at = i;
	step_enter(f, a);
}

static void
perform(struct walker *f, const struct reaction *re, enum reaction_kind kind,
    const struct result *r, struct action *a)
{
	struct ctx *c = f->c;

	switch (kind) {
	case DO_NEXT:
	case DO_SET:
	case DO_SAY:
	case DO_SEND:
	case DO_SPAWN:
	case DO_RELEASE:
		f->at++;
		step_enter(f, a);
		break;
	case DO_GOTO:
		go_to(f, &re->target, a);
		break;
	case DO_RETRY:
		step_enter(f, a);
		break;
	case DO_CALL:
		f->phase = PHASE_REACT;
		f->reacting = re;
		if (step_call(f, &re->call, a) == -1) {
			struct result why = *r;

			why.status = ST_ERROR;
			why.message = buf_str(&c->why);
			handle_failure(f, &why, a);
		}
		break;
	case DO_FINISH:
		f->finished = true;
		/* one of before was said then */
		if (r->past || message(f, re, &f->say) == -1 ||
		    f->say.len == 0) {
			handle_next(f, a);
			break;
		}
		a->kind = ACT_SAY;
		a->text = buf_str(&f->say);
		a->len = f->say.len;
		f->phase = PHASE_REACT;
		f->reacting = NULL;
		break;
	case DO_FAIL:
	case DO_DRAIN:
	case DO_STOP:
		fail_with(f, re, kind, r, a);
		break;
	case DO_KILL:
		perform(f, re, re->then, r, a);
		break;
	}
}

/* the reaction's routine is over: `then` */
void
react_back(struct walker *f, struct result *r, struct action *a)
{
	const struct reaction *re = f->reacting;

	f->reacting = NULL;
	if (!re) {
		/* the message of `finish` was said */
		handle_next(f, a);
		return;
	}
	if (r->status != ST_OK) {
		handle_failure(f, r, a);
		return;
	}
	if (re->then == DO_FAIL && f->fail.set) {
		handle_next(f, a);
		return;
	}
	perform(f, re, re->then, r, a);
}

static void
tell_taken(const struct walker *f, const struct step *s,
    const struct reaction *re)
{
	const struct walk_watcher *watcher = f->c->w->o.watcher;

	if (watcher)
		watcher->took(watcher->arg, s, re);
}

/* --- the result of a step ----------------------------------------------- */

/* a line ended the step: that decides its result */
static void
by_line(struct walker *f, struct result *r)
{
	enum reaction_kind k = f->hit->reaction.kind;

	if (k == DO_KILL)
		k = f->hit->reaction.then;
	r->code = CODE_NONE;
	if (k == DO_FAIL || k == DO_DRAIN || k == DO_STOP) {
		r->status = ST_ERROR;
		r->message = f->c->line ? f->c->line->text : "";
	} else {
		r->status = ST_OK;
		r->message = "";
	}
}

static const struct reaction *
choose(const struct step *s, const struct result *r)
{
	for (size_t i = 0; i < s->non; i++)
		if (react_matches(&s->on[i].when, r))
			return &s->on[i].reaction;
	return NULL;
}

/* for `call … then fail`: a failure is never ok */
static void
keep_cause(struct walker *f, const struct result *r)
{
	struct result why = *r;

	if (why.status == ST_OK || why.status == ST_SKIPPED) {
		why.status = ST_ERROR;
		why.code = CODE_NONE;
		if (f->hit && f->c->line)
			why.message = f->c->line->text;
	}
	kept_keep(&f->fail, &why);
}

/* would it enter the step once more, which was too much already? */
static bool
is_vain(const struct walker *f, const struct reaction *re)
{
	enum reaction_kind k = re->kind;

	if (k == DO_CALL || k == DO_KILL)
		k = re->then;
	return f->spent && (k == DO_RETRY ||
	    (k == DO_GOTO && re->target.index == f->at));
}

/* steps that are jumps or endings themselves */
static bool
jump(struct walker *f, const struct step *s, struct action *a)
{
	struct reaction re = { .target = s->target };

	switch (s->kind) {
	case STEP_GOTO:
		go_to(f, &re.target, a);
		return true;
	case STEP_FINISH:
		f->finished = true;
		handle_next(f, a);
		return true;
	case STEP_RETURN:
		handle_next(f, a);
		return true;
	default:
		return false;
	}
}

void
react(struct walker *f, struct result *r, struct action *a)
{
	const struct step *s = &f->seq->step[f->at];
	const struct reaction *re;

	if (f->hit)
		by_line(f, r);
	if (!r->step || !*r->step ||
	    (s->kind != STEP_CALL && s->kind != STEP_JOIN))
		r->step = s->label;
	if (!f->past)
		note_take(f);
	if (judge_again(f, r, a))
		return;
	share_over(f, r);
	judge_record(f, s, r);
	re = f->hit ? &f->hit->reaction : choose(s, r);
	if (re && !is_vain(f, re)) {
		a->reaction = re->text;
		tell_taken(f, s, re);
		if (re->kind == DO_CALL && re->then == DO_FAIL)
			keep_cause(f, r);
		perform(f, re, re->kind, r, a);
	} else if (r->status == ST_SKIPPED) {
		f->at++;
		step_enter(f, a);
	} else if (r->status != ST_OK) {
		handle_failure(f, r, a);
	} else if (!jump(f, s, a)) {
		f->at++;
		step_enter(f, a);
	}
}

/* --- lines while a step runs -------------------------------------------- */

static void
set_line(struct ctx *c, const char *text, size_t len, const char *group,
    size_t ngroup)
{
	value_unref(c->line);
	value_unref(c->match);
	c->line = value_new(text, len);
	c->match = value_new(group, ngroup);
}

/* said once for each step that runs */
static void
gave_up(struct walker *f, const struct line_branch *b)
{
	struct walk *w = f->c->w;
	char text[256];

	if (f->gave_up)
		return;
	f->gave_up = true;
	snprintf(text, sizeof(text), "the pattern '%.100s' gave up: it is too "
	    "much work for a line", b->pattern);
	w->o.warn(w->o.arg, text);
}

enum line_verdict
react_line(struct walker *f, unsigned stream, const char *text, size_t len,
    bool again, struct action *a)
{
	const struct step *s = &f->seq->step[f->at];
	struct ctx *c = f->c;
	const char *group;
	size_t n;
	int hit;

	if (len > REGEX_SUBJECT_MAX)
		len = REGEX_SUBJECT_MAX;
	for (size_t i = again ? f->line_at : 0; i < s->non_line; i++) {
		const struct line_branch *b = &s->on_line[i];

		if (!(b->streams & stream))
			continue;
		hit = regex_match(b->regex, text, len, &group, &n);
		if (hit == -1)
			gave_up(f, b);
		if (hit != 1)
			continue;
		set_line(c, text, len, group, n);
		tell_taken(f, s, &b->reaction);
		switch (b->reaction.kind) {
		case DO_SET:
			vars_set(c, b->reaction.sym, value_new(group, n));
			note_set(c, b->reaction.sym);
			continue;
		case DO_SAY:
			if (message(f, &b->reaction, &f->say) == -1)
				continue;
			f->line_at = i + 1;
			a->text = buf_str(&f->say);
			a->len = f->say.len;
			return LINE_SAY;
		case DO_SEND:
			f->line_at = i + 1;
			a->channel = b->reaction.channel;
			a->text = c->match->text;
			a->len = c->match->len;
			return LINE_SEND;
		case DO_SPAWN:
			if (party_fork(f, &b->reaction.call, NULL,
			    b->reaction.name, a) == -1) {
				c->w->o.warn(c->w->o.arg, buf_str(&c->why));
				continue;
			}
			f->line_at = i + 1;
			c->spawned = true;
			return LINE_SPAWN;
		case DO_RELEASE:
			f->released = true;
			return LINE_RELEASE;
		default:
			f->hit = b;
			return LINE_KILL;
		}
	}
	return LINE_ON;
}

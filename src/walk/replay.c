/* SPDX-License-Identifier: ISC */
/*
 * Steps whose end is known from before the run was resumed.  Their results
 * and the variables they set are handed out; only what makes up the lane
 * itself (calls, lanes it started) is really done once more.
 */
#include <stdio.h>
#include <string.h>

#include "walk/party.h"

static const struct step *
current(const struct walker *f)
{
	return &f->seq->step[f->at];
}

/* --- why ------------------------------------------------------------------ */

static void
say_why(struct walker *f, const char *why)
{
	if (f->c->w->o.why)
		f->why = why;
}

static void
say_ended(struct walker *f, const struct past_try *t)
{
	struct buf *b = &f->c->w->why;
	char text[STATUS_SHOW];

	if (!f->c->w->o.why)
		return;
	buf_clear(b);
	buf_addf(b, "ended before: %s", status_show(text, &t->result));
	f->why = buf_str(b);
}

/*
 * Only the first of them is of interest.  Of a call it is not known whether
 * it was reached: the first step in it tells that.
 */
static void
say_new(struct walker *f)
{
	const struct step *s = current(f);
	bool unknown = s->kind == STEP_CALL && !s->fan && f->c->info->past;

	if (!f->c->told_new)
		say_why(f, unknown ? "has no end: goes on" :
		    "was not reached before");
	f->c->told_new |= !unknown;
}

static void
say_begun(struct walker *f, enum past_begun how)
{
	static const char *const text[] = {
		[PAST_BEGUN] = "started, no end: runs again",
		[PAST_CUT] = "was ended with its lane: runs again",
		[PAST_AFTER] = "came after the end of its lane: runs again",
	};

	say_why(f, text[how]);
}

/* --- what is done once more ------------------------------------------------- */

/* is it to be done, for what it makes of the lane? */
static bool
has_form(const struct walker *f, const struct step *s,
    const struct past_try *t)
{
	enum status status = t->result.status;

	if (f->spent || status == ST_SKIPPED)
		return false;
	switch (s->kind) {
	case STEP_CALL:
		/* over a list: its lanes are over; once: another lane's */
		return !s->fan && (!s->once || t->note.once);
	case STEP_SPAWN:
		return status == ST_OK;
	case STEP_JOIN:
		return status != ST_TIMEOUT && !t->result.outside;
	case STEP_DRAIN:
	case STEP_STOP:
		return t->result.outside && status == ST_ERROR;
	default:
		return false;
	}
}

static void
hand_out(struct walker *f, const struct past_try *t, struct action *a)
{
	const struct step *s = current(f);

	f->past = t;
	f->shared = false;
	say_ended(f, t);
	if (has_form(f, s, t)) {
		f->began = f->c->began;
		step_try(f, a);
		return;
	}
	step_begin(f, a);
	a->kind = ACT_DONE;
	a->result = t->result;
	a->result.past = t;
}

/*
 * The call or lane that it belongs to is over, and of the step there is no
 * end: it was ended between two tries, or before it began.  So it ends here.
 */
static void
break_off(struct walker *f, struct action *a)
{
	static const struct past_try over;
	struct result *r = &a->result;

	f->phase = PHASE_TRY;
	f->hit = NULL;
	a->kind = ACT_DONE;
	*r = *f->ends;
	if (r->status == ST_OK || r->status == ST_SKIPPED)
		r->status = ST_CANCELLED;
	if (!r->outside)
		r->cut = (struct cut_info){
			.frame = f->first ? 0 : UINT32_MAX,
			.status = r->status, .inner = r->status,
		};
	r->outside = true;
	r->past = &over;
}

void
replay_refuse(struct walker *f, bool ended, struct action *a)
{
	step_begin(f, a);
	a->kind = ACT_DONE;
	a->result = result_made(ST_ERROR, ended ? "what it brought before the "
	    "run was interrupted is not kept, and 'rerun = no'" :
	    "was started before the run was interrupted, and 'rerun = no'");
	a->result.step = current(f)->label;
	/* nothing is to try it again, so the whole lane ends */
	a->result.outside = true;
	a->result.cut = (struct cut_info){ 0, ST_ERROR, ST_ERROR };
	say_why(f, ended ? "not kept what it brought: 'rerun = no'" :
	    "started, no end: 'rerun = no'");
	share_refuse(f);
}

/* is what it brought not kept, or its process gone? */
static bool
runs_again(struct walker *f, const struct past_try *t)
{
	const struct fan *fan = f->c->party->fan;

	/* of a lane that is over only what it brings back may be missed */
	if (f->c->info->past->over &&
	    (t->note.released || !fan || fan->ncollect == 0))
		return false;
	if (t->note.secret)
		say_why(f, "its capture is a secret: runs again");
	else if (t->note.released)
		say_why(f, "its process was released: runs again");
	return t->note.secret || t->note.released;
}

static enum past_begun
was_begun(const struct walker *f, const struct step_ref *ref)
{
	const struct past *p = f->c->w->o.past;
	const struct past_lane *l = f->c->info->past;

	return l ? p->begun(p->arg, l, ref, f->tries + 1) : PAST_NEW;
}

bool
replay_try(struct walker *f, struct action *a)
{
	const struct past *p = f->c->w->o.past;
	const struct past_lane *l = f->c->info->past;
	struct step_ref ref;
	const struct past_try *t;
	enum past_begun how;

	f->past = NULL;
	f->why = NULL;
	if (!p)
		return false;
	ref = step_ref(f);
	t = l ? p->step(p->arg, l, &ref, f->tries + 1) : NULL;
	if (t && !runs_again(f, t)) {
		hand_out(f, t, a);
		return true;
	}
	if (t && current(f)->no_rerun) {
		replay_refuse(f, true, a);
		return true;
	}
	if (t)
		return false;
	if (f->ends) {
		break_off(f, a);
		return true;
	}
	how = was_begun(f, &ref);
	if (how == PAST_NEW) {
		say_new(f);
		return false;
	}
	if (current(f)->no_rerun) {
		replay_refuse(f, false, a);
		return true;
	}
	say_begun(f, how);
	return false;
}

/* --- what it came to ------------------------------------------------------- */

/* lanes that its lines had started: their variables are not known */
static void
leave_spawned(struct walker *f, const struct line_branch *b)
{
	const struct past *p = f->c->w->o.past;
	struct ctx *c = f->c;
	uint32_t i = step_target(f, &b->reaction.call.routine, true);
	const struct past_lane *l = NULL;
	struct buf name = { 0 };
	char text[256];

	if (i == NOWHERE)
		return;
	do {
		struct lane_info info = {
			.group = c->w->plan->seq[i].name, .sub = true,
			.parent = c->info->id, .by = step_ref(f), .round = 1,
			.index = 1, .lanes = 1, .wave = 1,
		};

		if (l && !l->over) {
			snprintf(text, sizeof(text), "%s: what a line of "
			    "step '%s' had started had not ended, and is not "
			    "started again", buf_str(&name),
			    current(f)->label);
			c->w->o.warn(c->w->o.arg, text);
		}
		buf_clear(&name);
		name_spawned(c, info.group, &name);
		info.name = info.tag = buf_str(&name);
		l = p->lane(p->arg, &info);
	} while (l);
	name_forget(c->w, &name);
	buf_fini(&name);
}

/*
 * It was done in form: what is known of its end counts, unless something of
 * it was new.
 */
static bool
adopt(struct walker *f, struct result *r)
{
	const struct past_try *t = f->past;
	struct result live = *r;

	if (r->past)
		return true;
	if (f->c->began != f->began ||
	    (live.outside && !t->result.outside))
		return false;
	*r = t->result;
	r->past = t;
	r->outside = live.outside;
	r->cut = live.cut;
	/* which step of it failed is not kept */
	if (live.status == r->status) {
		r->step = live.step;
		r->finished = live.finished;
	}
	return true;
}

bool
replay_took(struct walker *f, struct result *r)
{
	const struct past_try *t = f->past;
	const struct step *s = current(f);
	struct ctx *c = f->c;

	if (!t)
		return false;
	if (!adopt(f, r)) {
		f->past = NULL;
		return false;
	}
	if (s->kind == STEP_JOIN && r->status != ST_TIMEOUT)
		party_collect(c, s->names, s->nnames);
	note_apply(c, &t->note);
	if (s->kind == STEP_RECEIVE && r->status == ST_OK)
		share_fed(c);
	if (t->note.line > 0 && t->note.line <= s->non_line)
		f->hit = &s->on_line[t->note.line - 1];
	for (size_t i = 0; i < s->non_line; i++)
		if (s->on_line[i].reaction.kind == DO_SPAWN)
			leave_spawned(f, &s->on_line[i]);
	note_clear(c);
	f->note = t->note;
	if (t->note.once)
		share_replayed(f, r);
	return true;
}

bool
replay_again(struct walker *f, struct action *a)
{
	bool again = f->past->again;
	bool unmet = f->past->result.status == ST_ERROR &&
	    !strcmp(f->past->result.message, UNMET);

	f->past = NULL;
	if (!again)
		return false;
	f->tries++;
	a->again = true;
	a->poll = unmet;
	/* no pause: that one is over long since */
	if (!replay_try(f, a))
		share_enter(f, a);
	return true;
}

/* --- once ------------------------------------------------------------------ */

const struct past_try *
replay_once(struct walker *f)
{
	const struct past *p = f->c->w->o.past;
	struct step_ref ref;
	const struct past_try *t;

	if (!p)
		return NULL;
	ref = step_ref(f);
	t = p->once(p->arg, f->c->info, &ref);
	/* what is not kept has to be found out again */
	return t && t->note.secret && !current(f)->no_rerun ? NULL : t;
}

bool
replay_once_begun(struct walker *f)
{
	const struct past *p = f->c->w->o.past;
	struct step_ref ref;

	if (!p || !p->once_begun || !current(f)->no_rerun)
		return false;
	ref = step_ref(f);
	return p->once_begun(p->arg, f->c->info, &ref);
}

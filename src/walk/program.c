/* SPDX-License-Identifier: ISC */
/* what the engine drives: lanes and calls of a plan */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"
#include "walk/place.h"

/* state is the party for the first frame of a lane, else the caller */
static void
walk_fork(void *state, const void *call, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	(void)call;
	if (item)
		begin_lane(state, info, item, init);
	else
		begin_call(state, init);
}

/* a handler of this frame is over; its failure replaces no first cause */
static void
handled(struct walker *f, const struct result *r, struct action *a)
{
	bool rescue = f->phase == PHASE_RESCUE;

	handle_over(f);
	if (rescue && r->status == ST_OK && r->finished)
		f->rescued = true;
	else if (!rescue && r->status != ST_OK && !f->fail.set)
		kept_keep(&f->fail, r);
	handle_next(f, a);
}

/* the frame is to end, for a reason from outside */
static void
outside(struct walker *f, struct result *r, struct action *a)
{
	if (f->phase == PHASE_HOSTS) {
		groups_drop(f->c->w, f->wanted);
		f->phase = PHASE_TRY;
	}
	switch (f->phase) {
	case PHASE_RESCUE:
	case PHASE_ALWAYS:
		handle_over(f);
		/* the first cause, if all was well: `drain` or `stop` within,
		   or what failed while it was to end */
		if (!f->fail.set && (r->failed || r->status != ST_CANCELLED))
			kept_keep(&f->fail, r);
		handle_next(f, a);
		break;
	case PHASE_GATHER:
	case PHASE_GATHER_AGAIN:
		/* now they are ended, and waited for once more */
		if (!f->regathered) {
			f->regathered = f->c->spawned = true;
			f->phase = f->phase == PHASE_GATHER_AGAIN ?
			    PHASE_ALWAYS : f->rescue_ran ? PHASE_RESCUE :
			    PHASE_TRY;
		}
		handle_failure(f, r, a);
		break;
	case PHASE_CLOSE:
		handle_next(f, a);
		break;
	default:
		if (f->phase == PHASE_TRY && !replay_took(f, r))
			note_take(f);
		f->past = NULL;
		share_over(f, r);
		/* before and between tries it is still that step's failure */
		if (f->phase == PHASE_PAUSE || f->phase == PHASE_ONCE ||
		    f->phase == PHASE_TAKE)
			r->step = f->seq->step[f->at].label;
		handle_failure(f, r, a);
		break;
	}
}

static void
enter_frame(struct walker *f, struct action *a)
{
	const struct past_lane *l = f->c->info->past;

	if (f->first && l && l->over)
		f->ends = &l->result;
	if (f->c->w->o.only_lists) {
		a->kind = ACT_END;
		a->end = FRAME_OK;
		a->result = result_made(ST_OK, "");
	} else if (f->fail.set) {
		handle_next(f, a);
	} else if (f->seq->needs.n > 0 && !f->ends) {
		share_hold(f, a);
	} else {
		step_enter(f, a);
	}
}

/* what the command of a group came to, before the call that wants it */
static void
hosts_told(struct walker *f, struct result *last, struct action *a)
{
	struct ctx *c = f->c;
	struct result r;

	if (!last || groups_ran(c->w, f->wanted, last, &c->why) == 0) {
		step_try(f, a);
		return;
	}
	f->phase = PHASE_TRY;
	r = result_made(ST_ERROR, buf_str(&c->why));
	judge_result(f, &r);
	react(f, &r, a);
}

static void
next(struct walker *f, struct result *last, struct action *a)
{
	switch (f->phase) {
	case PHASE_ENTER:
		enter_frame(f, a);
		break;
	case PHASE_HOLD:
		if (!last)
			share_hold(f, a);
		else if (last->status != ST_OK)
			handle_failure(f, last, a);
		else
			step_enter(f, a);
		break;
	case PHASE_ONCE:
		/* nobody will ever do it */
		if (last && last->status != ST_OK)
			share_taken(f, last, a);
		else
			share_look(f, a);
		break;
	case PHASE_TAKE:
		if (!last)
			share_take(f, a);
		else
			share_taken(f, last, a);
		break;
	case PHASE_TRY:
		if (!last) {
			step_try(f, a);
			break;
		}
		judge_result(f, last);
		react(f, last, a);
		break;
	case PHASE_PAUSE:
		step_try(f, a);
		break;
	case PHASE_HOSTS:
		hosts_told(f, last, a);
		break;
	case PHASE_REACT:
		react_back(f, last, a);
		break;
	case PHASE_RESCUE:
	case PHASE_ALWAYS:
		handled(f, last, a);
		break;
	case PHASE_GATHER:
	case PHASE_GATHER_AGAIN:
		handle_gathered(f, last, a);
		break;
	case PHASE_CLOSE:
		handle_next(f, a);
		break;
	}
}

static void
walk_next(void *state, struct result *last, struct action *a)
{
	struct walker *f = state;
	struct ctx *c = f->c;
	struct buf why = c->why;

	/* what the last result says stays as it is while this goes on */
	c->why = c->old_why;
	c->old_why = why;
	if (last && f->phase == PHASE_TRY)
		judge_hide(f, last);
	if (last && last->outside)
		outside(f, last, a);
	else
		next(f, last, a);
	share_tell(f, a);
	a->note = f->note;
	/* said of the step itself, not of what it waits for before */
	if (a->step.label) {
		a->why = f->why;
		f->why = NULL;
	}
	f->note = (struct step_note){ 0 };
}

static enum line_verdict
walk_line(void *state, unsigned stream, const char *text, size_t len,
    unsigned flags, bool again, struct action *a)
{
	(void)flags;
	return react_line(state, stream, text, len, again, a);
}

static int
walk_priority(void *state, double *value)
{
	struct walker *f = state;
	struct ctx *c = f->c;
	struct value *v;
	int rc;

	*value = 0;
	if (!c->seq->priority)
		return 0;
	v = eval_text(c->w, c, NULL, c->seq, c->seq->priority, &c->why);
	rc = v ? num_double(v->text, value) : -1;
	if (v && rc == -1) {
		why_at(c->w, c->seq->priority->pos, &c->why);
		buf_addf(&c->why, "'%.60s' is no number to go by", v->text);
	}
	/* once is enough: it will be wrong for many */
	if (rc == -1 && !c->w->warned_priority) {
		c->w->warned_priority = true;
		c->w->o.warn(c->w->o.arg, buf_str(&c->why));
	}
	value_unref(v);
	return rc;
}

static void
walk_facts(void *state, struct buf *b)
{
	struct walker *f = state;

	facts_tell(f->c, b);
}

static void
walk_end(void *state)
{
	struct walker *f = state;
	const struct walk_watcher *watcher = f->c->w->o.watcher;

	if (watcher && f->told)
		watcher->called(watcher->arg, f->c->info, NULL, NULL, f->seq);
	for (size_t i = 0; i < f->nshadowed && !f->restored; i++)
		value_unref(f->shadowed[i].value);
	for (size_t i = 0; i < f->calling.narg; i++)
		value_unref(f->calling.arg[i].value);
	free(f->calling.arg);
	if (f->phase == PHASE_HOSTS)
		groups_drop(f->c->w, f->wanted);
	free(f->wanted);
	free(f->shadowed);
	free(f->outcome);
	kept_fini(&f->fail);
	last_fini(&f->saved);
	buf_fini(&f->say);
	ctx_unref(f->c);
	free(f);
}

const struct program walk_program = {
	.next = walk_next,
	.fork = walk_fork,
	.line = walk_line,
	.ask = walk_ask,
	.facts = walk_facts,
	.priority = walk_priority,
	.end = walk_end,
};

/* SPDX-License-Identifier: ISC */
/* the end of a frame: why it fails, rescue, always */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"

void
kept_fini(struct kept *k)
{
	value_unref(k->message);
	value_unref(k->step);
	value_unref(k->tail);
	*k = (struct kept){ 0 };
}

void
kept_keep(struct kept *k, const struct result *r)
{
	kept_fini(k);
	k->set = true;
	k->r = *r;
	k->message = value_str(r->message);
	k->step = value_str(r->step ? r->step : "");
	k->tail = value_new(r->tail, r->ntail);
	k->r.message = k->message->text;
	k->r.step = k->step->text;
	k->r.tail = k->tail->text;
	k->r.out = k->r.err = k->r.both = NULL;
	k->r.nout = k->r.nerr = k->r.nboth = 0;
	k->r.outside = false;
	/* that was about the step alone */
	k->r.took = (struct took){ 0 };
	k->r.past = NULL;
}

/* the variables that speak of a result say what handlers are to see */
static void
speak(struct walker *f)
{
	struct last *l = &f->c->last;
	const struct kept *k = &f->fail;
	bool bad = k->set && !f->rescued;

	last_fini(l);
	l->set = true;
	l->status = bad ? k->r.status : ST_OK;
	l->code = bad ? k->r.code : 0;
	l->message = bad ? value_ref(k->message) : value_str("");
	l->step = bad ? value_ref(k->step) : value_str("");
	l->tail = bad ? value_ref(k->tail) : value_str("");
}

static void
handler(struct walker *f, uint32_t routine, enum phase phase,
    struct action *a)
{
	struct call call = { .routine = { .index = routine } };

	f->phase = phase;
	/* a handler within a handler gives back what the outer one sees */
	if (f->c->handlers++ > 0)
		last_copy(&f->saved, &f->c->last);
	speak(f);
	if (step_call(f, &call, a) == -1) {
		/* no parameter can be missing: the loader saw to it */
		step_error(f, a);
		return;
	}
	f->calling.handler = true;
	a->handler = true;
	a->shield = phase == PHASE_ALWAYS;
}

void
handle_over(struct walker *f)
{
	if (--f->c->handlers > 0)
		last_copy(&f->c->last, &f->saved);
}

static void
end_frame(struct walker *f, struct action *a)
{
	struct ctx *c = f->c;

	for (size_t i = f->nshadowed; i-- > 0 && !f->restored;)
		vars_restore(c, f->shadowed[i]);
	f->restored = true;
	f->phase = PHASE_CLOSE;
	a->kind = ACT_END;
	if (f->fail.set) {
		a->result = f->fail.r;
		a->end = f->rescued ? FRAME_RESCUED : FRAME_FAILED;
	} else {
		a->result = result_made(ST_OK, "");
		a->result.code = 0;
		a->end = FRAME_OK;
	}
	if (f->first && a->end != FRAME_FAILED)
		party_bring(c->party, c);
	a->result.finished = f->finished;
}

/*
 * What the lane has spawned is over before the lane is.  If it ended well it
 * waits for them, else they are ended.
 */
static void
gather(struct walker *f, enum phase phase, struct action *a)
{
	f->phase = phase;
	f->c->spawned = false;
	a->kind = ACT_JOIN;
	a->cancel = f->fail.set && !f->rescued;
}

/* from the body to rescue to always to the end */
void
handle_next(struct walker *f, struct action *a)
{
	bool failed = f->fail.set && f->fail.r.status != ST_CANCELLED;
	bool spawned = f->first && f->c->spawned;

	if (f->phase < PHASE_RESCUE && failed && f->seq->rescue != NOWHERE) {
		f->rescue_ran = true;
		handler(f, f->seq->rescue, PHASE_RESCUE, a);
	} else if (f->phase < PHASE_GATHER && spawned) {
		gather(f, PHASE_GATHER, a);
	} else if (f->phase < PHASE_ALWAYS && f->seq->always != NOWHERE) {
		handler(f, f->seq->always, PHASE_ALWAYS, a);
	} else if (f->phase < PHASE_GATHER_AGAIN && spawned) {
		gather(f, PHASE_GATHER_AGAIN, a);
	} else {
		end_frame(f, a);
	}
}

/* one of them failed, and nobody had asked: that fails the lane */
void
handle_gathered(struct walker *f, const struct result *r, struct action *a)
{
	bool bad = r->status != ST_OK && r->status != ST_CANCELLED;

	if (bad && f->rescued) {
		/* what mended the first failure did not mend this one */
		f->rescued = false;
		kept_keep(&f->fail, r);
	} else if (bad && !f->fail.set) {
		kept_keep(&f->fail, r);
		if (f->seq->rescue != NOWHERE && !f->rescue_ran)
			f->phase = PHASE_TRY;
	}
	handle_next(f, a);
}

void
handle_failure(struct walker *f, const struct result *r, struct action *a)
{
	if (!f->fail.set)
		kept_keep(&f->fail, r);
	handle_next(f, a);
}

/* SPDX-License-Identifier: ISC */
/*
 * Ending lanes and frames from outside.
 *
 * A cut names a frame.  Frames are told from the top down: the innermost
 * first, which answers with its handlers and ends, then the one below, down
 * to the frame that was named.  A shielded frame (`always`) is let finish.
 */
#include "engine/inner.h"
#include "model/plan.h"

bool
cut_is_shielded(const struct lane *l, uint32_t frame)
{
	for (size_t i = frame + 1; i < l->nframe; i++)
		if (l->frame[i].shield)
			return true;
	return false;
}

/*
 * Numbers of cuts grow, so a frame that was told of a later one counts as
 * told; what stands above a frame that was told are its handlers.
 */
static bool
was_told(const struct engine *e, const struct lane *l, size_t frame)
{
	uint32_t seq = l->frame[frame].cut.seq;

	if (e->killed)
		return l->frame[l->nframe - 1].told >= seq;
	for (size_t i = frame; i < l->nframe; i++)
		if (l->frame[i].told >= seq)
			return true;
	return false;
}

struct frame *
cut_due(const struct engine *e, const struct lane *l)
{
	if (!l->cut)
		return NULL;
	for (uint32_t i = 0; i < l->nframe; i++)
		if (l->frame[i].cut.seq && !was_told(e, l, i) &&
		    !(l->replays && l->frame[i].cut.later && !e->killed) &&
		    (e->killed || !cut_is_shielded(l, i)))
			return &l->frame[i];
	return NULL;
}

void
cut_tell(struct lane *l, const struct frame *due, struct result *r)
{
	struct frame *top = &l->frame[l->nframe - 1];

	top->told = due->cut.seq;
	top->deadline = 0;	/* handlers have their own time */
	r->outside = true;
	r->cut = (struct cut_info){
		.frame = (uint32_t)(due - l->frame),
		.status = due->cut.status, .inner = due->cut.inner,
	};
	r->status = top == due ? due->cut.status : due->cut.inner;
	r->code = CODE_NONE;
	r->message = due->cut.message;
	if (!r->step || !*r->step)
		r->step = top->step.label && !top->unbegun ?
		    top->step.label : "";
}

void
cut_told_end(struct lane *l, const struct frame *due, struct result *r)
{
	if (r->status == ST_OK || r->status == ST_EXIT ||
	    r->status == ST_SIGNAL || r->status == ST_ERROR)
		return;
	cut_tell(l, due, r);
}

void
cut_lane(struct engine *e, struct lane *l, uint32_t frame,
    enum status status, enum status inner, const char *message)
{
	enum stop_why why = e->killed ? STOP_NOW :
	    status == ST_TIMEOUT ? STOP_TIMEOUT : STOP_CANCEL;

	if (l->state == LANE_CLOSING) {
		for (struct work *w = l->works, *next; w && e->killed;
		    w = next) {
			next = w->next;
			work_stop(e, w, STOP_NOW);
		}
		if (e->killed)
			sub_cut(e, l, 0);
		return;
	}
	l->cut = true;
	l->frame[frame].cut = (struct cut){
		.seq = ++e->cut_seq, .status = status, .inner = inner,
		.message = message, .later = true,
	};
	sub_cut(e, l, frame);
	if (!cut_due(e, l))
		return;
	switch (l->state) {
	case LANE_RUNNING:
		work_stop(e, l->work, why);
		break;
	case LANE_WAITING:
		wait_cut(e, l);
		break;
	case LANE_SLEEPING:
		e->outside--;
		/* fallthrough */
	case LANE_QUEUED:
	case LANE_COMMITTING:
		l->wake_at = l->limit_at = 0;
		engine_ready(e, l);
		break;
	case LANE_READY:
	case LANE_CLOSING:
		break;
	}
}

/* cut the lowest frame whose time is over */
void
cut_deadlines(struct engine *e, struct lane *l)
{
	double now = engine_now(e);

	for (uint32_t i = 0; i < l->nframe; i++) {
		struct frame *f = &l->frame[i];

		if (f->deadline > 0 && f->deadline <= now) {
			f->deadline = 0;
			cut_lane(e, l, i, ST_TIMEOUT, ST_CANCELLED, i == 0 ?
			    CUT_LANE_TIMEOUT : CUT_CALL_TIMEOUT);
			/* an `always` that takes too long is not spared */
			return;
		}
	}
}

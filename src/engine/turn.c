/* SPDX-License-Identifier: ISC */
/* a lane's turn: what its program answers is done, and the result told */
#include <string.h>

#include "engine/inner.h"

/* calls of handlers beyond the depth of calls */
enum { HANDLERS = 64 };

static void
sleep_for(struct engine *e, struct lane *l, const struct action *a)
{
	double now = engine_now(e);

	if (!a->pause)
		lane_tell_start(e, l, a);
	l->state = LANE_SLEEPING;
	e->outside++;
	l->wake_at = now + a->seconds;
	l->limit_at = a->limit > 0 ? now + a->limit : 0;
	lane_arm(e, l);
}

static double
shorter(double a, double b)
{
	return a <= 0 || (b > 0 && b < a) ? b : a;
}

static void
call(struct engine *e, struct lane *l, const struct action *a)
{
	struct frame_init init = { 0 };
	struct frame *caller = lane_top(l), *f;
	double limit;

	/* handlers of a full stack must still find room, within reason */
	if (lane_is_too_deep(e, l, a->handler ? HANDLERS : 0))
		return;
	if (a->handler)
		caller->deadline = 0;
	caller->program->fork(caller->state, a->call, NULL, NULL, &init);
	f = lane_push(l, caller->program);
	f->state = init.state;
	f->shield = a->shield;
	limit = shorter(a->limit, init.limit);
	if (a->shield)
		limit = shorter(limit, e->always_s);
	if (limit > 0) {
		f->deadline = engine_now(e) + limit;
		lane_arm(e, l);
	}
	engine_ready(e, l);
}

static void
halt(struct engine *e, struct lane *l, const struct action *a)
{
	const struct frame *first = &l->frame[0];
	uint32_t from = (uint32_t)l->nframe - 1;
	bool pending = first->cut.seq && first->told < first->cut.seq;
	struct cut was = first->cut;

	/* the first frame may still have to be told of an earlier one */
	if (!pending || first->cut.message != l->text.data) {
		buf_clear(&l->text);
		buf_adds(&l->text, a->result.message);
	}
	engine_halt(e, a->result.message, a->kind == ACT_STOP);
	/* an `always` ends with what it said itself, shield or not */
	while (from > 0 && !l->frame[from].shield)
		from--;
	if (from > 0)
		cut_lane(e, l, from, ST_ERROR, ST_ERROR, buf_str(&l->text));
	if (!pending)
		cut_lane(e, l, 0, ST_ERROR, ST_ERROR, buf_str(&l->text));
	else if (from == 0)
		/* the handler of one that was told is to end as well */
		cut_lane(e, l, 0, was.status, was.inner, was.message);
	engine_ready(e, l);
}

static void
perform(struct engine *e, struct lane *l, const struct action *a)
{
	struct event ev = {
		.type = EVT_SAY, .lane = &l->info, .step = &a->step,
		.text = a->text, .len = a->len
	};
	struct result r = result_made(ST_OK, "");

	switch (a->kind) {
	case ACT_SAY:
		engine_emit(e, &ev);
		lane_give(e, l, &r);
		break;
	case ACT_DONE:
		if (a->result.outside)
			past_cut(e, l, &a->result);
		lane_give(e, l, &a->result);
		break;
	case ACT_RUN:
	case ACT_READ:
	case ACT_COPY:
	case ACT_WAIT:
		work_start(e, l, a);
		break;
	case ACT_SLEEP:
		sleep_for(e, l, a);
		break;
	case ACT_CALL:
		call(e, l, a);
		break;
	case ACT_FORK:
		sub_fork(e, l, a);
		break;
	case ACT_JOIN:
		sub_join(e, l, a);
		break;
	case ACT_BARRIER:
		meet_barrier(e, l, a);
		break;
	case ACT_AWAIT:
		meet_await(e, l, a);
		break;
	case ACT_TAKE:
		limit_take(e, l, a);
		break;
	case ACT_SEND:
		channel_send(e, l, a);
		break;
	case ACT_RECEIVE:
		channel_receive(e, l, a);
		break;
	case ACT_CLOSE:
		channel_close_by(e, l, a);
		lane_give(e, l, &r);
		break;
	case ACT_CLEAR:
		channel_clear_by(e, l, a);
		lane_give(e, l, &r);
		break;
	case ACT_DRAIN:
	case ACT_STOP:
		halt(e, l, a);
		break;
	case ACT_END:
		lane_end(e, l, a);
		break;
	}
}

/* what was only waited for (until) did not fail */
static void
count_try(struct lane *l, struct frame *f, unsigned attempt,
    const struct action *a)
{
	if (attempt == 1)
		f->retries = 0;
	if (f->retries + 1 > l->tries)
		l->tries = f->retries + 1;
	f->retries += a->again && !a->poll;
}

/* what became of the last action, by what was made of it */
static void
tell_end(struct engine *e, struct lane *l, const struct frame *was,
    const struct result *last)
{
	const struct action *a = &e->act;
	struct event ev = {
		.lane = &l->info, .step = &was->step, .attempt = was->attempt,
		.result = last, .past = last->past != NULL,
	};

	/* the innermost frame is told first, and that is enough */
	bool news = last->outside && lane_top(l)->told != l->cut_told;

	if (news)
		l->cut_told = lane_top(l)->told;
	if (was->step.label && !was->unbegun) {
		ev.type = EVT_STEP_END;
		ev.reaction = a->reaction;
		ev.again = a->again;
		ev.note = &a->note;
		if (l->told)
			work_forgo(e, l);
		count_try(l, lane_top(l), was->attempt, a);
	} else if (news) {
		/* nothing else tells that only handlers follow */
		ev.type = EVT_CUT;
	} else {
		return;
	}
	engine_emit(e, &ev);
}

/* ask the top frame what is next, and tell of what became of the last */
static void
ask(struct engine *e, struct lane *l, struct result *last)
{
	struct frame *f = lane_top(l);
	struct action *a = &e->act;
	struct frame was = *f;

	*a = (struct action){ .attempt = 1 };
	f->program->next(f->state, last, a);
	if (last)
		tell_end(e, l, &was, last);
	if (a->why && e->config.why) {
		struct event ev = {
			.type = EVT_PAST, .lane = &l->info, .step = &a->step,
			.attempt = a->attempt, .text = a->why,
			.len = strlen(a->why),
		};

		engine_emit(e, &ev);
	}
	if (a->give_back)
		limit_give_back(e, l, (uint32_t)l->nframe - 1, false);
	if (a->announce != ANNOUNCE_NONE)
		meet_announce(e, l->group, a->announced,
		    a->announce == ANNOUNCE_ALL);
	f->step = a->step;
	f->step.command = NULL;		/* only for now */
	f->attempt = a->attempt;
	f->unbegun = a->pause;
}

/* what the frame below hears of the one that ended */
static struct result
handed_down(struct engine *e, struct lane *l, const struct action *a)
{
	struct result r = a->result;
	struct frame *due = cut_due(e, l);

	r.outside = false;
	r.failed = a->end == FRAME_FAILED;
	if (due) {
		/* it is to end as well, and is told why */
		cut_tell(l, due, &r);
	} else if (a->end != FRAME_FAILED) {
		r = result_made(ST_OK, "");
		r.code = 0;
		r.finished = a->result.finished;
	}
	return r;
}

void
lane_advance(struct engine *e, struct lane *l, struct result *last)
{
	struct frame over = { 0 }, *due;
	struct result r;

	for (;;) {
		l->has_last = false;
		ask(e, l, last);
		past_goes_on(l, &e->act);
		/* what the result points to was its: now it can go */
		if (over.program)
			over.program->end(over.state);
		over.program = NULL;
		/* an action that was not begun is no more than an intention */
		while (e->act.kind != ACT_END &&
		    ((due = cut_due(e, l)) || e->killed)) {
			r = result_made(ST_CANCELLED, "");
			sub_forgo(&e->act);
			lane_top(l)->unbegun = true;
			r.outside = true;
			if (due)
				cut_tell(l, due, &r);
			ask(e, l, &r);
		}
		if (e->act.kind != ACT_END || l->nframe == 1)
			break;
		/* a frame is over: its result goes to the one below */
		over = l->frame[--l->nframe];
		if (l->holding)
			limit_give_back(e, l, (uint32_t)l->nframe, true);
		r = handed_down(e, l, &e->act);
		last = &r;
	}
	perform(e, l, &e->act);
}

/* true: it was the lane's current one, which goes on with the result */
static bool
end_work(struct engine *e, struct work *w, struct result *last)
{
	struct lane *l = w->lane;
	bool current = l->work == w;
	struct frame *due;

	work_settled(e, w);
	work_free(e, w);
	if (!current)
		return false;
	due = cut_due(e, l);
	if (due)
		cut_told_end(l, due, last);
	l->state = LANE_READY;
	return true;
}

void
lane_work_over(struct engine *e, struct work *w, const struct result *r)
{
	struct lane *l = w->lane;
	struct result last = *r;

	if (end_work(e, w, &last))
		lane_advance(e, l, &last);
	else
		lane_close(e, l);
}

void
lane_work_ended(struct engine *e, struct work *w, const struct result *r)
{
	struct lane *l = w->lane;
	struct result last;

	/* what it points to goes with the work */
	last = *lane_keep(l, r);
	if (end_work(e, w, &last))
		lane_give(e, l, &last);
	else if (l->state == LANE_CLOSING)
		engine_enlist(e, l);
}

void
lane_woken(struct engine *e, struct lane *l)
{
	double now = engine_now(e);
	bool asleep = l->state == LANE_SLEEPING;
	bool waits = l->state == LANE_WAITING && l->timed;

	l->armed = 0;
	cut_deadlines(e, l);
	if (asleep && l->state == LANE_SLEEPING) {
		struct result r = result_made(ST_OK, "");

		if (l->limit_at > 0 && l->limit_at <= now)
			r.status = ST_TIMEOUT;
		else if (l->wake_at > now) {
			lane_arm(e, l);
			return;
		}
		l->wake_at = l->limit_at = 0;
		l->state = LANE_READY;
		e->outside--;
		lane_arm(e, l);		/* the frames' deadlines go on */
		lane_advance(e, l, &r);
		return;
	}
	lane_arm(e, l);
	if (waits && l->state == LANE_WAITING && l->timed &&
	    l->limit_at <= now)
		wait_timeout(e, l);
}

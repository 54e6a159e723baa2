/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* calls of handlers beyond the depth of calls */
enum { HANDLERS = 64 };

struct frame *
lane_top(struct lane *l)
{
	assert(l->nframe > 0);
	return &l->frame[l->nframe - 1];
}

struct lane *
lane_new(struct engine *e, struct group *g)
{
	struct lane *l = e->pool;

	if (l)
		e->pool = l->next;
	else
		l = mem_calloc(1, sizeof(*l));
	*l = (struct lane){
		.name = l->name, .text = l->text, .why = l->why,
		.frame = l->frame, .frame_cap = l->frame_cap,
		.kept = l->kept,
	};
	buf_clear(&l->name);
	buf_clear(&l->text);
	l->group = g;
	l->info.group = g->spec.name;
	l->info.hidden = g->spec.hidden;
	l->info.wave = g->wave;
	if (g->parent) {
		l->info.sub = true;
		l->depth = g->parent->depth + g->parent->nframe;
	}
	l->token = engine_token(e, SLOT_LANE, l);
	l->gnext = g->lane;
	if (g->lane)
		g->lane->gprev = l;
	g->lane = l;
	l->next = e->lanes;
	if (e->lanes)
		e->lanes->prev = l;
	e->lanes = l;
	return l;
}

/* put back what lane_new() took; the frames have been ended */
void
lane_free(struct engine *e, struct lane *l)
{
	engine_untoken(e, l->token);
	if (l->gprev)
		l->gprev->gnext = l->gnext;
	else
		l->group->lane = l->gnext;
	if (l->gnext)
		l->gnext->gprev = l->gprev;
	if (l->prev)
		l->prev->next = l->next;
	else
		e->lanes = l->next;
	if (l->next)
		l->next->prev = l->prev;
	l->next = e->pool;
	e->pool = l;
}

static struct frame *
push(struct lane *l, const struct program *program)
{
	/* most lanes never have a second one */
	if (l->nframe == l->frame_cap) {
		l->frame_cap = l->frame_cap ? l->frame_cap * 2 : 1;
		l->frame = mem_realloc(l->frame,
		    l->frame_cap * sizeof(*l->frame));
	}
	l->frame[l->nframe] = (struct frame){ .program = program };
	return &l->frame[l->nframe++];
}

static struct kind *
kind_of(struct engine *e, const struct lane *l)
{
	uint32_t kind = l->group->spec.kind;

	return kind < e->nkind ? &e->kind[kind] : NULL;
}

void
lane_active(struct engine *e, struct lane *l, bool on)
{
	struct kind *k = kind_of(e, l);

	if (!k || l->active == on)
		return;
	l->active = on;
	k->active += on ? 1 : -1;
	e->settle |= !on;
}

double
lane_priority(const struct lane *l)
{
	const struct frame *f = &l->frame[0];
	double p = 0;

	if (l->group->parent)
		return lane_priority(l->group->parent);
	if (f->program->priority)
		f->program->priority(f->state, &p);
	return p;
}

void
lane_begin(struct engine *e, struct lane *l)
{
	struct event ev = { .type = EVT_LANE_START, .lane = &l->info };
	struct kind *k = kind_of(e, l);

	if (k)
		k->alive++;
	lane_active(e, l, true);
	l->info.id = ++e->lane_id;
	l->started = engine_now(e);
	if (l->frame[0].deadline > 0) {
		l->frame[0].deadline += l->started;
		lane_arm(e, l);
	}
	engine_emit(e, &ev);
	engine_ready(e, l);
}

/* the first frame of a lane, not begun: its limit waits in deadline */
static void
first_frame(struct lane *l, const struct program *program,
    const struct frame_init *init)
{
	struct frame *f = push(l, program);

	f->state = init->state;
	f->deadline = init->limit;
}

void
lane_fork(struct lane *l, const struct item *item)
{
	struct group *g = l->group;
	struct frame_init init = { .name = &l->name };

	l->info.index = ++g->begun;
	l->info.lanes = g->count;
	if (g->spec.nwave > 0) {
		l->info.index = (uint32_t)g->wave_begun + 1;
		l->info.lanes = g->wave_size;
	}
	g->spec.program->fork(g->spec.state, g->spec.call, &l->info, item,
	    &init);
	l->info.name = buf_str(&l->name);
	l->info.tag = l->info.name;
	if (init.tag_len > 0) {
		/* the tag stands behind the name, with a NUL of its own */
		size_t at = l->name.len + 1;

		buf_addc(&l->name, '\0');
		buf_room(&l->name, init.tag_len);
		buf_add(&l->name, l->name.data + init.tag_at, init.tag_len);
		l->info.tag = buf_str(&l->name) + at;
		l->info.name = l->name.data;
	}
	first_frame(l, g->spec.program, &init);
}

void
lane_feeder(struct lane *l)
{
	const struct group_spec *s = &l->group->spec;
	struct frame_init init = { .state = s->feeder_state };

	buf_addf(&l->name, "list of %s", s->name);
	l->info.name = l->info.tag = buf_str(&l->name);
	l->info.hidden = true;
	first_frame(l, s->feeder, &init);
}

/* ask to be woken for whatever comes first: a sleep, a limit, a deadline */
void
lane_arm(struct engine *e, struct lane *l)
{
	double first = l->wake_at;

	if (l->limit_at > 0 && (first <= 0 || l->limit_at < first))
		first = l->limit_at;
	for (size_t i = 0; i < l->nframe; i++) {
		double d = l->frame[i].deadline;

		if (d > 0 && (first <= 0 || d < first))
			first = d;
	}
	if (first <= l->armed && first >= l->armed)
		return;
	/* a wake that comes too early only arms again */
	if (first > 0) {
		double wait = first - engine_now(e);

		e->runner.wake(e->runner.arg, l->token, wait > 0 ? wait : 0);
	} else if (l->armed > 0) {
		e->runner.wake(e->runner.arg, l->token, -1);
	}
	l->armed = first;
}

void
lane_give(struct engine *e, struct lane *l, const struct result *r)
{
	l->last = *r;
	l->has_last = true;
	engine_ready(e, l);
}

void
lane_give_kept(struct engine *e, struct lane *l, const struct result *r)
{
	if (!l->kept)
		l->kept = mem_calloc(1, sizeof(*l->kept));
	store_result(l->kept, r);
	lane_give(e, l, &l->kept->r);
}

void
lane_tell_start(struct engine *e, struct lane *l, const struct action *a)
{
	struct event ev = {
		.type = EVT_STEP_START, .lane = &l->info, .step = &a->step,
		.attempt = a->attempt
	};

	if (a->step.label)
		engine_emit(e, &ev);
}

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
	if (l->depth + l->nframe >
	    e->config.depth + (a->handler ? HANDLERS : 0)) {
		struct result r;

		buf_clear(&l->why);
		buf_addf(&l->why, "calls are nested more than %u deep",
		    e->config.depth);
		r = result_made(ST_ERROR, buf_str(&l->why));
		lane_give(e, l, &r);
		return;
	}
	if (a->handler)
		caller->deadline = 0;
	caller->program->fork(caller->state, a->call, NULL, NULL, &init);
	f = push(l, caller->program);
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

	/* the first frame may still have to be told of an earlier one */
	if (!pending || first->cut.message != l->text.data) {
		buf_clear(&l->text);
		buf_adds(&l->text, a->result.message);
	}
	if (a->kind == ACT_DRAIN)
		engine_drain(e);
	else
		engine_stop(e, 0);
	/* an `always` ends with what it said itself, shield or not */
	while (from > 0 && !l->frame[from].shield)
		from--;
	if (from > 0)
		cut_lane(e, l, from, ST_ERROR, ST_ERROR, buf_str(&l->text));
	if (!pending)
		cut_lane(e, l, 0, ST_ERROR, ST_ERROR, buf_str(&l->text));
	engine_ready(e, l);
}

static enum lane_verdict
verdict(const struct result *r, enum frame_end end)
{
	if (end == FRAME_OK)
		return LANE_OK;
	if (end == FRAME_RESCUED)
		return LANE_RESCUED;
	return r->status == ST_CANCELLED ? LANE_CANCELLED : LANE_FAILED;
}

/* all is over, released processes too: say so and let go of the lane */
static void
close_lane(struct engine *e, struct lane *l)
{
	struct frame *f = &l->frame[0];
	struct kind *k = kind_of(e, l);
	struct event ev = {
		.type = EVT_LANE_END, .lane = &l->info, .result = &l->last,
		.verdict = verdict(&l->last, l->end)
	};

	l->last.seconds = engine_now(e) - l->started;
	if (l->armed > 0)
		e->runner.wake(e->runner.arg, l->token, -1);
	engine_emit(e, &ev);
	if (l->info.sub && ev.verdict == LANE_FAILED && (l->info.hidden ||
	    l->group->bad + 1 > (l->group->spec.has_max_fail ?
	    l->group->max_fail : 0)))
		sub_keep(l->group, &l->last);
	lane_active(e, l, false);
	if (k)
		k->alive--;
	limit_give_back(e, l, 0, true);
	f->program->end(f->state);
	l->nframe = 0;
	group_lane_over(e, l, ev.verdict);
}

void
lane_close(struct engine *e, struct lane *l)
{
	/* one that is on the ready list has its turn */
	if (l->state == LANE_CLOSING && !l->works && !l->child && !l->on_list)
		close_lane(e, l);
}

static void
end_lane(struct engine *e, struct lane *l, const struct action *a)
{
	l->last = a->result;
	l->end = a->end;
	l->cut = false;
	l->state = LANE_CLOSING;
	for (struct work *w = l->works, *next; w; w = next) {
		next = w->next;
		work_stop(e, w, e->killed ? STOP_NOW : STOP_CANCEL);
	}
	sub_end(e, l);
	lane_close(e, l);
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
		lane_give(e, l, &a->result);
		break;
	case ACT_RUN:
	case ACT_READ:
	case ACT_COPY:
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
		channel_close(e, &e->channel[a->channel]);
		lane_give(e, l, &r);
		break;
	case ACT_CLEAR:
		channel_clear(e, &e->channel[a->channel]);
		lane_give(e, l, &r);
		break;
	case ACT_DRAIN:
	case ACT_STOP:
		halt(e, l, a);
		break;
	case ACT_END:
		end_lane(e, l, a);
		break;
	}
}

/* ask the top frame what is next, and tell of what became of the last */
static void
ask(struct engine *e, struct lane *l, struct result *last)
{
	struct frame *f = lane_top(l);
	struct action *a = &e->act;
	struct step_ref step = f->step;
	unsigned attempt = f->attempt;

	*a = (struct action){ .attempt = 1 };
	f->program->next(f->state, last, a);
	if (last && step.label) {
		struct event ev = {
			.type = EVT_STEP_END, .lane = &l->info,
			.step = &step, .attempt = attempt, .result = last,
			.reaction = a->reaction, .again = a->again,
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
	if (a->pause)
		f->step.label = NULL;
}

/* what the frame below hears of the one that ended */
static struct result
handed_down(struct engine *e, struct lane *l, const struct action *a)
{
	struct result r = a->result;
	struct frame *due = cut_due(e, l);

	r.outside = false;
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
		/* what the result points to was its: now it can go */
		if (over.program)
			over.program->end(over.state);
		over.program = NULL;
		/* an action that was not begun is no more than an intention */
		while (e->act.kind != ACT_END &&
		    ((due = cut_due(e, l)) || e->killed)) {
			r = result_made(ST_CANCELLED, "");
			lane_top(l)->step.label = NULL;
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
	if (!l->kept)
		l->kept = mem_calloc(1, sizeof(*l->kept));
	store_result(l->kept, r);
	last = l->kept->r;
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

/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

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
	l->info.round = (uint32_t)g->round;
	if (g->parent) {
		l->info.sub = true;
		l->info.by = g->by;
		l->info.parent = g->parent->info.id;
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

struct frame *
lane_push(struct lane *l, const struct program *program)
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
	l->info.id = l->info.past ? l->info.past->id : ++e->lane_id;
	ev.past = l->info.past != NULL;
	l->replays = l->info.past != NULL;
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
	struct frame *f = lane_push(l, program);

	f->state = init->state;
	f->deadline = init->limit;
	l->cap = init->cap;
	l->ncap = init->ncap;
}

void
lane_fork(struct engine *e, struct lane *l, const struct item *item)
{
	struct group *g = l->group;
	struct frame_init init = { .name = &l->name };

	l->info.index = ++g->begun;
	l->info.order = ++g->order;
	l->info.lanes = g->count;
	if (g->spec.nwave > 0) {
		l->info.index = (uint32_t)g->wave_begun + 1;
		l->info.lanes = round_lanes(g);
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
	l->info.host = init.host;
	first_frame(l, g->spec.program, &init);
	past_find(e, l);
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

const struct result *
lane_keep(struct lane *l, const struct result *r)
{
	if (!l->kept)
		l->kept = mem_calloc(1, sizeof(*l->kept));
	store_result(l->kept, r);
	return &l->kept->r;
}

void
lane_give_kept(struct engine *e, struct lane *l, const struct result *r)
{
	lane_give(e, l, lane_keep(l, r));
}

bool
lane_is_too_deep(struct engine *e, struct lane *l, unsigned more)
{
	struct result r;

	if (l->depth + l->nframe <= e->config.depth + more)
		return false;
	buf_clear(&l->why);
	buf_addf(&l->why, "calls are nested more than %u deep",
	    e->config.depth);
	r = result_made(ST_ERROR, buf_str(&l->why));
	lane_give(e, l, &r);
	return true;
}

void
lane_tell_start(struct engine *e, struct lane *l, const struct action *a)
{
	struct event ev = {
		.type = EVT_STEP_START, .lane = &l->info, .step = &a->step,
		.attempt = a->attempt, .past = a->past
	};

	if (a->step.label && !a->pause && !l->told)
		engine_emit(e, &ev);
	l->told = false;
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
		.verdict = verdict(&l->last, l->end), .tries = l->tries,
		/* one that was over is walked once more for its values */
		.past = l->info.past && l->info.past->over,
	};

	l->last.seconds = engine_now(e) - l->started;
	if (l->armed > 0)
		e->runner.wake(e->runner.arg, l->token, -1);
	if (e->config.facts && f->program->facts && !l->info.hidden) {
		buf_clear(&e->text);
		f->program->facts(f->state, &e->text);
		ev.facts = e->text.len > 0 ? &e->text : NULL;
	}
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

void
lane_end(struct engine *e, struct lane *l, const struct action *a)
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

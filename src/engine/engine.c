/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* how much one turn does before the loop looks round again */
enum { TURN_LANES = 4096, TURN_STARTS = 64 };

/* --- time and events ---------------------------------------------------- */

double
engine_now(struct engine *e)
{
	return e->runner.now(e->runner.arg);
}

void
engine_emit(struct engine *e, struct event *ev)
{
	if (e->config.bus->n == 0)
		return;
	ev->mono = engine_now(e);
	ev->wall = ev->mono + e->config.wall_offset;
	bus_emit(e->config.bus, ev);
}

void
engine_warn(struct engine *e, const struct lane *l, const char *text)
{
	struct event ev = {
		.type = EVT_WARN, .lane = l ? &l->info : NULL,
		.text = text, .len = strlen(text)
	};

	engine_emit(e, &ev);
}

/* --- the run ------------------------------------------------------------ */

struct engine *
engine_new(const struct engine_config *config)
{
	struct engine *e = mem_calloc(1, sizeof(*e));

	e->config = *config;
	e->free_slot = NOWHERE;
	e->ready_end = &e->ready;
	e->look_end = &e->look;
	link_init(&e->capped);
	return e;
}

void
engine_kinds(struct engine *e, const struct lane_kind *k, size_t n)
{
	e->kind = mem_calloc(n, sizeof(*e->kind));
	e->nkind = n;
	for (size_t i = 0; i < n; i++)
		e->kind[i].spec = k[i];
}

void
engine_channels(struct engine *e, const struct channel_spec *s, size_t n)
{
	e->channel = mem_calloc(n, sizeof(*e->channel));
	e->nchannel = n;
	for (size_t i = 0; i < n; i++) {
		struct channel *c = &e->channel[i];

		c->spec = s[i];
		c->capacity = s[i].capacity;
		c->receiving = mem_calloc(e->nkind, sizeof(*c->receiving));
		c->sending = mem_calloc(e->nkind, sizeof(*c->sending));
		link_init(&c->receivers);
		link_init(&c->senders);
	}
}

void
engine_limits(struct engine *e, const struct limit_spec *s, size_t n)
{
	e->limit = mem_calloc(n, sizeof(*e->limit));
	e->nlimit = n;
	for (size_t i = 0; i < n; i++)
		e->limit[i].spec = s[i];
}

uint32_t
engine_add(struct engine *e, const struct group_spec *spec)
{
	uint32_t n = (uint32_t)e->ngroup++;

	e->group = mem_grow(e->group, &e->group_cap, e->ngroup,
	    sizeof(struct group *));
	e->group[n] = mem_alloc(sizeof(struct group));
	group_init(e->group[n], spec);
	e->group[n]->number = n;
	e->open++;
	e->fill = true;
	return n;
}

void
engine_set_children(struct engine *e, int64_t n, const char *note)
{
	e->config.children = n;
	e->config.children_note = note;
}

static void
drain(struct engine *e)
{
	e->draining = true;
	e->fill = true;
}

void
engine_begin(struct engine *e, const struct runner *runner)
{
	struct event ev = {
		.type = EVT_RUN_START, .text = e->config.name,
		.len = strlen(e->config.name)
	};

	e->runner = *runner;
	e->began = engine_now(e);
	if (e->config.past)
		e->lane_id = e->config.past->lanes;
	if (e->config.past && e->config.past->draining)
		drain(e);
	if (e->config.past && e->config.past->stopping)
		engine_stop(e, 0);
	e->self = engine_token(e, SLOT_ENGINE, e);
	if (e->config.timeout > 0)
		e->runner.wake(e->runner.arg, e->self, e->config.timeout);
	engine_emit(e, &ev);
}

void
engine_ready(struct engine *e, struct lane *l)
{
	l->state = LANE_READY;
	engine_enlist(e, l);
}

void
engine_enlist(struct engine *e, struct lane *l)
{
	if (l->on_list)
		return;
	l->on_list = true;
	l->ready_next = NULL;
	*e->ready_end = l;
	e->ready_end = &l->ready_next;
}

/* that lanes wait for processes is told once */
static void
note(struct engine *e)
{
	if (e->noted || !e->config.children_note)
		return;
	e->noted = true;
	engine_warn(e, NULL, e->config.children_note);
}

void
engine_full(struct engine *e, int err)
{
	char text[160];

	if (err == EMFILE)
		note(e);
	if (e->noted)
		return;
	snprintf(text, sizeof(text), "with %lld commands at once the system "
	    "starts no more: %s; the others wait", (long long)e->children,
	    strerror(err));
	e->noted = true;
	engine_warn(e, NULL, text);
}

/* the lane that is the first to wait for a process, out of the queue */
static struct lane *
next_waiting(struct engine *e)
{
	while (e->waiting.n > 0) {
		struct queue_entry q = queue_pop(&e->waiting);
		struct lane *l = engine_lookup(e, q.token, SLOT_LANE);

		if (l && l->state == LANE_QUEUED && l->queued == q.order)
			return l;
		/* it was ended meanwhile */
	}
	return NULL;
}

static void
let_start(struct engine *e, struct lane *l)
{
	l->state = LANE_READY;
	e->pumping = true;
	lane_advance(e, l, NULL);
	e->pumping = false;
}

/* processes for lanes that wait, while there is room */
void
engine_pump(struct engine *e)
{
	while (e->waiting.n > 0 && e->starts > 0) {
		int64_t most = e->config.children;
		struct lane *l;

		if (e->room > 0 && e->room < most)
			most = e->room;
		if (e->children >= most) {
			note(e);
			return;
		}
		l = next_waiting(e);
		if (l)
			let_start(e, l);
	}
}

bool
engine_force(struct engine *e)
{
	struct lane *l = next_waiting(e);

	if (!l)
		return false;
	e->beyond = true;
	let_start(e, l);
	e->beyond = false;
	/* the system may not allow it, either */
	return l->state != LANE_QUEUED;
}

void
engine_committed(struct engine *e, token_t token)
{
	struct lane *l = engine_lookup(e, token, SLOT_LANE);

	/* it may have been ended meanwhile, and wait for another one */
	if (!l || l->commits == 0 || --l->commits > 0 ||
	    l->state != LANE_COMMITTING)
		return;
	engine_ready(e, l);
}

static void
run_lane(struct engine *e, struct lane *l)
{
	struct frame *due;

	if (l->state == LANE_CLOSING) {
		lane_close(e, l);
	} else if (l->has_last) {
		lane_advance(e, l, &l->last);
	} else if ((due = cut_due(e, l))) {
		struct result r = result_made(ST_CANCELLED, "");

		cut_tell(l, due, &r);
		lane_advance(e, l, &r);
	} else {
		lane_advance(e, l, NULL);
	}
}

/* nothing more happens unless one of the waiting lanes is let go on */
static bool
is_stuck(struct engine *e)
{
	return e->outside == 0 && e->lanes && !e->fill && !e->look &&
	    (e->waiting.n == 0 || e->starts > 0) && !limit_is_outside(e) &&
	    !steer_holds_any(e);
}

/* groups that may open, lanes that may begin or go on */
static void
arrange(struct engine *e)
{
	engine_pump(e);
	do {
		sub_update(e);
		if (e->check_limits)
			limit_check(e);
		if (e->fill) {
			e->fill = false;
			group_update(e);
			place_fill(e);
		}
	} while (e->fill || e->look || e->check_limits);
}

/* no lane is ready: is there one that can be made so? */
static bool
wake_up(struct engine *e)
{
	if (e->settle)
		stuck_settle(e);
	if (e->ready || e->fill || e->look)
		return true;
	return is_stuck(e) && stuck_resolve(e);
}

/* all is over: tell it */
static void
finish(struct engine *e)
{
	struct event ev = { .type = EVT_RUN_END };

	e->over = true;
	e->runner.wake(e->runner.arg, e->self, -1);
	/* what there is to say of it comes before the end is told */
	if (e->config.over)
		e->config.over(e->config.arg);
	engine_emit(e, &ev);
}

bool
engine_turn(struct engine *e)
{
	unsigned n = 0;

	if (e->over)
		return false;
	e->starts = TURN_STARTS;
	for (;;) {
		arrange(e);
		if (n >= TURN_LANES || (!e->ready && !wake_up(e)))
			break;
		/* one step of each lane, in the order they became ready */
		for (struct lane *l; (l = e->ready) && n < TURN_LANES; n++) {
			e->ready = l->ready_next;
			if (!e->ready)
				e->ready_end = &e->ready;
			l->on_list = false;
			run_lane(e, l);
		}
	}
	if (e->open == 0 && !e->lanes) {
		finish(e);
		return false;
	}
	return e->ready || (e->waiting.n > 0 && e->starts == 0);
}

void
engine_drain(struct engine *e)
{
	e->halted = true;
	drain(e);
}

void
engine_halt(struct engine *e, const char *why, bool stop)
{
	struct event ev = {
		.type = EVT_DRAIN, .text = why, .len = strlen(why),
		.name = stop ? "stop" : "drain",
	};

	if (stop ? !e->stopping : !e->draining)
		engine_emit(e, &ev);
	if (stop)
		engine_stop(e, 0);
	else
		drain(e);
}

/* `always` that is under way gets the time that is left for all */
static void
hurry(struct engine *e, struct lane *l)
{
	for (size_t i = 0; i < l->nframe; i++) {
		struct frame *f = &l->frame[i];
		double end = engine_now(e) + e->always_s;

		if (f->shield && (f->deadline <= 0 || f->deadline > end))
			f->deadline = end;
	}
	lane_arm(e, l);
}

/* is it being ended already, its frames not all told yet? */
static bool
is_ending(const struct lane *l)
{
	return l->frame[0].cut.seq && l->frame[0].told < l->frame[0].cut.seq;
}

void
engine_stop(struct engine *e, double always_s)
{
	bool again = e->stopping;

	drain(e);
	e->stopping = true;
	if (always_s > 0) {
		e->always_s = always_s;
		e->halted = true;
	}
	if (again && always_s <= 0)
		return;
	for (struct lane *l = e->lanes; l; l = l->next) {
		if (l->nframe == 0 || l->info.id == 0)
			continue;	/* not begun: its group drops it */
		if (always_s > 0)
			hurry(e, l);
		/* who was started by a lane is ended with it */
		if (!again && !is_ending(l) && !l->info.sub)
			cut_lane(e, l, 0, ST_CANCELLED, ST_CANCELLED, "");
	}
}

void
engine_kill(struct engine *e)
{
	engine_drain(e);
	e->stopping = e->killed = true;
	for (struct lane *l = e->lanes; l; l = l->next)
		if (l->nframe > 0 && l->info.id > 0)
			cut_lane(e, l, 0, ST_CANCELLED, ST_CANCELLED, "");
}

bool
engine_is_over(const struct engine *e)
{
	return e->over;
}

struct engine_totals
engine_totals(const struct engine *e)
{
	return e->totals;
}

static void
free_lanes(struct lane *l)
{
	while (l) {
		struct lane *next = l->next;

		while (l->nframe > 0) {
			struct frame *f = &l->frame[--l->nframe];

			f->program->end(f->state);
		}
		while (l->works) {
			struct work *w = l->works;

			l->works = w->next;
			flow_free(w);
			free(w);
		}
		while (l->holding) {
			struct holding *h = l->holding;

			l->holding = h->next;
			free(h);
		}
		while (l->child) {
			struct group *g = l->child;

			l->child = g->sibling;
			group_fini(g);
			free(g);
		}
		if (l->state == LANE_WAITING && l->waits == WAIT_LIMITS)
			free(l->on.wanted);
		free(l->frame);
		stored_fini(l->kept);
		free(l->kept);
		buf_fini(&l->name);
		buf_fini(&l->text);
		buf_fini(&l->why);
		free(l);
		l = next;
	}
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	clients_fini(e);
	free_lanes(e->lanes);
	free_lanes(e->pool);
	while (e->work_pool) {
		struct work *w = e->work_pool;

		e->work_pool = w->next;
		free(w);
	}
	for (size_t i = 0; i < e->ngroup; i++) {
		group_fini(e->group[i]);
		free(e->group[i]);
	}
	for (size_t i = 0; i < e->nchannel; i++)
		channel_fini(&e->channel[i]);
	for (size_t i = 0; i < e->nlimit; i++)
		free(e->limit[i].queue.entry);
	free(e->channel);
	free(e->limit);
	free(e->cap);
	free(e->kind);
	buf_fini(&e->text);
	free(e->group);
	free(e->waiting.entry);
	free(e->slot);
	free(e);
}

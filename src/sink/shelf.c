/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/action.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/rejoin.h"
#include "sink/shelf.h"

/* among the lines of a lane: here those of one that it started stand */
#define KIND_SUB UINT_MAX

/* a lane of which something must be remembered */
struct shelf_lane {
	struct shelf *shelf;
	uint32_t id, index, group;
	bool live;		/* its lines need not wait */
	bool ended;		/* waits for its turn only */
	bool ordered;		/* takes part in the order */
	bool within;		/* is shown with the lane that started it */
	bool aside;		/* hidden, or started by another one */
	bool quiet;		/* a quiet step runs: */
	bool through;		/* … whose lines could not be kept */
	uint32_t step;
	uint32_t subs;		/* lanes that it started, under way */
	struct hold lines, quiet_lines;
	struct shelf_lane *next_id, *next_place;
	char tag[];
};

static size_t
slot_of(const struct shelf *s, uint64_t key)
{
	return (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & (s->nslot - 1);
}

static uint64_t
place_key(uint32_t group, uint32_t index)
{
	return (uint64_t)group << 32 | index;
}

static struct shelf_lane *
find(const struct shelf *s, uint32_t id)
{
	struct shelf_lane *l = s->n ? s->by_id[slot_of(s, id)] : NULL;

	while (l && l->id != id)
		l = l->next_id;
	return l;
}

static struct shelf_lane *
find_place(const struct shelf *s, uint32_t group, uint32_t index)
{
	struct shelf_lane *l;

	if (s->n == 0)
		return NULL;
	l = s->by_place[slot_of(s, place_key(group, index))];
	while (l && (l->group != group || l->index != index || !l->ordered))
		l = l->next_place;
	return l;
}

static void
chain(struct shelf *s, struct shelf_lane *l)
{
	size_t i = slot_of(s, l->id);
	size_t k = slot_of(s, place_key(l->group, l->index));

	l->next_id = s->by_id[i];
	s->by_id[i] = l;
	l->next_place = s->by_place[k];
	s->by_place[k] = l;
}

static void
rehash(struct shelf *s)
{
	struct shelf_lane **old = s->by_id, *next;
	size_t n = s->nslot;

	free(s->by_place);
	s->nslot = n ? n * 2 : 64;
	s->by_id = mem_calloc(s->nslot, sizeof(struct shelf_lane *));
	s->by_place = mem_calloc(s->nslot, sizeof(struct shelf_lane *));
	for (size_t i = 0; i < n; i++) {
		for (struct shelf_lane *l = old[i]; l; l = next) {
			next = l->next_id;
			chain(s, l);
		}
	}
	free(old);
}

static uint32_t
group_of(struct shelf *s, const struct lane_info *info)
{
	const char *name = info->group ? info->group : "";
	uint32_t g = map_add(&s->groups, name, strlen(name));
	size_t had = s->turn_cap;

	s->turn = mem_grow(s->turn, &s->turn_cap, (size_t)g + 1,
	    sizeof(*s->turn));
	for (size_t i = had; i < s->turn_cap; i++)
		s->turn[i] = 1;
	return g;
}

static struct shelf_lane *
lane_new(struct shelf *s, const struct lane_info *info)
{
	size_t len = strlen(info->tag) + 1;
	struct shelf_lane *l = mem_calloc(1, sizeof(*l) + len);

	l->shelf = s;
	l->id = info->id;
	l->index = info->order;
	l->group = s->order || s->piece ? group_of(s, info) : 0;
	l->aside = info->hidden || info->sub;
	l->ordered = s->order && !info->hidden && !info->sub;
	memcpy(l->tag, info->tag, len);
	l->live = !s->group && !(s->order && info->sub);
	if (l->ordered && l->index > s->turn[l->group])
		l->live = false;
	if (s->n >= s->nslot)
		rehash(s);
	chain(s, l);
	s->n++;
	return l;
}

static void
lane_free(struct shelf *s, struct shelf_lane *l)
{
	struct shelf_lane **p = &s->by_id[slot_of(s, l->id)];

	while (*p != l)
		p = &(*p)->next_id;
	*p = l->next_id;
	p = &s->by_place[slot_of(s, place_key(l->group, l->index))];
	while (*p != l)
		p = &(*p)->next_place;
	*p = l->next_place;
	s->n--;
	hold_drop(s->store, &l->lines);
	hold_drop(s->store, &l->quiet_lines);
	free(l);
}

static void
trouble(struct shelf *s, int error)
{
	if (!s->troubled)
		s->trouble(s->arg, error, false);
	s->troubled = true;
}

struct emptying {
	struct shelf_lane *lane;
	hold_fn *fn;
	struct rejoin rejoin;
};

static void
on_kept(void *arg, unsigned kind, const char *text, size_t len)
{
	struct emptying *e = arg;

	if (kind == KIND_SUB)
		e->fn(e->lane, kind, text, len);
	else
		rejoin_line(&e->rejoin, kind, text, len, e->fn, e->lane);
}

/* hand over a hold's lines */
static void
empty(struct shelf *s, struct hold *h, hold_fn *fn, struct shelf_lane *l)
{
	struct emptying e = { .lane = l, .fn = fn };

	if (hold_show(s->store, h, on_kept, &e) == -1)
		s->trouble(s->arg, errno, true);
	rejoin_end(&e.rejoin, fn, l);
}

static void show(struct shelf *, struct shelf_lane *);

/* a lane that another one has started, at its place among that one's lines */
static void
show_sub(struct shelf *s, uint32_t id)
{
	struct shelf_lane *l = find(s, id);

	if (!l)
		return;		/* it had nothing to show */
	show(s, l);
	l->within = false;
	l->live = !s->group;
	if (l->ended)
		lane_free(s, l);
}

static void
on_shown(void *arg, unsigned kind, const char *text, size_t len)
{
	struct shelf_lane *l = arg;
	struct shelf *s = l->shelf;
	uint32_t id;

	if (kind != KIND_SUB) {
		s->show(s->arg, l->id, l->tag, kind, text, len);
		return;
	}
	memcpy(&id, text, sizeof(id));
	show_sub(s, id);
}

static void
show(struct shelf *s, struct shelf_lane *l)
{
	empty(s, &l->lines, on_shown, l);
}

/* the same, for a lane that is shown by itself */
static void
show_piece(struct shelf *s, struct shelf_lane *l)
{
	struct shelf_piece p = {
		.tag = l->tag, .group = l->group, .index = l->index,
		.aside = l->aside,
	};

	if (s->piece && !l->live)
		s->piece(s->arg, &p, false);
	show(s, l);
	if (s->piece && !l->live)
		s->piece(s->arg, &p, true);
}

/* a line of a lane; what cannot be kept ends the waiting */
static void
pass(void *arg, unsigned kind, const char *text, size_t len)
{
	struct shelf_lane *l = arg;
	struct shelf *s = l->shelf;

	if (!l->live) {
		if (hold_add(s->store, &l->lines, kind, text, len) == 0)
			return;
		trouble(s, errno);
		show(s, l);
		l->live = true;
	}
	on_shown(l, kind, text, len);
}

void
shelf_start(struct shelf *s, const struct lane_info *info)
{
	struct shelf_lane *l, *by;

	if (shelf_is_open(s) || find(s, info->id))
		return;
	l = lane_new(s, info);
	by = info->sub ? find(s, info->parent) : NULL;
	/* in order, they have their places among its lines: so these wait */
	if (by && s->order) {
		by->subs++;
		by->live = false;
	}
	/* if that one's lines wait, these wait among them */
	l->within = by && !by->live && hold_add(s->store, &by->lines,
	    KIND_SUB, (const char *)&l->id, sizeof(l->id)) == 0;
}

/* it is its turn: unless it is to come in one piece, it goes on live */
static void
go_live(struct shelf *s, struct shelf_lane *l)
{
	if (s->group || l->subs > 0)
		return;
	show(s, l);
	l->live = true;
}

/* a lane that another one has started is over */
static void
leave(struct shelf *s, uint32_t parent)
{
	struct shelf_lane *by = find(s, parent);

	if (by && s->order && by->subs > 0 && --by->subs == 0 &&
	    by->ordered && by->index <= s->turn[by->group])
		go_live(s, by);
}

/* a lane has ended: those behind it move up */
static void
move_up(struct shelf *s, uint32_t group)
{
	struct shelf_lane *l;

	while ((l = find_place(s, group, s->turn[group]))) {
		if (!l->ended) {
			go_live(s, l);
			return;
		}
		show(s, l);
		lane_free(s, l);
		s->turn[group]++;
	}
}

void
shelf_end(struct shelf *s, const struct lane_info *info)
{
	struct shelf_lane *l = find(s, info->id);

	if (!l)
		return;
	if (l->within && l->lines.mem.len + l->lines.len > 0) {
		l->ended = true;
		leave(s, info->parent);
		return;
	}
	if (l->ordered && l->index >= s->turn[l->group]) {
		l->ended = true;
		move_up(s, l->group);
		return;
	}
	show_piece(s, l);
	lane_free(s, l);
	if (info->sub)
		leave(s, info->parent);
}

void
shelf_step_start(struct shelf *s, const struct lane_info *info,
    const struct step_ref *step)
{
	struct shelf_lane *l = find(s, info->id);

	if (!step->quiet)
		return;
	if (!l)
		l = lane_new(s, info);
	if (l->quiet && l->step == step->id)
		return;		/* the next try */
	hold_drop(s->store, &l->quiet_lines);
	l->quiet = true;
	l->through = false;
	l->step = step->id;
}

static bool
has_failed(const struct result *r)
{
	return r->status != ST_OK && r->status != ST_SKIPPED &&
	    r->status != ST_CANCELLED;
}

/* the last try of a step is over */
void
shelf_step_end(struct shelf *s, const struct lane_info *info,
    const struct step_ref *step, const struct result *result)
{
	struct shelf_lane *l = step->quiet ? find(s, info->id) : NULL;

	if (!l || !l->quiet || l->step != step->id)
		return;
	l->quiet = false;
	if (!has_failed(result))
		hold_drop(s->store, &l->quiet_lines);
	else
		empty(s, &l->quiet_lines, pass, l);
}

/* true: the line was kept back, or is that of a step that ended well */
static bool
keep_quiet(struct shelf *s, struct shelf_lane *l, const struct step_ref *step,
    unsigned kind, const char *text, size_t len)
{
	if (!l || !l->quiet || l->step != step->id)
		return true;
	if (l->through)
		return false;
	if (hold_add(s->store, &l->quiet_lines, kind, text, len) == 0)
		return true;
	l->through = true;
	trouble(s, errno);
	empty(s, &l->quiet_lines, pass, l);
	return false;
}

void
shelf_line(struct shelf *s, const struct lane_info *info,
    const struct step_ref *step, unsigned kind, const char *text, size_t len)
{
	struct shelf_lane *l = find(s, info->id);

	if (step && step->quiet && keep_quiet(s, l, step, kind, text, len))
		return;
	if (l)
		pass(l, kind, text, len);
	else
		s->show(s->arg, info->id, info->tag, kind, text, len);
}

static int
by_place(const void *pa, const void *pb)
{
	const struct shelf_lane *a = *(struct shelf_lane *const *)pa;
	const struct shelf_lane *b = *(struct shelf_lane *const *)pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

void
shelf_flush(struct shelf *s)
{
	struct shelf_lane **all;
	size_t n = 0;

	if (s->n == 0)
		return;
	all = mem_calloc(s->n, sizeof(struct shelf_lane *));
	for (size_t i = 0; i < s->nslot; i++)
		for (struct shelf_lane *l = s->by_id[i]; l; l = l->next_id)
			all[n++] = l;
	qsort(all, n, sizeof(struct shelf_lane *), by_place);
	/* those within others go with them */
	for (size_t i = 0; i < n; i++) {
		if (all[i]->within)
			all[i] = NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!all[i])
			continue;
		show_piece(s, all[i]);
		lane_free(s, all[i]);
	}
	free(all);
}

void
shelf_fini(struct shelf *s)
{
	shelf_flush(s);
	free(s->by_id);
	free(s->by_place);
	free(s->turn);
	map_fini(&s->groups);
}

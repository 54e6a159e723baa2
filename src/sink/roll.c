/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/roll.h"

/* of the list a lane comes from, and within it */
struct spot {
	uint32_t group, order;
	uint32_t name;
};

struct list {
	struct map names;
	struct spot *spot;	/* by number of the name: its first one */
	size_t cap;
};

struct roll {
	struct roll_options o;
	struct map groups;	/* in the order in which they began */
	struct list list[ROLL_KINDS];
};

static bool
is_before(const struct spot *a, const struct spot *b)
{
	return a->group != b->group ? a->group < b->group :
	    a->order < b->order;
}

static uint32_t
group_of(struct roll *r, const struct lane_info *l)
{
	const char *name = l->group ? l->group : "";

	return map_add(&r->groups, name, strlen(name));
}

static const char *
name_of(const struct lane_info *l)
{
	if (l->host)
		return l->host;
	return *l->tag ? l->tag : l->name;
}

static void
note(struct roll *r, enum roll_kind kind, const struct lane_info *l)
{
	struct list *list = &r->list[kind];
	const char *name = name_of(l);
	struct spot spot = { group_of(r, l), l->order, 0 };
	uint32_t had = list->names.n;

	if (!r->o.want[kind])
		return;
	spot.name = map_add(&list->names, name, strlen(name));
	list->spot = mem_grow(list->spot, &list->cap,
	    (size_t)spot.name + 1, sizeof(*list->spot));
	if (spot.name == had || is_before(&spot, &list->spot[spot.name]))
		list->spot[spot.name] = spot;
}

static bool
is_unreached(const struct result *r)
{
	return r && (r->status == ST_UNREACHABLE || r->status == ST_AUTH ||
	    r->status == ST_HOSTKEY || r->status == ST_LOST);
}

static void
lane_end(struct roll *r, const struct event *ev)
{
	if (ev->verdict == LANE_OK || ev->verdict == LANE_RESCUED)
		note(r, ROLL_OK, ev->lane);
	if (ev->verdict != LANE_FAILED)
		return;
	note(r, ROLL_FAILED, ev->lane);
	if (is_unreached(ev->result))
		note(r, ROLL_UNREACHED, ev->lane);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct roll *r = arg;

	if (!ev->lane || ev->lane->hidden || ev->lane->sub)
		return 0;
	if (ev->type == EVT_LANE_START)
		group_of(r, ev->lane);
	if (ev->type == EVT_LANE_END && !(ev->past && r->o.retry))
		lane_end(r, ev);
	return 0;
}

static int
by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	if (is_before(x, y))
		return -1;
	return is_before(y, x) || x->name > y->name ? 1 : -1;
}

void
roll_add(const struct roll *r, enum roll_kind kind, struct buf *b)
{
	const struct list *list = &r->list[kind];
	struct spot *all;

	if (list->names.n == 0)
		return;
	all = mem_alloc(list->names.n * sizeof(*all));
	memcpy(all, list->spot, list->names.n * sizeof(*all));
	qsort(all, list->names.n, sizeof(*all), by_spot);
	for (uint32_t i = 0; i < list->names.n; i++) {
		buf_adds(b, list->names.name[all[i].name]);
		buf_addc(b, '\n');
	}
	free(all);
}

struct roll *
roll_new(const struct roll_options *o)
{
	struct roll *r = mem_calloc(1, sizeof(*r));

	r->o = *o;
	return r;
}

struct sink
roll_sink(struct roll *r)
{
	return (struct sink){
		.name = "lists of lanes", .arg = r, .past = true,
		.event = on_event,
	};
}

void
roll_free(struct roll *r)
{
	if (!r)
		return;
	for (unsigned i = 0; i < ROLL_KINDS; i++) {
		map_fini(&r->list[i].names);
		free(r->list[i].spot);
	}
	map_fini(&r->groups);
	free(r);
}

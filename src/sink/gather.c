/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/program.h"
#include "sink/fold.h"
#include "sink/gather.h"
#include "sink/known.h"

enum {
	SLOTS = 2 * GATHER_LINES,
	TAG_MAX = 40		/* bytes of folded names before a line */
};

static struct known_lane *
lane_of(struct gather *g, const struct lane_info *info)
{
	struct known_lane *l = known_add(&g->lanes, info);
	size_t had = g->behind_cap;

	g->behind = mem_grow(g->behind, &g->behind_cap, (size_t)l->group + 1,
	    sizeof(*g->behind));
	for (size_t i = had; i < g->behind_cap; i++)
		g->behind[i] = 0;
	return l;
}

/* --- lines -------------------------------------------------------------- */

static struct gather_line *
line_of(const struct gather *g, uint64_t number)
{
	return &g->line[number & (GATHER_LINES - 1)];
}

/* its last line was shown: it may still join any that waits */
static bool
is_behind(const struct gather *g, const struct known_lane *l)
{
	return l->last < g->first;
}

/* a lane in work counts at its last line, or for those that are behind */
static void
count(struct gather *g, struct known_lane *l, uint32_t by)
{
	if (!l->working)
		return;
	if (is_behind(g, l))
		g->behind[l->group] += by;
	else
		line_of(g, l->last)->last_of += by;
}

/* a byte more than the text, so that a full ring is not an empty one */
static bool
text_fits(const struct gather *g, size_t len, uint32_t *at)
{
	uint32_t from, to = g->text_end;

	*at = 0;
	if (g->first == g->end)
		return true;
	from = line_of(g, g->first)->at;
	if (to <= from) {
		*at = to;
		return len < from - to;
	}
	if (len < GATHER_BYTES - to) {
		*at = to;
		return true;
	}
	return len < from;
}

/* --- equal lines -------------------------------------------------------- */

static bool
is_equal(const struct gather *g, const struct gather_line *a,
    const struct gather_line *b, const char *text)
{
	return a->hash == b->hash && a->len == b->len &&
	    a->kind == b->kind && a->group == b->group &&
	    (a->len == 0 || !memcmp(g->text + a->at, text, a->len));
}

/* the number of the oldest one that is equal, in its place */
static uint64_t *
oldest(const struct gather *g, const struct gather_line *want,
    const char *text)
{
	uint64_t *p = &g->slot[want->hash & (SLOTS - 1)];

	while (*p && !is_equal(g, line_of(g, *p), want, text))
		p = &line_of(g, *p)->chain;
	return p;
}

/* an equal line behind the lane's last one; 0: there is none */
static uint64_t
match(const struct gather *g, const struct known_lane *l, uint64_t first,
    const struct gather_line *want, const char *text)
{
	uint64_t n = first;

	if (!is_behind(g, l) && is_equal(g, line_of(g, l->last), want, text))
		return line_of(g, l->last)->later;
	for (int i = 0; i < GATHER_SAME && n; i++) {
		if (n > l->last)
			return n;
		n = line_of(g, n)->later;
	}
	n = first ? line_of(g, first)->newest : 0;
	return n > l->last ? n : 0;
}

/* --- joins -------------------------------------------------------------- */

static void
join(struct gather *g, struct known_lane *l, uint64_t number)
{
	struct gather_line *e = line_of(g, number);
	uint32_t k = g->free_join;
	uint64_t id = l->id * 0x9e3779b97f4a7c15u;

	if (k) {
		g->free_join = g->join[k - 1].next;
	} else {
		g->join = mem_grow(g->join, &g->join_cap,
		    (size_t)g->njoin + 1, sizeof(*g->join));
		k = ++g->njoin;
	}
	g->join[k - 1] = (struct gather_join){ l, e->join };
	g->nwait++;
	e->join = k;
	e->joins++;
	e->who += (id ^ id >> 29) * 0xff51afd7ed558ccdu;
	l->joins++;
	count(g, l, UINT32_MAX);	/* one less */
	l->last = number;
	count(g, l, 1);
}

static void
leave(struct gather *g, struct gather_line *e)
{
	for (uint32_t k = e->join, next; k; k = next) {
		struct gather_join *j = &g->join[k - 1];

		next = j->next;
		if (--j->lane->joins == 0 && j->lane->ended)
			known_drop(&g->lanes, j->lane);
		j->next = g->free_join;
		g->free_join = k;
		g->nwait--;
	}
}

/* --- the oldest line is shown ------------------------------------------- */

static void
name(struct gather *g, const struct gather_line *e)
{
	const char **names;
	size_t n = 0;

	if (e->who == g->who && e->joins == g->joins)
		return;
	names = mem_calloc(e->joins, sizeof(*names));
	for (uint32_t k = e->join; k; k = g->join[k - 1].next)
		names[n++] = g->join[k - 1].lane->tag;
	buf_clear(&g->tag);
	fold_text(&g->tag, names, n, TAG_MAX);
	free(names);
	g->who = e->who;
	g->joins = e->joins;
	g->serial = (g->serial + 1) | 1u << 31;
}

static void
show(struct gather *g, const struct gather_line *e)
{
	const struct known_lane *l = g->join[e->join - 1].lane;
	uint32_t id = l->id;
	const char *tag = l->tag;

	if (e->joins > 1) {
		name(g, e);
		id = g->serial;
		tag = buf_str(&g->tag);
	}
	g->show(g->arg, id, tag, e->kind, g->text + e->at, e->len);
	g->shown++;
}

/* the oldest one goes */
static void
take_out(struct gather *g)
{
	struct gather_line *e = line_of(g, g->first);
	uint64_t *p = &g->slot[e->hash & (SLOTS - 1)];

	while (*p != g->first)
		p = &line_of(g, *p)->chain;
	if (e->later) {
		line_of(g, e->later)->newest = e->newest;
		line_of(g, e->later)->chain = e->chain;
		*p = e->later;
	} else {
		*p = e->chain;
	}
	leave(g, e);
	g->behind[e->group] += e->last_of;
	g->first++;
}

static void
show_first(struct gather *g)
{
	show(g, line_of(g, g->first));
	take_out(g);
}

/* those that nobody can join any more, or that have waited long enough */
static void
drain(struct gather *g)
{
	while (g->first < g->end) {
		const struct gather_line *e = line_of(g, g->first);

		if (g->behind[e->group] > 0 && g->now - e->came < GATHER_S)
			break;
		show_first(g);
	}
}

/* --- what happens ------------------------------------------------------- */

static void
ready(struct gather *g)
{
	if (g->line)
		return;
	g->line = mem_calloc(GATHER_LINES, sizeof(*g->line));
	g->slot = mem_calloc(SLOTS, sizeof(*g->slot));
	g->text = mem_alloc(GATHER_BYTES);
	g->first = g->end = 1;
}

void
gather_start(struct gather *g, const struct lane_info *info)
{
	ready(g);
	lane_of(g, info);
}

void
gather_work(struct gather *g, const struct lane_info *info, bool on)
{
	struct known_lane *l;

	ready(g);
	l = on ? lane_of(g, info) : known_find(&g->lanes, info->id);
	if (!l || l->working == on)
		return;
	if (on) {
		l->working = true;
		count(g, l, 1);
		return;
	}
	count(g, l, UINT32_MAX);
	l->working = false;
	drain(g);
}

void
gather_end(struct gather *g, const struct lane_info *info)
{
	struct known_lane *l;

	gather_work(g, info, false);
	l = known_find(&g->lanes, info->id);
	if (!l)
		return;
	l->ended = true;
	if (l->joins == 0)
		known_drop(&g->lanes, l);
}

static uint64_t
append(struct gather *g, const struct gather_line *want, uint32_t at,
    const char *text, uint64_t *place)
{
	uint64_t number = g->end++;
	struct gather_line *e = line_of(g, number);

	*e = *want;
	e->at = at;
	e->newest = number;
	if (e->len)
		memcpy(g->text + at, text, e->len);
	g->text_end = at + e->len + 1;
	if (*place) {
		struct gather_line *o = line_of(g, *place);

		line_of(g, o->newest)->later = number;
		o->newest = number;
	} else {
		*place = number;
	}
	return number;
}

void
gather_add(struct gather *g, const struct lane_info *info, unsigned kind,
    const char *text, size_t len, double now)
{
	struct gather_line want = {
		.len = (uint32_t)len, .kind = kind, .came = now,
	};
	struct known_lane *l;
	uint64_t *place, number;
	uint32_t at;

	ready(g);
	g->now = now;
	l = lane_of(g, info);
	if (len > GATHER_BYTES / 2) {
		gather_flush(g);
		g->show(g->arg, l->id, l->tag, kind, text, len);
		g->shown++;
		return;
	}
	want.group = l->group;
	want.hash = map_hash(text, len) ^ kind * 0x9e3779b97f4a7c15u ^
	    l->group;
	while (g->nwait >= GATHER_JOINS)
		show_first(g);
	/* it is wanted on, whatever is shown here */
	l->joins++;
	place = oldest(g, &want, text);
	number = match(g, l, *place, &want, text);
	if (!number) {
		while (g->end - g->first == GATHER_LINES ||
		    !text_fits(g, len, &at))
			show_first(g);
		place = oldest(g, &want, text);
		number = append(g, &want, at, text, place);
	}
	join(g, l, number);
	l->joins--;
	drain(g);
}

void
gather_tick(struct gather *g, double now)
{
	uint64_t n = g->end;

	/* those that came since the last time */
	while (n > g->first && line_of(g, n - 1)->seen == 0)
		line_of(g, --n)->seen = now;
	while (g->first < g->end && now - line_of(g, g->first)->seen >=
	    GATHER_S)
		show_first(g);
}

void
gather_flush(struct gather *g)
{
	while (g->first < g->end)
		show_first(g);
}

void
gather_drop(struct gather *g)
{
	while (g->first < g->end)
		take_out(g);
}

void
gather_fini(struct gather *g)
{
	gather_drop(g);
	known_fini(&g->lanes);
	free(g->line);
	free(g->slot);
	free(g->text);
	free(g->join);
	free(g->behind);
	buf_fini(&g->tag);
}

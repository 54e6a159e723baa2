/* SPDX-License-Identifier: ISC */
/* the journal, from its first record to its last */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "journal/member.h"

/* a journal with such a number was not written by us */
enum { LANES_MAX = 1 << 27 };

static struct chronicle *
lane_numbered(struct journal_past *p, uint32_t id)
{
	size_t have = p->nlane;
	struct chronicle *c;

	if (id >= have) {
		p->lane = mem_grow(p->lane, &p->nlane, (size_t)id + 1,
		    sizeof(struct chronicle *));
		memset(p->lane + have, 0,
		    (p->nlane - have) * sizeof(struct chronicle *));
	}
	c = p->lane[id];
	if (!c) {
		c = p->lane[id] = arena_alloc(&p->arena, sizeof(*c));
		c->is.id = id;
		c->tail = &c->first;
	}
	if (id > p->is.lanes)
		p->is.lanes = id;
	return c;
}

static int
damaged(const struct journal_past *p, const struct record *r,
    struct buf *why)
{
	buf_addf(why, "%s: line %zu is damaged: a %s without what belongs to "
	    "it", p->journal->path, r->line, record_name(r->type));
	return -1;
}

/* one more of the user's lanes */
static void
count(struct journal_past *p, uint32_t group)
{
	size_t have = p->ngroup;

	if (group >= have) {
		p->group = mem_grow(p->group, &p->ngroup, (size_t)group + 1,
		    sizeof(*p->group));
		memset(p->group + have, 0,
		    (p->ngroup - have) * sizeof(*p->group));
	}
	p->group[group]++;
	p->begun++;
}

/* started by what its parent did after its end: so is all of it */
static bool
is_void(const struct journal_past *p, const struct chronicle *c,
    unsigned session)
{
	return c->parent < p->nlane && p->lane[c->parent] &&
	    p->lane[c->parent]->cut == session;
}

static void
note_sub(struct journal_past *p, struct chronicle *c, const struct member *by,
    unsigned session)
{
	struct record step = { .text = "{}", .len = 2 };

	if (by->value) {
		step.text = by->value;
		step.len = by->len;
	}
	c->group = past_group_below(p, c->parent,
	    record_text(&step, "in", &p->arena, NULL),
	    record_text(&step, "step", &p->arena, NULL),
	    (uint32_t)record_int(&step, "entry", 0), true);
	if (is_void(p, c, session))
		c->cut = session;
}

static int
note_lane(struct journal_past *p, struct chronicle *c, const struct record *r,
    struct buf *why)
{
	struct member m = { 0 }, by = { 0 };
	const char *sequence = NULL;
	uint32_t round = 1;

	if (c->began)
		return 0;
	while (record_member(r, &m)) {
		if (member_is(&m, "name"))
			c->name = record_text(r, "name", &p->arena, &c->len);
		else if (member_is(&m, "sequence"))
			sequence = record_text(r, "sequence", &p->arena, NULL);
		else if (member_is(&m, "round"))
			round = (uint32_t)member_digits(&m, 1);
		else if (member_is(&m, "parent"))
			c->parent = (uint32_t)member_digits(&m, 0);
		else if (member_is(&m, "by"))
			by = m;
		else if (member_is(&m, "hidden"))
			c->hidden = true;
	}
	if (!c->name || !sequence)
		return damaged(p, r, why);
	c->began = true;
	if (c->parent > 0) {
		note_sub(p, c, &by, r->session);
		return 0;
	}
	c->group = past_group(p, sequence, round, true);
	if (!c->hidden)
		count(p, c->group);
	return 0;
}

/* the end of the lane, or of what it was doing, was not its own */
static bool
is_cut(const struct record *r)
{
	struct record cut = { 0 };

	if (!memmem(r->text, r->len, "\"result\":\"cancelled\"", 20))
		return false;
	cut.text = record_raw(r, "cut", &cut.len);
	return record_is(cut.text ? &cut : r, "result", "cancelled");
}

static void
keep(struct journal_past *p, struct chronicle *c, const struct record *r,
    bool cut)
{
	struct mention *m = arena_alloc(&p->arena, sizeof(*m));

	m->record = *r;
	m->cut = cut;
	*c->tail = m;
	c->tail = &m->next;
}

static int
note_step_end(struct journal_past *p, struct chronicle *c,
    const struct record *r, struct buf *why)
{
	if (is_cut(r)) {
		c->cut = r->session;
		if (r->type == REC_STEP_END)
			keep(p, c, r, true);
		return 0;
	}
	keep(p, c, r, false);
	if (memmem(r->text, r->len, "\"once\":true", 11) &&
	    past_note_once(p, c, r, why) == -1)
		return -1;
	if (memmem(r->text, r->len, "\"took\":{", 8) &&
	    past_note_took(p, r, why) == -1)
		return -1;
	return 0;
}

/* what the job ended itself is as much over as what ended by itself */
static void
note_lane_end(const struct journal_past *p, struct chronicle *c,
    const struct record *r)
{
	if (!p->is.stopping && (c->cut == r->session ||
	    record_is(r, "verdict", "cancelled")))
		return;
	c->is.over = true;
	c->end = *r;
}

/* it goes on in every lane that is named */
static int
note_barrier(struct journal_past *p, const struct record *r, struct buf *why)
{
	json_t *json = record_json(r, why), *id;
	size_t i;

	if (!json)
		return -1;
	json_array_foreach(json_object_get(json, "lanes"), i, id) {
		json_int_t n = json_integer_value(id);
		struct chronicle *c;

		if (n < 1 || (uint64_t)n >= p->nlane)
			continue;
		c = p->lane[n];
		if (c && c->cut != r->session)
			keep(p, c, r, false);
	}
	json_decref(json);
	return 0;
}

static int
note_of_lane(struct journal_past *p, const struct record *r, struct buf *why)
{
	struct chronicle *c;

	if (r->lane > LANES_MAX)
		return damaged(p, r, why);
	c = lane_numbered(p, r->lane);
	if (r->type == REC_LANE_START)
		return note_lane(p, c, r, why);
	/* that something was begun is true even so */
	if (r->type == REC_STEP_START) {
		keep(p, c, r, c->cut == r->session);
		return 0;
	}
	if (r->type == REC_LANE_END) {
		note_lane_end(p, c, r);
		return 0;
	}
	if (c->cut == r->session) {
		if (r->type == REC_SENT)
			past_note_void(p, r);
		return 0;
	}
	switch (r->type) {
	case REC_STEP_END:
	case REC_CUT:
		return note_step_end(p, c, r, why);
	case REC_SENT:
	case REC_CLEARED:
	case REC_CLOSED:
		keep(p, c, r, false);
		/* fall through */
	case REC_TAKEN:
		return past_note_post(p, r, why);
	default:
		return 0;
	}
}

static int
note(struct journal_past *p, const struct record *r, struct buf *why)
{
	if (r->lane > 0)
		return note_of_lane(p, r, why);
	switch (r->type) {
	case REC_RUN:
	case REC_RESUME:
		p->job = *r;
		return 0;
	case REC_BARRIER:
		return note_barrier(p, r, why);
	case REC_DRAIN:
		p->is.draining = true;
		p->is.stopping |= record_is_true(r, "stop");
		return 0;
	case REC_SENT:
	case REC_TAKEN:
	case REC_CLEARED:
	case REC_CLOSED:
		return past_note_post(p, r, why);
	default:
		return 0;
	}
}

/* its steps may be asked for: it goes on, or brings variables */
static bool
is_wanted(const struct journal_past *p, const struct chronicle *c)
{
	while (c->parent > 0 && c->parent < c->is.id && p->lane[c->parent])
		c = p->lane[c->parent];
	return !c->is.over || c->hidden;
}

int
past_read(struct journal_past *p, struct buf *why)
{
	struct record r = { 0 };
	int rc;

	while ((rc = journal_next(p->journal, &r, why)) == 1)
		if (note(p, &r, why) == -1)
			return -1;
	if (rc == -1)
		return -1;
	for (size_t i = 0; i < p->nlane; i++)
		if (p->lane[i] && is_wanted(p, p->lane[i]) &&
		    past_deeds(p, p->lane[i], why) == -1)
			return -1;
	return 0;
}

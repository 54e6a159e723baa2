/* SPDX-License-Identifier: ISC */
/* what became of single steps */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "journal/member.h"
#include "journal/result.h"

uint32_t
past_step_number(struct journal_past *p, const char *in, const char *identity,
    bool add)
{
	buf_clear(&p->key);
	buf_addf(&p->key, "%s\n%s", in ? in : "", identity ? identity : "");
	return add ? map_add(&p->steps, p->key.data, p->key.len) :
	    map_find(&p->steps, p->key.data, p->key.len);
}

/* --- the table ----------------------------------------------------------------- */

static size_t
place(size_t n, uint32_t lane, uint32_t step, uint32_t entry,
    unsigned attempt)
{
	uint64_t h = lane;

	h = (h ^ step) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 29 ^ entry) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 32 ^ attempt) * 0x94d049bb133111ebu;
	return (h ^ h >> 31) & (n - 1);
}

struct deed *
past_deed(const struct deeds *t, uint32_t lane, uint32_t step, uint32_t entry,
    unsigned attempt)
{
	struct deed *d;

	if (t->n == 0)
		return NULL;
	d = t->slot[place(t->nslot, lane, step, entry, attempt)];
	while (d && (d->lane != lane || d->step != step ||
	    d->entry != entry || d->attempt != attempt))
		d = d->next;
	return d;
}

static void
put(struct deeds *t, struct deed *d)
{
	struct deed **slot = &t->slot[place(t->nslot, d->lane, d->step,
	    d->entry, d->attempt)];

	d->next = *slot;
	*slot = d;
}

static void
make_room(struct deeds *t)
{
	struct deed **old = t->slot;
	size_t n = t->nslot;

	if (t->n < n)
		return;
	t->nslot = n ? 2 * n : 256;
	t->slot = mem_calloc(t->nslot, sizeof(struct deed *));
	for (size_t i = 0; i < n; i++)
		for (struct deed *d = old[i], *next; d; d = next) {
			next = d->next;
			put(t, d);
		}
	free(old);
}

/* the one that is there, or a new one */
static struct deed *
add(struct deeds *t, struct arena *a, uint32_t lane, uint32_t step,
    uint32_t entry, unsigned attempt)
{
	struct deed *d = past_deed(t, lane, step, entry, attempt);

	if (d)
		return d;
	make_room(t);
	d = arena_alloc(a, sizeof(*d));
	d->lane = lane;
	d->step = step;
	d->entry = entry;
	d->attempt = attempt;
	d->is.result = result_made(ST_OK, "");
	t->n++;
	put(t, d);
	return d;
}

/* the try that a record is about, made if it was not known */
static struct deed *
deed_of(struct journal_past *p, const struct chronicle *c,
    const struct record *r)
{
	struct arena *a = &p->arena;
	const char *in = record_text(r, "in", a, NULL);
	const char *identity = record_text(r, "step", a, NULL);
	uint32_t step = past_step_number(p, in, identity, true);
	uint32_t entry = (uint32_t)record_int(r, "entry", 0);
	unsigned attempt = (unsigned)record_int(r, "attempt", 1);

	return add(&p->deeds, a, c->is.id, step, entry, attempt);
}

/* --- what a step set ------------------------------------------------------------ */

static enum assign_kind
kind_of(const json_t *set)
{
	const char *kind = json_string_value(json_object_get(set, "kind"));

	return kind && !strcmp(kind, "json") ? ASSIGN_JSON :
	    kind && !strcmp(kind, "pairs") ? ASSIGN_PAIRS : ASSIGN_TEXT;
}

static int
read_assigns(struct arena *a, const struct record *r, struct step_note *note,
    struct buf *why)
{
	json_t *json, *list, *set;
	struct assign *to;
	size_t i;

	if (!memmem(r->text, r->len, "\"set\":[", 7))
		return 0;
	json = record_json(r, why);
	if (!json)
		return -1;
	list = json_object_get(json, "set");
	to = arena_alloc(a, (json_array_size(list) + 1) * sizeof(*to));
	json_array_foreach(list, i, set) {
		struct assign *as = &to[note->nassign];

		as->name = member_text(set, "name", a, NULL);
		as->kind = kind_of(set);
		as->text = member_text(set, "value", a, &as->len);
		if (as->name && as->text)
			note->nassign++;
	}
	note->assign = to;
	json_decref(json);
	return 0;
}

/* the end of a step, as it was told */
static int
read_try(struct arena *a, const struct record *r, struct past_try *t,
    struct buf *why)
{
	*t = (struct past_try){
		.again = record_is_true(r, "again"),
		.note = {
			.secret = record_is_true(r, "secret"),
			.released = record_is_true(r, "released"),
			.once = record_is_true(r, "once"),
			.line = (uint32_t)record_int(r, "line", 0),
		},
	};
	record_result(a, r, &t->result);
	return read_assigns(a, r, &t->note, why);
}

/* --- the records of a lane ------------------------------------------------------- */

/* ended well by what only happens at its end */
static void
stand_in(struct chronicle *c, struct deed *d, enum status status)
{
	if (d->ended)
		return;
	d->is.result = result_made(status, "");
	if (status == ST_OK)
		d->is.result.code = 0;
	d->ended = true;
	if (c->open == d)
		c->open = NULL;
}

/* a message sent by its own step; not one by a command */
static void
note_sent(struct journal_past *p, struct chronicle *c, const struct record *r)
{
	struct deed *d, *open = c->open;
	size_t n;

	if (!record_raw(r, "step", &n))
		return;
	d = deed_of(p, c, r);
	/* the record does not say which try it was */
	if (open && open->step == d->step && open->entry == d->entry)
		d = open;
	stand_in(c, d, ST_OK);
}

static int
note_end(struct journal_past *p, struct chronicle *c, const struct record *r,
    struct buf *why)
{
	struct deed *d = deed_of(p, c, r);

	if (c->open == d)
		c->open = NULL;
	d->ended = true;
	return read_try(&p->arena, r, &d->is, why);
}

/* it is as if it had no end */
static void
note_cut(struct journal_past *p, const struct chronicle *c,
    const struct record *r)
{
	struct deed *d = deed_of(p, c, r);

	if (d->begun)
		d->begun = PAST_CUT;
}

/* what it was at when it was interrupted */
static void
note_pending(struct journal_past *p, const struct chronicle *c)
{
	for (const struct mention *i = c->first; i; i = i->next) {
		const struct deed *d;

		if (i->record.type != REC_STEP_START)
			continue;
		d = deed_of(p, c, &i->record);
		if (!d->ended)
			add(&p->pending, &p->arena, c->group, d->step,
			    d->entry, 0);
	}
}

int
past_deeds(struct journal_past *p, struct chronicle *c, struct buf *why)
{
	for (const struct mention *i = c->first; i; i = i->next) {
		const struct record *r = &i->record;

		switch (r->type) {
		case REC_STEP_START:
			c->open = deed_of(p, c, r);
			c->open->begun = i->cut ? PAST_AFTER : PAST_BEGUN;
			break;
		case REC_STEP_END:
		case REC_CUT:
			if (i->cut)
				note_cut(p, c, r);
			else if (note_end(p, c, r, why) == -1)
				return -1;
			break;
		case REC_BARRIER:
			if (c->open)
				stand_in(c, c->open, record_is(r, "result",
				    "closed") ? ST_CLOSED : ST_OK);
			break;
		default:
			note_sent(p, c, r);
		}
	}
	note_pending(p, c);
	return 0;
}

/* --- steps that are done for all lanes of a group --------------------------------- */

int
past_note_once(struct journal_past *p, const struct chronicle *c,
    const struct record *r, struct buf *why)
{
	struct arena *a = &p->arena;
	uint32_t step = past_step_number(p, record_text(r, "in", a, NULL),
	    record_text(r, "step", a, NULL), true);
	uint32_t entry = (uint32_t)record_int(r, "entry", 0);
	struct deed *d = add(&p->once, a, c->group, step, entry, 0);

	return read_try(a, r, &d->is, why);
}

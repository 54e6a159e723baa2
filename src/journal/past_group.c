/* SPDX-License-Identifier: ISC */
/* which lane of the journal is which */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "model/program.h"

/* lanes of one sequence and round, or of one step of a lane, as a number */
static uint32_t
group_number(struct journal_past *p, const char *text, size_t len, bool add)
{
	return add ? map_add(&p->groups, text, len) :
	    map_find(&p->groups, text, len);
}

uint32_t
past_group(struct journal_past *p, const char *sequence, uint32_t round,
    bool add)
{
	buf_clear(&p->key);
	buf_addf(&p->key, "t%u:%s", (unsigned)round, sequence);
	return group_number(p, p->key.data, p->key.len, add);
}

uint32_t
past_group_below(struct journal_past *p, uint32_t parent, const char *in,
    const char *identity, uint32_t entry, bool add)
{
	buf_clear(&p->key);
	buf_addf(&p->key, "s%u:%u:%s\n%s", (unsigned)parent, (unsigned)entry,
	    in ? in : "", identity ? identity : "");
	return group_number(p, p->key.data, p->key.len, add);
}

uint32_t
past_group_asked(struct journal_past *p, const struct lane_info *l)
{
	return l->sub ? past_group_below(p, l->parent, l->by.in, l->by.identity,
	    l->by.entry, false) : past_group(p, l->group, l->round ?
	    l->round : 1, false);
}

static size_t
slot_of(const struct journal_past *p, uint32_t group, const char *name,
    size_t len)
{
	uint64_t h = map_hash(name, len) + group * 0x9e3779b97f4a7c15u;

	return (h ^ h >> 32) & (p->nslot - 1);
}

/* equal names stay in the order in which they began */
void
past_index(struct journal_past *p)
{
	p->nslot = 64;
	while (p->nslot < 2 * p->is.lanes)
		p->nslot *= 2;
	p->slot = mem_calloc(p->nslot, sizeof(struct chronicle *));
	for (size_t i = p->nlane; i-- > 0;) {
		struct chronicle *c = p->lane[i], **slot;

		if (!c || !c->began)
			continue;
		slot = &p->slot[slot_of(p, c->group, c->name, c->len)];
		c->same = *slot;
		*slot = c;
	}
}

struct chronicle *
past_take(struct journal_past *p, uint32_t group, const char *name,
    size_t len)
{
	struct chronicle **at = &p->slot[slot_of(p, group, name, len)], *c;

	while (*at && ((*at)->group != group || (*at)->len != len ||
	    memcmp((*at)->name, name, len) != 0))
		at = &(*at)->same;
	c = *at;
	if (c)
		*at = c->same;
	return c;
}

/* SPDX-License-Identifier: ISC */
/* tokens: what the runner knows lanes and works by */
#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

token_t
engine_token(struct engine *e, enum slot_kind kind, void *ptr)
{
	uint32_t i = e->free_slot;
	struct slot *s;

	if (i == NOWHERE) {
		e->slot = mem_grow(e->slot, &e->slot_cap, e->nslot + 1,
		    sizeof(*e->slot));
		i = (uint32_t)e->nslot++;
		e->slot[i] = (struct slot){ .next_free = NOWHERE };
	}
	s = &e->slot[i];
	e->free_slot = s->next_free;
	s->kind = kind;
	s->ptr = ptr;
	s->generation++;
	return (token_t)s->generation << 32 | i;
}

void
engine_untoken(struct engine *e, token_t t)
{
	uint32_t i = token_index(t);

	e->slot[i].kind = SLOT_FREE;
	e->slot[i].next_free = e->free_slot;
	e->free_slot = i;
}

void *
engine_lookup(struct engine *e, token_t t, enum slot_kind kind)
{
	uint32_t i = token_index(t);
	const struct slot *s;

	if (i >= e->nslot)
		return NULL;
	s = &e->slot[i];
	return s->kind == kind && s->generation == t >> 32 ? s->ptr : NULL;
}

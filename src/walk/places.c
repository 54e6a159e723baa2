/* SPDX-License-Identifier: ISC */
/* what is kept of groups and hosts */
#include <stdlib.h>

#include "base/hosts.h"
#include "base/mem.h"
#include "walk/places.h"

struct places *
places_new(struct walk *w)
{
	struct places *p = mem_calloc(1, sizeof(*p));

	p->group = mem_calloc(w->plan->ngroup, sizeof(*p->group));
	for (size_t i = 0; i < w->plan->ngroup; i++)
		p->group[i].from = mem_calloc(w->plan->group[i].nfrom,
		    sizeof(struct from));
	return p;
}

void
places_free(struct walk *w)
{
	struct places *p = w->places;

	if (!p)
		return;
	for (size_t i = 0; i < w->plan->ngroup; i++) {
		for (size_t k = 0; k < w->plan->group[i].nfrom; k++)
			from_fini(&p->group[i].from[k]);
		free(p->group[i].from);
	}
	for (uint32_t i = 0; i < p->host.n; i++)
		if (p->place[i])
			place_fini(p->place[i]);
	for (size_t i = 0; i < p->nold; i++)
		place_fini(p->old[i]);
	free(p->group);
	free(p->place);
	free(p->old);
	hosts_free(p->chosen);
	map_fini(&p->host);
	map_fini(&p->keys.map);
	free(p->keys.made);
	map_fini(&p->endpoints.map);
	free(p->endpoints.made);
	arena_fini(&p->arena);
	free(p);
}

struct arena *
places_arena(struct walk *w)
{
	return &w->places->arena;
}

struct interned *
places_keys(struct walk *w)
{
	return &w->places->keys;
}

struct interned *
places_endpoints(struct walk *w)
{
	return &w->places->endpoints;
}

const void **
interned(struct interned *in, const char *key, size_t len)
{
	uint32_t had = in->map.n, n = map_add(&in->map, key, len);

	in->made = mem_grow(in->made, &in->cap, in->map.n, sizeof(void *));
	if (n == had)
		in->made[n] = NULL;
	return &in->made[n];
}

const struct place *
place_find(struct walk *w, const char *host, size_t len, struct buf *why)
{
	struct places *p = w->places;
	uint32_t had = p->host.n, n = map_add(&p->host, host, len);
	struct place *new;

	p->place = mem_grow(p->place, &p->place_cap, p->host.n,
	    sizeof(*p->place));
	if (n == had)
		p->place[n] = NULL;
	if (p->place[n] && p->place[n]->known == p->known)
		return p->place[n];
	new = place_make(w, p->host.name[n], why);
	if (!new)
		return NULL;
	/* a lane may still be there with what was known before */
	if (p->place[n]) {
		p->old = mem_grow(p->old, &p->old_cap, p->nold + 1,
		    sizeof(*p->old));
		p->old[p->nold++] = p->place[n];
	}
	return p->place[n] = new;
}

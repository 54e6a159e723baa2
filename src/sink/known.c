/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/program.h"
#include "sink/known.h"

static struct known_lane **
slot_of(const struct known *n, uint32_t id)
{
	size_t i = (size_t)((id * 0x9e3779b97f4a7c15u) >> 32);

	return &n->slot[i & (n->nslot - 1)];
}

struct known_lane *
known_find(const struct known *n, uint32_t id)
{
	struct known_lane *l = n->n ? *slot_of(n, id) : NULL;

	while (l && l->id != id)
		l = l->next;
	return l;
}

static void
chain(struct known *n, struct known_lane *l)
{
	struct known_lane **p = slot_of(n, l->id);

	l->next = *p;
	*p = l;
}

static void
rehash(struct known *n)
{
	struct known_lane **old = n->slot, *next;
	size_t had = n->nslot;

	n->nslot = had ? had * 2 : 64;
	n->slot = mem_calloc(n->nslot, sizeof(struct known_lane *));
	for (size_t i = 0; i < had; i++) {
		for (struct known_lane *l = old[i]; l; l = next) {
			next = l->next;
			chain(n, l);
		}
	}
	free(old);
}

struct known_lane *
known_add(struct known *n, const struct lane_info *info)
{
	struct known_lane *l = known_find(n, info->id), *by;
	const char *group = info->group ? info->group : "";
	const char *tag = info->tag;

	if (l)
		return l;
	by = info->sub ? known_find(n, info->parent) : NULL;
	if (by)
		tag = by->tag;
	l = mem_calloc(1, sizeof(*l) + strlen(tag) + 1);
	l->id = info->id;
	l->group = map_add(&n->groups, group, strlen(group));
	memcpy(l->tag, tag, strlen(tag) + 1);
	if (n->n >= n->nslot)
		rehash(n);
	chain(n, l);
	n->n++;
	return l;
}

void
known_drop(struct known *n, struct known_lane *l)
{
	struct known_lane **p = slot_of(n, l->id);

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	n->n--;
	free(l);
}

void
known_fini(struct known *n)
{
	for (size_t i = 0; i < n->nslot; i++) {
		for (struct known_lane *l = n->slot[i], *next; l; l = next) {
			next = l->next;
			free(l);
		}
	}
	free(n->slot);
	map_fini(&n->groups);
}

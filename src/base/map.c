/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

/* FNV-1a: names are short and not chosen by an enemy */
uint64_t
map_hash(const char *s, size_t len)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211u;
	return h ^ h >> 29;
}

/* the slot that holds the name, or the free one where it belongs */
static size_t
place(const struct map *m, const char *s, size_t len)
{
	size_t i = map_hash(s, len) & (m->nslot - 1);

	while (m->slot[i]) {
		const char *have = m->name[m->slot[i] - 1];

		if (strncmp(have, s, len) == 0 && have[len] == '\0')
			break;
		i = (i + 1) & (m->nslot - 1);
	}
	return i;
}

static void
rehash(struct map *m)
{
	size_t n = m->nslot ? m->nslot * 2 : 64;

	free(m->slot);
	m->slot = mem_calloc(n, sizeof(*m->slot));
	m->nslot = n;
	for (uint32_t k = 0; k < m->n; k++)
		m->slot[place(m, m->name[k], strlen(m->name[k]))] = k + 1;
}

uint32_t
map_find(const struct map *m, const char *name, size_t len)
{
	if (m->n == 0)
		return MAP_NONE;
	return m->slot[place(m, name, len)] - 1;
}

uint32_t
map_add(struct map *m, const char *name, size_t len)
{
	size_t i;

	if (2 * ((size_t)m->n + 1) > m->nslot)
		rehash(m);
	i = place(m, name, len);
	if (m->slot[i])
		return m->slot[i] - 1;
	m->name = mem_grow(m->name, &m->cap, m->n + 1, sizeof(*m->name));
	m->name[m->n] = mem_strndup(name, len);
	m->slot[i] = ++m->n;
	return m->n - 1;
}

void
map_fini(struct map *m)
{
	for (uint32_t i = 0; i < m->n; i++)
		free(m->name[i]);
	free(m->name);
	free(m->slot);
	*m = (struct map){ 0 };
}

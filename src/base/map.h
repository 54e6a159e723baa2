/*
 * map - from names to small numbers
 *
 * Keys are copied into the map; numbers are given out 0, 1, 2, … in the
 * order of first use, so that a map also serves as a table of names.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map {
	char **name;		/* by number */
	uint32_t n;
	size_t cap;
	uint32_t *slot;		/* open addressing; number + 1, 0 = free */
	size_t nslot;
};

/* a zeroed struct map is ready for use */
/* the number of a name, MAP_NONE if it was never added */
uint32_t map_find(const struct map *, const char *name, size_t len);
/* the number of a name, added if need be */
uint32_t map_add(struct map *, const char *name, size_t len);
void map_fini(struct map *);

uint64_t map_hash(const char *s, size_t len);

#endif

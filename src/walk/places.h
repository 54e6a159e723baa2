/*
 * places - what is kept of groups and hosts while a job runs
 *
 * Inside of places.c, groups.c and from.c.
 */
#ifndef WALK_PLACES_H
#define WALK_PLACES_H

#include <sys/stat.h>

#include "walk/place.h"

struct from {			/* a source of a group */
	bool read;
	struct hosts *set;	/* … of one that is read; of an inventory
				   it is the inventory's */
	struct inventory *inventory;
	struct stat st;		/* of the file it was read from */
	bool absent;		/* there was no such file */
};

struct group {
	struct from *from;
	bool open;		/* being read: it is part of itself */
	bool busy;		/* a command of it runs */
};

struct places {
	struct arena arena;
	struct group *group;
	uint64_t known;
	struct hosts *chosen;	/* of --hosts; NULL: not known yet */
	struct map host;
	const struct place **place;	/* by number in host */
	size_t place_cap;
	const struct place **old;	/* of what was known before */
	size_t nold, old_cap;
	struct interned keys, endpoints;
};

/* --- from.c: the sources of groups ---------------------------------------- */

void from_fini(struct from *);
/* what was read takes the place of what was known; takes over `new` */
void from_took(struct walk *, struct from *, struct from *new);
/* each line is a set without groups; -1 and which line is wrong */
int from_lines(struct hosts *, const char *s, size_t len, struct buf *why);
/*
 * A file, unless it is as it was when it was last read.  -1 and why; absent
 * is set if there is none.
 */
int from_file(struct walk *, const struct hosts_from *, struct from *,
    struct buf *why);

#endif

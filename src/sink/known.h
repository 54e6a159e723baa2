/*
 * known - lanes by number, as long as something must be known of them
 */
#ifndef SINK_KNOWN_H
#define SINK_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct lane_info;

struct known_lane {
	uint32_t id, group;
	struct known_lane *next;
	/* all these are the caller's, zeroed at first */
	uint32_t joins;		/* lines that wait and are its own */
	bool working, ended;
	uint64_t last;		/* of these lines; 0: none yet */
	char tag[];		/* of the lane that started it all */
};

struct known {
	struct known_lane **slot;
	size_t nslot, n;
	struct map groups;	/* sequences, by name */
};

/* a zeroed one is ready for use; NULL: it is not known */
struct known_lane *known_find(const struct known *, uint32_t id);
/* the lane, known from now on */
struct known_lane *known_add(struct known *, const struct lane_info *);
void known_drop(struct known *, struct known_lane *);
void known_fini(struct known *);

#endif

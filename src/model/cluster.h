/*
 * cluster - failures of the same kind, each kept once
 *
 * Of one kind are lanes that failed at the same step, in the same way and
 * with the same last words on standard error, but for numbers, paths, quoted
 * names and the lane's own name.  Memory is bounded whatever the number of
 * lanes.
 */
#ifndef MODEL_CLUSTER_H
#define MODEL_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"

enum {
	CLUSTER_KINDS = 64,
	CLUSTER_NAMES = 1000,		/* of lanes, in all kinds together */
	CLUSTER_TAIL = 5,		/* lines of standard error */
	CLUSTER_OTHER = CLUSTER_KINDS
};

/* lanes by name, as long as there is room */
struct names {
	char **name;
	size_t n, cap;
	uint64_t count;			/* of lanes, kept or not */
};

struct kind {
	unsigned number;		/* in the order they came, from 0 */
	char *step, *what, *message;	/* of the first; "" if there is none */
	char *tail;
	size_t ntail;
	struct names lanes;
};

struct cluster {
	struct kind *kind;
	size_t n, cap;
	struct map keys;
	struct buf key;
	size_t kept;			/* names in all */
	uint64_t others;		/* lanes of kinds there was no room for */
};

struct result;

/*
 * A zeroed cluster is ready for use; result may be NULL.  Returns the number
 * of the kind, or CLUSTER_OTHER if there is no room for one more.
 */
unsigned cluster_add(struct cluster *, const char *lane, const struct result *);
/* names of lanes that share the room of c */
void cluster_name(struct cluster *, struct names *, const char *lane);
/* largest kind first */
void cluster_sort(struct cluster *);
void cluster_fini(struct cluster *);
void names_fini(struct names *);

/* add text without what differs from lane to lane */
void cluster_normalise(struct buf *, const char *lane, const char *text,
    size_t len);

#endif

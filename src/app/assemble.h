/*
 * assemble - what an engine is made of: limits of the job, what lanes
 * share, the groups of the sequences that are started
 */
#ifndef APP_ASSEMBLE_H
#define APP_ASSEMBLE_H

#include <stdint.h>

#include "walk/walk.h"

struct buf;
struct engine;
struct engine_config;
struct options;
struct plan;

/* o, plan and walk are the caller's to set */
struct assembly {
	const struct options *o;
	const struct plan *plan;
	struct walk *walk;
	struct walk_shared shared;
	uint32_t *after;	/* lists of the groups */
	int64_t asked;		/* most lanes at once of a sequence */
};

/* all return 0, or -1 and why */
/* the sequences of --start are there; walk is not needed */
int assembly_check(const struct assembly *, struct buf *why);
/* limits of the whole job: the command line over the file */
int assembly_configure(const struct assembly *, struct engine_config *,
    struct buf *why);
int assembly_fill(struct assembly *, struct engine *, struct buf *why);
/* after the engine is freed */
void assembly_fini(struct assembly *);

#endif

/*
 * assemble - what an engine is made of: limits of the job, what lanes
 * share, the groups of the sequences that are started
 */
#ifndef APP_ASSEMBLE_H
#define APP_ASSEMBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "walk/walk.h"

struct buf;
struct engine;
struct engine_config;
struct options;
struct plan;
struct session_mode;
struct tasks;

/* o, plan and walk are the caller's to set */
struct assembly {
	const struct options *o;
	const struct plan *plan;
	struct walk *walk;
	struct walk_reach reach;
	struct walk_shared shared;
	uint32_t *after;	/* lists of the groups */
	int64_t asked;		/* most lanes at once of a sequence */
	char note[128];		/* said of lanes that have to wait */
};

/*
 * What the walk is made with, as far as command line and mode say it; it
 * borrows from the assembly, which must not move.
 */
struct walk_options assembly_walk(struct assembly *,
    const struct session_mode *);
/* all return 0, or -1 and why */
/* the sequences of --start are there; walk is not needed */
int assembly_check(const struct assembly *, struct buf *why);
/* limits of the whole job: the command line over the file */
int assembly_configure(const struct assembly *, struct engine_config *,
    struct buf *why);
int assembly_fill(struct assembly *, struct engine *, struct buf *why);
/*
 * As many processes as the limit of descriptors allows.  true: fewer than
 * lanes were asked for, as the note says; else it is said when one waits.
 */
bool assembly_children(struct assembly *, struct engine *, struct tasks *);
/* limits that other processes know as well */
int assembly_share(const struct assembly *, struct tasks *, struct buf *why);
/* after the engine is freed */
void assembly_fini(struct assembly *);

#endif

/*
 * fake - whole runs on the runner of src/sim
 *
 * What a command comes to is looked up in rules by its text; the events of
 * the run are folded to a short text, so that a test compares whole runs.
 */
#ifndef FAKE_H
#define FAKE_H

#include "base/arena.h"
#include "base/buf.h"
#include "engine/engine.h"
#include "model/event.h"

/*
 * Outcomes of a command, one word for each time it is run, the last one for
 * ever after: an exit code, a signal's name, "hang" (until it is stopped),
 * "nostart".  Before a '/' may stand a line it prints.
 */
struct fake_rule {
	const char *command;
	const char *outcomes;
};

struct fake {
	const struct fake_rule *rule;	/* ends with a NULL command */
	struct engine *engine;
	struct bus bus;
	struct buf log;			/* "lane:step=result" … */
	struct sim *sim;
	struct arena arena;		/* of outcomes */
	unsigned used[32];		/* times each rule was used */
	size_t most;			/* at once; known at the end */
	bool bare;			/* log only results of lanes */
	void (*watch)(struct engine *, const struct event *);
	const bool *stop;		/* it is broken off when that is set */
	const bool *interrupt;		/* … or ended in an orderly way */
	token_t kept[8];		/* lanes whose starts are to be kept */
	unsigned nkept;
};

/* more about a job that is run */
struct fake_more {
	bool bare;			/* log only results of lanes */
	struct recall *recall;		/* told of it all; and its past */
	char *const *environ;
	bool why;			/* it is said why a step runs again */
	bool commit;			/* starts are kept, a turn later */
	/* hears of everything, and may steer the run */
	void (*watch)(struct engine *, const struct event *);
};

void fake_open(struct fake *, const struct fake_rule *);
/* what engine_new() needs; the sink is on its bus already */
void fake_config(struct fake *, struct engine_config *);
/* runs until the end, or (0 < until) until that time */
void fake_run(struct fake *, double until);
void fake_begin(struct fake *);
void fake_close(struct fake *);

/*
 * A whole job from its text.  Returns what happened, in static storage:
 * "s:mount=exit 32 s:fsck=ok s=ok".
 */
const char *fake_job(const char *job, const struct fake_rule *);
/*
 * What was to be done on other hosts in it, in the order it was begun:
 * host=address(user):port+option… or host/word,word… and what is sent.
 */
const char *fake_seen(void);
const char *fake_job_bare(const char *job, const struct fake_rule *);
const char *fake_job_more(const char *job, const struct fake_rule *,
    const struct fake_more *);

#endif

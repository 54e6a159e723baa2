/*
 * fake - a runner without processes and a clock that jumps
 *
 * What a command comes to is looked up in rules; the events of the run are
 * folded to a short text, so that a test compares whole runs.
 */
#ifndef FAKE_H
#define FAKE_H

#include "base/buf.h"
#include "engine/engine.h"
#include "model/event.h"

/*
 * Outcomes of a command, one word for each time it is run, the last one for
 * ever after: an exit code, a signal's name, "hang" (until it is stopped),
 * "nostart".  Before a '/' may stand a line it prints, or (">TEXT") what is
 * captured of it.
 */
struct fake_rule {
	const char *command;
	const char *outcomes;
};

struct fake {
	const struct fake_rule *rule;	/* ends with a NULL command */
	struct engine *engine;
	struct runner_up up;
	struct bus bus;
	struct buf log;			/* "lane:step=result" … */
	struct buf text;
	double now;
	struct fake_start *start;
	size_t nstart, start_cap;
	struct fake_wake *wake;
	size_t nwake, wake_cap;
	unsigned used[32];		/* times each rule was used */
	unsigned most;			/* at once */
	bool bare;			/* log only results of lanes */
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
const char *fake_job_bare(const char *job, const struct fake_rule *);

#endif

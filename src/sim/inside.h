/*
 * inside - what the files of sim share
 */
#ifndef SIM_INSIDE_H
#define SIM_INSIDE_H

#include <stdint.h>

#include "base/buf.h"
#include "sim/due.h"
#include "sim/sim.h"

/* how long a command takes of which nothing else is said, seconds */
#define SIM_USUAL 1.0

enum entry_kind { ENTRY_FREE, ENTRY_WAKE, ENTRY_COMMAND, ENTRY_READ };

/* what a token stands for: something that was started, or a wake-up */
struct entry {
	enum entry_kind kind;
	token_t token;
	uint64_t order;		/* of its place in the queue; 0: none */
	double began, ends;	/* ends < 0: when it is stopped */
	unsigned held;		/* streams that are not to be told now */
	bool stopped;
	bool fed;		/* its input is not over: no end before … */
	double limit;		/* … but this, if it is given; else < 0 */
	const struct sim_outcome *outcome;	/* NULL: all is well */
	struct result result;
	/* output that is still to be told, line by line */
	const char *out, *err;
	size_t nout, nerr;
	struct reader *reader;
};

struct sim {
	struct sim_config config;
	struct runner_up up;
	double now;
	struct entry *entry;	/* by index of the token */
	size_t nentry, cap;
	struct due_queue queue;
	uint64_t order;
	size_t live, most;
	struct buf both, why;
};

/* entry.c */
/* the token's place; what is there may be of something that is over */
struct entry *entry_of(struct sim *, token_t);
/* NULL: it is over */
struct entry *entry_started(struct sim *, token_t);
/* its place in the queue from now on, and no other; < 0: none */
void entry_schedule(struct sim *, struct entry *, double at);
bool entry_has_lines(const struct entry *);
/* a stream that has a line to tell, and may; 0: none */
unsigned entry_ready(const struct entry *);
/* when it ends if nothing happens to it; < 0: never */
double entry_end(const struct entry *);

/* start.c: for the runner */
int sim_start(void *arg, token_t, const struct launch *);

/* tell.c: what was due at this index of the token is told */
void entry_happen(struct sim *, uint32_t index);

#endif

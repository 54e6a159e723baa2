/*
 * recall - what a run told, kept in memory, and the past made of it
 *
 * A run is told event by event until it is broken off, as by a kill; the
 * next one is given what is known of it then.
 */
#ifndef RECALL_H
#define RECALL_H

#include "base/arena.h"
#include "base/buf.h"
#include "engine/engine.h"

struct kept_step {
	uint32_t lane;
	const char *in, *identity, *label, *command;
	uint32_t entry;
	unsigned attempt;
	bool ended;
	bool was_there, had_ended;	/* when the run was resumed */
	struct past_try t;
	struct kept_step *next;
};

struct kept_lane {
	struct lane_info info;
	bool given;
	struct past_lane past;
	bool cut;		/* ended by the end of the run: no more counts */
	struct kept_lane *next;
};

struct kept_message {
	char channel[16];
	const char *text;
	uint64_t number;
	bool gone;
	struct kept_message *next;
};

struct recall {
	struct arena arena;
	struct kept_step *step, **step_end;
	struct kept_lane *lane, **lane_end;
	struct kept_message *message, **message_end;
	struct past past;
	/* of the run that is being told: */
	unsigned events;	/* so many */
	unsigned stop_at;	/* it is broken off behind this one; 0: never */
	bool stopped;
	bool interrupts;	/* … but by an interrupt, not a kill */
	bool interrupted;
	bool again;		/* it is a later one */
	struct buf wrong;	/* what was done though its end was known */
	struct buf said, why;
	unsigned starts;	/* of commands */
};

void recall_open(struct recall *);
struct sink recall_sink(struct recall *);
/* the next run begins: what was told is its past */
void recall_again(struct recall *);
/* messages that were not delivered are put back */
void recall_restore(struct recall *, struct engine *,
    const struct channel_spec *, size_t n);
/* how often this command has ended */
unsigned recall_ended(const struct recall *, const char *command);
/*
 * What all steps came to and set, and all lanes: to be compared.  top: not
 * those that lanes have started.
 */
void recall_show(const struct recall *, struct buf *, bool top);
void recall_close(struct recall *);

#endif

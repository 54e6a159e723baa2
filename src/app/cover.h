/*
 * cover - steps and reactions of a plan that no lane took
 */
#ifndef APP_COVER_H
#define APP_COVER_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct options;
struct plan;
struct reaction;
struct step;

struct cover {
	const struct plan *plan;
	/* by id of the step: was not entered, only skipped, entered */
	enum taken { NEVER, SKIPPED, TAKEN } *step;
	uint32_t *first;	/* … number of its first reaction */
	bool *reaction;		/* was it taken */
	/* counted by cover_show() */
	unsigned steps, steps_taken, reactions, reactions_taken;
};

void cover_init(struct cover *, const struct plan *);
void cover_step(struct cover *, uint32_t id, enum taken);
void cover_took(struct cover *, const struct step *, const struct reaction *);
/* those of routines, and of the sequences that are to be started */
void cover_show(struct cover *, const struct options *, bool terminal,
    struct buf *);
void cover_fini(struct cover *);

#endif

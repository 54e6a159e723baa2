/*
 * head - the records about a run as a whole, and members that are no event's
 *
 * For journal/story.c.  Texts live in the arena.
 */
#ifndef JOURNAL_HEAD_H
#define JOURNAL_HEAD_H

#include <stdint.h>

struct arena;
struct record;
struct story;
struct story_session;

/* a `run` record: what is known of a run from its begin on */
void head_run(struct story *, const struct record *, struct arena *);
/* a `run` or `resume` record: began is left to the caller */
void head_session(struct story_session *, const struct record *,
    struct arena *);
/* a `run_end` record */
void head_end(struct story_session *, const struct record *, struct arena *);

/* lane_start: label of the step it was started by; NULL: by none */
const char *head_by(const struct record *, struct arena *);
/* lane_end: JSON; NULL: it has none */
const char *head_facts(const struct record *, struct arena *);
/* step_end: bytes it wrote */
void head_bytes(const struct record *, uint64_t *out, uint64_t *err);

#endif

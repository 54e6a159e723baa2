/*
 * pace - how long things take, so how long it will still take
 *
 * It is told what ended and what runs (by sink/board) and remembers earlier
 * runs, if it is given what they wrote.  Memory is bounded: of more steps
 * and sequences than it keeps nothing is known.
 */
#ifndef SINK_PACE_H
#define SINK_PACE_H

#include <stddef.h>
#include <stdint.h>

enum {
	PACE_STEPS = 256,
	PACE_SEQUENCES = 64,
	PACE_NONE = UINT16_MAX		/* there was no room for it */
};

struct buf;
struct pace;
struct step_ref;

struct pace *pace_new(void);
void pace_free(struct pace *);

/* small numbers: steps are one by where they stand and what they are */
unsigned pace_step(struct pace *, const struct step_ref *);
unsigned pace_sequence(struct pace *, const char *name);
/* a try of a step, and a lane, took so many seconds */
void pace_step_over(struct pace *, unsigned step, double seconds);
void pace_lane_over(struct pace *, unsigned sequence, double seconds);
/* half of the tries took less, seconds; 0: too few have ended */
double pace_usual(struct pace *, unsigned step);

/*
 * Seconds until the end; -1: not known.  First each lane that runs is told,
 * with the seconds it has run; waiting: those that will begin, -1: not
 * known.  It moves slowly from one answer to the next.
 */
void pace_running(struct pace *, unsigned sequence, double seconds);
double pace_left(struct pace *, int64_t waiting, double mono);
/*
 * Lanes that take far longer than any that ended, and so were left out of the
 * last answer: it is the time of all others.
 */
size_t pace_late(const struct pace *);

/* one JSON object: what was seen, and what earlier runs had seen */
void pace_write(struct pace *, struct buf *);
/* into a new pace; -1: it is none of ours, and nothing is remembered */
int pace_read(struct pace *, const char *text, size_t len);

#endif

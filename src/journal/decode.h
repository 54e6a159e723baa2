/*
 * decode - the event that a record was written from
 *
 * What a record does not hold stays zero: of a lane only its start tells
 * everything.  Texts have their true bytes and live in the arena.
 */
#ifndef JOURNAL_DECODE_H
#define JOURNAL_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/action.h"
#include "model/event.h"
#include "model/program.h"
#include "model/status.h"

struct arena;
struct record;

struct decoded {
	struct event ev;	/* points into the rest */
	struct lane_info lane;
	struct step_ref step;
	struct result result;
	double at;		/* seconds since this session began */
	uint64_t log_from, log_to;	/* step_end: of the lane's log */
};

/*
 * false: the record is no event (run, resume, run_end, or unknown).  ev.lane
 * is NULL if the record is about none.  The lane's name stands in its own
 * records, elsewhere only its id.
 */
bool decode(struct decoded *, const struct record *, struct arena *);

#endif

/*
 * result - how steps and lanes ended, as records tell it
 */
#ifndef JOURNAL_RESULT_H
#define JOURNAL_RESULT_H

#include "model/event.h"
#include "model/status.h"

struct arena;
struct record;

/* of a step_end, cut or lane_end; its texts live in the arena */
void record_result(struct arena *, const struct record *, struct result *);
/* of a lane_end; what is not known has failed */
enum lane_verdict record_verdict(const struct record *);

#endif

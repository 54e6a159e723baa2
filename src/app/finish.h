/*
 * finish - the exit status of a run that is over
 */
#ifndef APP_FINISH_H
#define APP_FINISH_H

#include <stdbool.h>

struct engine_totals;
struct journaling;
struct screen;

/* empty: a run without lanes is as good as any other */
int finish_status(const struct engine_totals *, const struct screen *,
    const struct journaling *, bool empty);

#endif

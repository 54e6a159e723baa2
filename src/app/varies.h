/*
 * varies - which variables may be something else than [vars] or -v say,
 * once a lane runs
 */
#ifndef APP_VARIES_H
#define APP_VARIES_H

#include <stdbool.h>

struct plan;

/* by symbol; the caller frees it */
bool *varies_find(const struct plan *);

#endif

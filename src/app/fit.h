/*
 * fit - an outcome as a row of the table, for one step
 */
#ifndef APP_FIT_H
#define APP_FIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pos.h"

struct outcome;
struct outcomes;
struct step;

/* what an outcome would have to be, were it of this step */
struct fit {
	struct outcomes *o;
	const struct outcome *of;
	const struct step *step;
	char why[160];		/* it cannot be; "" if it can */
	struct pos pos;		/* … because of this */
	const char *bad_name;	/* a name that the step does not capture */
};

/* o, of and step are the caller's to set.  false, and why, if it cannot be */
bool fit_add(struct fit *, uint32_t number);
/* only such steps have outcomes */
bool fit_starts(const struct step *);
/* the step needs a row though nothing is said of it */
bool fit_is_needed(const struct step *);

#endif

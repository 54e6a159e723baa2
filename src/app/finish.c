/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "app/exits.h"
#include "app/journaling.h"
#include "app/screen.h"
#include "app/finish.h"
#include "engine/engine.h"

static bool
has_failed(const struct engine_totals *t)
{
	return t->failed || t->cancelled || t->unstarted || t->lists_failed ||
	    t->groups_unstarted || t->setup_failed || t->timed_out;
}

int
finish_status(const struct engine_totals *t, const struct screen *screen,
    const struct journaling *journal, bool empty)
{
	int64_t lanes = t->ok + t->rescued + t->failed + t->cancelled +
	    t->unstarted;

	/* nobody could tell from it what was done */
	if (journal->is_lost)
		return EXITS_SYSTEM;
	if (screen->pipe || journal->pipe)
		return EXITS_PIPE;
	if (has_failed(t))
		return EXITS_FAILED;
	if (screen->broken || journal->broken)
		return EXITS_SYSTEM;
	if (lanes > 0 || empty)
		return EXITS_OK;
	fprintf(stderr, "pseq: nothing to do: no lane had anything to run\n");
	return EXITS_REFUSED;
}

/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/hint.h"
#include "app/journaling.h"
#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "journal/runs.h"
#include "model/event.h"
#include "model/program.h"
#include "sink/escape.h"

static int
on_event(void *arg, const struct event *ev)
{
	struct hint *h = arg;

	if (ev->type == EVT_LANE_END && ev->verdict == LANE_FAILED &&
	    !h->lane && !ev->lane->hidden && !ev->lane->sub)
		h->lane = mem_strdup(ev->lane->name);
	return 0;
}

void
hint_listen(struct hint *h, struct bus *bus)
{
	struct sink sink = {
		.name = "hint", .arg = h, .past = true, .event = on_event
	};

	bus_add(bus, &sink);
}

/* no byte of it could drive a terminal */
static bool
can_be_typed(const char *name)
{
	struct buf b = { 0 };
	bool same;

	escape_word(&b, true, name, strlen(name));
	same = !strcmp(buf_str(&b), name);
	buf_fini(&b);
	return same;
}

static bool
is_incomplete(const struct engine_totals *t)
{
	return t->cancelled || t->unstarted || t->groups_unstarted ||
	    t->lists_failed;
}

void
hint_tell(const struct hint *h, const struct journaling *j,
    const struct engine_totals *t, int status)
{
	const char *run = j->rundir.run;
	struct buf lane = { 0 };

	if (!j->rundir.path || j->is_lost || !j->why || status == EXITS_PIPE)
		return;
	if (run_was_interrupted(j->why)) {
		if (is_incomplete(t))
			fprintf(stderr, "pseq: to go on from here: pseq "
			    "resume %s\n", run);
		return;
	}
	if (status != EXITS_FAILED || (!t->failed && !is_incomplete(t)))
		return;
	fprintf(stderr, "pseq: to run %s again: pseq retry %s\n",
	    t->failed ? "what failed" : "the rest", run);
	if (!h->lane || (isatty(STDERR_FILENO) && !can_be_typed(h->lane)))
		return;
	buf_addq(&lane, h->lane);
	fprintf(stderr, "pseq: to see one step by step: pseq show %s %s\n",
	    run, buf_str(&lane));
	buf_fini(&lane);
}

void
hint_fini(struct hint *h)
{
	free(h->lane);
}

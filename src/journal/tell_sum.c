/* SPDX-License-Identifier: ISC */
/* the last end of each lane, for those who sum a run up */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "journal/decode.h"
#include "journal/tell.h"
#include "journal/tell_part.h"

/* the record at this place once more */
static bool
again(struct tell *t, size_t at, struct decoded *d, struct record *r)
{
	struct buf why = { 0 };
	bool is;

	*r = (struct record){ .next = at };
	is = journal_next(&t->journal, r, &why) == 1 && decode(d, r, &t->arena);
	buf_fini(&why);
	d->ev.mono = t->last;
	return is;
}

static int
by_end(const void *a, const void *b)
{
	const struct tell_lane *x = a, *y = b;

	return x->end < y->end ? -1 : x->end > y->end;
}

static void
unstarted(struct tell *t)
{
	struct record r = { .next = t->unstarted };
	struct buf why = { 0 };
	struct decoded d;

	while (t->unstarted && journal_next(&t->journal, &r, &why) == 1)
		if (r.type == REC_UNSTARTED && decode(&d, &r, &t->arena))
			bus_emit(t->sum, &d.ev);
	arena_fini(&t->arena);
	buf_fini(&why);
}

void
tell_sum(struct tell *t)
{
	struct decoded d;
	struct record r;
	struct tell_lane *lane = mem_calloc(t->nlane + 1, sizeof(*lane));
	bool any = false;

	if (t->nlane > 0)
		memcpy(lane, t->lane, t->nlane * sizeof(*lane));
	qsort(lane, t->nlane, sizeof(*lane), by_end);
	for (size_t i = 0; i < t->nlane; i++) {
		if (lane[i].end && again(t, lane[i].end, &d, &r)) {
			d.lane.tag = lane[i].tag;
			bus_emit(t->sum, &d.ev);
			any = true;
		}
		arena_fini(&t->arena);
	}
	free(lane);
	unstarted(t);
	tell_emit(t, t->bus, EVT_RUN_END, NULL, 0);
	/* that nothing was run is no news of what was cut off or goes on */
	if (any || t->end.status != -1)
		tell_emit(t, t->sum, EVT_RUN_END, NULL, 0);
}

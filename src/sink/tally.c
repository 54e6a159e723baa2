/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/tally.h"

static void
count_time(struct tally *t, const char *lane, double seconds)
{
	size_t i = TALLY_SLOWEST;

	histogram_add(&t->times, seconds);
	while (i > 0 && (!t->slow[i - 1].lane ||
	    t->slow[i - 1].seconds < seconds))
		i--;
	if (i == TALLY_SLOWEST)
		return;
	free(t->slow[TALLY_SLOWEST - 1].lane);
	memmove(&t->slow[i + 1], &t->slow[i],
	    (TALLY_SLOWEST - 1 - i) * sizeof(t->slow[0]));
	t->slow[i] = (struct tally_slow){ mem_strdup(lane), seconds };
}

void
tally_lane(struct tally *t, const struct event *ev)
{
	const char *tag = ev->lane->tag;

	/* what a lane has started is a part of it, and shows in its end */
	if (ev->lane->sub)
		return;
	if (ev->lane->hidden && ev->verdict != LANE_FAILED)
		return;
	if (!tag || !*tag)
		tag = ev->lane->name;
	if (ev->lane->hidden && !t->broken)
		t->broken = mem_strdup(tag);
	if (!ev->lane->hidden) {
		t->verdicts[ev->verdict]++;
		if (ev->result && ev->verdict != LANE_CANCELLED)
			count_time(t, tag, ev->result->seconds);
	}
	if (ev->verdict == LANE_FAILED)
		cluster_add(&t->cluster, tag, ev->result);
	else if (ev->verdict == LANE_RESCUED)
		cluster_name(&t->cluster, &t->rescued, tag);
	if (ev->verdict == LANE_OK && ev->tries > 1 && !ev->lane->hidden) {
		cluster_name(&t->cluster, &t->flaky, tag);
		if (ev->tries > t->tries)
			t->tries = ev->tries;
	}
}

void
tally_again(struct tally *t, const struct event *ev)
{
	if (!ev->lane->sub && !ev->lane->hidden &&
	    t->verdicts[LANE_CANCELLED] > 0)
		t->verdicts[LANE_CANCELLED]--;
}

void
tally_left(struct tally *t, const struct event *ev)
{
	t->unstarted = mem_grow(t->unstarted, &t->unstarted_cap,
	    t->nunstarted + 1, sizeof(*t->unstarted));
	t->unstarted[t->nunstarted++] = (struct tally_unstarted){
		mem_strndup(ev->text, ev->len), ev->count
	};
}

int64_t
tally_unstarted(const struct tally *t)
{
	int64_t n = 0;

	for (size_t i = 0; i < t->nunstarted; i++) {
		if (t->unstarted[i].count < 0)
			return -1;
		n += t->unstarted[i].count;
	}
	return n;
}

void
tally_fini(struct tally *t)
{
	for (size_t i = 0; i < TALLY_SLOWEST; i++)
		free(t->slow[i].lane);
	for (size_t i = 0; i < t->nunstarted; i++)
		free(t->unstarted[i].sequence);
	free(t->unstarted);
	free(t->broken);
	cluster_fini(&t->cluster);
	names_fini(&t->rescued);
	names_fini(&t->flaky);
}

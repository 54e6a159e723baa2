/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/story.h"
#include "report/embed.h"
#include "report/html.h"
#include "report/pagelogs.h"
#include "report/tail.h"

/* what one would look at first */
static bool
is_urgent(const struct story_lane *l)
{
	return !l->over || l->verdict != LANE_OK;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* how much all of these lanes take if none may take more than cap */
static uint64_t
taken(const struct story *s, bool urgent, uint64_t cap)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->nlane; i++)
		if (s->lane[i].log && is_urgent(&s->lane[i]) == urgent)
			sum += least(s->lane[i].log_size, cap);
	return sum;
}

/* the largest part for each, not above cap, so that room is enough for all */
static uint64_t
share(const struct story *s, bool urgent, uint64_t cap, uint64_t room)
{
	uint64_t low = 0;

	if (taken(s, urgent, cap) <= room)
		return cap;
	while (cap - low > 1) {
		uint64_t middle = low + (cap - low) / 2;

		if (taken(s, urgent, middle) <= room)
			low = middle;
		else
			cap = middle;
	}
	return low;
}

uint64_t *
pagelogs_plan(const struct story *s, const struct html_options *o)
{
	uint64_t *from = mem_calloc(s->nlane + 1, sizeof(*from));
	uint64_t first = share(s, true, o->log, o->logs);
	uint64_t other = share(s, false, o->log,
	    o->logs - taken(s, true, first));

	for (size_t i = 0; i < s->nlane; i++) {
		const struct story_lane *l = &s->lane[i];

		if (l->log)
			from[i] = l->log_size - least(l->log_size,
			    is_urgent(l) ? first : other);
	}
	return from;
}

/* {"from":OFFSET,"text":"…"}; or why there is none */
static void
write_log(struct buf *b, const struct story_lane *l, uint64_t from)
{
	struct buf text = { 0 };

	buf_addf(b, "\n<script type=\"application/json\" id=\"log-%" PRIu32
	    "\">{", l->id);
	if (tail_read(&text, l, &from) == -1) {
		embed_pair(b, "error", strerror(errno));
	} else {
		embed_key(b, "from");
		buf_addf(b, "%" PRIu64, from);
		embed_key(b, "text");
		embed_text(b, text.data, text.len);
	}
	buf_adds(b, "}</script>");
	buf_fini(&text);
}

void
pagelogs_write(struct buf *b, const struct story *s, const uint64_t *from)
{
	for (size_t i = 0; i < s->nlane; i++)
		if (s->lane[i].log && from[i] < s->lane[i].log_size)
			write_log(b, &s->lane[i], from[i]);
}

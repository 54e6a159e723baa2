/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "model/story.h"
#include "report/lay.h"
#include "report/text_steps.h"

enum { SLOWEST = 10 };

/* a step somewhere in the run */
struct place {
	const struct story_lane *lane;
	const struct story_step *step;
	double seconds;
};

static bool
has_waited(const struct story_step *st)
{
	return st->command && st->try[st->ntry - 1].ended >= 0;
}

static double
seconds_of(const struct story *s, const struct story_step *st)
{
	return story_active(s, st->try[0].began, st->try[st->ntry - 1].ended);
}

static void
offer(struct place *slow, const struct place *new)
{
	size_t i = SLOWEST;

	while (i > 0 && (!slow[i - 1].step ||
	    slow[i - 1].seconds < new->seconds))
		i--;
	if (i == SLOWEST)
		return;
	memmove(&slow[i + 1], &slow[i], (SLOWEST - 1 - i) * sizeof(*slow));
	slow[i] = *new;
}

static void
slowest(struct buf *b, const struct story *s, size_t width)
{
	struct place slow[SLOWEST] = { 0 };

	for (size_t i = 0; i < s->nlane; i++)
		for (size_t k = 0; k < s->lane[i].nstep; k++) {
			const struct story_step *st = &s->lane[i].step[k];

			if (has_waited(st))
				offer(slow, &(struct place){
				    &s->lane[i], st, seconds_of(s, st) });
		}
	if (slow[0].step)
		lay_title(b, "Slowest steps");
	for (size_t i = 0; i < SLOWEST && slow[i].step; i++) {
		buf_adds(b, "  ");
		lay_padded(b, slow[i].lane->name, width);
		buf_adds(b, "  ");
		lay_duration(b, slow[i].seconds);
		buf_adds(b, "  ");
		lay_word(b, slow[i].step->label);
		buf_addc(b, '\n');
	}
}

static void
retry(struct buf *b, const struct story_lane *l, const struct story_step *st,
    size_t width)
{
	char what[STATUS_SHOW];

	buf_adds(b, "  ");
	lay_padded(b, l->name, width);
	buf_adds(b, "  ");
	lay_word(b, st->label);
	for (size_t i = 0; i < st->ntry; i++)
		buf_addf(b, "%s%s", i == 0 ? ": " : ", ",
		    st->try[i].ended < 0 ? "no end" :
		    status_show(what, &st->try[i].result));
	buf_addc(b, '\n');
}

static void
retries(struct buf *b, const struct story *s, size_t width)
{
	bool any = false;

	for (size_t i = 0; i < s->nlane; i++)
		for (size_t k = 0; k < s->lane[i].nstep; k++) {
			if (s->lane[i].step[k].ntry < 2)
				continue;
			if (!any)
				lay_title(b, "Retries");
			any = true;
			retry(b, &s->lane[i], &s->lane[i].step[k], width);
		}
}

void
text_steps(struct buf *b, const struct story *s, size_t width)
{
	retries(b, s, width);
	slowest(b, s, width);
}

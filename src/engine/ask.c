/* SPDX-License-Identifier: ISC */
/* what commands inside a step ask of the run */
#include <string.h>

#include "engine/inner.h"
#include "model/plan.h"
#include "model/request.h"

static void
refuse(struct engine *e, token_t client, const char *why)
{
	struct reply r = {
		.status = REPLY_REFUSED, .data = why, .len = strlen(why)
	};

	e->runner.reply(e->runner.arg, client, &r);
}

void
engine_asked(void *engine, token_t client, token_t step,
    const struct request *request)
{
	struct engine *e = engine;
	struct work *w = engine_lookup(e, step, SLOT_WORK);
	struct reply r = { .status = REPLY_DONE };
	struct frame *f;

	if (!w) {
		refuse(e, client, "the step of this command has ended");
		return;
	}
	/* one that was released belongs to the lane, whatever runs now */
	f = &w->lane->frame[w->frame == NOWHERE ? 0 : w->frame];
	if (!f->program->ask) {
		refuse(e, client, "there is nothing to ask for here");
		return;
	}
	f->program->ask(f->state, request, &r);
	e->runner.reply(e->runner.arg, client, &r);
}

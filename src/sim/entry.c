/* SPDX-License-Identifier: ISC */
/* what a token stands for, and when something happens to it */
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "sim/inside.h"

struct entry *
entry_of(struct sim *s, token_t token)
{
	uint32_t i = token_index(token);

	if (i >= s->nentry) {
		size_t had = s->cap;

		s->entry = mem_grow(s->entry, &s->cap, i + 1UL,
		    sizeof(*s->entry));
		if (s->cap > had)
			memset(s->entry + had, 0,
			    (s->cap - had) * sizeof(*s->entry));
		s->nentry = i + 1UL;
	}
	return &s->entry[i];
}

struct entry *
entry_started(struct sim *s, token_t token)
{
	struct entry *e = entry_of(s, token);

	return e->token == token && (e->kind == ENTRY_COMMAND ||
	    e->kind == ENTRY_READ) ? e : NULL;
}

void
entry_schedule(struct sim *s, struct entry *e, double at)
{
	e->order = at < 0 ? 0 : ++s->order;
	if (at < 0)
		return;
	due_push(&s->queue, (struct due){
		.at = at, .late = e->kind == ENTRY_WAKE, .order = e->order,
		.index = token_index(e->token),
	});
}

bool
entry_has_lines(const struct entry *e)
{
	return e->reader || (!e->stopped && e->nout + e->nerr > 0);
}

double
entry_end(const struct entry *e)
{
	return e->fed ? e->limit : e->ends;
}

unsigned
entry_ready(const struct entry *e)
{
	if (e->stopped)
		return 0;
	if ((e->nout > 0 || e->reader) && !(e->held & STREAM_OUT))
		return STREAM_OUT;
	return e->nerr > 0 && !(e->held & STREAM_ERR) ? STREAM_ERR : 0;
}

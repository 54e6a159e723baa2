/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "app/varies.h"
#include "base/mem.h"
#include "model/plan.h"

struct varying {
	const struct plan *plan;
	bool *varies;
};

static void
vary(struct varying *v, uint32_t sym)
{
	v->varies[sym] = true;
}

static void
step_varies(struct varying *p, const struct step *st)
{
	const struct map *names = &p->plan->symbols;

	if (st->kind == STEP_SET || st->kind == STEP_LET)
		vary(p, st->sym);
	for (size_t i = 0; i < st->ninto; i++)
		vary(p, st->into[i]);
	for (size_t i = 0; st->fan && i < st->fan->neach; i++)
		for (size_t k = 0; k < st->fan->each[i].nsym; k++)
			vary(p, st->fan->each[i].sym[k]);
	for (size_t i = 0; st->fan && i < st->fan->ncollect; i++)
		vary(p, st->fan->collect[i].into);
	for (size_t i = 0; i < st->ncapture; i++) {
		const char *name = names->name[st->capture[i].sym];
		size_t len = strlen(name);

		vary(p, st->capture[i].sym);
		for (uint32_t k = 0; st->capture[i].kind == CAP_PAIRS &&
		    k < names->n; k++)
			if (strncmp(names->name[k], name, len) == 0 &&
			    names->name[k][len] == '_')
				vary(p, k);
	}
	for (size_t i = 0; i < st->non_line; i++)
		if (st->on_line[i].reaction.kind == DO_SET)
			vary(p, st->on_line[i].reaction.sym);
}

bool *
varies_find(const struct plan *plan)
{
	struct varying v = { .plan = plan,
	    .varies = mem_calloc(plan->symbols.n, 1) }, *p = &v;

	for (size_t i = 0; i < plan->ngroup; i++)
		for (size_t k = 0; k < plan->group[i].nvar; k++)
			vary(p, plan->group[i].var[k].sym);
	for (size_t i = 0; i < plan->nhost; i++)
		for (size_t k = 0; k < plan->host[i].nvar; k++)
			vary(p, plan->host[i].var[k].sym);
	for (size_t i = 0; i < plan->nseq; i++) {
		const struct seq *q = &plan->seq[i];

		for (size_t k = 0; k < q->nvar; k++)
			vary(p, q->var[k].sym);
		for (size_t k = 0; k < q->nparam; k++)
			vary(p, q->param[k].sym);
		for (size_t k = 0; k < q->neach; k++)
			for (size_t n = 0; n < q->each[k].nsym; n++)
				vary(p, q->each[k].sym[n]);
		for (uint32_t k = 0; k < q->nstep; k++)
			step_varies(p, &q->step[k]);
	}
	return v.varies;
}

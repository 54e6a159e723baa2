/* SPDX-License-Identifier: ISC */
#include "app/exits.h"
#include "app/hook.h"
#include "app/opts.h"
#include "app/results.h"
#include "model/plan.h"

int
results_open(struct results *r)
{
	int status = factfile_open(&r->facts, r->o->facts);

	return status == EXITS_OK ? rolls_open(&r->rolls, r->o) : status;
}

void
results_listen(struct results *r, struct bus *bus, const char *run)
{
	struct sink sink;

	factfile_listen(&r->facts, bus, r->plan->name, run);
	rolls_listen(&r->rolls, r->o, bus);
	if (!r->plan->has_report || !r->real)
		return;
	sink = hook_sink(&r->summary);
	bus_add(bus, &sink);
}

void
results_write(struct results *r)
{
	factfile_write(&r->facts);
	rolls_write(&r->rolls);
}

bool
results_broken(const struct results *r)
{
	return r->facts.file.broken || r->rolls.broken;
}

bool
results_reports(const struct results *r, int status)
{
	return r->plan->has_report && r->real &&
	    !(r->o->quiet && status == EXITS_OK);
}

void
results_report(struct results *r, struct walk *walk, int status)
{
	hook_run(r->plan, walk, status, &r->summary);
}

void
results_close(struct results *r)
{
	factfile_close(&r->facts);
	rolls_close(&r->rolls);
	buf_fini(&r->summary);
}

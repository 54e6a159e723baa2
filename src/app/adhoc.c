/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <unistd.h>

#include "app/adhoc.h"
#include "app/opts.h"
#include "base/mem.h"

static struct figure
figure(enum figure_kind kind, double value)
{
	return (struct figure){
		.given = true, .fixed = true, .kind = kind, .value = value,
	};
}

struct text
adhoc_text(struct arena *a, const char *s)
{
	struct piece p = {
		.kind = PIECE_TEXT, .text = s, .len = strlen(s)
	};

	return (struct text){
		.piece = arena_copy(a, &p, 1, sizeof(p)), .n = 1
	};
}

void
adhoc_limits(const struct options *o, struct step *s)
{
	s->grace = figure(FIG_DURATION, 5);
	s->visits = figure(FIG_COUNT, 1);
	if (o->timeout > 0)
		s->timeout = figure(FIG_DURATION, o->timeout);
	if (o->retry <= 0)
		return;
	s->has_retry = true;
	s->retry.tries = figure(FIG_COUNT, (double)o->retry);
	s->retry.every = figure(FIG_DURATION, 1);
	s->retry.backoff = figure(FIG_FACTOR, 1);
	s->retry.jitter = figure(FIG_PERCENT, 0);
}

struct plan *
adhoc_plan(const char *name)
{
	struct plan *p = mem_calloc(1, sizeof(*p));
	char dir[4096];

	for (uint32_t i = 0; i < SYM_FIXED; i++)
		map_add(&p->symbols, plan_fixed[i], strlen(plan_fixed[i]));
	p->name = name;
	p->description = "";
	p->job_dir = arena_strdup(&p->arena,
	    getcwd(dir, sizeof(dir)) ? dir : "/");
	p->depth = 1;
	return p;
}

void
adhoc_sequence(struct plan *p, const struct each *each,
    const struct step *step)
{
	struct seq seq = {
		.name = p->name, .nstep = 1, .neach = 1, .rescue = NOWHERE,
		.always = NOWHERE,
	};

	seq.each = arena_copy(&p->arena, each, 1, sizeof(*each));
	seq.step = arena_copy(&p->arena, step, 1, sizeof(*step));
	p->seq = arena_copy(&p->arena, &seq, 1, sizeof(seq));
	p->nseq = 1;
	p->nsteps = 1;
}

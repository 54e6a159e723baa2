/* SPDX-License-Identifier: ISC */
/* the steps of a lane, from its records */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/decode.h"
#include "journal/head.h"
#include "journal/made.h"

static bool
is_step(const struct story_step *s, const struct step_ref *ref)
{
	return s->entry == ref->entry && !strcmp(s->identity, ref->identity) &&
	    !strcmp(s->in, ref->in);
}

/* the last of the list that is this step; n: none is */
static size_t
find(const struct story_lane *l, const uint32_t *list, size_t n,
    const struct step_ref *ref)
{
	for (size_t i = n; i-- > 0;)
		if (is_step(&l->step[list[i]], ref))
			return i;
	return n;
}

static size_t
add_open(struct draft *d, uint32_t number)
{
	d->open = mem_grow(d->open, &d->open_cap, d->nopen + 1,
	    sizeof(*d->open));
	d->open[d->nopen] = number;
	return d->nopen++;
}

static void
take_out(uint32_t *list, size_t *n, size_t at)
{
	--*n;
	memmove(list + at, list + at + 1, (*n - at) * sizeof(*list));
}

/* the step that is open, or goes on; NULL: none is */
static struct story_step *
open_step(struct made *m, size_t lane, const struct step_ref *ref,
    size_t *where)
{
	struct draft *d = &m->draft[lane];
	const struct story_lane *l = &m->s.lane[lane];
	size_t cut;

	*where = find(l, d->open, d->nopen, ref);
	if (*where == d->nopen) {
		cut = find(l, d->cut, d->ncut, ref);
		if (cut == d->ncut)
			return NULL;
		*where = add_open(d, d->cut[cut]);
		take_out(d->cut, &d->ncut, cut);
	}
	return &l->step[d->open[*where]];
}

static struct story_step *
add_step(struct made *m, size_t lane, const struct step_ref *ref)
{
	struct draft *d = &m->draft[lane];
	struct story_lane *l = &m->s.lane[lane];

	l->step = mem_grow(l->step, &d->step_cap, l->nstep + 1,
	    sizeof(*l->step));
	add_open(d, (uint32_t)l->nstep);
	d->first = mem_grow(d->first, &d->first_cap, l->nstep + 1,
	    sizeof(*d->first));
	d->first[l->nstep] = (uint32_t)l->nstep;
	l->step[l->nstep] = (struct story_step){
		.in = made_text(m, ref->in), .identity = made_text(m, ref->identity),
		.label = made_text(m, ref->label), .entry = ref->entry,
		.command = made_text_or_none(m, ref->command),
	};
	return &l->step[l->nstep++];
}

/* most steps are tried once */
static struct story_try *
add_try(struct story_step *s, unsigned attempt, double began)
{
	size_t n = s->ntry + 1;

	s->try = mem_realloc(s->try, n * sizeof(*s->try));
	s->try[s->ntry] = (struct story_try){
		.attempt = attempt, .began = began, .ended = -1,
		.result = { .code = CODE_NONE, .message = "", .step = "",
		    .tail = "" },
		.reaction = "",
	};
	s->ntry = n;
	return &s->try[n - 1];
}

void
made_step_start(struct made *m, size_t lane, const struct decoded *d)
{
	size_t where;
	struct story_step *s = open_step(m, lane, &d->step, &where);

	if (!s)
		s = add_step(m, lane, &d->step);
	add_try(s, d->ev.attempt, m->last);
}

/*
 * The begin of one that has none in the journal: a call, or what was done in
 * no time, or not at all.
 */
static double
close_call(struct made *m, size_t lane, const struct story_step *s,
    const struct decoded *d)
{
	struct draft *draft = &m->draft[lane];
	uint32_t number = (uint32_t)(s - m->s.lane[lane].step), first;
	double began = m->last - d->result.seconds, since = -1;

	if (d->result.status == ST_SKIPPED)
		return began;
	/* a further try has nothing of what was before it */
	if (s->ntry > 0)
		since = fmax(s->try[s->ntry - 1].ended, m->began);
	first = nest_close(&draft->nest, s, number, since, &began);
	if (first < draft->first[number]) {
		draft->first[number] = first;
		draft->moved = true;
	}
	return began;
}

/* as a resumed run sees it, see note_step_end() of the past */
static bool
is_cut(const struct result *r)
{
	return (r->outside ? r->cut.status : r->status) == ST_CANCELLED;
}

static void
close_step(struct draft *d, size_t where, const struct result *r)
{
	if (is_cut(r)) {
		d->cut = mem_grow(d->cut, &d->cut_cap, d->ncut + 1,
		    sizeof(*d->cut));
		d->cut[d->ncut++] = d->open[where];
	}
	take_out(d->open, &d->nopen, where);
}

void
made_step_end(struct made *m, size_t lane, const struct record *r,
    const struct decoded *d)
{
	struct draft *draft = &m->draft[lane];
	size_t where;
	struct story_step *s = open_step(m, lane, &d->step, &where);
	struct story_try *t;

	if (!s) {
		s = add_step(m, lane, &d->step);
		where = draft->nopen - 1;
	}
	if (s->ntry == 0 || s->try[s->ntry - 1].ended >= 0)
		add_try(s, d->ev.attempt, close_call(m, lane, s, d));
	else
		nest_add(&draft->nest, s, draft->open[where],
		    s->try[s->ntry - 1].began);
	t = &s->try[s->ntry - 1];
	t->attempt = d->ev.attempt;
	t->ended = m->last;
	t->result = made_result(m, &d->result);
	if (t->result.seconds <= 0)
		t->result.seconds = t->ended - t->began;
	t->reaction = made_text(m, d->ev.reaction);
	t->again = d->ev.again;
	t->log_from = d->log_from;
	t->log_to = d->log_to;
	head_bytes(r, &t->out, &t->err);
	if (!t->again)
		close_step(draft, where, &d->result);
}

/* --- their order ------------------------------------------------------------ */

/* a step with the place that is its own */
struct placed {
	struct story_step step;
	uint32_t first, number;
};

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	/* what encloses others has ended after them */
	return x->number > y->number ? -1 : x->number < y->number;
}

void
made_order(struct story_lane *l, const struct draft *d)
{
	struct placed *p = mem_calloc(l->nstep + 1, sizeof(*p));

	for (uint32_t i = 0; i < l->nstep; i++)
		p[i] = (struct placed){ l->step[i], d->first[i], i };
	qsort(p, l->nstep, sizeof(*p), by_place);
	for (size_t i = 0; i < l->nstep; i++)
		l->step[i] = p[i].step;
	free(p);
}

/* SPDX-License-Identifier: ISC */
/*
 * What the lanes of each sequence and routine may do, with all that they
 * call and start: which channels they use, whether they would ask for limits
 * while some are held, or write over each other's files.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/loader.h"
#include "lang/reaction.h"

enum { CALLS = 1, STARTS = 2 };

struct reaching {
	struct loader *ld;
	size_t n;		/* sequences and routines */
	unsigned char *link;	/* n × n: CALLS, STARTS */
	unsigned char *sends, *receives;	/* n × channels */
	unsigned char *starts;	/* n × n, through calls as well */
	unsigned char *needs;	/* asks for limits, itself or below */
	unsigned char *many;	/* runs in one lane of several */
	unsigned char *hosted;	/* its lanes may have a host */
	unsigned char *used;	/* there is something that starts it */
};

static unsigned char *
cell(unsigned char *table, size_t width, size_t row, size_t col)
{
	return &table[row * width + col];
}

/* all that the call may mean */
static void
add_call(struct reaching *r, size_t from, const struct call *c, unsigned how)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->ld->seq[i].routine &&
		    target_may_be(&c->routine, &r->ld->seq[i]))
			*cell(r->link, r->n, from, i) |= (unsigned char)how;
}

static void
use(struct reaching *r, unsigned char *table, size_t from, uint32_t channel)
{
	*cell(table, r->ld->nchannel, from, channel) = 1;
}

static bool
has_place(const struct each *each, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (each_is_place(&each[i]))
			return true;
	return false;
}

static void
add_step(struct reaching *r, size_t from, const struct step *s)
{
	if (s->kind == STEP_CALL || s->kind == STEP_SPAWN)
		add_call(r, from, &s->call, s->fan ? STARTS : CALLS);
	for (size_t i = 0; s->fan && s->fan->neach > 0 && i < r->n; i++) {
		if (!r->ld->seq[i].routine ||
		    !target_may_be(&s->call.routine, &r->ld->seq[i]))
			continue;
		r->many[i] = 1;
		r->hosted[i] |= has_place(s->fan->each, s->fan->neach);
	}
	if (s->kind == STEP_SEND)
		use(r, r->sends, from, s->channel);
	if (s->kind == STEP_RECEIVE)
		use(r, r->receives, from, s->channel);
	if (s->stdin_kind == IN_CHANNEL)
		use(r, r->receives, from, s->stdin_channel);
	if (s->stdout_kind == OUT_CHANNEL)
		use(r, r->sends, from, s->stdout_channel);
	for (size_t i = 0; i < s->non; i++)
		if (s->on[i].reaction.kind == DO_CALL)
			add_call(r, from, &s->on[i].reaction.call, CALLS);
	for (size_t i = 0; i < s->non_line; i++) {
		const struct reaction *re = &s->on_line[i].reaction;

		if (re->kind == DO_CALL || re->kind == DO_SPAWN)
			add_call(r, from, &re->call,
			    re->kind == DO_CALL ? CALLS : STARTS);
		if (re->kind == DO_SEND)
			use(r, r->sends, from, re->channel);
	}
	r->needs[from] |= s->needs.n > 0;
}

static void
add_seq(struct reaching *r, size_t i)
{
	const struct seq *q = &r->ld->seq[i];

	for (uint32_t k = 0; k < q->nstep; k++)
		add_step(r, i, &q->step[k]);
	if (q->rescue != NOWHERE)
		*cell(r->link, r->n, i, q->rescue) |= CALLS;
	if (q->always != NOWHERE)
		*cell(r->link, r->n, i, q->always) |= CALLS;
	for (size_t k = 0; k < q->nsends; k++)
		use(r, r->sends, i, q->sends[k]);
	for (size_t k = 0; k < q->nreceives; k++)
		use(r, r->receives, i, q->receives[k]);
	r->needs[i] |= q->needs.n > 0;
	r->many[i] |= q->neach > 0;
	r->hosted[i] |= has_place(q->each, q->neach);
	r->used[i] |= !q->routine;
}

static bool
merge(unsigned char *to, const unsigned char *from, size_t n)
{
	bool changed = false;

	for (size_t i = 0; i < n; i++)
		if (from[i] && !to[i])
			to[i] = changed = true;
	return changed;
}

/* from below up (many: down), until nothing changes */
static void
close_over(struct reaching *r)
{
	size_t nc = r->ld->nchannel;
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < r->n; i++)
			for (size_t k = 0; k < r->n; k++) {
				unsigned how = *cell(r->link, r->n, i, k);

				if (!how)
					continue;
				again |= merge(&r->sends[i * nc],
				    &r->sends[k * nc], nc);
				again |= merge(&r->receives[i * nc],
				    &r->receives[k * nc], nc);
				again |= merge(&r->needs[i], &r->needs[k], 1);
				again |= merge(&r->many[k], &r->many[i], 1);
				again |= merge(&r->hosted[k], &r->hosted[i],
				    1);
				again |= merge(&r->used[k], &r->used[i], 1);
				if (how & STARTS && !r->starts[i * r->n + k])
					again = true, r->starts[i * r->n + k] = 1;
				if (how & CALLS)
					again |= merge(&r->starts[i * r->n],
					    &r->starts[k * r->n], r->n);
			}
	}
}

static const uint32_t *
list_of(struct arena *a, const unsigned char *row, size_t n, size_t *count)
{
	uint32_t *list;
	size_t k = 0;

	*count = 0;
	for (size_t i = 0; i < n; i++)
		*count += row[i];
	list = arena_alloc(a, (*count + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++)
		if (row[i])
			list[k++] = (uint32_t)i;
	return list;
}

/* --- limits ------------------------------------------------------------- */

static void
told(struct reaching *r, struct pos pos, const char *holds, const char *asks)
{
	diag_error(&r->ld->diag, pos, "%s holds limits and%s%s%s asks for "
	    "more: they are taken together or not at all", holds,
	    asks ? " routine '" : "", asks ? asks : "", asks ? "'" : "");
}

/* the first routine below that asks for limits, or NULL */
static const char *
asking(const struct reaching *r, const struct call *c)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->ld->seq[i].routine && r->needs[i] &&
		    target_may_be(&c->routine, &r->ld->seq[i]))
			return r->ld->seq[i].name;
	return NULL;
}

static void
check_calls(struct reaching *r, const struct step *s, const char *holds)
{
	const char *asks;

	asks = s->kind == STEP_CALL || s->kind == STEP_SPAWN ?
	    asking(r, &s->call) : NULL;
	if (asks)
		told(r, s->call.routine.pos, holds, asks);
	for (size_t i = 0; i < s->non_line; i++) {
		const struct reaction *re = &s->on_line[i].reaction;

		asks = re->kind == DO_SPAWN ? asking(r, &re->call) : NULL;
		if (asks)
			told(r, re->pos, holds, asks);
	}
}

static void
check_seq(struct reaching *r, const struct seq *q)
{
	char holds[128];
	bool all = q->needs.n > 0;
	uint32_t handler[2] = { q->rescue, q->always };

	snprintf(holds, sizeof(holds), "'%.80s'", q->name);
	for (uint32_t k = 0; k < q->nstep; k++) {
		const struct step *s = &q->step[k];

		if (all && s->needs.n > 0)
			told(r, s->needs.need[0].pos, holds, NULL);
		else if (all)
			check_calls(r, s, holds);
		else if (s->needs.n > 0)
			check_calls(r, s, "this step");
		for (size_t i = 0; all && i < s->non; i++) {
			const struct reaction *re = &s->on[i].reaction;
			const char *asks = re->kind == DO_CALL ?
			    asking(r, &re->call) : NULL;

			if (asks)
				told(r, re->pos, holds, asks);
		}
	}
	for (size_t i = 0; i < 2 && all; i++)
		if (handler[i] != NOWHERE && r->needs[handler[i]])
			told(r, q->needs.need[0].pos, holds,
			    r->ld->seq[handler[i]].name);
}

/* is it the same in all lanes? */
static bool
is_constant(const struct loader *ld, const struct text *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];

		if (p->kind != PIECE_VAR || p->sym == SYM_JOB ||
		    p->sym == SYM_JOB_DIR || p->sym == SYM_RUN)
			continue;
		if (p->sym < SYM_FIXED || ld->sym[p->sym] & SYM_VARIES ||
		    !(ld->sym[p->sym] & SYM_CAN_SET))
			return false;
	}
	return true;
}

static void
check_copies(struct reaching *r, const struct seq *q)
{
	for (uint32_t k = 0; k < q->nstep; k++)
		if (q->step[k].kind == STEP_GET && q->step[k].text.n > 0 &&
		    is_constant(r->ld, &q->step[k].text))
			diag_error(&r->ld->diag, q->step[k].text.pos, "every "
			    "lane would write here: the path must hold an "
			    "item, ${host} or ${index}");
}

/* ${host}, where no lane has one */
static void
check_host_refs(struct reaching *r)
{
	for (size_t i = 0; i < r->ld->nhost_ref; i++) {
		const struct host_ref *h = &r->ld->host_ref[i];

		if (h->at && (r->hosted[h->at->seq->index] ||
		    !r->used[h->at->seq->index]))
			continue;
		if (!r->ld->incomplete)
			diag_error(&r->ld->diag, h->pos, "no lane here has a "
			    "host: '%s'", plan_fixed[h->sym]);
	}
}

void
find_reach(struct loader *ld)
{
	size_t n = ld->ndraft, nc = ld->nchannel;
	struct arena *a = &ld->plan->arena;
	struct reaching r = {
		.ld = ld, .n = n, .link = mem_calloc(n * n + 1, 1),
		.sends = mem_calloc(n * nc + 1, 1),
		.receives = mem_calloc(n * nc + 1, 1),
		.starts = mem_calloc(n * n + 1, 1),
		.needs = mem_calloc(n + 1, 1),
		.many = mem_calloc(n + 1, 1),
		.hosted = mem_calloc(n + 1, 1),
		.used = mem_calloc(n + 1, 1),
	};

	for (size_t i = 0; i < n; i++)
		add_seq(&r, i);
	close_over(&r);
	for (size_t i = 0; i < n; i++) {
		struct lane_kind *k = &ld->seq[i].reach;

		k->sends = list_of(a, &r.sends[i * nc], nc, &k->nsends);
		k->receives = list_of(a, &r.receives[i * nc], nc,
		    &k->nreceives);
		k->starts = list_of(a, &r.starts[i * n], n, &k->nstarts);
		check_seq(&r, &ld->seq[i]);
		if (r.many[i])
			check_copies(&r, &ld->seq[i]);
	}
	check_host_refs(&r);
	free(r.hosted);
	free(r.used);
	free(r.link);
	free(r.sends);
	free(r.receives);
	free(r.starts);
	free(r.needs);
	free(r.many);
}

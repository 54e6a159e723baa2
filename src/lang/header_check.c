/* SPDX-License-Identifier: ISC */
/* headers of sequences and routines, when all of them are read */
#include <stdlib.h>

#include "base/mem.h"
#include "lang/loader.h"

/* the place of a header key, for what is found out later */
static struct pos
place_of(const struct draft *d, enum key_id id)
{
	for (size_t i = 0; i < d->nhead; i++)
		if (d->head[i]->key->id == id)
			return value_pos(&d->head[i]->value, 0,
			    d->head[i]->value.len);
	return d->seq->pos;
}

static void
check_handler(struct loader *ld, const struct draft *d, uint32_t index,
    enum key_id id)
{
	const struct seq *r;

	if (index == NOWHERE || ld->draft[index].params_bad)
		return;
	r = &ld->seq[index];
	if (r == d->seq) {
		diag_error(&ld->diag, place_of(d, id),
		    "'%s' would be its own handler", r->name);
		return;
	}
	for (size_t i = 0; i < r->nparam; i++)
		if (!r->param[i].has_value) {
			diag_error(&ld->diag, place_of(d, id),
			    "routine '%s' wants a value for '%s'", r->name,
			    ld->plan->symbols.name[r->param[i].sym]);
			return;
		}
}

/*
 * Follow `after` from one sequence; mark: 1 under way, 2 done.  Returns the
 * sequence that closes a circle, or NOWHERE.
 */
static uint32_t
find_circle(const struct loader *ld, uint32_t from, unsigned char *mark)
{
	uint32_t *stack = mem_calloc(ld->ndraft, sizeof(*stack));
	size_t *next = mem_calloc(ld->ndraft, sizeof(*next));
	size_t n = 0;
	uint32_t circle = NOWHERE;

	if (mark[from] == 0) {
		mark[from] = 1;
		stack[n++] = from;
	}
	while (n > 0 && circle == NOWHERE) {
		const struct seq *s = &ld->seq[stack[n - 1]];

		if (next[n - 1] == s->nafter) {
			mark[s->index] = 2;
			n--;
			continue;
		}
		uint32_t to = s->after[next[n - 1]++];

		if (mark[to] == 1)
			circle = s->index;
		else if (mark[to] == 0) {
			mark[to] = 1;
			stack[n] = to;
			next[n++] = 0;
		}
	}
	/* told once, whatever leads to it */
	while (n > 0)
		mark[stack[--n]] = 2;
	free(stack);
	free(next);
	return circle;
}

static bool
is_endless(const struct seq *s)
{
	return s->neach > 0 && (s->each[0].kind == EACH_LINES ||
	    s->each[0].kind == EACH_STDIN || s->each[0].kind == EACH_OUTPUT);
}

/* a share of a number that nobody knows */
static void
check_share(struct loader *ld, const struct span *span,
    const struct seq *of)
{
	if (!span->fixed || !span->width.percent || !is_endless(of))
		return;
	diag_error(&ld->diag, span->text.pos, "a percentage of the lanes "
	    "of '%s', whose list has no known length", of->name);
}

/* what standard input holds can be read only once */
static void
check_rounds(struct loader *ld, const struct draft *d)
{
	const struct seq *s = d->seq;
	enum key_id id = s->repeat.given ? KEY_REPEAT : KEY_EVERY;

	if (!s->repeat.given && !s->every.given)
		return;
	for (size_t i = 0; i < s->neach; i++)
		if (s->each[i].kind == EACH_STDIN)
			diag_error(&ld->diag, place_of(d, id), "standard "
			    "input can be read only once, so there is one "
			    "round");
}

void
check_headers(struct loader *ld)
{
	unsigned char *mark = mem_calloc(ld->ndraft + 1, 1);

	for (size_t i = 0; i < ld->ndraft; i++) {
		const struct draft *d = &ld->draft[i];
		uint32_t circle;

		check_handler(ld, d, d->seq->rescue, KEY_RESCUE);
		check_handler(ld, d, d->seq->always, KEY_ALWAYS);
		if (d->seq->routine)
			continue;
		check_share(ld, &d->seq->parallel, d->seq);
		check_share(ld, &d->seq->max_fail, d->seq);
		for (size_t k = 0; k < d->seq->nserial; k++)
			check_share(ld, &d->seq->serial[k], d->seq);
		check_rounds(ld, d);
		check_share(ld, &ld->plan->parallel, d->seq);
		check_share(ld, &ld->plan->max_fail, d->seq);
		circle = find_circle(ld, (uint32_t)i, mark);
		if (circle == NOWHERE)
			continue;
		diag_error(&ld->diag, place_of(&ld->draft[circle], KEY_AFTER),
		    "'%s' would wait for itself", ld->seq[circle].name);
	}
	free(mark);
}

/* SPDX-License-Identifier: ISC */
/* what is asked of the past */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "journal/member.h"
#include "journal/result.h"
#include "model/program.h"

/* what is told of a lane that is over */
static void
read_end(struct journal_past *p, struct chronicle *c)
{
	struct member m = { 0 };

	record_result(&p->arena, &c->end, &c->is.result);
	c->is.verdict = record_verdict(&c->end);
	c->is.tries = 1;
	while (record_member(&c->end, &m)) {
		if (member_is(&m, "tries")) {
			c->is.tries = (unsigned)member_digits(&m, 1);
		} else if (member_is(&m, "facts")) {
			c->is.facts = m.value;
			c->is.nfacts = m.len;
		}
	}
}

static const struct past_lane *
on_lane(void *arg, const struct lane_info *l)
{
	struct journal_past *p = arg;
	uint32_t group = past_group_asked(p, l);
	struct chronicle *c = group == MAP_NONE ? NULL :
	    past_take(p, group, l->name, strlen(l->name));

	if (!c)
		return NULL;
	c->given = true;
	p->given += c->parent == 0 && !c->hidden;
	if (c->is.over)
		read_end(p, c);
	return &c->is;
}

static struct deed *
deed_asked(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	struct journal_past *p = arg;
	uint32_t step = past_step_number(p, s->in, s->identity, false);

	return step == MAP_NONE ? NULL :
	    past_deed(&p->deeds, l->id, step, s->entry, attempt);
}

static const struct past_try *
on_step(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct deed *d = deed_asked(arg, l, s, attempt);

	return d && d->ended ? &d->is : NULL;
}

static enum past_begun
on_begun(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct deed *d = deed_asked(arg, l, s, attempt);

	return d && !d->ended ? d->begun : PAST_NEW;
}

/* what lanes of its group have done, or begun */
static const struct deed *
group_deed(struct journal_past *p, const struct deeds *t,
    const struct lane_info *l, const struct step_ref *s)
{
	uint32_t group = past_group_asked(p, l);
	uint32_t step = past_step_number(p, s->in, s->identity, false);

	return group == MAP_NONE || step == MAP_NONE ? NULL :
	    past_deed(t, group, step, s->entry, 0);
}

static const struct past_try *
on_once(void *arg, const struct lane_info *l, const struct step_ref *s)
{
	struct journal_past *p = arg;
	const struct deed *d = group_deed(p, &p->once, l, s);

	return d ? &d->is : NULL;
}

static bool
on_once_begun(void *arg, const struct lane_info *l, const struct step_ref *s)
{
	struct journal_past *p = arg;

	return group_deed(p, &p->pending, l, s) != NULL;
}

static uint32_t
on_began(void *arg, const char *sequence, uint32_t round)
{
	struct journal_past *p = arg;
	uint32_t group = past_group(p, sequence, round, false);

	return group < p->ngroup ? p->group[group] : 0;
}

/* --- as a whole ----------------------------------------------------------------- */

struct journal_past *
past_new(const struct journal *j, struct buf *why)
{
	struct journal_past *p = mem_calloc(1, sizeof(*p));

	p->journal = j;
	p->is = (struct past){
		.arg = p, .lane = on_lane, .step = on_step,
		.begun = on_begun, .once = on_once,
		.once_begun = on_once_begun, .began = on_began,
	};
	if (past_read(p, why) == -1) {
		past_free(p);
		return NULL;
	}
	past_index(p);
	if (past_finish_posts(p, why) == -1) {
		past_free(p);
		return NULL;
	}
	return p;
}

const struct past *
past_of(const struct journal_past *p)
{
	return &p->is;
}

const struct past_channel *
past_channels(const struct journal_past *p, size_t *n)
{
	*n = p->posts.n;
	return p->channel;
}

const struct record *
past_job(const struct journal_past *p)
{
	return &p->job;
}

size_t
past_lanes(const struct journal_past *p)
{
	return p->begun;
}

size_t
past_lanes_given(const struct journal_past *p)
{
	return p->given;
}

const char *
past_left(const struct journal_past *p)
{
	for (size_t i = 0; i < p->nlane; i++) {
		const struct chronicle *c = p->lane[i];

		if (c && c->began && !c->given && !c->hidden &&
		    c->parent == 0)
			return c->name;
	}
	return NULL;
}

void
past_free(struct journal_past *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->posts.n; i++) {
		free(p->post[i].sent);
		free(p->post[i].took);
	}
	free(p->post);
	map_fini(&p->groups);
	map_fini(&p->steps);
	map_fini(&p->posts);
	free(p->group);
	free(p->lane);
	free(p->slot);
	free(p->deeds.slot);
	free(p->once.slot);
	free(p->pending.slot);
	buf_fini(&p->key);
	arena_fini(&p->arena);
	free(p);
}

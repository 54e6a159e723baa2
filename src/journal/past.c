/* SPDX-License-Identifier: ISC */
/* what is asked of the past */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "journal/member.h"
#include "model/program.h"

/* what is told of a lane that is over */
static void
read_end(struct journal_past *p, struct chronicle *c)
{
	static const char *const verdict[] = {
		[LANE_OK] = "ok", [LANE_RESCUED] = "rescued",
		[LANE_FAILED] = "failed",
	};
	const struct record *r = &c->end;

	for (size_t i = 0; i < countof(verdict); i++)
		if (record_is(r, "verdict", verdict[i]))
			c->is.verdict = (enum lane_verdict)i;
	past_read_result(&p->arena, r, &c->is.result);
	c->is.tries = (unsigned)record_int(r, "tries", 1);
	c->is.facts = record_raw(r, "facts", &c->is.nfacts);
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
	    past_deed(p, l->id, step, s->entry, attempt);
}

static const struct past_try *
on_step(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct deed *d = deed_asked(arg, l, s, attempt);

	return d && d->ended ? &d->is : NULL;
}

static bool
on_begun(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct deed *d = deed_asked(arg, l, s, attempt);

	return d && d->begun && !d->ended;
}

static const struct past_try *
on_once(void *arg, const struct lane_info *l, const struct step_ref *s)
{
	struct journal_past *p = arg;
	uint32_t group = past_group_asked(p, l);
	uint32_t step = past_step_number(p, s->in, s->identity, false);

	return group == MAP_NONE || step == MAP_NONE ? NULL :
	    past_once(p, group, step, s->entry);
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
	};
	if (past_read(p, why) == -1) {
		past_free(p);
		return NULL;
	}
	past_index(p);
	past_finish_posts(p);
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

size_t
past_begun(const struct journal_past *p)
{
	return p->begun;
}

size_t
past_given(const struct journal_past *p)
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
	free(p->lane);
	free(p->slot);
	free(p->deed);
	buf_fini(&p->key);
	arena_fini(&p->arena);
	free(p);
}

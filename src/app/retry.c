/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/retry.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "journal/member.h"
#include "journal/past.h"
#include "journal/read.h"
#include "model/program.h"

/* so many runs, each a retry of the next one */
enum { RETRIES_MAX = 1000 };

struct before {
	struct before *next;	/* an older one */
	struct journal journal;	/* not of the first one: that is borrowed */
	struct journal_past *past;
};

struct retry {
	struct past is;
	const struct past *base;	/* NULL: the run is new */
	struct before *before, **tail;	/* the newest first */
	struct arena arena;
};

/* the run that this one is a retry of, or NULL */
static const char *
retry_of(const struct journal *j, struct arena *a)
{
	struct record head = { 0 };
	struct buf why = { 0 };
	int rc = journal_next(j, &head, &why);

	buf_fini(&why);
	return rc == 1 ? record_text(&head, "retry_of", a, NULL) : NULL;
}

bool
retry_is_one(const struct journal *j)
{
	struct arena a = { 0 };
	bool is = retry_of(j, &a) != NULL;

	arena_fini(&a);
	return is;
}

/* --- asking ------------------------------------------------------------------ */

/* the newest run that knows the lane says whether it is over */
static const struct past_lane *
on_lane(void *arg, const struct lane_info *l)
{
	struct retry *r = arg;
	const struct past_lane *p = NULL;

	if (r->base)
		p = r->base->lane(r->base->arg, l);
	if (p || l->sub || l->hidden)
		return p;
	for (const struct before *b = r->before; b && !p; b = b->next) {
		const struct past *past = past_of(b->past);

		p = past->lane(past->arg, l);
	}
	return p && p->over && p->verdict <= LANE_RESCUED ? p : NULL;
}

static const struct past_try *
on_step(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct past *b = ((struct retry *)arg)->base;

	return b ? b->step(b->arg, l, s, attempt) : NULL;
}

static enum past_begun
on_begun(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	const struct past *b = ((struct retry *)arg)->base;

	return b ? b->begun(b->arg, l, s, attempt) : PAST_NEW;
}

static const struct past_try *
on_once(void *arg, const struct lane_info *l, const struct step_ref *s)
{
	const struct past *b = ((struct retry *)arg)->base;

	return b ? b->once(b->arg, l, s) : NULL;
}

static bool
on_once_begun(void *arg, const struct lane_info *l, const struct step_ref *s)
{
	const struct past *b = ((struct retry *)arg)->base;

	return b && b->once_begun && b->once_begun(b->arg, l, s);
}

static uint32_t
on_began(void *arg, const char *sequence, uint32_t round)
{
	const struct past *b = ((struct retry *)arg)->base;

	return b && b->began ? b->began(b->arg, sequence, round) : 0;
}

/* --- the journals ------------------------------------------------------------- */

static int
add(struct retry *r, struct before *b, const struct journal *j,
    struct buf *why)
{
	uint32_t lanes;

	b->past = past_new(j, why);
	if (!b->past)
		return -1;
	lanes = past_of(b->past)->lanes;
	if (lanes > r->is.lanes)
		r->is.lanes = lanes;
	return 0;
}

static struct before *
make_room(struct retry *r)
{
	struct before *b = arena_alloc(&r->arena, sizeof(*b));

	*r->tail = b;
	r->tail = &b->next;
	return b;
}

/* the runs lie beside one another; *run: then the one before that, or NULL */
static int
add_named(struct retry *r, const char *path, const char **run,
    struct buf *why)
{
	const char *slash = strrchr(path, '/');
	struct before *b = make_room(r);
	struct buf file = { 0 };
	int rc;

	buf_add(&file, path, slash ? (size_t)(slash - path) + 1 : 0);
	buf_addf(&file, "%s/journal", *run);
	rc = journal_open(&b->journal, buf_str(&file), why);
	buf_fini(&file);
	if (rc == 0) {
		*run = retry_of(&b->journal, &r->arena);
		return add(r, b, &b->journal, why);
	}
	buf_adds(why, ": what ended well in that run is not known");
	return -1;
}

static int
add_all(struct retry *r, const struct journal *j, const char *path,
    struct buf *why)
{
	const char *run = retry_of(j, &r->arena);

	if (!r->base && add(r, make_room(r), j, why) == -1)
		return -1;
	for (int i = 0; run && i < RETRIES_MAX; i++)
		if (add_named(r, path, &run, why) == -1)
			return -1;
	return 0;
}

struct retry *
retry_new(const struct journal *j, const char *path, const struct past *base,
    struct buf *why)
{
	struct retry *r = mem_calloc(1, sizeof(*r));

	if (base)
		r->is = *base;
	r->base = base;
	r->tail = &r->before;
	r->is.arg = r;
	r->is.lane = on_lane;
	r->is.step = on_step;
	r->is.begun = on_begun;
	r->is.once = on_once;
	r->is.once_begun = on_once_begun;
	r->is.began = on_began;
	if (add_all(r, j, path, why) == 0)
		return r;
	retry_free(r);
	return NULL;
}

const struct past *
retry_past(const struct retry *r)
{
	return &r->is;
}

void
retry_free(struct retry *r)
{
	if (!r)
		return;
	for (struct before *b = r->before; b; b = b->next) {
		past_free(b->past);
		if (b->journal.path)
			journal_close(&b->journal);
	}
	arena_fini(&r->arena);
	free(r);
}

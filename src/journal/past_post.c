/* SPDX-License-Identifier: ISC */
/* what was in the channels */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/inside.h"
#include "journal/member.h"

static int
damaged(const struct journal_past *p, const struct record *r,
    struct buf *why)
{
	buf_addf(why, "%s: line %zu is damaged: a channel is missing",
	    p->journal->path, r->line);
	return -1;
}

static struct post *
post_named(struct journal_past *p, const char *name)
{
	size_t n = p->posts.n;
	uint32_t i = map_add(&p->posts, name, strlen(name));

	if (i >= n) {
		p->post = mem_grow(p->post, &p->post_cap, (size_t)i + 1,
		    sizeof(*p->post));
		p->post[i] = (struct post){ 0 };
	}
	return &p->post[i];
}

static void
note_sent(struct post *o, const struct record *r)
{
	uint64_t number = (uint64_t)record_int(r, "number", 0);

	o->sent = mem_grow(o->sent, &o->cap, o->n + 1, sizeof(*o->sent));
	o->sent[o->n++] = (struct sending){ .number = number, .record = *r };
}

/* they may be told before the message itself is */
static void
note_range(struct post *o, uint64_t from, uint64_t to)
{
	o->took = mem_grow(o->took, &o->took_cap, o->ntook + 1,
	    sizeof(*o->took));
	o->took[o->ntook++] = (struct took){ .from = from, .to = to };
	if (to > o->last)
		o->last = to;
}

int
past_note_took(struct journal_past *p, const struct record *r,
    struct buf *why)
{
	struct record took = { 0 };
	const char *name;

	took.text = record_raw(r, "took", &took.len);
	name = took.text ? record_text(&took, "channel", &p->arena, NULL) :
	    NULL;
	if (!name)
		return damaged(p, r, why);
	note_range(post_named(p, name),
	    (uint64_t)record_int(&took, "from", 0),
	    (uint64_t)record_int(&took, "to", 0));
	return 0;
}

void
past_note_void(struct journal_past *p, const struct record *r)
{
	const char *name = record_text(r, "channel", &p->arena, NULL);
	uint64_t number = (uint64_t)record_int(r, "number", 0);
	struct post *o = name ? post_named(p, name) : NULL;

	if (o && number > o->last)
		o->last = number;
}

int
past_note_post(struct journal_past *p, const struct record *r,
    struct buf *why)
{
	const char *name = record_text(r, "channel", &p->arena, NULL);
	struct post *o = name ? post_named(p, name) : NULL;
	uint64_t to = (uint64_t)record_int(r, "to", 0);

	if (!o)
		return damaged(p, r, why);
	switch (r->type) {
	case REC_SENT:
		note_sent(o, r);
		break;
	case REC_TAKEN:
		note_range(o, (uint64_t)record_int(r, "from", 0), to);
		break;
	case REC_CLEARED:
		if (to > o->cleared)
			o->cleared = to;
		break;
	default:
		o->closed = true;
	}
	return 0;
}

/* --- what is left -------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	const struct sending *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static void
drop_range(struct post *o, const struct took *t)
{
	size_t lo = 0, hi = o->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (o->sent[mid].number < t->from)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo < o->n && o->sent[lo].number <= t->to)
		o->sent[lo++].gone = true;
}

/* a secret that stood in it is not in the journal */
static int
is_whole(const struct journal_past *p, const struct sending *s,
    const char *channel, struct buf *why)
{
	if (!record_is_true(&s->record, "secret"))
		return 0;
	buf_addf(why, "%s: line %zu: a message in channel '%s' held a secret, "
	    "which is not kept: the run cannot be resumed",
	    p->journal->path, s->record.line, channel);
	return -1;
}

static int
finish(struct journal_past *p, struct post *o, struct past_channel *to,
    struct buf *why)
{
	struct past_message *m;

	if (o->n > 0)
		qsort(o->sent, o->n, sizeof(*o->sent), by_number);
	for (size_t i = 0; i < o->ntook; i++)
		drop_range(o, &o->took[i]);
	m = arena_alloc(&p->arena, (o->n + 1) * sizeof(*m));
	to->message = m;
	to->last = o->last > o->cleared ? o->last : o->cleared;
	to->closed = o->closed;
	for (size_t i = 0; i < o->n; i++) {
		const struct sending *s = &o->sent[i];

		if (s->number > to->last)
			to->last = s->number;
		if (s->gone || s->number <= o->cleared)
			continue;
		if (is_whole(p, s, to->name, why) == -1)
			return -1;
		m[to->n].number = s->number;
		m[to->n].text = record_text(&s->record, "text", &p->arena,
		    &m[to->n].len);
		to->n += m[to->n].text != NULL;
	}
	return 0;
}

int
past_finish_posts(struct journal_past *p, struct buf *why)
{
	p->channel = arena_alloc(&p->arena, (p->posts.n + 1) *
	    sizeof(*p->channel));
	for (uint32_t i = 0; i < p->posts.n; i++) {
		p->channel[i].name = p->posts.name[i];
		if (finish(p, &p->post[i], &p->channel[i], why) == -1)
			return -1;
	}
	return 0;
}

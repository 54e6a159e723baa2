/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/figure.h"
#include "lang/loader.h"
#include "lang/shared.h"
#include "lang/words.h"

enum { CAPACITY_DEFAULT = 64, LIMIT_MAX = 1000 * 1000 };

/* --- limits ------------------------------------------------------------- */

static uint32_t
find_limit(const struct loader *ld, const char *name)
{
	for (size_t i = 0; i < ld->nlimit; i++)
		if (!strcmp(ld->limit[i].name, name))
			return (uint32_t)i;
	return NOWHERE;
}

/* the slip NAME = N shared */
static bool
is_shared_behind(struct loader *ld, const struct entry *e)
{
	const char *n = e->value.text;
	size_t len = strcspn(n, " \t"), at = len + strspn(n + len, " \t");

	if (strcmp(n + at, "shared") != 0)
		return false;
	diag_error(&ld->diag, value_pos(&e->value, at, strlen(n + at)),
	    "'shared' stands behind the name: %s shared = %.*s",
	    e->word[0].text, (int)len, n);
	return true;
}

/* NAME = N, NAME shared = N */
static void
read_limit(struct loader *ld, const struct entry *e)
{
	struct limit_def m = {
		.name = arena_strdup(&ld->plan->arena, e->word[0].text),
		.pos = e->word[0].pos
	};
	uint32_t first = find_limit(ld, m.name);
	struct near n = { 0 };

	if (!is_user_name(m.name, strlen(m.name))) {
		diag_error(&ld->diag, m.pos, "'%s' is no name for a limit",
		    m.name);
		return;
	}
	if (e->nword > 2) {
		extra_word(ld, e->word[2].text, e->word[2].pos);
	} else if (e->nword == 2 && strcmp(e->word[1].text, "shared") != 0) {
		diag_error(&ld->diag, e->word[1].pos,
		    "'%s': a limit is NAME = N or NAME shared = N",
		    e->word[1].text);
		near_offer(&n, e->word[1].text, lang_limit_sources);
		diag_near(&ld->diag, &n);
	}
	if (first != NOWHERE) {
		diag_error(&ld->diag, m.pos, "limit '%s' twice: first in "
		    "line %u", m.name, ld->limit[first].pos.line);
		return;
	}
	m.shared = e->nword > 1;
	m.n = figure_fixed(FIG_COUNT, 1);
	if (is_shared_behind(ld, e) ||
	    !figure_value(ld, &e->value, FIG_COUNT, &m.n))
		/* told; what asks for much of it is not another mistake */
		m.n = figure_fixed(FIG_COUNT, LIMIT_MAX);
	else if (m.n.fixed && (m.n.value < 1 || m.n.value > LIMIT_MAX))
		diag_error(&ld->diag, value_pos(&e->value, 0, e->value.len),
		    "'%s' is not between 1 and %d", e->value.text, LIMIT_MAX);
	ld->limit = mem_grow(ld->limit, &ld->limit_cap, ld->nlimit + 1,
	    sizeof(*ld->limit));
	ld->limit[ld->nlimit++] = m;
}

void
read_limits(struct loader *ld, const struct section *s)
{
	ld->in_vars = true;
	for (size_t i = 0; i < s->n; i++)
		read_limit(ld, &s->entry[i]);
	ld->in_vars = false;
}

static void
unknown_limit(struct loader *ld, const struct word *w)
{
	struct near n = { 0 };

	if (ld->incomplete)
		return;
	diag_error(&ld->diag, w->pos, "no limit '%s'", w->lit);
	for (size_t i = 0; i < ld->nlimit; i++)
		near_offer(&n, w->lit, ld->limit[i].name);
	if (ld->nlimit == 0)
		diag_note(&ld->diag, "limits stand in a section [limits]");
	diag_near(&ld->diag, &n);
}

static bool
check_weight(struct loader *ld, const struct needing *d)
{
	const struct limit_def *m = &ld->limit[d->limit];

	if (!d->n.fixed || (d->n.value >= 1 &&
	    (!m->n.fixed || d->n.value <= m->n.value)))
		return true;
	if (d->n.value < 1)
		diag_error(&ld->diag, d->pos, "at least 1 of '%s'", m->name);
	else
		diag_error(&ld->diag, d->pos, "limit '%s' is %.0f: %.0f of "
		    "it can never be had", m->name, m->n.value, d->n.value);
	return false;
}

/* does a number follow, and not the name of the next limit? */
static bool
is_weight(const struct word *w)
{
	return !w->lit || strspn(w->lit, "0123456789-.") > 0;
}

bool
read_needs(struct loader *ld, const struct value *v, struct needs *needs)
{
	struct cutter c = { .ld = ld, .v = v, .flags = CUT_COMMA };
	struct needing *list = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	struct word w;
	int got;

	while (ok && (got = cut_next(&c, &w)) != 0) {
		struct needing d = { .pos = w.pos,
		    .n = figure_fixed(FIG_COUNT, 1) };

		if (got == -1 || !w.lit) {
			ok = got != -1 && not_fixed(ld, w.pos);
			break;
		}
		d.limit = find_limit(ld, w.lit);
		if (d.limit == NOWHERE) {
			unknown_limit(ld, &w);
			ok = false;
			break;
		}
		if (cut_peek(&c, &w) == 1 && is_weight(&w)) {
			cut_next(&c, &w);
			d.pos = w.pos;
			ok = figure_word(ld, &w, FIG_COUNT, &d.n);
		}
		ok = ok && check_weight(ld, &d);
		for (size_t i = 0; i < n && ok; i++)
			if (list[i].limit == d.limit) {
				diag_error(&ld->diag, d.pos, "limit '%s' "
				    "twice", ld->limit[d.limit].name);
				ok = false;
			}
		list = mem_grow(list, &cap, n + 1, sizeof(*list));
		list[n++] = d;
	}
	if (ok && n == 0)
		ok = missing(ld, v, "a limit");
	needs->need = arena_copy(&ld->plan->arena, list, n, sizeof(*list));
	needs->n = n;
	free(list);
	return ok;
}

/* --- channels ----------------------------------------------------------- */

/* the one key that a channel has */
static void
read_capacity(struct loader *ld, const struct entry *e,
    const struct entry **first, struct figure *capacity)
{
	const char *name = e->word[0].text;
	const struct key *k = key_find(name);
	struct near n = { 0 };

	if (!k || k->id != KEY_CAPACITY) {
		diag_error(&ld->diag, e->word[0].pos, k ? "a key out of "
		    "place: '%s' does not belong in [channel]" :
		    "no key '%s'", name);
		if (!k)
			key_near(&n, name, AT_CHANNEL);
		diag_near(&ld->diag, &n);
	} else if (e->nword > 1) {
		extra_word(ld, e->word[1].text, e->word[1].pos);
	} else if (*first) {
		diag_error(&ld->diag, e->word[0].pos,
		    "'%s' twice: first in line %u", name,
		    (*first)->word[0].pos.line);
	} else {
		*first = e;
		figure_value(ld, &e->value, FIG_COUNT, capacity);
	}
}

void
read_channel(struct loader *ld, const struct section *s)
{
	const struct entry *first = NULL;
	struct channel_def c = { .name = s->name, .pos = s->name_pos,
	    .capacity = figure_fixed(FIG_COUNT, CAPACITY_DEFAULT) };

	if (!s->name) {
		diag_error(&ld->diag, s->pos,
		    "a name is missing: [channel NAME]");
		return;
	}
	if (!is_user_name(s->name, strlen(s->name))) {
		diag_error(&ld->diag, s->name_pos,
		    "'%s' is no name for a channel", s->name);
		return;
	}
	for (size_t i = 0; i < ld->nchannel; i++)
		if (!strcmp(ld->channel[i].name, s->name)) {
			diag_error(&ld->diag, s->name_pos, "channel '%s' "
			    "twice: first in line %u", s->name,
			    ld->channel[i].pos.line);
			return;
		}
	c.name = arena_strdup(&ld->plan->arena, s->name);
	ld->in_vars = true;
	for (size_t i = 0; i < s->n; i++)
		read_capacity(ld, &s->entry[i], &first, &c.capacity);
	ld->in_vars = false;
	ld->channel = mem_grow(ld->channel, &ld->channel_cap,
	    ld->nchannel + 1, sizeof(*ld->channel));
	ld->channel[ld->nchannel++] = c;
}

bool
channel_named(struct loader *ld, const char *name, struct pos pos,
    uint32_t *index)
{
	struct near n = { 0 };

	for (size_t i = 0; i < ld->nchannel; i++)
		if (!strcmp(ld->channel[i].name, name)) {
			*index = (uint32_t)i;
			return true;
		}
	if (ld->incomplete ||
	    map_find(&ld->ghost, name, strlen(name)) != MAP_NONE)
		return false;
	diag_error(&ld->diag, pos, "no channel '%s'", name);
	for (size_t i = 0; i < ld->nchannel; i++)
		near_offer(&n, name, ld->channel[i].name);
	if (!n.best)
		diag_note(&ld->diag, "channels are declared: [channel %s]",
		    name);
	diag_near(&ld->diag, &n);
	return false;
}

bool
channel_value(struct loader *ld, const struct value *v, uint32_t *index)
{
	struct word w;

	return one_literal(ld, v, "a channel", &w) &&
	    channel_named(ld, w.lit, w.pos, index);
}

bool
channel_list(struct loader *ld, const struct value *v, const uint32_t **list,
    size_t *n)
{
	struct word *w;
	uint32_t *out;

	*n = 0;
	if (!all_words(ld, v, CUT_COMMA, "a channel", &w, n))
		return false;
	out = arena_alloc(&ld->plan->arena, *n * sizeof(*out));
	for (size_t i = 0; i < *n; i++) {
		if (!w[i].lit)
			not_fixed(ld, w[i].pos);
		if (!w[i].lit ||
		    !channel_named(ld, w[i].lit, w[i].pos, &out[i])) {
			*n = 0;
			return false;
		}
	}
	*list = out;
	return true;
}

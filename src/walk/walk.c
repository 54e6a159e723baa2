/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"
#include "walk/place.h"

/* values of -v; their names were checked when the plan was made */
static void
set_options(struct walk *w)
{
	for (size_t i = 0; i < w->o.nset; i++) {
		const char *s = w->o.set[i];
		size_t n = strcspn(s, "=");
		uint32_t sym = map_find(&w->plan->symbols, s, n);

		if (sym == MAP_NONE)
			continue;
		value_unref(w->global[sym]);
		w->global[sym] = value_str(s[n] ? s + n + 1 : "");
		w->by_option[sym] = true;
	}
}

static int
check_required(struct walk *w, struct buf *why)
{
	for (size_t i = 0; i < w->plan->nvar; i++) {
		const struct var *v = &w->plan->var[i];
		struct buf what = { 0 };

		if (v->kind != VAR_REQUIRED || w->by_option[v->sym])
			continue;
		if (vars_fill(w, NULL, &v->text, &what, why) == 0) {
			why_at(w, v->pos, why);
			buf_addf(why, "variable '%s' must be given: "
			    "-v %s=…  (%s)", vars_name(w, v->sym),
			    vars_name(w, v->sym), buf_str(&what));
		}
		buf_fini(&what);
		return -1;
	}
	return 0;
}

/* which of our variables hide which entries of our own environment */
static void
read_environ(struct walk *w)
{
	w->env = w->o.environ;
	while (w->env[w->nenv])
		w->nenv++;
	w->env_sym = mem_alloc(w->nenv * sizeof(*w->env_sym));
	for (size_t i = 0; i < w->nenv; i++) {
		size_t len = strcspn(w->env[i], "=");

		w->env_sym[i] = secret_is_source(w->plan, w->env[i], len) ?
		    ENV_HIDDEN : vars_symbol(w, w->env[i], len);
	}
	for (uint32_t i = 0; i < SYM_FIXED; i++) {
		char name[64];
		int n = snprintf(name, sizeof(name), "PSEQ_%s",
		    plan_fixed[i]);

		for (char *p = name; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		w->fixed_sym[i] = vars_symbol(w, name, (size_t)n);
	}
}

struct walk *
walk_new(const struct walk_options *o, struct buf *why)
{
	struct walk *w = mem_calloc(1, sizeof(*w));
	size_t from = 0, secrets = 0, lists = 0;

	w->o = *o;
	w->plan = o->plan;
	w->random = o->seed | 1;
	w->global = mem_calloc(w->plan->symbols.n, sizeof(*w->global));
	w->by_option = mem_calloc(w->plan->symbols.n, sizeof(*w->by_option));
	read_environ(w);
	set_options(w);
	for (size_t i = 0; i < w->plan->nseq; i++)
		lists += w->plan->seq[i].neach > 0;
	w->tag_is_item = lists == 1;
	w->places = places_new(w);
	if (w->o.partial) {
		setup_fill(w, &from, &secrets, why);
		buf_clear(why);
		return w;
	}
	if (check_required(w, why) == -1 ||
	    setup_fill(w, &from, &secrets, why) == -1 ||
	    secret_begin(w, why) == -1 ||
	    (from == w->plan->nvar && choose_check(w, why) == -1)) {
		walk_free(w);
		return NULL;
	}
	return w;
}

bool
walk_setup_group(struct walk *w, struct group_spec *g)
{
	const char *name;
	bool any = false;

	if (w->o.no_commands)
		return false;
	for (size_t i = 0; i < w->plan->nvar; i++)
		any |= w->plan->var[i].kind == VAR_OUTPUT &&
		    !w->by_option[w->plan->var[i].sym];
	name = any ? "[vars]" : "[secrets]";
	for (size_t i = 0; i < w->plan->nsecret && !w->o.only_lists; i++)
		any |= (w->plan->secret[i].kind == SECRET_OUTPUT ||
		    w->plan->secret[i].kind == SECRET_FILE) &&
		    !w->global[w->plan->secret[i].sym];
	if (!any)
		return false;
	*g = (struct group_spec){
		.name = name, .program = &setup_program, .state = w,
		.lone = true, .hidden = true, .kind = NOWHERE,
	};
	party_one(&g->source);
	return true;
}

int
walk_caps(struct walk *w, const int64_t **most, size_t *n, struct buf *why)
{
	const struct plan *p = w->plan;
	double d;

	w->cap = mem_calloc(p->ngroup, sizeof(*w->cap));
	for (size_t i = 0; i < p->ngroup; i++) {
		w->cap[i] = INT64_MAX;
		if (!p->group[i].parallel.given)
			continue;
		if (vars_figure(w, NULL, &p->group[i].parallel, &d, why) ==
		    -1)
			return -1;
		w->cap[i] = d < 1 ? 1 : (int64_t)d;
	}
	*most = w->cap;
	*n = p->ngroup;
	return 0;
}

int
walk_hosts(struct walk *w, const char *text, size_t len, struct hosts *to,
    struct buf *why, size_t *at)
{
	return groups_eval(w, text, len, to, why, at);
}

int
walk_span(struct walk *w, const struct span *s, struct width *width,
    struct buf *why)
{
	return vars_span(w, NULL, s, width, why);
}

int
walk_figure(struct walk *w, const struct figure *f, double *d,
    struct buf *why)
{
	return vars_figure(w, NULL, f, d, why);
}

int
walk_text(struct walk *w, const struct text *t, struct buf *b,
    struct buf *why)
{
	return vars_fill(w, NULL, t, b, why);
}

int
walk_command(struct walk *w, const struct command *c, struct run *r,
    struct buf *why)
{
	return command_make(w, NULL, NULL, c, r, why);
}

static int
add_rounds(struct walk *w, const struct seq *s, struct group_spec *g,
    struct buf *why)
{
	double repeat = -1;

	if (!s->repeat.given && !s->every.given)
		return 0;
	if ((s->repeat.given &&
	    vars_figure(w, NULL, &s->repeat, &repeat, why) == -1) ||
	    (s->every.given &&
	    vars_figure(w, NULL, &s->every, &g->every, why) == -1))
		return -1;
	/* what is only looked at is the same in every round */
	if (w->o.only_lists)
		return 0;
	g->rounds = (int64_t)repeat;
	g->again = party_again;
	return 0;
}

static int
add_waves(struct walk *w, const struct seq *s, struct group_spec *g,
    struct buf *why)
{
	struct wave *wave;

	if (s->nserial == 0)
		return 0;
	wave = mem_calloc(s->nserial, sizeof(*wave));
	g->wave = wave;
	g->nwave = s->nserial;
	w->wave = mem_grow(w->wave, &w->wave_cap, w->nwave + 1,
	    sizeof(struct wave *));
	w->wave[w->nwave++] = wave;
	for (size_t i = 0; i < s->nserial; i++) {
		struct width width;

		if (vars_span(w, NULL, &s->serial[i], &width, why) == -1)
			return -1;
		if (width.percent && items_is_fed(w, s->each, s->neach)) {
			why_at(w, s->serial[i].text.pos, why);
			buf_addf(why, "a percentage of the lanes of '%s', "
			    "whose list has no known length", s->name);
			return -1;
		}
		wave[i].n = width.n < 1 ? 1 : width.n;
		wave[i].percent = width.percent;
	}
	return 0;
}

int
walk_group(struct walk *w, const struct seq *s, struct group_spec *g,
    struct buf *why)
{
	struct party *p = party_new(w, s);

	if (party_group(p, NULL, &s->parallel, &s->max_fail, g, why) == -1) {
		party_unref(p);
		return -1;
	}
	g->prioritized = s->priority != NULL;
	g->stop = s->on_fail == ON_FAIL_STOP;
	g->drain = s->on_fail == ON_FAIL_DRAIN;
	if (add_rounds(w, s, g, why) == 0 && add_waves(w, s, g, why) == 0)
		return 0;
	g->source.end(g->source.state);
	if (g->feeder)
		g->feeder->end(g->feeder_state);
	party_unref(p);
	return -1;
}

void
walk_show_text(struct walk *w, const struct text *t, struct buf *out)
{
	struct buf why = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		struct value *v = NULL;

		if (p->kind != PIECE_ENV ||
		    !secret_is_source(w->plan, p->text, p->len))
			v = vars_piece(w, NULL, p, &why);
		if (v)
			buf_add(out, v->text, v->len);
		else if (p->kind == PIECE_ENV)
			buf_addf(out, "${env.%s}", p->text);
		else
			buf_addf(out, "${%s%s%s}", vars_name(w, p->sym),
			    p->text ? "." : "", p->text ? p->text : "");
		value_unref(v);
	}
	buf_fini(&why);
}

static void
wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
}

void
walk_free(struct walk *w)
{
	for (uint32_t i = 0; i < w->plan->symbols.n; i++)
		value_unref(w->global[i]);
	free(w->global);
	free(w->by_option);
	map_fini(&w->extra);
	map_fini(&w->names);
	free(w->used);
	free(w->env_sym);
	free(w->seen);
	if (w->plan->nsecret > 0) {
		wipe(&w->strings);
		wipe(&w->text);
		wipe(&w->text2);
	}
	free(w->at);
	free(w->pointers);
	for (size_t i = 0; i < w->nwave; i++)
		free(w->wave[i]);
	free(w->wave);
	free(w->need);
	free(w->kind);
	free(w->channel);
	free(w->limit);
	free(w->cap);
	note_fini(w);
	places_free(w);
	buf_fini(&w->script);
	buf_fini(&w->why);
	buf_fini(&w->strings);
	buf_fini(&w->text);
	buf_fini(&w->text2);
	buf_fini(&w->answer);
	free(w);
}

/* xorshift: for jitter and random sleeps, where quality does not matter */
double
walk_random(struct walk *w)
{
	uint64_t x = w->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	w->random = x;
	return (double)(x >> 11) / 9007199254740992.0;
}

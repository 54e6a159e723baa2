/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/inner.h"

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
	for (size_t i = 0; i < w->nenv; i++)
		w->env_sym[i] = vars_symbol(w, w->env[i],
		    strcspn(w->env[i], "="));
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
	size_t from = 0, lists = 0;

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
	if (check_required(w, why) == -1 || setup_fill(w, &from, why) == -1) {
		walk_free(w);
		return NULL;
	}
	return w;
}

/* --- a list with one item of no fields ---------------------------------- */

static enum source_state
one_next(void *state, struct item *item)
{
	bool *given = state;

	if (*given)
		return SOURCE_OVER;
	*given = true;
	*item = (struct item){ 0 };
	return SOURCE_ITEM;
}

static int64_t
one_count(void *state)
{
	(void)state;
	return 1;
}

static void
one_source(struct source *s)
{
	*s = (struct source){
		.state = mem_calloc(1, sizeof(bool)), .next = one_next,
		.count = one_count, .end = free,
	};
}

bool
walk_setup_group(struct walk *w, struct group_spec *g)
{
	bool any = false;

	if (w->o.no_commands)
		return false;
	for (size_t i = 0; i < w->plan->nvar; i++)
		any |= w->plan->var[i].kind == VAR_OUTPUT &&
		    !w->by_option[w->plan->var[i].sym];
	if (!any)
		return false;
	*g = (struct group_spec){
		.name = "[vars]", .program = &setup_program, .state = w,
		.lone = true, .hidden = true,
	};
	one_source(&g->source);
	return true;
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

/* lanes at once: as the file says, else -j, else one per processor */
static void
set_parallel(struct walk *w, struct group_spec *g, const struct span *s,
    const struct width *width)
{
	if (s->given) {
		g->parallel = width->automatic ? w->o.processors : width->n;
		g->parallel_percent = width->percent;
	} else {
		g->parallel = w->o.jobs > 0 ? w->o.jobs : w->o.processors;
	}
	if (g->parallel < 1 && !g->parallel_percent)
		g->parallel = 1;
}

int
walk_group(struct walk *w, const struct seq *s, struct group_spec *g,
    struct buf *why)
{
	struct width parallel, max_fail;

	if (vars_span(w, NULL, &s->parallel, &parallel, why) == -1 ||
	    vars_span(w, NULL, &s->max_fail, &max_fail, why) == -1)
		return -1;
	if ((parallel.percent || max_fail.percent) && items_is_fed(w, s)) {
		why_at(w, s->pos, why);
		buf_addf(why, "a percentage of the lanes of '%s', whose list "
		    "has no known length", s->name);
		return -1;
	}
	*g = (struct group_spec){
		.name = s->name, .program = &walk_program, .state = w,
		.call = s, .lone = s->neach == 0,
		.prioritized = s->priority != NULL,
		.has_max_fail = s->max_fail.given, .max_fail = max_fail.n,
		.max_fail_percent = max_fail.percent,
		.stop = s->on_fail == ON_FAIL_STOP,
		.drain = s->on_fail == ON_FAIL_DRAIN,
	};
	set_parallel(w, g, &s->parallel, &parallel);
	if (s->neach == 0) {
		one_source(&g->source);
	} else {
		struct items *items = items_new(w, s);

		items_source(items, &g->source);
		g->lazy = items_is_fed(w, s);
		for (size_t i = 0; i < s->neach; i++)
			g->lazy |= s->each[i].kind == EACH_RANGE;
		if (items_is_fed(w, s)) {
			g->feeder = &feed_program;
			g->feeder_state = feed_new(w, s, items);
		}
	}
	return 0;
}

void
walk_show_text(struct walk *w, const struct text *t, struct buf *out)
{
	struct buf why = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		struct value *v = vars_piece(w, NULL, p, &why);

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
	free(w->at);
	free(w->pointers);
	buf_fini(&w->strings);
	buf_fini(&w->text);
	buf_fini(&w->text2);
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

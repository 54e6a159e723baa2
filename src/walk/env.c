/* SPDX-License-Identifier: ISC */
/*
 * The environment of a command, and the scratch in which the strings of an
 * action are gathered.  Strings are kept by offset until all are there,
 * since the buffer may move while it grows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/place.h"

#define LIST_END ((size_t)-1)
/* not an offset, but the entry i of pseq's own environment, where it is */
#define INHERITED(i) (LIST_END - 1 - (i))

void
scratch_begin(struct walk *w)
{
	buf_clear(&w->strings);
	w->nat = 0;
}

static void
mark(struct walk *w, size_t at)
{
	w->at = mem_grow(w->at, &w->at_cap, w->nat + 1, sizeof(*w->at));
	w->at[w->nat++] = at;
}

size_t
scratch_add(struct walk *w, const char *s, size_t len)
{
	mark(w, w->strings.len);
	buf_add(&w->strings, s, len);
	buf_addc(&w->strings, '\0');
	return w->nat - 1;
}

void
scratch_end(struct walk *w)
{
	mark(w, LIST_END);
}

const char **
scratch_done(struct walk *w)
{
	w->pointers = mem_grow(w->pointers, &w->pointer_cap, w->nat + 1,
	    sizeof(*w->pointers));
	for (size_t i = 0; i < w->nat; i++) {
		size_t at = w->at[i];

		if (at < w->strings.len)
			w->pointers[i] = w->strings.data + at;
		else
			w->pointers[i] = at == LIST_END ? NULL :
			    w->env[INHERITED(at)];
	}
	w->pointers[w->nat] = NULL;
	return w->pointers;
}

/* was this name put in already, in this round? marks it if not */
static bool
put_before(struct walk *w, uint32_t sym)
{
	if (sym >= w->nseen) {
		size_t n = sym + 64;

		w->seen = mem_realloc(w->seen, n * sizeof(*w->seen));
		memset(w->seen + w->nseen, 0,
		    (n - w->nseen) * sizeof(*w->seen));
		w->nseen = n;
	}
	if (w->seen[sym] == w->round)
		return true;
	w->seen[sym] = w->round;
	return false;
}

static void
add(struct walk *w, const char *prefix, const char *name, const char *value,
    size_t len)
{
	mark(w, w->strings.len);
	for (buf_adds(&w->strings, prefix); *name; name++)
		buf_addc(&w->strings, *prefix && *name >= 'a' &&
		    *name <= 'z' ? (char)(*name - 'a' + 'A') : *name);
	buf_addc(&w->strings, '=');
	buf_add(&w->strings, value, len);
	buf_addc(&w->strings, '\0');
}

static void
warn_export(struct walk *w, uint32_t sym)
{
	char text[256];

	if (w->warned_export)
		return;
	w->warned_export = true;
	snprintf(text, sizeof(text), "variable '%s' is too long to be "
	    "exported to commands (over %d KiB)", vars_name(w, sym),
	    VALUE_EXPORT_MAX / 1024);
	w->o.warn(w->o.arg, text);
}

/* JSON values stay inside: they may be large, and are asked for by part */
static void
add_value(struct walk *w, uint32_t sym, const struct value *v)
{
	if (!v || v->json || put_before(w, sym))
		return;
	if (v->len > VALUE_EXPORT_MAX)
		warn_export(w, sym);
	else
		add(w, "", vars_name(w, sym), v->text, v->len);
}

static void
add_fixed(struct walk *w, const struct ctx *c)
{
	for (uint32_t sym = 0; sym < SYM_LINE; sym++) {
		struct value *v;

		/* each one costs a dynamically linked command some 200 ns */
		if (w->o.few_variables && sym != SYM_INDEX &&
		    sym != SYM_ATTEMPT && sym != SYM_HOST)
			continue;
		v = vars_get(w, c, sym);
		if (!v)
			continue;
		if (!w->o.few_variables || sym == SYM_HOST) {
			put_before(w, sym);
			add(w, "", plan_fixed[sym], v->text, v->len);
		}
		put_before(w, w->fixed_sym[sym]);
		add(w, "PSEQ_", plan_fixed[sym], v->text, v->len);
		value_unref(v);
	}
}

/* what its groups and its section say of the host; -v is stronger */
static void
add_place(struct walk *w, const struct ctx *c)
{
	const struct place *p = c ? c->place : NULL;

	for (size_t i = 0; p && i < p->nvar; i++)
		if (p->var[i].sym >= w->plan->symbols.n ||
		    !w->by_option[p->var[i].sym])
			add_value(w, p->var[i].sym, p->var[i].value);
}

/* variables of the lane, then those of the job that it does not hide */
static void
add_variables(struct walk *w, const struct ctx *c)
{
	for (size_t i = c ? c->vars.n : 0; i-- > 0;)
		add_value(w, c->vars.binding[i].sym, c->vars.binding[i].value);
	add_place(w, c);
	for (uint32_t sym = SYM_FIXED; sym < w->plan->symbols.n; sym++)
		add_value(w, sym, w->global[sym]);
	add_fixed(w, c);
}

/* those the step asks for; no other is put in, nor inherited */
static void
add_secrets(struct walk *w, const struct ctx *c, const struct step *s)
{
	for (size_t i = s ? s->nsecret : 0; i-- > 0;) {
		struct value *v = vars_get(w, c, s->secret[i]);

		add_value(w, s->secret[i], v);
		value_unref(v);
	}
	for (size_t i = 0; i < w->plan->nsecret; i++)
		put_before(w, w->plan->secret[i].sym);
}

size_t
env_build(struct walk *w, const struct ctx *c, const struct step *s)
{
	struct buf text = { 0 }, why = { 0 };
	size_t from = w->nat, own;

	w->round++;
	/* settings of the step win, so they come first */
	for (size_t i = s ? s->nenv : 0; i-- > 0;) {
		const struct env_setting *e = &s->env[i];

		if (put_before(w, vars_symbol(w, e->name, strlen(e->name))))
			continue;
		buf_clear(&text);
		/* it was filled once already, to see that it can be */
		vars_fill(w, c, &e->value, &text, &why);
		add(w, "", e->name, text.data, text.len);
	}
	add_secrets(w, c, s);
	add_variables(w, c);
	own = w->nat - from;
	for (size_t i = 0; i < w->nenv; i++) {
		uint32_t sym = w->env_sym[i];

		if (sym == ENV_HIDDEN || (sym < w->nseen &&
		    w->seen[sym] == w->round))
			continue;
		mark(w, INHERITED(i));
	}
	scratch_end(w);
	buf_fini(&text);
	buf_fini(&why);
	return own;
}

/* SPDX-License-Identifier: ISC */
/* how lanes and calls begin: variables, arguments, names */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"
#include "walk/place.h"

/* how long a handler may take, unless its routine says otherwise */
enum { HANDLER_LIMIT = 600 };

/* a setting of the header is wrong: the frame fails before its first step */
static void
cannot_begin(struct walker *f, const char *step)
{
	struct result r = result_made(ST_ERROR, buf_str(&f->c->why));

	r.step = step;
	kept_keep(&f->fail, &r);
}

static void
set_fields(struct walker *f, const struct item *item)
{
	struct ctx *c = f->c;
	size_t k = 0;

	for (size_t i = 0; i < c->party->neach; i++) {
		const struct each *e = &c->party->each[i];

		if (e->kind == EACH_ITEMS) {
			/* one variable, all the items of the lane */
			struct buf all = { 0 };

			c->field = mem_calloc(item->n, sizeof(*c->field));
			for (; c->nfield < item->n; c->nfield++) {
				const struct field *one =
				    &item->field[c->nfield];

				c->field[c->nfield] = value_new(one->text,
				    one->len);
				if (c->nfield > 0)
					buf_addc(&all, ' ');
				buf_add(&all, one->text, one->len);
			}
			vars_set(c, e->sym[0], value_new(all.data, all.len));
			buf_fini(&all);
			return;
		}
		if (each_is_place(e) && k < item->n) {
			c->place = place_find(c->w, item->field[k].text,
			    item->field[k].len, &c->why);
			if (!c->place)
				cannot_begin(f, "hosts");
			k++;
			continue;
		}
		for (size_t n = 0; n < e->nsym && k < item->n; n++, k++)
			vars_set(c, e->sym[n], value_new(item->field[k].text,
			    item->field[k].len));
	}
}

/* `var` of a header: below -v, items and arguments */
static void
set_vars(struct walker *f, bool keep)
{
	const struct seq *s = f->seq;
	struct ctx *c = f->c;

	for (size_t i = 0; i < s->nvar; i++) {
		const struct setting *v = &s->var[i];
		struct buf text = { 0 };
		struct binding old;

		if (c->w->by_option[v->sym]) {
			/* -v gives the value, but it is still of this call */
			if (keep)
				f->shadowed[f->nshadowed++] = vars_shadow(c,
				    v->sym, vars_get(c->w, c, v->sym));
			continue;
		}
		if (vars_fill(c->w, c, &v->value, &text, &c->why) == -1) {
			cannot_begin(f, "var");
		} else {
			old = vars_shadow(c, v->sym,
			    value_new(text.data, text.len));
			if (keep)
				f->shadowed[f->nshadowed++] = old;
			else
				value_unref(old.value);
		}
		buf_fini(&text);
	}
}

/* how its header says that hosts are reached, over what was said before */
static void
set_contact(struct walker *f, const struct keys *before)
{
	const struct contact *contact = &f->seq->contact;
	struct ctx *c = f->c;
	struct arena tmp = { 0 };
	const struct keys_maker m = { .w = c->w, .c = c, .arena = &tmp,
	    .why = &c->why };
	struct keys k = { 0 };

	f->keys = before;
	if (!contact->given)
		return;
	if (before)
		k = *before;
	if (keys_fill(&m, contact, &k) == -1)
		cannot_begin(f, "hosts");
	else
		f->keys = keys_intern(c->w, &k);
	arena_fini(&tmp);
}

/* the lane's host is known: how it is reached, and what it counts for */
static void
set_host(struct walker *f, struct frame_init *init)
{
	struct ctx *c = f->c;
	const struct walk_watcher *watcher = c->w->o.watcher;

	c->keys = f->keys;
	if (!c->place)
		return;
	if (!f->fail.set)
		c->endpoint = reach_lane(c->w, c, f->keys, &c->why);
	if (watcher && watcher->placed)
		watcher->placed(watcher->arg, c->place->host, c->seq,
		    c->endpoint, buf_str(&c->why));
	if (!c->endpoint) {
		if (!f->fail.set)
			cannot_begin(f, "hosts");
		return;
	}
	if (party_has_hosts(c->party)) {
		init->cap = c->place->cap;
		init->ncap = c->place->ncap;
	}
}

static struct walker *
walker_new(struct ctx *c, const struct seq *s)
{
	struct walker *f = mem_calloc(1, sizeof(*f));

	f->c = c;
	f->seq = s;
	c->refs++;
	return f;
}

static double
frame_limit(struct walker *f)
{
	struct ctx *c = f->c;
	double limit = 0;

	if (vars_figure(c->w, c, &f->seq->lane_timeout, &limit, &c->why) == -1)
		cannot_begin(f, "lane-timeout");
	return limit;
}

struct ctx *
ctx_copy(const struct ctx *c)
{
	struct ctx *new = mem_calloc(1, sizeof(*new));

	new->w = c->w;
	new->refs = 1;
	new->info = c->info;
	new->seq = c->seq;
	new->place = c->place;
	new->endpoint = c->endpoint;
	new->keys = c->keys;
	new->attempt = c->attempt;
	new->last.changed = -1;
	last_copy(&new->last, &c->last);
	new->line = value_ref(c->line);
	new->match = value_ref(c->match);
	for (size_t i = 0; i < c->vars.n; i++)
		vars_set(new, c->vars.binding[i].sym,
		    c->vars.binding[i].value ?
		    value_ref(c->vars.binding[i].value) : NULL);
	return new;
}

static struct ctx *
new_ctx(struct party *p, const struct lane_info *info)
{
	struct ctx *c;

	if (p->from) {
		c = ctx_copy(p->from);
		c->attempt = 1;
		c->refs = 0;
	} else {
		c = mem_calloc(1, sizeof(*c));
		c->w = p->w;
		c->attempt = 1;
		c->last.changed = -1;
	}
	c->seq = p->seq;
	c->info = info;
	c->party = party_ref(p);
	return c;
}

/* values of the call, which may speak of the item */
static void
set_arguments(struct walker *f, const struct party *p)
{
	const struct seq *s = p->seq;
	struct value **v;
	size_t n;

	if (!p->call)
		return;
	v = mem_calloc(s->nparam, sizeof(struct value *));
	for (n = 0; n < s->nparam; n++) {
		v[n] = step_argument(f->c, p->call, &s->param[n]);
		if (!v[n]) {
			cannot_begin(f, "call");
			break;
		}
	}
	for (size_t i = 0; i < n; i++)
		vars_set(f->c, s->param[i].sym, v[i]);
	free(v);
}

/* the first frame of a lane */
void
begin_lane(struct party *p, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	struct ctx *c = new_ctx(p, info);
	const struct seq *s = p->seq;
	struct walker *f = walker_new(c, s);

	f->first = true;
	c->naming = init->name;
	c->endpoint = NULL;
	set_fields(f, item);
	/* a label may be made of variables, and they of the lane's name */
	if (!s->has_label)
		name_lane(p->w, c, item, init);
	set_arguments(f, p);
	set_vars(f, false);
	set_contact(f, p->from ? p->from->keys : NULL);
	set_host(f, init);
	if (s->has_label)
		name_lane(p->w, c, item, init);
	init->state = f;
	init->host = c->place ? c->place->host : NULL;
	init->limit = frame_limit(f);
	c->naming = NULL;
}

static void
tell_call(const struct walker *caller, const struct seq *s)
{
	const struct walk_watcher *watcher = caller->c->w->o.watcher;
	const char *how = "call";

	if (!watcher)
		return;
	if (caller->phase == PHASE_RESCUE)
		how = "rescue";
	else if (caller->phase == PHASE_ALWAYS)
		how = "always";
	watcher->called(watcher->arg, caller->c->info, how,
	    caller->phase == PHASE_TRY ? &caller->seq->step[caller->at] : NULL,
	    s);
}

void
begin_call(struct walker *caller, struct frame_init *init)
{
	struct calling *k = &caller->calling;
	struct ctx *c = caller->c;
	struct walker *f = walker_new(c, k->seq);
	size_t n = k->narg + k->seq->nvar;

	f->ends = k->ends;
	if (n > 0)
		f->shadowed = mem_calloc(n, sizeof(*f->shadowed));
	for (size_t i = 0; i < k->narg; i++) {
		f->shadowed[f->nshadowed++] = vars_shadow(c, k->arg[i].sym,
		    k->arg[i].value);
		k->arg[i].value = NULL;
	}
	set_vars(f, true);
	set_contact(f, caller->keys);
	init->state = f;
	tell_call(caller, k->seq);
	f->told = true;
	init->limit = frame_limit(f);
	if (k->handler && init->limit <= 0)
		init->limit = HANDLER_LIMIT;
}

void
ctx_unref(struct ctx *c)
{
	if (!c || --c->refs > 0)
		return;
	while (c->collecting) {
		struct party *p = c->collecting;

		c->collecting = p->next;
		party_unref(p);
	}
	party_unref(c->party);
	free(c->entries);
	note_drop(c);
	facts_drop(c);
	vars_fini(&c->vars);
	last_fini(&c->last);
	for (size_t i = 0; i < c->nfield; i++)
		value_unref(c->field[i]);
	free(c->field);
	free(c->visits);
	value_unref(c->line);
	value_unref(c->match);
	buf_fini(&c->why);
	buf_fini(&c->old_why);
	free(c);
}

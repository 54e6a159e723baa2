/* SPDX-License-Identifier: ISC */
/* what commands inside a step ask of their lane: its variables */
#include <string.h>

#include "base/near.h"
#include "model/request.h"
#include "walk/walker.h"

static void
say(struct walk *w, struct reply *r, enum reply_status status)
{
	*r = (struct reply){
		.status = status, .data = w->answer.data, .len = w->answer.len
	};
}

/* NAME_KEY, where pairs are captured as NAME */
static bool
is_of_pairs(const struct plan *p, const char *name, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++) {
		uint32_t sym = name[i] == '_' ?
		    map_find(&p->symbols, name, i) : MAP_NONE;

		if (sym != MAP_NONE && p->pairs[sym])
			return true;
	}
	return false;
}

static bool
is_declared(const struct walk *w, const char *name, size_t len)
{
	uint32_t sym = map_find(&w->plan->symbols, name, len);

	return (sym != MAP_NONE && w->plan->declared[sym]) ||
	    is_of_pairs(w->plan, name, len);
}

/* names that a slip can be told from, whatever they were to be */
static void
unknown(struct walk *w, const char *name, size_t len, uint32_t from)
{
	const struct map *names = &w->plan->symbols;
	struct near near = { 0 };
	struct buf given = { 0 };

	buf_add(&given, name, len < 80 ? len : 80);
	buf_addf(&w->answer, "no variable '%s'", buf_str(&given));
	for (uint32_t i = from; i < names->n; i++)
		if (i < SYM_FIXED || w->plan->declared[i])
			near_offer(&near, buf_str(&given), names->name[i]);
	if (near.best)
		buf_addf(&w->answer, "; did you mean '%s'?", near.best);
	else if (from == SYM_FIXED)
		buf_adds(&w->answer, "; the job file must declare it, as in "
		    "[vars]");
	buf_fini(&given);
}

static void
set(struct walker *f, const struct request *q, struct reply *r)
{
	struct ctx *c = f->c;
	struct walk *w = c->w;
	uint32_t sym = map_find(&w->plan->symbols, q->name, q->nname);

	if (sym < SYM_FIXED) {
		buf_addf(&w->answer, "'%s' is pseq's own and cannot be set",
		    plan_fixed[sym]);
	} else if (!is_declared(w, q->name, q->nname)) {
		unknown(w, q->name, q->nname, SYM_FIXED);
	} else if (q->len > 0 && memchr(q->data, '\0', q->len)) {
		buf_adds(&w->answer, "the value holds a NUL byte");
	} else {
		vars_set(c, vars_symbol(w, q->name, q->nname),
		    value_new(q->data, q->len));
		return;
	}
	say(w, r, REPLY_REFUSED);
}

static void
get(struct walker *f, const struct request *q, struct reply *r)
{
	struct ctx *c = f->c;
	struct walk *w = c->w;
	const char *dot = q->nname ? memchr(q->name, '.', q->nname) : NULL;
	size_t len = dot ? (size_t)(dot - q->name) : q->nname;
	struct buf path = { 0 };
	struct piece p = { .kind = PIECE_VAR };
	struct value *v;

	p.sym = map_find(&w->plan->symbols, q->name, len);
	if (p.sym >= SYM_FIXED && !is_declared(w, q->name, len)) {
		unknown(w, q->name, len, 0);
		say(w, r, REPLY_REFUSED);
		return;
	}
	p.sym = vars_symbol(w, q->name, len);
	if (dot) {
		buf_add(&path, dot + 1, q->nname - len - 1);
		p.text = buf_str(&path);
	}
	v = vars_piece(w, c, &p, &w->answer);
	buf_fini(&path);
	if (!v) {
		say(w, r, REPLY_UNSET);
		return;
	}
	if (v->len > REQUEST_DATA_MAX) {
		buf_adds(&w->answer, "the value is too long (over 1 MiB)");
		say(w, r, REPLY_REFUSED);
	} else {
		buf_add(&w->answer, v->text, v->len);
		say(w, r, REPLY_DONE);
	}
	value_unref(v);
}

void
walk_ask(void *state, const struct request *q, struct reply *r)
{
	struct walker *f = state;

	buf_clear(&f->c->w->answer);
	switch (q->kind) {
	case REQUEST_SET:
		set(f, q, r);
		break;
	case REQUEST_GET:
		get(f, q, r);
		break;
	case REQUEST_SEND:
	case REQUEST_RECEIVE:
	case REQUEST_TAKEN:
		buf_adds(&f->c->w->answer, "this job has no channels");
		say(f->c->w, r, REPLY_REFUSED);
		break;
	}
}

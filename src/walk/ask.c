/* SPDX-License-Identifier: ISC */
/* what commands inside a step ask of their lane: variables, channels */
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
secret(struct walk *w, uint32_t sym, const char *what)
{
	buf_addf(&w->answer, "'%s' is a secret: it %s", vars_name(w, sym),
	    what);
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
	} else if (plan_secret(w->plan, sym)) {
		secret(w, sym, "cannot be set");
	} else if (!is_declared(w, q->name, q->nname)) {
		unknown(w, q->name, q->nname, SYM_FIXED);
	} else if (q->len > 0 && memchr(q->data, '\0', q->len)) {
		buf_adds(&w->answer, "the value holds a NUL byte");
	} else {
		sym = vars_symbol(w, q->name, q->nname);
		vars_set(c, sym, value_new(q->data, q->len));
		note_set(c, sym);
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
	if (plan_secret(w->plan, p.sym)) {
		secret(w, p.sym, "is given only by 'secret =' of a step");
		say(w, r, REPLY_REFUSED);
		return;
	}
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

static bool
has(const uint32_t *list, size_t n, uint32_t x)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == x)
			return true;
	return false;
}

static uint32_t
find_channel(const struct plan *p, const struct request *q)
{
	for (size_t i = 0; i < p->nchannel; i++)
		if (strlen(p->channel[i].name) == q->nname &&
		    memcmp(p->channel[i].name, q->name, q->nname) == 0)
			return (uint32_t)i;
	return NOWHERE;
}

/* not one of those in the header: say which there are */
static void
not_declared(struct walk *w, const struct seq *s, const struct request *q,
    const uint32_t *list, size_t n)
{
	const char *key = q->kind == REQUEST_SEND ? "sends" : "receives";
	struct buf given = { 0 };
	struct near near = { 0 };
	bool slip;

	buf_add(&given, q->name, q->nname < 80 ? q->nname : 80);
	if (find_channel(w->plan, q) == NOWHERE)
		buf_addf(&w->answer, "no channel '%s'", buf_str(&given));
	else
		buf_addf(&w->answer, "%s '%s' does not say '%s = %s'",
		    s->routine ? "routine" : "sequence", s->name, key,
		    buf_str(&given));
	for (size_t i = 0; i < w->plan->nchannel; i++)
		near_offer(&near, buf_str(&given), w->plan->channel[i].name);
	slip = near.best && strcmp(near.best, buf_str(&given)) != 0;
	if (slip)
		buf_addf(&w->answer, "; did you mean '%s'?", near.best);
	else if (n > 0)
		buf_addf(&w->answer, ", only '%s =", key);
	for (size_t i = 0; i < n && !slip; i++)
		buf_addf(&w->answer, " %s%s", w->plan->channel[list[i]].name,
		    i + 1 < n ? "," : "'");
	buf_fini(&given);
}

/* may it, and which channel is it? */
static void
message(struct walker *f, const struct request *q, struct reply *r)
{
	struct walk *w = f->c->w;
	/* a released one may do all that its lane may */
	const struct seq *s = q->released ? f->c->seq : f->seq;
	const struct lane_kind *all = &s->reach;
	bool sends = q->kind == REQUEST_SEND;
	const uint32_t *list = sends ? s->sends : s->receives;
	size_t n = sends ? s->nsends : s->nreceives;
	uint32_t i = find_channel(w->plan, q);

	if (q->released) {
		list = sends ? all->sends : all->receives;
		n = sends ? all->nsends : all->nreceives;
	}
	if (i == NOWHERE || !has(list, n, i)) {
		not_declared(w, s, q, list, n);
	} else if (sends && q->len > 0 && memchr(q->data, '\0', q->len)) {
		buf_adds(&w->answer, "the message holds a NUL byte");
	} else {
		r->channel = i;
		return;
	}
	say(w, r, REPLY_REFUSED);
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
		message(f, q, r);
		break;
	case REQUEST_TAKEN:
		break;
	}
}

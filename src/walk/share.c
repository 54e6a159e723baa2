/* SPDX-License-Identifier: ISC */
/* steps that have to do with other lanes: once, limits, messages */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"

static const struct step *
current(const struct walker *f)
{
	return &f->seq->step[f->at];
}

/* --- what there is to share --------------------------------------------- */

int
walk_shared(struct walk *w, struct walk_shared *out, struct buf *why)
{
	const struct plan *p = w->plan;
	double n;

	w->kind = mem_calloc(p->nseq, sizeof(*w->kind));
	w->channel = mem_calloc(p->nchannel, sizeof(*w->channel));
	w->limit = mem_calloc(p->nlimit, sizeof(*w->limit));
	for (size_t i = 0; i < p->nseq; i++)
		w->kind[i] = p->seq[i].reach;
	for (size_t i = 0; i < p->nchannel; i++) {
		if (vars_figure(w, NULL, &p->channel[i].capacity, &n, why) ==
		    -1)
			return -1;
		w->channel[i] = (struct channel_spec){
			.name = p->channel[i].name, .capacity = (int64_t)n
		};
	}
	for (size_t i = 0; i < p->nlimit; i++) {
		if (vars_figure(w, NULL, &p->limit[i].n, &n, why) == -1)
			return -1;
		w->limit[i] = (struct limit_spec){
			.name = p->limit[i].name, .n = (int64_t)n,
			.shared = p->limit[i].shared
		};
	}
	*out = (struct walk_shared){
		.kind = w->kind, .nkind = p->nseq,
		.channel = w->channel, .nchannel = p->nchannel,
		.limit = w->limit, .nlimit = p->nlimit,
	};
	return 0;
}

/* --- once --------------------------------------------------------------- */

/* by a capture of the step? */
static bool
is_captured(const struct walk *w, const struct step *s, uint32_t sym)
{
	const char *var = vars_name(w, sym);

	for (size_t i = 0; i < s->ncapture; i++) {
		const struct capture *k = &s->capture[i];
		const char *name = vars_name(w, k->sym);
		size_t n = strlen(name);

		if (k->sym == sym || (k->kind == CAP_PAIRS &&
		    !strncmp(name, var, n) && var[n] == '_'))
			return true;
	}
	return false;
}

static void
copy_vars(struct bindings *to, const struct ctx *from, const struct step *s)
{
	vars_fini(to);
	for (size_t i = 0; i < from->vars.n; i++) {
		const struct binding *b = &from->vars.binding[i];

		if (!b->value || !is_captured(from->w, s, b->sym))
			continue;
		to->binding = mem_grow(to->binding, &to->cap, to->n + 1,
		    sizeof(*to->binding));
		to->binding[to->n++] = (struct binding){ b->sym,
		    value_ref(b->value) };
	}
}

/* another lane has done it: that is our result, too */
static void
take_over(struct walker *f, const struct once *o, struct action *a)
{
	for (size_t i = 0; i < o->vars.n; i++) {
		const struct binding *b = &o->vars.binding[i];

		vars_set(f->c, b->sym, value_ref(b->value));
		note_set(f->c, b->sym);
	}
	f->phase = PHASE_TRY;
	f->shared = true;
	step_name(f, a);
	a->kind = ACT_DONE;
	a->result = o->kept.r;
}

/* the n-th time that this lane enters it is that of the others */
static uint64_t
key_of(const struct walker *f)
{
	return (uint64_t)f->entry << 32 | current(f)->id;
}

/* it is done, for all lanes */
static void
settle(struct walker *f, struct once *o, const struct result *r)
{
	o->state = ONCE_DONE;
	kept_keep(&o->kept, r);
	copy_vars(&o->vars, f->c, current(f));
	f->announced = o->key;
	f->announce = ANNOUNCE_ALL;
}

/* what the lane that did it had captured */
static void
apply_captures(struct walker *f, const struct step_note *n)
{
	struct walk *w = f->c->w;

	for (size_t i = 0; i < n->nassign; i++) {
		const struct assign *a = &n->assign[i];
		struct step_note one = { .assign = a, .nassign = 1 };

		if (is_captured(w, current(f), vars_symbol(w, a->name,
		    strlen(a->name))))
			note_apply(f->c, &one);
	}
}

/* nobody does it: we do, if it was not done before the run was resumed */
static void
open_once(struct walker *f, struct once *o, struct action *a)
{
	const struct past_try *t = replay_once(f);

	if (t && t->note.secret) {
		replay_refuse(f, true, a);
	} else if ((t && t->result.outside) || replay_once_begun(f)) {
		/* one that was refused has told the others */
		replay_refuse(f, false, a);
	} else if (t) {
		apply_captures(f, &t->note);
		settle(f, o, &t->result);
		take_over(f, o, a);
	} else {
		o->state = ONCE_RUNS;
		f->leads = o;
		share_take(f, a);
	}
}

void
share_enter(struct walker *f, struct action *a)
{
	f->shared = false;
	if (!current(f)->once) {
		share_take(f, a);
		return;
	}
	share_look(f, a);
}

void
share_look(struct walker *f, struct action *a)
{
	uint64_t key = key_of(f);
	struct once *o = party_once(f->c->party, key);

	switch (o->state) {
	case ONCE_OPEN:
		open_once(f, o, a);
		break;
	case ONCE_RUNS:
		f->phase = PHASE_ONCE;
		step_waits(f, a);
		a->kind = ACT_AWAIT;
		a->key = key;
		break;
	case ONCE_DONE:
		if (o->refused)
			replay_refuse(f, false, a);
		else
			take_over(f, o, a);
		break;
	}
}

/* it was never really tried: another lane may do better */
static bool
could_not(enum status status)
{
	return status == ST_START || status == ST_UNREACHABLE ||
	    status == ST_AUTH || status == ST_HOSTKEY ||
	    status == ST_CANCELLED;
}

static void
announce(struct walker *f, const struct result *r)
{
	struct once *o = f->leads;

	f->leads = NULL;
	if ((r->outside && !o->refused) || could_not(r->status)) {
		o->state = ONCE_OPEN;
		f->announced = o->key;
		f->announce = ANNOUNCE_ONE;
		return;
	}
	settle(f, o, r);
	f->note.once = true;
}

/* --- limits ------------------------------------------------------------- */

/* the needs as data; -1 and c->why */
static int
make_needs(struct walker *f, const struct needs *needs, struct action *a)
{
	struct walk *w = f->c->w;
	struct need *list;

	w->need = mem_grow(w->need, &w->need_cap, needs->n,
	    sizeof(*w->need));
	list = w->need;
	for (size_t i = 0; i < needs->n; i++) {
		const struct needing *d = &needs->need[i];
		double n, most = 0;

		if (vars_figure(w, f->c, &d->n, &n, &f->c->why) == -1 ||
		    vars_figure(w, NULL, &w->plan->limit[d->limit].n, &most,
		    &f->c->why) == -1)
			return -1;
		if (n < 1 || n > most) {
			why_at(w, d->pos, &f->c->why);
			buf_addf(&f->c->why, "limit '%s' is %.0f: %.0f of it "
			    "can never be had", w->plan->limit[d->limit].name,
			    most, n);
			return -1;
		}
		list[i] = (struct need){ d->limit, (int64_t)n };
	}
	a->kind = ACT_TAKE;
	a->need = list;
	a->nneed = needs->n;
	return 0;
}

/* the step cannot be begun */
static void
fail_step(struct walker *f, struct action *a)
{
	f->phase = PHASE_TRY;
	f->hopeless = true;
	*a = (struct action){ .attempt = 1 };
	step_name(f, a);
	step_error(f, a);
}

void
share_take(struct walker *f, struct action *a)
{
	const struct step *s = current(f);

	if (s->needs.n == 0) {
		step_try(f, a);
		return;
	}
	f->phase = PHASE_TAKE;
	step_waits(f, a);
	if (make_needs(f, &s->needs, a) == -1)
		fail_step(f, a);
}

void
share_taken(struct walker *f, const struct result *r, struct action *a)
{
	if (r->status == ST_OK) {
		f->holds = true;
		step_try(f, a);
		return;
	}
	buf_clear(&f->c->why);
	buf_adds(&f->c->why, r->message);
	fail_step(f, a);
}

void
share_hold(struct walker *f, struct action *a)
{
	f->phase = PHASE_HOLD;
	a->own = true;
	if (make_needs(f, &f->seq->needs, a) == 0)
		return;
	step_error(f, a);
}

void
share_over(struct walker *f, const struct result *r)
{
	if (f->leads)
		announce(f, r);
	f->give_back |= f->holds;
	f->holds = false;
}

void
share_tell(struct walker *f, struct action *a)
{
	a->give_back = f->give_back;
	a->announce = f->announce;
	a->announced = f->announced;
	f->give_back = false;
	f->announce = ANNOUNCE_NONE;
}

/* --- what is known from before ----------------------------------------------- */

void
share_refuse(struct walker *f)
{
	struct once *o;

	if (!current(f)->once)
		return;
	o = party_once(f->c->party, key_of(f));
	if (o->state != ONCE_OPEN)
		return;
	o->state = ONCE_RUNS;
	o->refused = true;
	f->leads = o;
}

void
share_replayed(struct walker *f, const struct result *r)
{
	struct once *o = party_once(f->c->party, key_of(f));

	if (o->state == ONCE_OPEN)
		settle(f, o, r);
}

/* --- messages ----------------------------------------------------------- */

void
share_fed(struct ctx *c)
{
	if (c->visits)
		memset(c->visits, 0,
		    c->w->plan->nsteps * sizeof(*c->visits));
}

void
share_received(struct walker *f, struct result *r)
{
	const struct step *s = current(f);
	const char *p = r->out, *end = p + r->nout;
	struct ctx *c = f->c;
	size_t len;

	if (memchr(p, '\0', r->nout)) {
		r->status = ST_ERROR;
		r->message = "the message holds a NUL byte";
		return;
	}
	if (s->ninto == 1) {
		vars_set(c, s->into[0], value_new(p, r->nout));
		note_set(c, s->into[0]);
	} else {
		for (size_t i = 0; i < s->ninto; i++, p += len) {
			items_field(&p, end, i + 1 == s->ninto, &len);
			vars_set(c, s->into[i], value_new(p, len));
			note_set(c, s->into[i]);
		}
	}
	share_fed(c);
}

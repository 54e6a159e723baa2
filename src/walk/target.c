/* SPDX-License-Identifier: ISC */
/* what is called or gone to: routines, steps, arguments */
#include <stdlib.h>

#include "base/mem.h"
#include "walk/party.h"

/* what a name that is made of variables could have been */
static void
list_candidates(struct ctx *c, const struct target *t)
{
	enum { SHOWN = 12 };
	const struct plan *p = c->w->plan;
	unsigned n = 0;

	for (size_t i = 0; i < p->nseq; i++) {
		if (!p->seq[i].routine || !text_may_be(&t->text,
		    p->seq[i].name) || n++ >= SHOWN)
			continue;
		buf_addf(&c->why, "%s%s", n == 1 ? "; there is " : ", ",
		    p->seq[i].name);
	}
	if (n > SHOWN)
		buf_adds(&c->why, ", …");
}

uint32_t
step_target(struct walker *f, const struct target *t, bool routine)
{
	struct ctx *c = f->c;
	struct buf name = { 0 };
	uint32_t i = t->index;

	if (i != NOWHERE)
		return i;
	if (vars_fill(c->w, c, &t->text, &name, &c->why) == 0) {
		i = routine ?
		    plan_find(c->w->plan, buf_str(&name), name.len, true) :
		    seq_find_step(f->seq, buf_str(&name), name.len);
		if (i == NOWHERE) {
			why_at(c->w, t->pos, &c->why);
			buf_addf(&c->why, "there is no %s '%s'",
			    routine ? "routine" : "step", buf_str(&name));
			if (routine)
				list_candidates(c, t);
		}
	}
	buf_fini(&name);
	return i;
}

static void
clear_calling(struct calling *k)
{
	for (size_t i = 0; i < k->narg; i++)
		value_unref(k->arg[i].value);
	free(k->arg);
	*k = (struct calling){ 0 };
}

/* given, its default, or missing */
struct value *
step_argument(struct ctx *c, const struct call *call, const struct param *p)
{
	const struct text *t = p->has_value ? &p->value : NULL;
	struct buf text = { 0 };
	struct value *v = NULL;

	for (size_t i = 0; call && i < call->narg; i++)
		if (call->arg[i].sym == p->sym)
			t = &call->arg[i].value;
	if (!t) {
		why_at(c->w, p->pos, &c->why);
		buf_addf(&c->why, "parameter '%s' is not given",
		    vars_name(c->w, p->sym));
		return NULL;
	}
	if (vars_fill(c->w, c, t, &text, &c->why) == 0)
		v = value_new(text.data, text.len);
	buf_fini(&text);
	return v;
}

int
step_call(struct walker *f, const struct call *call, struct action *a)
{
	uint32_t i = step_target(f, &call->routine, true);
	struct calling *k = &f->calling;
	const struct seq *s;

	if (i == NOWHERE)
		return -1;
	s = &f->c->w->plan->seq[i];
	clear_calling(k);
	k->seq = s;
	k->ends = f->past ? &f->past->result : f->ends;
	k->arg = mem_calloc(s->nparam, sizeof(*k->arg));
	for (size_t p = 0; p < s->nparam; p++) {
		struct value *v = step_argument(f->c, call, &s->param[p]);

		if (!v)
			return -1;
		k->arg[k->narg++] = (struct binding){
			.sym = s->param[p].sym, .value = v
		};
	}
	a->kind = ACT_CALL;
	a->call = k;
	return 0;
}

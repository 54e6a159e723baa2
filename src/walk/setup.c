/* SPDX-License-Identifier: ISC */
/*
 * [vars], then [secrets]: texts are filled and files read at once, commands
 * run in a hidden lane.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/past.h"
#include "walk/inner.h"

struct setup {
	struct walk *w;
	const struct lane_info *info;
	size_t at, secret;	/* the entry whose command runs */
	struct assign assign;	/* what the last one has set */
	struct buf why;
};

static void
set_global(struct walk *w, uint32_t sym, struct value *v)
{
	value_unref(w->global[sym]);
	w->global[sym] = v;
}

static int
fill_vars(struct walk *w, size_t *from, struct buf *why)
{
	for (; *from < w->plan->nvar; ++*from) {
		const struct var *v = &w->plan->var[*from];
		struct buf text = { 0 };

		if (w->by_option[v->sym] ||
		    (v->kind == VAR_REQUIRED && w->o.partial))
			continue;
		if (v->kind == VAR_OUTPUT && !w->o.no_commands)
			break;
		if (v->kind == VAR_OUTPUT) {
			set_global(w, v->sym, value_str("?"));
			continue;
		}
		if (vars_fill(w, NULL, &v->text, &text, why) == -1) {
			buf_fini(&text);
			return -1;
		}
		set_global(w, v->sym, value_new(text.data, text.len));
		buf_fini(&text);
	}
	return 0;
}

int
setup_fill(struct walk *w, size_t *from, size_t *secret, struct buf *why)
{
	if (fill_vars(w, from, why) == -1)
		return -1;
	/* the path of a secret's file may be made of variables */
	return *from < w->plan->nvar ? 0 : secret_fill(w, secret, why);
}

static void
setup_fork(void *state, const void *call, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	struct setup *s = mem_calloc(1, sizeof(*s));

	(void)call;
	(void)item;
	buf_adds(init->name, info->group);
	s->w = state;
	s->info = info;
	init->state = s;
}

static void
end_with(struct action *a, enum frame_end end, const struct result *r)
{
	a->kind = ACT_END;
	a->end = end;
	a->result = *r;
}

/* whose command runs, or NULL */
static const struct command *
current(const struct setup *s, uint32_t *sym)
{
	const struct plan *p = s->w->plan;

	if (s->at < p->nvar) {
		*sym = p->var[s->at].sym;
		return &p->var[s->at].command;
	}
	if (s->secret < p->nsecret) {
		*sym = p->secret[s->secret].sym;
		return &p->secret[s->secret].command;
	}
	return NULL;
}

/* the value that it had before the run was resumed; a secret is not kept */
static const struct past_try *
known(const struct setup *s, const struct step_ref *ref)
{
	const struct past *p = s->w->o.past;
	const struct past_try *t;

	if (!p || !s->info->past || s->at == s->w->plan->nvar)
		return NULL;
	t = p->step(p->arg, s->info->past, ref, 1);
	return t && t->result.status == ST_OK && t->note.nassign == 1 ? t :
	    NULL;
}

/* run the command of the entry that stands next, or end */
static void
go_on(struct setup *s, struct action *a)
{
	struct walk *w = s->w;
	const struct command *c = NULL;
	struct result r = result_made(ST_OK, "");
	const struct past_try *t;
	uint32_t sym = 0;

	if (setup_fill(w, &s->at, &s->secret, &s->why) == -1 ||
	    ((c = current(s, &sym)) && command_make(w, NULL, NULL, c,
	    &a->run, &s->why) == -1)) {
		r.status = ST_ERROR;
		r.message = buf_str(&s->why);
		end_with(a, FRAME_FAILED, &r);
		return;
	}
	if (!c) {
		end_with(a, FRAME_OK, &r);
		return;
	}
	a->step.label = a->step.identity = vars_name(w, sym);
	a->step.in = s->info->group;
	a->step.entry = 1;
	t = known(s, &a->step);
	if (t) {
		a->kind = ACT_DONE;
		a->result = t->result;
		a->result.past = t;
		return;
	}
	a->kind = ACT_RUN;
	a->step.command = c->text;
	a->run.capture = a->run.divert = STREAM_OUT;
	a->run.capture_max = CAPTURE_MAX;
}

/* the next one, and what the last one has set */
static void
keep(struct setup *s, uint32_t sym, const char *text, size_t n,
    struct action *a)
{
	struct walk *w = s->w;
	struct step_note note = { .secret = true };

	if (s->at < w->plan->nvar) {
		set_global(w, sym, value_new(text, n));
		s->at++;
		s->assign = (struct assign){
			.name = vars_name(w, sym),
			.text = w->global[sym]->text, .len = n,
		};
		note = (struct step_note){
			.assign = &s->assign, .nassign = 1
		};
	} else {
		s->secret++;
	}
	go_on(s, a);
	a->note = note;
}

static void
next(void *state, struct result *last, struct action *a)
{
	struct setup *s = state;
	struct walk *w = s->w;
	uint32_t sym = 0;
	size_t n;

	if (!last) {
		go_on(s, a);
		return;
	}
	current(s, &sym);
	if (last->past) {
		const struct assign *v = last->past->note.assign;

		keep(s, sym, v->text, v->len, a);
		return;
	}
	if (last->status == ST_EXIT && last->code == 0)
		last->status = ST_OK;
	if (last->out_full) {
		last->status = ST_ERROR;
		last->message = "the output is longer than 96 KiB";
	}
	for (n = last->nout; n > 0 && last->out[n - 1] == '\n'; n--)
		;
	if (last->status == ST_OK && s->at == w->plan->nvar &&
	    secret_keep(w, &w->plan->secret[s->secret], last->out, n,
	    &s->why) == -1) {
		last->status = ST_ERROR;
		last->message = buf_str(&s->why);
	}
	if (last->status != ST_OK) {
		last->step = vars_name(w, sym);
		end_with(a, FRAME_FAILED, last);
		return;
	}
	keep(s, sym, last->out, n, a);
}

static void
end(void *state)
{
	struct setup *s = state;

	buf_fini(&s->why);
	free(s);
}

const struct program setup_program = {
	.next = next, .fork = setup_fork, .end = end,
};

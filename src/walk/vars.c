/* SPDX-License-Identifier: ISC */
/* variables: looking up, setting, filling texts */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/status.h"
#include "walk/place.h"

void
why_at(struct walk *w, struct pos pos, struct buf *why)
{
	char at[512];

	buf_clear(why);
	if (pos.line > 0)
		buf_addf(why, "%s: ",
		    plan_show_pos(w->plan, pos, at, sizeof(at)));
}

const char *
vars_name(const struct walk *w, uint32_t sym)
{
	uint32_t known = w->plan->symbols.n;

	return sym < known ? w->plan->symbols.name[sym] :
	    w->extra.name[sym - known];
}

uint32_t
vars_symbol(struct walk *w, const char *name, size_t len)
{
	uint32_t sym = map_find(&w->plan->symbols, name, len);

	if (sym != MAP_NONE)
		return sym;
	return w->plan->symbols.n + map_add(&w->extra, name, len);
}

static struct binding *
find(const struct bindings *b, uint32_t sym)
{
	for (size_t i = b->n; i-- > 0;)
		if (b->binding[i].sym == sym)
			return &b->binding[i];
	return NULL;
}

static struct value *
code_value(int code)
{
	return code == CODE_NONE ? value_str("") : value_int(code);
}

/* who logs in, as far as the job says it */
static struct value *
user_of(const struct ctx *c)
{
	const char *user = c->endpoint ? c->endpoint->user :
	    c->place ? c->place->keys.user : NULL;

	return c->place ? value_str(user ? user : "") : NULL;
}

/* the variables that are always there; NULL: not set in this place */
static struct value *
fixed(struct walk *w, const struct ctx *c, uint32_t sym)
{
	const struct last *l;

	switch (sym) {
	case SYM_JOB:
		return value_str(w->plan->name);
	case SYM_JOB_DIR:
		return value_str(w->plan->job_dir);
	case SYM_RUN:
		return value_str(w->o.run);
	}
	if (!c)
		return NULL;
	l = &c->last;
	switch (sym) {
	case SYM_HOST:
		return c->place ? value_str(c->place->host) :
		    value_ref(c->host);
	case SYM_ADDRESS:
		return c->place ? value_str(c->place->address) : NULL;
	case SYM_USER:
		return user_of(c);
	case SYM_LANE:
		return value_str(c->naming ? buf_str(c->naming) :
		    c->info->name);
	case SYM_INDEX:
		return value_int(c->info->index);
	case SYM_LANES:
		return c->info->lanes < 0 ? value_str("") :
		    value_int(c->info->lanes);
	case SYM_WAVE:
		return value_int(c->info->wave);
	case SYM_ATTEMPT:
		return value_int(c->attempt);
	case SYM_RESULT:
		return value_str(l->set ? status_name(l->status) : "");
	case SYM_CODE:
		return l->set ? code_value(l->code) : value_str("");
	case SYM_STEP:
		return l->set ? value_ref(l->step) : value_str("");
	case SYM_MESSAGE:
		return l->set ? value_ref(l->message) : value_str("");
	case SYM_STDERR_TAIL:
		return l->set ? value_ref(l->tail) : value_str("");
	case SYM_CHANGED:
		return value_str(l->changed < 0 ? "" :
		    l->changed ? "yes" : "no");
	case SYM_LINE:
		return value_ref(c->line);
	case SYM_MATCH:
		return value_ref(c->match);
	}
	return NULL;
}

/* what its groups and its section say; -v is stronger */
static struct binding *
find_place(const struct walk *w, const struct ctx *c, uint32_t sym)
{
	struct bindings list;

	if (!c->place || (sym < w->plan->symbols.n && w->by_option[sym]))
		return NULL;
	list = (struct bindings){ (struct binding *)c->place->var,
	    c->place->nvar, c->place->nvar };
	return find(&list, sym);
}

struct value *
vars_get(struct walk *w, const struct ctx *c, uint32_t sym)
{
	struct binding *b;

	if (sym < SYM_FIXED)
		return fixed(w, c, sym);
	b = c ? find(&c->vars, sym) : NULL;
	if (!b || !b->value)
		b = c ? find_place(w, c, sym) : NULL;
	if (b && b->value)
		return value_ref(b->value);
	return sym < w->plan->symbols.n ? value_ref(w->global[sym]) : NULL;
}

void
vars_set(struct ctx *c, uint32_t sym, struct value *v)
{
	struct bindings *s = &c->vars;
	struct binding *b = find(s, sym);

	if (b) {
		value_unref(b->value);
		b->value = v;
		return;
	}
	s->binding = mem_grow(s->binding, &s->cap, s->n + 1,
	    sizeof(*s->binding));
	s->binding[s->n++] = (struct binding){ .sym = sym, .value = v };
}

struct binding
vars_shadow(struct ctx *c, uint32_t sym, struct value *v)
{
	struct binding *b = find(&c->vars, sym);
	struct binding old = { .sym = sym };

	if (b) {
		old.value = b->value;
		b->value = v;
	} else {
		vars_set(c, sym, v);
	}
	return old;
}

void
vars_restore(struct ctx *c, struct binding old)
{
	vars_set(c, old.sym, old.value);
}

void
vars_fini(struct bindings *s)
{
	for (size_t i = 0; i < s->n; i++)
		value_unref(s->binding[i].value);
	free(s->binding);
	*s = (struct bindings){ 0 };
}

void
last_fini(struct last *l)
{
	value_unref(l->message);
	value_unref(l->step);
	value_unref(l->tail);
	*l = (struct last){ .changed = -1 };
}

void
last_copy(struct last *to, const struct last *from)
{
	struct last copy = *from;

	value_ref(copy.message);
	value_ref(copy.step);
	value_ref(copy.tail);
	last_fini(to);
	*to = copy;
}

static struct value *
from_env(const struct walk *w, const char *name)
{
	const char *s = getenv(name);

	/* no secret is read where nothing is real */
	if (w->o.no_commands && secret_is_source(w->plan, name, strlen(name)))
		s = "?";
	return s ? value_str(s) : NULL;
}

struct value *
vars_piece(struct walk *w, const struct ctx *c, const struct piece *p,
    struct buf *why)
{
	struct value *v, *part;

	switch (p->kind) {
	case PIECE_TEXT:
		return value_new(p->text, p->len);
	case PIECE_ENV:
		v = from_env(w, p->text);
		if (!v) {
			why_at(w, p->pos, why);
			buf_addf(why, "environment variable '%s' is not set",
			    p->text);
		}
		return v;
	case PIECE_ITEMS:
	case PIECE_PORT:
	case PIECE_COMMAND:
		return value_str("");
	case PIECE_VAR:
		break;
	}
	v = vars_get(w, c, p->sym);
	if (!v) {
		why_at(w, p->pos, why);
		buf_addf(why, "variable '%s' is not set",
		    vars_name(w, p->sym));
		return NULL;
	}
	if (!p->text)
		return v;
	part = v->json ? value_part(v, p->text) : NULL;
	if (!part) {
		why_at(w, p->pos, why);
		buf_addf(why, v->json ? "'%s' has no part '%s'" :
		    "'%s' was not captured as json, so it has no part '%s'",
		    vars_name(w, p->sym), p->text);
	}
	value_unref(v);
	return part;
}

int
vars_fill(struct walk *w, const struct ctx *c, const struct text *t,
    struct buf *out, struct buf *why)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		struct value *v;

		if (p->kind == PIECE_TEXT) {
			buf_add(out, p->text, p->len);
			continue;
		}
		v = vars_piece(w, c, p, why);
		if (!v)
			return -1;
		buf_add(out, v->text, v->len);
		value_unref(v);
	}
	return 0;
}

static int
read_figure(enum figure_kind kind, const char *s, double *d)
{
	int64_t n;

	switch (kind) {
	case FIG_DURATION:
		return num_duration(s, d);
	case FIG_FACTOR:
		return num_double(s, d) == -1 || *d < 0 ? -1 : 0;
	case FIG_COUNT:
		if (strcmp(s, "forever") == 0) {
			*d = HUGE_VAL;
			return 0;
		}
		break;
	case FIG_PERCENT:
		break;
	}
	if (kind == FIG_PERCENT) {
		struct width width;

		if (num_width(s, false, &width) == -1 || width.n > 100)
			return -1;
		*d = (double)width.n;
		return 0;
	}
	if (num_int(s, &n) == -1 || n < 0)
		return -1;
	*d = (double)n;
	return 0;
}

int
vars_figure(struct walk *w, const struct ctx *c, const struct figure *f,
    double *d, struct buf *why)
{
	static const char *const kinds[] = {
		[FIG_COUNT] = "number", [FIG_DURATION] = "duration",
		[FIG_FACTOR] = "factor", [FIG_PERCENT] = "percentage",
	};
	struct buf text = { 0 };
	int rc;

	if (f->fixed || f->text.n == 0) {
		*d = f->value;
		return 0;
	}
	rc = vars_fill(w, c, &f->text, &text, why);
	if (rc == 0 && read_figure(f->kind, buf_str(&text), d) == -1) {
		why_at(w, f->text.pos, why);
		buf_addf(why, "'%s' is no %s", buf_str(&text),
		    kinds[f->kind]);
		rc = -1;
	}
	buf_fini(&text);
	return rc;
}

int
vars_span(struct walk *w, const struct ctx *c, const struct span *s,
    struct width *width, struct buf *why)
{
	struct buf text = { 0 };
	int rc;

	if (s->fixed || !s->given) {
		*width = s->width;
		return 0;
	}
	rc = vars_fill(w, c, &s->text, &text, why);
	if (rc == 0 && num_width(buf_str(&text), true, width) == -1) {
		why_at(w, s->text.pos, why);
		buf_addf(why, "'%s' is no number and no percentage",
		    buf_str(&text));
		rc = -1;
	}
	buf_fini(&text);
	return rc;
}

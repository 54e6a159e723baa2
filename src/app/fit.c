/* SPDX-License-Identifier: ISC */
/* what an outcome means for a step: its codes, captures and limits */
#include <stdio.h>
#include <string.h>

#include "app/fit.h"
#include "app/outcomes.h"
#include "model/plan.h"
#include "sim/sim.h"

static bool
is_copy(const struct step *s)
{
	return s->kind == STEP_PUT || s->kind == STEP_GET;
}

static bool
is_command(const struct step *s)
{
	return step_is_command(s->kind);
}

/* the exit code that is `ok` for this step */
static int
ok_code(const struct step *s)
{
	for (size_t i = 0; i < s->nok; i++)
		if (s->ok[i].lo <= 0 && s->ok[i].hi >= 0)
			return 0;
	return s->nok > 0 ? s->ok[0].lo : 0;
}

static bool
wants_json(const struct step *s)
{
	for (size_t i = 0; i < s->ncapture; i++)
		if (s->capture[i].kind == CAP_JSON)
			return true;
	return false;
}

/* --- does it fit the step? ---------------------------------------------- */

static const char *
why_no_result(const struct step *s, const struct attempt *a)
{
	bool timed = s->timeout.given;

	if (a->status == ST_TIMEOUT && !timed)
		return "has no 'timeout'";
	if (a->status == ST_SILENT && !s->silent.given)
		return "has no 'silent'";
	if (!is_command(s) &&
	    (a->status == ST_EXIT || a->status == ST_SIGNAL))
		return "runs no command: it has no exit code";
	return NULL;
}

/* 0, or STREAM_… of what is captured as that name */
static unsigned
stream_of(const struct fit *f, const char *name)
{
	const struct step *s = f->step;

	if (is_command(s) && strcmp(name, "stdout") == 0)
		return STREAM_OUT;
	if (is_command(s) && strcmp(name, "stderr") == 0)
		return STREAM_ERR;
	for (size_t i = 0; i < s->ncapture; i++)
		if (strcmp(f->o->plan->symbols.name[s->capture[i].sym],
		    name) == 0)
			return s->capture[i].kind == CAP_STDERR ?
			    STREAM_ERR : STREAM_OUT;
	return 0;
}

static bool
is_changed(const struct fit *f, const struct given *g)
{
	return is_copy(f->step) && strcmp(g->name.text, "changed") == 0;
}

static bool
refuse(struct fit *f, const struct phrase *p, const char *why)
{
	f->pos = p->pos;
	snprintf(f->why, sizeof(f->why), "%s", why);
	return false;
}

/* its output: each stream has one text, by whatever name it is given */
static bool
put(struct fit *f, const struct given *g, struct sim_outcome *to)
{
	unsigned stream = stream_of(f, g->name.text);
	const char **text = stream == STREAM_OUT ? &to->out : &to->err;
	size_t *len = stream == STREAM_OUT ? &to->nout : &to->nerr;

	if (is_changed(f, g)) {
		to->result.changed = strcmp(g->value.text, "yes") == 0;
		if (to->result.changed || strcmp(g->value.text, "no") == 0)
			return true;
		return refuse(f, &g->value, "'changed' is yes or no");
	}
	if (!stream) {
		f->bad_name = g->name.text;
		return refuse(f, &g->name, "is not captured");
	}
	if (*text && (*len != g->value.len ||
	    memcmp(*text, g->value.text, *len) != 0))
		return refuse(f, &g->name, "the same output has another text "
		    "already");
	*text = g->value.text;
	*len = g->value.len;
	return true;
}

static struct result
result_of(const struct step *s, const struct attempt *a)
{
	struct result r = result_made(a->status,
	    a->message ? a->message : "");

	r.code = a->code;
	r.signo = a->signo;
	if (!a->message && (a->status == ST_ERROR || a->status == ST_START))
		r.message = "simulated";
	if (a->status == ST_OK && is_command(s)) {
		r.status = ST_EXIT;
		r.code = ok_code(s);
	}
	r.changed = is_copy(s);
	return r;
}

static bool
make(struct fit *f, const struct attempt *a, struct sim_outcome *to)
{
	const char *why = why_no_result(f->step, a);

	*to = (struct sim_outcome){
		.result = result_of(f->step, a), .hang = a->hang,
		.seconds = a->seconds,
	};
	if (why)
		return refuse(f, &a->result, why);
	for (size_t i = 0; i < a->ngiven; i++)
		if (!put(f, &a->given[i], to))
			return false;
	if (!to->out && wants_json(f->step)) {
		to->out = "null";
		to->nout = strlen(to->out);
	}
	return true;
}

bool
fit_add(struct fit *f, uint32_t number)
{
	const struct outcome *of = f->of;
	struct sim_outcome *list = arena_alloc(&f->o->arena,
	    of->n * sizeof(*list));
	struct sim_row row = {
		.step = f->step->id, .lane = of->lane.text, .outcome = list,
		.n = of->n, .number = number,
	};

	if (!fit_starts(f->step)) {
		f->pos = of->step.pos;
		snprintf(f->why, sizeof(f->why), "is a step of the kind '%s', "
		    "which starts nothing", plan_step_kind(f->step->kind));
		return false;
	}
	for (size_t i = 0; i < of->n; i++)
		if (!make(f, &of->attempt[i], &list[i]))
			return false;
	table_add(&f->o->table, &row);
	return true;
}

bool
fit_starts(const struct step *s)
{
	return is_command(s) || is_copy(s) || s->kind == STEP_WAIT;
}

/* what it captures must be JSON, its good code is not 0, it changes something */
bool
fit_is_needed(const struct step *s)
{
	return is_copy(s) || (is_command(s) &&
	    (wants_json(s) || ok_code(s) != 0));
}

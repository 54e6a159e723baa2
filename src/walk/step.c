/* SPDX-License-Identifier: ISC */
/* entering a step: conditions, texts, the action; tries */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"
#include "walk/place.h"

static const struct step *
current(const struct walker *f)
{
	return &f->seq->step[f->at];
}

/* the action of a step that went wrong before anything was begun */
void
step_error(struct walker *f, struct action *a)
{
	a->kind = ACT_DONE;
	a->result = result_made(ST_ERROR, buf_str(&f->c->why));
}

static void
done(struct action *a, enum status status)
{
	a->kind = ACT_DONE;
	a->result = result_made(status, "");
	if (status == ST_OK)
		a->result.code = 0;
}

static int
make_sleep(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	double low, high;

	if (vars_figure(c->w, c, &s->low, &low, &c->why) == -1)
		return -1;
	high = low;
	if (s->high.given &&
	    vars_figure(c->w, c, &s->high, &high, &c->why) == -1)
		return -1;
	a->kind = ACT_SLEEP;
	a->seconds = low + (high - low) * walk_random(c->w);
	return 0;
}

static int
make_wait(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct buf *text = &c->w->text, what = { 0 };
	int rc;

	buf_clear(text);
	if (vars_fill(c->w, c, &s->text, text, &c->why) == -1)
		return -1;
	a->kind = ACT_WAIT;
	rc = wait_read(&a->wait, s->wait, buf_str(text), &what);
	if (rc == -1) {
		why_at(c->w, s->text.pos, &c->why);
		buf_adds(&c->why, buf_str(&what));
	}
	buf_fini(&what);
	return rc;
}

static int
make_set(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct value *v = NULL;

	if (s->kind == STEP_LET) {
		v = eval_text(c->w, c, f->outcome, f->seq, s->expr, &c->why);
	} else {
		buf_clear(&c->w->text);
		if (vars_fill(c->w, c, &s->text, &c->w->text, &c->why) == 0)
			v = value_new(c->w->text.data, c->w->text.len);
	}
	if (!v)
		return -1;
	vars_set(c, s->sym, v);
	note_set(c, s->sym);
	done(a, ST_OK);
	return 0;
}

/* the text of say, or the message of an ending */
static int
make_text(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct buf *text = &f->say;

	buf_clear(text);
	if (vars_fill(c->w, c, &s->text, text, &c->why) == -1)
		return -1;
	done(a, ST_OK);
	switch (s->kind) {
	case STEP_FINISH:
		if (text->len == 0)
			return 0;
		/* fallthrough */
	case STEP_SAY:
		a->kind = ACT_SAY;
		a->text = buf_str(text);
		a->len = text->len;
		break;
	case STEP_DRAIN:
	case STEP_STOP:
		a->kind = s->kind == STEP_DRAIN ? ACT_DRAIN : ACT_STOP;
		/* fallthrough */
	default:
		/* it must outlive the next step's text */
		buf_clear(&c->why);
		buf_add(&c->why, text->data, text->len);
		a->result.status = ST_ERROR;
		a->result.code = CODE_NONE;
		a->result.message = buf_str(&c->why);
		break;
	}
	return 0;
}

static int
make_spawn(struct walker *f, const struct step *s, struct action *a)
{
	if (party_fork(f, &s->call, s->fan, s->alias, a) == -1)
		return -1;
	f->c->spawned = true;
	return 0;
}

static int
make_call(struct walker *f, const struct step *s, struct action *a)
{
	if (!s->fan)
		return step_call(f, &s->call, a);
	if (party_fork(f, &s->call, s->fan, NULL, a) == -1)
		return -1;
	a->waits = true;
	return 0;
}

static int
make_barrier(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct width count = { 0 };

	buf_clear(&f->say);
	if (vars_fill(c->w, c, &s->text, &f->say, &c->why) == -1 ||
	    vars_span(c->w, c, &s->count, &count, &c->why) == -1)
		return -1;
	a->kind = ACT_BARRIER;
	a->name = buf_str(&f->say);
	a->percent = count.percent;
	a->count = s->count.given && count.n < 1 ? 1 : count.n;
	return 0;
}

static int
make_message(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;

	a->channel = s->channel;
	a->mode = s->mode;
	a->kind = s->kind == STEP_SEND ? ACT_SEND :
	    s->kind == STEP_RECEIVE ? ACT_RECEIVE :
	    s->kind == STEP_CLOSE ? ACT_CLOSE : ACT_CLEAR;
	if (s->kind != STEP_SEND)
		return 0;
	buf_clear(&f->say);
	if (vars_fill(c->w, c, &s->text, &f->say, &c->why) == -1)
		return -1;
	a->text = buf_str(&f->say);
	a->len = f->say.len;
	return 0;
}

static int
make_run(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;

	a->kind = ACT_RUN;
	if (reach_step(f, s, &a->run.at) == -1)
		return -1;
	if (a->run.at && s->tty) {
		buf_clear(&c->why);
		buf_addf(&c->why, "'tty' is only for commands that run here, "
		    "not on '%s'", a->run.at->host);
		return -1;
	}
	if (command_make(c->w, c, s, &s->command, &a->run, &c->why) == -1)
		return -1;
	a->run.sends = f->seq->nsends > 0;
	a->step.command = command_show(c->w, &a->run);
	return 0;
}

/* a command that tells the hosts of a call is run first; -1 and c->why */
static int
ask_hosts(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct wanted want = { 0 };
	int found = s->fan ? groups_want(c->w, c, s->fan->each,
	    s->fan->neach, &want, &c->why) : 0;

	if (found != 1)
		return found;
	if (!f->wanted)
		f->wanted = mem_alloc(sizeof(*f->wanted));
	*f->wanted = want;
	if (groups_run(c->w, f->wanted, a, &c->why) == -1 ||
	    vars_figure(c->w, c, &s->timeout, &a->run.timeout, &c->why) == -1)
		return -1;
	a->step.id = s->id;
	f->phase = PHASE_HOSTS;
	return 1;
}

/* the action of the step's kind; -1 and c->why */
static int
make(struct walker *f, const struct step *s, struct action *a)
{
	struct ctx *c = f->c;
	struct walk *w = c->w;

	if (vars_figure(w, c, &s->timeout, &a->limit, &c->why) == -1)
		return -1;
	switch (s->kind) {
	case STEP_RUN:
	case STEP_LOCAL:
	case STEP_SCRIPT:
		return make_run(f, s, a);
	case STEP_PUT:
	case STEP_GET:
		a->kind = ACT_COPY;
		if (reach_step(f, s, &a->copy.at) == -1)
			return -1;
		return command_copy(w, c, s, &a->copy, &c->why);
	case STEP_SLEEP:
		return make_sleep(f, s, a);
	case STEP_WAIT:
		return make_wait(f, s, a);
	case STEP_CALL:
		return make_call(f, s, a);
	case STEP_SPAWN:
		return make_spawn(f, s, a);
	case STEP_JOIN:
		a->kind = ACT_JOIN;
		a->names = s->names;
		a->nnames = s->nnames;
		return 0;
	case STEP_BARRIER:
		return make_barrier(f, s, a);
	case STEP_SEND:
	case STEP_RECEIVE:
	case STEP_CLOSE:
	case STEP_CLEAR:
		return make_message(f, s, a);
	case STEP_SET:
	case STEP_LET:
		return make_set(f, s, a);
	case STEP_GOTO:
		if (step_target(f, &s->target, false) == NOWHERE)
			return -1;
		done(a, ST_OK);
		return 0;
	case STEP_RETURN:
		done(a, ST_OK);
		return 0;
	case STEP_SAY:
	case STEP_FINISH:
	case STEP_FAIL:
	case STEP_DRAIN:
	case STEP_STOP:
		return make_text(f, s, a);
	}
	return 0;
}

void
step_begin(struct walker *f, struct action *a)
{
	f->phase = PHASE_TRY;
	f->hit = NULL;
	f->gave_up = f->hopeless = f->released = f->unmet = false;
	a->attempt = f->tries + 1;
	if (step_speaks(current(f)))
		f->c->attempt = a->attempt;
	step_name(f, a);
}

void
step_try(struct walker *f, struct action *a)
{
	const struct step *s = current(f);

	step_begin(f, a);
	a->past = f->past != NULL;
	a->commit = s->no_rerun;
	f->c->began += !a->past;
	switch (ask_hosts(f, s, a)) {
	case 0:
		if (make(f, s, a) == 0)
			return;
		/* fallthrough */
	case -1:
		step_error(f, a);
	}
}

struct step_ref
step_ref(const struct walker *f)
{
	const struct step *s = current(f);

	return (struct step_ref){
		.label = s->label, .in = f->seq->name,
		.identity = s->identity, .entry = f->entry, .id = s->id,
		.quiet = s->quiet
	};
}

void
step_name(const struct walker *f, struct action *a)
{
	a->step = step_ref(f);
}

void
step_waits(const struct walker *f, struct action *a)
{
	a->pause = true;
	a->attempt = f->tries + 1;
	step_name(f, a);
}

/* result, code, … are of the last step that started something or waited */
bool
step_speaks(const struct step *s)
{
	switch (s->kind) {
	case STEP_RUN:
	case STEP_LOCAL:
	case STEP_SCRIPT:
	case STEP_PUT:
	case STEP_GET:
	case STEP_SLEEP:
	case STEP_WAIT:
	case STEP_CALL:
	case STEP_SPAWN:
	case STEP_JOIN:
	case STEP_BARRIER:
	case STEP_SEND:
	case STEP_RECEIVE:
		return true;
	default:
		return false;
	}
}

/* entered once more, as far as that can be: how often, so far */
static uint32_t
count_entry(struct walker *f, const struct step *s)
{
	struct ctx *c = f->c;

	if (!f->seq->counted)
		return 1;
	if (!c->entries)
		c->entries = mem_calloc(c->w->plan->nsteps,
		    sizeof(*c->entries));
	return ++c->entries[s->id];
}

/* one more visit; false if that is one too many */
static bool
count_visit(struct walker *f, const struct step *s)
{
	struct ctx *c = f->c;
	double most;

	if (!f->seq->counted)
		return true;
	if (!c->visits)
		c->visits = mem_calloc(c->w->plan->nsteps,
		    sizeof(*c->visits));
	if (vars_figure(c->w, c, &s->visits, &most, &c->why) == -1)
		return false;
	if (c->visits[s->id] < most) {
		if (c->visits[s->id] < UINT32_MAX)
			c->visits[s->id]++;
		return true;
	}
	buf_clear(&c->why);
	buf_addf(&c->why, "entered more than %.0f times: see 'visits'", most);
	return false;
}

static void
prepare_outcomes(struct walker *f)
{
	if (f->outcome)
		return;
	f->outcome = mem_alloc(f->seq->nstep * sizeof(*f->outcome));
	for (uint32_t i = 0; i < f->seq->nstep; i++)
		f->outcome[i] = (struct outcome){ .status = ST_N };
}

void
step_enter(struct walker *f, struct action *a)
{
	struct ctx *c = f->c;
	const struct step *s;
	int truth = 1;

	if (f->at >= f->seq->nstep) {
		handle_next(f, a);
		return;
	}
	prepare_outcomes(f);
	s = current(f);
	f->tries = 0;
	f->hit = NULL;
	f->phase = PHASE_TRY;
	f->entry = count_entry(f, s);
	f->spent = !count_visit(f, s);
	if (replay_try(f, a))
		return;
	if (f->spent) {
		truth = -1;
	} else if (s->when) {
		truth = eval_truth(c->w, c, f->outcome, f->seq, s->when,
		    &c->why);
	}
	if (truth == 1) {
		share_enter(f, a);
		return;
	}
	step_name(f, a);
	/* it was not entered, so there is nothing to try again */
	f->hopeless = true;
	if (truth == -1)
		step_error(f, a);
	else
		done(a, ST_SKIPPED);
}

/* --- what came of it ---------------------------------------------------- */

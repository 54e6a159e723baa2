/* SPDX-License-Identifier: ISC */
/* what a step came to: codes, captures, whether it is tried again */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "walk/party.h"

static bool
is_ok_code(const struct step *s, int code)
{
	if (s->nok == 0)
		return code == 0;
	for (size_t i = 0; i < s->nok; i++)
		if (code >= s->ok[i].lo && code <= s->ok[i].hi)
			return true;
	return false;
}

static void
capture_error(struct ctx *c, const struct capture *k, struct result *r,
    const char *what, const char *detail)
{
	why_at(c->w, k->pos, &c->why);
	buf_addf(&c->why, "capture '%s': %s%s", vars_name(c->w, k->sym), what,
	    detail);
	r->status = ST_ERROR;
	r->message = buf_str(&c->why);
}

static bool
is_word(char ch)
{
	return ch && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789", ch);
}

uint32_t
judge_pairs(struct ctx *c, uint32_t name_sym, const char *text, size_t len)
{
	struct pairs p = { .text = text, .end = text + len };
	uint32_t secret = NOWHERE;
	struct buf name = { 0 };

	while (pairs_next(&p)) {
		uint32_t sym;

		buf_clear(&name);
		buf_addf(&name, "%s_", vars_name(c->w, name_sym));
		for (size_t i = 0; i < p.now.nkey; i++)
			buf_addc(&name, is_word(p.now.key[i]) ?
			    p.now.key[i] : '_');
		sym = vars_symbol(c->w, name.data, name.len);
		if (plan_secret(c->w->plan, sym))
			secret = sym;
		else
			vars_set(c, sym, value_new(p.now.value,
			    p.now.nvalue));
	}
	buf_fini(&name);
	return secret;
}

static void
capture_pairs(struct ctx *c, const struct capture *k, const char *text,
    size_t len, struct result *r)
{
	uint32_t secret = judge_pairs(c, k->sym, text, len);

	if (secret == NOWHERE)
		note_pairs(c, k->sym, text, len);
	else
		capture_error(c, k, r, "a pair would set a secret: ",
		    vars_name(c->w, secret));
}

/* one that nothing can hide is not kept */
static struct value *
captured_secret(struct ctx *c, const struct capture *k, const char *text,
    size_t n, struct result *r)
{
	const char *unfit = secret_unfit(text, n);

	if (c->w->o.no_commands)
		return value_new(text, n);
	if (!unfit)
		return secret_value(c->w, text, n);
	/* a step that failed has a better reason */
	if (r->status == ST_OK)
		capture_error(c, k, r, unfit, "");
	return NULL;
}

static void
capture(struct ctx *c, const struct capture *k, struct result *r)
{
	bool json = k->kind == CAP_JSON;
	const char *text = r->out;
	size_t n = r->nout;
	bool full = r->out_full;
	struct value *v;
	char detail[256];

	if (k->kind == CAP_STDERR) {
		text = r->err;
		n = r->nerr;
		full = r->err_full;
	} else if (k->kind == CAP_BOTH) {
		text = r->both;
		n = r->nboth;
		full = r->both_full;
	}
	if (full || (!json && n > CAPTURE_MAX)) {
		capture_error(c, k, r, json ? "more than 1 MiB of output" :
		    "more than 96 KiB of output; use 'stdout file'", "");
		return;
	}
	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (!json && n > 0 && memchr(text, '\0', n)) {
		capture_error(c, k, r, "the output holds a NUL byte", "");
		return;
	}
	if (k->kind == CAP_PAIRS) {
		capture_pairs(c, k, text, n, r);
		return;
	}
	if (json && n == 0) {
		capture_error(c, k, r, "there is no output to read as JSON",
		    "");
		return;
	}
	if (plan_secret(c->w->plan, k->sym)) {
		v = captured_secret(c, k, text, n, r);
		if (v)
			vars_set(c, k->sym, v);
		note_set(c, k->sym);
		return;
	}
	v = json ? value_json(text, n, detail, sizeof(detail)) :
	    value_new(text, n);
	note_set(c, k->sym);
	if (v)
		vars_set(c, k->sym, v);
	else
		capture_error(c, k, r, "the output is no JSON: ", detail);
}

void
judge_record(struct walker *f, const struct step *s, const struct result *r)
{
	struct last *l = &f->c->last;
	size_t n = r->ntail;

	f->outcome[f->at] = (struct outcome){ r->status, r->code };
	if (s->kind == STEP_PUT || s->kind == STEP_GET)
		l->changed = r->changed;
	if (f->c->handlers > 0 || r->status == ST_SKIPPED)
		return;
	if (!step_speaks(s) && r->status == ST_OK)
		return;
	value_unref(l->message);
	value_unref(l->step);
	value_unref(l->tail);
	l->set = true;
	l->status = r->status;
	l->code = r->code;
	l->message = value_str(r->message);
	l->step = value_str(r->step && *r->step ? r->step : s->label);
	while (n > 0 && r->tail[n - 1] == '\n')
		n--;
	if (n > 0 && memchr(r->tail, '\0', n))
		n = strnlen(r->tail, n);
	l->tail = value_new(r->tail, n);
}

void
judge_hide(struct walker *f, struct result *r)
{
	const struct step *s = &f->seq->step[f->at];

	if (s->ncapture > 0 && secret_streams(f->c->w->plan, s) &
	    (s->tty ? STREAM_OUT : STREAM_ERR))
		r->ntail = 0;
}

void
judge_result(struct walker *f, struct result *r)
{
	const struct step *s = &f->seq->step[f->at];
	struct ctx *c = f->c;
	bool ran = r->status != ST_ERROR && r->status != ST_START &&
	    r->status != ST_CANCELLED && r->status != ST_SKIPPED;

	if (replay_took(f, r))
		return;
	/* all this was done by the lane whose result it is */
	if (f->shared)
		return;
	/* the exit code of a call is one that its routine judged already */
	if (r->status == ST_EXIT && step_is_command(s->kind) &&
	    is_ok_code(s, r->code))
		r->status = ST_OK;
	if (s->kind == STEP_RECEIVE && r->status == ST_OK)
		share_received(f, r);
	/* what came to its end has brought what it has */
	if (s->kind == STEP_CALL && s->fan)
		party_collect(c, NULL, 0);
	else if (s->kind == STEP_JOIN && r->status != ST_TIMEOUT &&
	    r->status != ST_CANCELLED)
		party_collect(c, s->names, s->nnames);
	for (size_t i = 0; (ran || f->hit) && i < s->ncapture; i++) {
		enum status before = r->status;

		capture(c, &s->capture[i], r);
		if (before != ST_OK)
			r->status = before;
	}
	/* a line decided it, whatever the process made of being ended */
	if (f->hit)
		return;
	if (s->until && r->status == ST_OK) {
		int t;

		/* it asks about this try */
		judge_record(f, s, r);
		t = eval_truth(c->w, c, f->outcome, f->seq, s->until,
		    &c->why);

		if (t == 1)
			return;
		f->hopeless = t == -1;
		f->unmet = t == 0;
		if (t == 0) {
			buf_clear(&c->why);
			buf_adds(&c->why, UNMET);
		}
		r->status = ST_ERROR;
		r->message = buf_str(&c->why);
	}
}

static int
retry_pause(struct walker *f, const struct retry *y, double *seconds)
{
	struct ctx *c = f->c;
	double every, backoff, max = 0, jitter;

	if (vars_figure(c->w, c, &y->every, &every, &c->why) == -1 ||
	    vars_figure(c->w, c, &y->backoff, &backoff, &c->why) == -1 ||
	    vars_figure(c->w, c, &y->jitter, &jitter, &c->why) == -1)
		return -1;
	if (y->max.given &&
	    vars_figure(c->w, c, &y->max, &max, &c->why) == -1)
		return -1;
	every *= pow(backoff, f->tries - 1);
	if (max > 0 && every > max)
		every = max;
	if (jitter > 0)
		every *= 1 + jitter / 100 * (2 * walk_random(c->w) - 1);
	*seconds = every < 1e9 ? every : 1e9;
	return 0;
}

bool
judge_again(struct walker *f, struct result *r, struct action *a)
{
	const struct step *s = &f->seq->step[f->at];
	struct ctx *c = f->c;
	double most, pause;

	if (f->past)
		return replay_again(f, a);
	if (!s->has_retry || f->hit || f->hopeless || f->shared || r->status == ST_OK ||
	    r->status == ST_SKIPPED || r->status == ST_CANCELLED)
		return false;
	if (vars_figure(c->w, c, &s->retry.tries, &most, &c->why) == -1)
		return false;
	if (f->tries >= most)
		return false;
	if (s->retry.on.n > 0 && !react_matches(&s->retry.on, r))
		return false;
	f->tries++;
	a->poll = f->unmet;
	if (retry_pause(f, &s->retry, &pause) == -1)
		return false;
	a->again = true;
	if (pause <= 0) {
		step_try(f, a);
		return true;
	}
	f->phase = PHASE_PAUSE;
	a->kind = ACT_SLEEP;
	a->seconds = pause;
	step_waits(f, a);
	return true;
}

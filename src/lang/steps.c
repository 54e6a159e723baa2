/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/command.h"
#include "lang/expr.h"
#include "lang/fan.h"
#include "lang/figure.h"
#include "lang/label.h"
#include "lang/loader.h"
#include "lang/modifier.h"
#include "lang/reaction.h"
#include "lang/shared.h"
#include "lang/wait.h"
#include "lang/words.h"

static enum step_kind
kind_of(enum key_id id)
{
	static const struct {
		enum key_id id;
		enum step_kind kind;
	} kinds[] = {
		{ KEY_LOCAL, STEP_LOCAL }, { KEY_SCRIPT, STEP_SCRIPT },
		{ KEY_PUT, STEP_PUT },
		{ KEY_GET, STEP_GET }, { KEY_SLEEP, STEP_SLEEP },
		{ KEY_WAIT, STEP_WAIT },
		{ KEY_CALL, STEP_CALL }, { KEY_SPAWN, STEP_SPAWN },
		{ KEY_JOIN, STEP_JOIN }, { KEY_BARRIER, STEP_BARRIER },
		{ KEY_SEND, STEP_SEND }, { KEY_RECEIVE, STEP_RECEIVE },
		{ KEY_RECEIVE_LAST, STEP_RECEIVE },
		{ KEY_RECEIVE_ALL, STEP_RECEIVE },
		{ KEY_CLOSE, STEP_CLOSE }, { KEY_CLEAR, STEP_CLEAR },
		{ KEY_SET, STEP_SET },
		{ KEY_LET, STEP_LET }, { KEY_SAY, STEP_SAY },
		{ KEY_GOTO, STEP_GOTO }, { KEY_RETURN, STEP_RETURN },
		{ KEY_FINISH, STEP_FINISH }, { KEY_FAIL, STEP_FAIL },
		{ KEY_DRAIN, STEP_DRAIN }, { KEY_STOP, STEP_STOP },
	};

	for (size_t i = 0; i < countof(kinds); i++)
		if (kinds[i].id == id)
			return kinds[i].kind;
	return STEP_RUN;
}

/* SOURCE… -> TARGET */
static void
read_copy(struct loader *ld, const struct value *v, struct step *s)
{
	struct word *w;
	size_t n, arrow;
	const char *to;

	if (!all_words(ld, v, CUT_LOOSE, "SOURCE -> TARGET", &w, &n))
		return;
	for (arrow = 0; arrow < n; arrow++)
		if (word_is(&w[arrow], "->"))
			break;
	if (arrow == n) {
		diag_error(&ld->diag, value_pos(v, 0, v->len),
		    "'->' is missing: SOURCE... -> TARGET");
		return;
	}
	if (arrow == 0 || arrow + 1 == n) {
		diag_error(&ld->diag, w[arrow].pos, "a path is missing %s "
		    "'->'", arrow == 0 ? "before" : "behind");
		return;
	}
	if (arrow + 2 < n) {
		extra_word(ld, w[arrow + 2].lit ? w[arrow + 2].lit : "${...}",
		    w[arrow + 2].pos);
		return;
	}
	to = w[arrow + 1].lit;
	if (arrow > 1 && to && (!*to || to[strlen(to) - 1] != '/')) {
		diag_error(&ld->diag, w[arrow + 1].pos, "several files want a "
		    "directory: '%s/'?", to);
		return;
	}
	s->words = word_texts(ld, w, arrow);
	s->text = w[arrow + 1].text;
}

/* FILE ARGS… */
static void
read_script(struct loader *ld, const struct value *v, struct step *s)
{
	struct word *w;
	size_t n;

	if (all_words(ld, v, 0, "a file", &w, &n))
		s->words = word_texts(ld, w, n);
}

static void
read_sleep(struct loader *ld, const struct value *v, struct step *s)
{
	struct text part[3];
	struct word w;
	size_t n;

	if (!one_word(ld, v, "a duration", &w))
		return;
	n = text_split(ld, &w.text, "..", part, 3);
	if (n == 3) {
		diag_error(&ld->diag, w.pos, "'%s' is no range of durations",
		    w.lit ? w.lit : "${...}");
		return;
	}
	if (!figure_text(ld, &part[0], FIG_DURATION, &s->low))
		return;
	if (n == 2 && !figure_text(ld, &part[1], FIG_DURATION, &s->high))
		return;
	if (n == 2 && s->low.fixed && s->high.fixed && s->low.value > s->high.value)
		diag_error(&ld->diag, w.pos, "'%s' runs backwards", w.lit);
}

static void
read_goto(struct loader *ld, const struct value *v, struct step *s)
{
	struct word w;

	if (one_word(ld, v, "a step", &w))
		read_step_target(ld, &w, &s->target);
}

static void
read_action(struct loader *ld, const struct entry *e, struct step *s)
{
	struct cutter c = { .ld = ld, .v = &e->value };
	const struct value *v = &e->value;
	struct word w;

	switch (s->kind) {
	case STEP_RUN:
	case STEP_LOCAL:
		command_value(ld, v, s->shell.n > 0, &s->command);
		break;
	case STEP_SCRIPT:
		read_script(ld, v, s);
		break;
	case STEP_PUT:
	case STEP_GET:
		read_copy(ld, v, s);
		break;
	case STEP_SLEEP:
		read_sleep(ld, v, s);
		break;
	case STEP_WAIT:
		wait_value(ld, v, s);
		break;
	case STEP_CALL:
		if (read_call(&c, NULL, &s->call))
			cut_end(&c);
		break;
	case STEP_SPAWN:
		if (!read_spawn(&c, &s->call, &s->alias))
			ld->spawn_bad = true;
		break;
	case STEP_JOIN:
		read_join(ld, v, s);
		break;
	case STEP_BARRIER:
		if (one_word(ld, v, "a name", &w))
			s->text = w.text;
		break;
	case STEP_SEND:
		if (channel_named(ld, e->word[1].text, e->word[1].pos,
		    &s->channel))
			text_whole(ld, v, &s->text);
		break;
	case STEP_RECEIVE:
		s->mode = e->key->id == KEY_RECEIVE ? RECEIVE_NEXT :
		    e->key->id == KEY_RECEIVE_LAST ? RECEIVE_LAST :
		    RECEIVE_ALL;
		/* its names can be set, whatever the channel is */
		read_receive(ld, v, s);
		channel_named(ld, e->word[1].text, e->word[1].pos,
		    &s->channel);
		break;
	case STEP_CLOSE:
	case STEP_CLEAR:
		channel_value(ld, v, &s->channel);
		break;
	case STEP_SET:
		if (symbol_set(ld, &e->word[1], 0, &s->sym))
			text_whole(ld, v, &s->text);
		break;
	case STEP_LET:
		if (symbol_set(ld, &e->word[1], 0, &s->sym))
			s->expr = expr_value(ld, v);
		break;
	case STEP_GOTO:
		read_goto(ld, v, s);
		break;
	case STEP_RETURN:
		cut_end(&c);
		break;
	case STEP_FAIL:
	case STEP_DRAIN:
	case STEP_STOP:
		if (v->len == 0) {
			missing(ld, v, "a message");
			break;
		}
		text_whole(ld, v, &s->text);
		break;
	case STEP_SAY:
	case STEP_FINISH:
		text_whole(ld, v, &s->text);
		break;
	}
}

/* keys that stand with the action, but say nothing together */
static void
check_together(struct loader *ld, const struct mods *m,
    const struct step_draft *d)
{
	const struct step *s = m->step;
	const struct entry *tty = NULL, *until = NULL;

	for (size_t i = 0; i < d->nmod; i++) {
		if (d->mod[i]->key->id == KEY_TTY)
			tty = d->mod[i];
		if (d->mod[i]->key->id == KEY_UNTIL)
			until = d->mod[i];
	}
	if (until && !s->has_retry && !(m->given & ~m->off &
	    GIVEN(KEY_RETRY))) {
		diag_error(&ld->diag, until->word[0].pos,
		    "'until' without 'retry'");
		diag_note(&ld->diag, "retry = forever every 1s");
	}
	for (size_t i = 0; i < m->non_line && m->ncapture > 0; i++)
		if (m->on_line[i].reaction.kind == DO_RELEASE)
			diag_error(&ld->diag, m->on_line[i].reaction.pos,
			    "what is released has not ended: there is nothing "
			    "to capture");
	if (!tty || !s->tty)
		return;
	if (s->has_as)
		diag_error(&ld->diag, tty->word[0].pos,
		    "'tty' and 'as' do not go together");
	for (size_t i = 0; i < m->ncapture; i++)
		if (m->capture[i].kind == CAP_STDERR)
			diag_error(&ld->diag, m->capture[i].pos,
			    "with 'tty' there is one stream: stdout");
	for (size_t i = 0; i < m->non_line; i++)
		if (m->on_line[i].streams == STREAM_ERR)
			diag_error(&ld->diag, m->on_line[i].reaction.pos,
			    "with 'tty' there is one stream: stdout");
}

static void
read_mods(struct loader *ld, const struct step_draft *d, struct mods *m,
    bool known)
{
	unsigned kind = m->step->kind;

	for (size_t i = 0; i < d->nmod; i++) {
		const struct entry *e = d->mod[i];
		bool lines = e->key->id == KEY_ON && is_line_key(e);

		if (known && (!(e->key->on & 1U << kind) ||
		    (lines && !step_is_command(kind)))) {
			diag_error(&ld->diag, e->word[0].pos,
			    "'%s' takes no '%s%s'", plan_step_kind(kind),
			    e->key->name, lines ? " line" : "");
			if (e->key->id == KEY_EACH ||
			    e->key->id == KEY_PARALLEL ||
			    e->key->id == KEY_MAX_FAIL)
				diag_note(&ld->diag, "it belongs to call and "
				    "spawn, or before the first step");
			for (size_t k = 1; k < e->nword; k++)
				symbol_forgive(ld, e->word[k].text);
			continue;
		}
		read_modifier(ld, e, m);
	}
}

static bool
runs_on_hosts(const struct mods *m)
{
	bool any = m->fan_bad;

	for (size_t i = 0; i < m->neach; i++)
		any |= each_is_place(&m->each[i]);
	return any;
}

static void
read_step(struct loader *ld, struct step_draft *d, struct step *s)
{
	struct mods m = { .step = s };

	s->name = d->name;
	s->pos = d->pos;
	s->sym = s->stdin_sym = NOWHERE;
	s->target.index = s->call.routine.index = NOWHERE;
	s->grace = figure_fixed(FIG_DURATION, 5);
	s->visits = figure_fixed(FIG_COUNT, 1000);
	if (d->action)
		s->kind = kind_of(d->action->key->id);
	read_mods(ld, d, &m, d->action);
	if (d->action) {
		mods_inherit(&m, ld->at, s->kind);
		if (s->kind <= STEP_LOCAL && s->shell.n == 0)
			s->shell = ld->plan->shell;
		/* arguments are those of the lanes that are started */
		ld->host_ok = runs_on_hosts(&m);
		read_action(ld, d->action, s);
		ld->host_ok = false;
		check_together(ld, &m, d);
		secret_check_capture(ld, &m);
		label_step(ld, d->action, s);
	}
	mods_end(ld, &m);
}

static bool
can_go_back(const struct step *s)
{
	if (s->kind == STEP_GOTO && (s->target.index == NOWHERE ||
	    s->target.index <= s->index))
		return true;
	for (size_t i = 0; i < s->non; i++)
		if (leads_back(&s->on[i].reaction, s->index))
			return true;
	for (size_t i = 0; i < s->non_line; i++)
		if (leads_back(&s->on_line[i].reaction, s->index))
			return true;
	return false;
}

void
read_steps(struct loader *ld, struct draft *d)
{
	struct step *step = arena_alloc(&ld->plan->arena,
	    d->nstep * sizeof(*step));
	bool counted = d->seq->routine;

	ld->at = d;
	for (uint32_t i = 0; i < d->nstep; i++) {
		step[i].index = i;
		step[i].id = ld->plan->nsteps++;
		read_step(ld, &d->step[i], &step[i]);
		counted |= can_go_back(&step[i]);
	}
	label_identities(ld, step, (uint32_t)d->nstep);
	d->seq->step = step;
	d->seq->nstep = (uint32_t)d->nstep;
	d->seq->counted = counted;
	ld->at = NULL;
}

/* SPDX-License-Identifier: ISC */
/* steps as their author wrote them */
#include <stdio.h>

#include "app/show.h"
#include "base/buf.h"
#include "base/mem.h"
#include "model/plan.h"

static const char *
name_of(const struct show *s, uint32_t sym)
{
	return s->plan->symbols.name[sym];
}

static void
show_call(const struct show *s, const struct call *c, struct buf *b)
{
	if (c->routine.index != NOWHERE)
		buf_adds(b, s->plan->seq[c->routine.index].name);
	else
		show_text(s, &c->routine.text, b);
	for (size_t i = 0; i < c->narg; i++) {
		buf_addf(b, " %s=", name_of(s, c->arg[i].sym));
		show_text(s, &c->arg[i].value, b);
	}
}

static void
show_names(const struct step *st, struct buf *b)
{
	buf_adds(b, st->nnames == 0 ? "all" : "");
	for (size_t i = 0; i < st->nnames; i++)
		buf_addf(b, "%s%s", i > 0 ? " " : "", st->names[i]);
}

static void
show_message(const struct show *s, const struct step *st, struct buf *b)
{
	buf_addf(b, "%s =", s->plan->channel[st->channel].name);
	if (st->kind == STEP_SEND) {
		buf_addc(b, ' ');
		show_text(s, &st->text, b);
	}
	for (size_t i = 0; i < st->ninto; i++)
		buf_addf(b, " %s", name_of(s, st->into[i]));
}

static void
show_assignment(const struct show *s, const struct seq *q,
    const struct step *st, struct buf *b)
{
	buf_addf(b, "%s = ", name_of(s, st->sym));
	if (st->kind == STEP_LET)
		show_expr(s, q, st->expr, b);
	else
		show_text(s, &st->text, b);
}

void
show_action(const struct show *s, const struct seq *q, const struct step *st,
    struct buf *b)
{
	switch (st->kind) {
	case STEP_RUN:
	case STEP_LOCAL:
		buf_adds(b, st->command.text ? st->command.text : st->label);
		break;
	case STEP_SCRIPT:
		show_words(s, &st->words, b);
		break;
	case STEP_PUT:
	case STEP_GET:
		show_words(s, &st->words, b);
		buf_adds(b, " -> ");
		show_text(s, &st->text, b);
		break;
	case STEP_SLEEP:
		show_figure(s, &st->low, b);
		buf_adds(b, st->high.given ? ".." : "");
		if (st->high.given)
			show_figure(s, &st->high, b);
		break;
	case STEP_WAIT:
		buf_addf(b, "%s ", wait_names[st->wait]);
		show_text(s, &st->text, b);
		break;
	case STEP_CALL:
	case STEP_SPAWN:
		show_call(s, &st->call, b);
		if (st->alias)
			buf_addf(b, " as %s", st->alias);
		break;
	case STEP_JOIN:
		show_names(st, b);
		break;
	case STEP_SEND:
	case STEP_RECEIVE:
		show_message(s, st, b);
		break;
	case STEP_CLOSE:
	case STEP_CLEAR:
		buf_adds(b, s->plan->channel[st->channel].name);
		break;
	case STEP_SET:
	case STEP_LET:
		show_assignment(s, q, st, b);
		break;
	case STEP_GOTO:
		if (st->target.index != NOWHERE)
			buf_adds(b, q->step[st->target.index].name);
		else
			show_text(s, &st->target.text, b);
		break;
	case STEP_RETURN:
		break;
	case STEP_BARRIER:
	case STEP_SAY:
	case STEP_FINISH:
	case STEP_FAIL:
	case STEP_DRAIN:
	case STEP_STOP:
		show_text(s, &st->text, b);
		break;
	}
}

static void
show_retry(const struct show *s, const struct retry *y, struct buf *b)
{
	buf_adds(b, "retry = ");
	show_figure(s, &y->tries, b);
	buf_adds(b, " every ");
	show_figure(s, &y->every, b);
	if (y->backoff.given) {
		buf_adds(b, " backoff ");
		show_figure(s, &y->backoff, b);
	}
	if (y->max.given) {
		buf_adds(b, " max ");
		show_figure(s, &y->max, b);
	}
	if (y->jitter.given) {
		buf_adds(b, " jitter ");
		show_figure(s, &y->jitter, b);
		buf_addc(b, '%');
	}
	if (y->on.n > 0) {
		buf_adds(b, " on ");
		show_matches(&y->on, b);
	}
	buf_addc(b, '\n');
}

static void
show_captures(const struct show *s, const struct step *st, struct buf *b)
{
	static const char *const kinds[] = {
		[CAP_STDOUT] = "stdout", [CAP_STDERR] = "stderr",
		[CAP_BOTH] = "both", [CAP_JSON] = "json",
		[CAP_PAIRS] = "pairs",
	};

	for (size_t i = 0; i < st->ncapture; i++)
		buf_addf(b, "capture %s = %s\n",
		    name_of(s, st->capture[i].sym),
		    kinds[st->capture[i].kind]);
}

static void
show_input(const struct show *s, const struct step *st, struct buf *b)
{
	if (st->stdin_kind == IN_CHANNEL) {
		buf_addf(b, "stdin channel = %s\n",
		    s->plan->channel[st->stdin_channel].name);
	} else if (st->stdin_kind == IN_VAR) {
		buf_addf(b, "stdin var = %s\n", name_of(s, st->stdin_sym));
	} else if (st->stdin_kind != IN_NONE) {
		buf_adds(b, st->stdin_kind == IN_FILE ? "stdin file = " :
		    "stdin = ");
		show_text(s, &st->stdin_text, b);
		buf_addc(b, '\n');
	}
}

static void
show_output(const struct show *s, const struct step *st, struct buf *b)
{
	if (st->stdout_kind == OUT_CHANNEL) {
		buf_addf(b, "stdout channel = %s\n",
		    s->plan->channel[st->stdout_channel].name);
	} else if (st->stdout_kind == OUT_FILE) {
		buf_adds(b, "stdout file = ");
		show_text(s, &st->stdout_path, b);
		buf_addc(b, '\n');
	} else if (st->stdout_kind == OUT_NONE) {
		buf_adds(b, "stdout = none\n");
	}
}

static void
show_limits(const struct show *s, const struct step *st, struct buf *b)
{
	const struct {
		const char *name;
		const struct figure *f;
	} limits[] = {
		{ "timeout", &st->timeout }, { "silent", &st->silent },
		{ "grace", &st->grace }, { "visits", &st->visits },
	};

	for (size_t i = 0; i < countof(limits); i++) {
		if (!limits[i].f->given)
			continue;
		buf_addf(b, "%s = ", limits[i].name);
		show_figure(s, limits[i].f, b);
		buf_addc(b, '\n');
	}
	if (st->has_retry)
		show_retry(s, &st->retry, b);
}

static void
show_setting(const struct show *s, const char *key, const struct text *t,
    struct buf *b)
{
	buf_addf(b, "%s = ", key);
	show_text(s, t, b);
	buf_addc(b, '\n');
}

static void
show_conditions(const struct show *s, const struct seq *q,
    const struct step *st, struct buf *b)
{
	if (st->when) {
		buf_adds(b, "when = ");
		show_expr(s, q, st->when, b);
		buf_addc(b, '\n');
	}
	if (st->nok > 0) {
		struct matches ok = { st->ok, st->nok };

		buf_adds(b, "ok = ");
		show_matches(&ok, b);
		buf_addc(b, '\n');
	}
	if (st->until) {
		buf_adds(b, "until = ");
		show_expr(s, q, st->until, b);
		buf_addc(b, '\n');
	}
}

void
show_branch(const struct branch *on, struct buf *b)
{
	buf_adds(b, "on ");
	show_matches(&on->when, b);
	buf_addf(b, " = %s", on->reaction.text);
}

void
show_line_branch(const struct line_branch *on, struct buf *b)
{
	buf_addf(b, "on %s = %s -> %s",
	    on->streams == STREAM_OUT ? "stdout-line" :
	    on->streams == STREAM_ERR ? "stderr-line" : "line",
	    on->pattern, on->reaction.text);
}

void
show_modifiers(const struct show *s, const struct seq *q,
    const struct step *st, struct buf *b)
{
	show_conditions(s, q, st, b);
	show_meeting(s, st, b);
	show_limits(s, st, b);
	show_captures(s, st, b);
	show_input(s, st, b);
	show_output(s, st, b);
	for (size_t i = 0; i < st->nenv; i++) {
		buf_addf(b, "env %s = ", st->env[i].name);
		show_text(s, &st->env[i].value, b);
		buf_addc(b, '\n');
	}
	if (st->nsecret > 0) {
		buf_adds(b, "secret =");
		for (size_t i = 0; i < st->nsecret; i++)
			buf_addf(b, " %s", name_of(s, st->secret[i]));
		buf_addc(b, '\n');
	}
	if (st->has_dir)
		show_setting(s, "dir", &st->dir, b);
	if (st->has_as)
		show_setting(s, "as", &st->as, b);
	if (st->has_host)
		show_setting(s, "host", &st->host, b);
	if (st->has_via || st->via_off)
		show_setting(s, "via", &st->via.text, b);
	if (st->shell.n > 0) {
		buf_adds(b, "shell = ");
		show_words(s, &st->shell, b);
		buf_addc(b, '\n');
	}
	if (st->quiet)
		buf_adds(b, "quiet = yes\n");
	if (st->tty)
		buf_adds(b, "tty = yes\n");
	if (st->no_rerun)
		buf_adds(b, "rerun = no\n");
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/show.h"
#include "base/buf.h"
#include "base/mem.h"
#include "walk/walk.h"

static const char *
name_of(const struct show *s, uint32_t sym)
{
	return s->plan->symbols.name[sym];
}

void
show_piece(const struct show *s, const struct piece *p, struct buf *b)
{
	switch (p->kind) {
	case PIECE_TEXT:
		buf_add(b, p->text, p->len);
		break;
	case PIECE_VAR:
		buf_addf(b, "${%s%s%s}", name_of(s, p->sym),
		    p->text ? "." : "", p->text ? p->text : "");
		break;
	case PIECE_ENV:
		buf_addf(b, "${env.%s}", p->text);
		break;
	case PIECE_ITEMS:
		buf_adds(b, "{}");
		break;
	case PIECE_PORT:
		buf_adds(b, "${port}");
		break;
	case PIECE_COMMAND:
		buf_adds(b, "${command}");
		break;
	}
}

void
show_text(const struct show *s, const struct text *t, struct buf *b)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];
		struct text one = { .piece = p, .n = 1 };

		if (s->walk && p->kind != PIECE_PORT &&
		    p->kind != PIECE_COMMAND &&
		    !(p->kind == PIECE_VAR && s->varies[p->sym]))
			walk_show_text(s->walk, &one, b);
		else
			show_piece(s, p, b);
	}
}

/* a word as one would write it */
static void
add_word(struct buf *b, const char *word)
{
	if (*word && !strpbrk(word, " \t\"'\\,")) {
		buf_adds(b, word);
		return;
	}
	buf_addc(b, '"');
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *word);
	}
	buf_addc(b, '"');
}

void
show_words(const struct show *s, const struct texts *words, struct buf *b)
{
	struct buf word = { 0 };

	for (size_t i = 0; i < words->n; i++) {
		if (i > 0)
			buf_addc(b, ' ');
		buf_clear(&word);
		show_text(s, &words->text[i], &word);
		add_word(b, buf_str(&word));
	}
	buf_fini(&word);
}

void
show_figure(const struct show *s, const struct figure *f, struct buf *b)
{
	char text[NUM_SHOW];

	if (!f->fixed && f->text.n > 0)
		show_text(s, &f->text, b);
	else if (isinf(f->value))
		buf_adds(b, "forever");
	else if (f->kind == FIG_DURATION)
		buf_adds(b, num_write_duration(text, f->value));
	else
		buf_addf(b, "%.15g", f->value);
}

void
show_span(const struct show *s, const struct span *w, struct buf *b)
{
	if (!w->fixed && w->text.n > 0)
		show_text(s, &w->text, b);
	else if (w->width.automatic)
		buf_adds(b, "auto");
	else
		buf_addf(b, "%" PRId64 "%s", w->width.n,
		    w->width.percent ? "%" : "");
}

void
show_matches(const struct matches *list, struct buf *b)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct match *m = &list->match[i];

		if (i > 0)
			buf_addc(b, ' ');
		switch (m->kind) {
		case MATCH_CODE:
			buf_addf(b, m->lo == m->hi ? "%d" : "%d-%d", m->lo,
			    m->hi);
			break;
		case MATCH_STATUS:
			buf_adds(b, status_name(m->status));
			break;
		case MATCH_SIGNAL:
			buf_addf(b, "signal %s", status_signal_name(m->lo));
			break;
		case MATCH_FAIL:
			buf_adds(b, "fail");
			break;
		case MATCH_CONNECTION:
			buf_adds(b, "connection");
			break;
		case MATCH_ANY:
			buf_adds(b, "any");
			break;
		}
	}
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
		if (st->high.given) {
			buf_adds(b, "..");
			show_figure(s, &st->high, b);
		}
		break;
	case STEP_WAIT:
		buf_addf(b, "%s ", wait_names[st->wait]);
		show_text(s, &st->text, b);
		break;
	case STEP_CALL:
		show_call(s, &st->call, b);
		break;
	case STEP_SPAWN:
		show_call(s, &st->call, b);
		if (st->alias)
			buf_addf(b, " as %s", st->alias);
		break;
	case STEP_JOIN:
		buf_adds(b, st->nnames == 0 ? "all" : "");
		for (size_t i = 0; i < st->nnames; i++)
			buf_addf(b, "%s%s", i > 0 ? " " : "", st->names[i]);
		break;
	case STEP_BARRIER:
		show_text(s, &st->text, b);
		break;
	case STEP_SEND:
		buf_addf(b, "%s = ", s->plan->channel[st->channel].name);
		show_text(s, &st->text, b);
		break;
	case STEP_RECEIVE:
		buf_addf(b, "%s =", s->plan->channel[st->channel].name);
		for (size_t i = 0; i < st->ninto; i++)
			buf_addf(b, " %s", name_of(s, st->into[i]));
		break;
	case STEP_CLOSE:
	case STEP_CLEAR:
		buf_adds(b, s->plan->channel[st->channel].name);
		break;
	case STEP_SET:
		buf_addf(b, "%s = ", name_of(s, st->sym));
		show_text(s, &st->text, b);
		break;
	case STEP_LET:
		buf_addf(b, "%s = ", name_of(s, st->sym));
		show_expr(s, q, st->expr, b);
		break;
	case STEP_GOTO:
		if (st->target.index != NOWHERE)
			buf_adds(b, q->step[st->target.index].name);
		else
			show_text(s, &st->target.text, b);
		break;
	case STEP_RETURN:
		break;
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
show_streams(const struct show *s, const struct step *st, struct buf *b)
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

static void
show_branches(const struct step *st, struct buf *b)
{
	for (size_t i = 0; i < st->non; i++) {
		buf_adds(b, "on ");
		show_matches(&st->on[i].when, b);
		buf_addf(b, " = %s\n", st->on[i].reaction.text);
	}
	for (size_t i = 0; i < st->non_line; i++) {
		const struct line_branch *l = &st->on_line[i];

		buf_addf(b, "on %s = %s -> %s\n",
		    l->streams == STREAM_OUT ? "stdout-line" :
		    l->streams == STREAM_ERR ? "stderr-line" : "line",
		    l->pattern, l->reaction.text);
	}
}

void
show_modifiers(const struct show *s, const struct seq *q,
    const struct step *st, struct buf *b)
{
	show_conditions(s, q, st, b);
	show_meeting(s, st, b);
	show_limits(s, st, b);
	show_streams(s, st, b);
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
	show_branches(st, b);
}

void
show_each(const struct show *s, const struct each *e, struct buf *b)
{
	static const char *const sources[] = {
		[EACH_WORDS] = "", [EACH_RANGE] = " range",
		[EACH_LINES] = " lines", [EACH_STDIN] = " lines",
		[EACH_OUTPUT] = " output", [EACH_FILES] = " files",
		[EACH_VAR] = " var", [EACH_ITEMS] = "",
		[EACH_HOSTS] = " hosts",
	};

	buf_adds(b, each_is_place(e) ? "hosts" : "each");
	for (size_t i = 0; i < e->nsym; i++)
		buf_addf(b, " %s", name_of(s, e->sym[i]));
	buf_addf(b, "%s = ", each_is_place(e) ? "" : sources[e->kind]);
	switch (e->kind) {
	case EACH_WORDS:
	case EACH_FILES:
		show_words(s, &e->words, b);
		break;
	case EACH_RANGE:
		show_text(s, &e->lo, b);
		buf_adds(b, "..");
		show_text(s, &e->hi, b);
		if (e->step.n > 0) {
			buf_adds(b, "..");
			show_text(s, &e->step, b);
		}
		break;
	case EACH_LINES:
	case EACH_HOSTS:
		show_text(s, &e->text, b);
		break;
	case EACH_STDIN:
	case EACH_ITEMS:
		buf_addc(b, '-');
		break;
	case EACH_OUTPUT:
		buf_adds(b, e->command.text);
		break;
	case EACH_VAR:
		buf_adds(b, name_of(s, e->var));
		break;
	}
}

/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "lang/expr.h"
#include "lang/fan.h"
#include "lang/figure.h"
#include "lang/contact.h"
#include "lang/loader.h"
#include "lang/modifier.h"
#include "lang/reaction.h"
#include "lang/shared.h"
#include "lang/words.h"

/* N or forever */
static bool
count_or_forever(struct loader *ld, const struct word *w, struct figure *f)
{
	if (!word_is(w, "forever"))
		return figure_word(ld, w, FIG_COUNT, f);
	*f = (struct figure){ .given = true, .fixed = true,
	    .value = HUGE_VAL, .kind = FIG_COUNT, .text = w->text };
	return true;
}

static bool
retry_word(struct loader *ld, struct cutter *c, const struct word *w,
    struct retry *r)
{
	struct figure *f = word_is(w, "every") ? &r->every :
	    word_is(w, "backoff") ? &r->backoff :
	    word_is(w, "max") ? &r->max :
	    word_is(w, "jitter") ? &r->jitter : NULL;
	struct word value;
	int got;

	if (!f) {
		const char *s = w->lit ? w->lit : "${...}";
		struct near n = { 0 };
		char buf[KEY_WORD_MAX];

		if (s[0] == '#' || s[0] == ';')
			extra_word(ld, s, w->pos);
		else {
			diag_error(&ld->diag, w->pos,
			    "'%s' is no word of a retry", s);
			key_near_word(&n, "every backoff max jitter on", s,
			    buf);
			diag_note(&ld->diag, "retry = N [every D] "
			    "[backoff F] [max D] [jitter P%%] [on MATCH...]");
			diag_near(&ld->diag, &n);
		}
		return false;
	}
	if (f->given) {
		diag_error(&ld->diag, w->pos, "'%s' twice", w->lit);
		return false;
	}
	got = cut_next(c, &value);
	if (got != 1)
		return got == 0 && missing(ld, c->v, "a value");
	return figure_word(ld, &value, f == &r->backoff ? FIG_FACTOR :
	    f == &r->jitter ? FIG_PERCENT : FIG_DURATION, f);
}

static bool
read_retry(struct loader *ld, const struct value *v, struct step *s)
{
	struct cutter c = { .ld = ld, .v = v };
	struct retry *r = &s->retry;
	struct word w;
	int got = cut_next(&c, &w);

	*r = (struct retry){
		.every = figure_fixed(FIG_DURATION, 1),
		.backoff = figure_fixed(FIG_FACTOR, 1),
		.max = figure_fixed(FIG_DURATION, 0),
		.jitter = figure_fixed(FIG_PERCENT, 0),
	};
	if (got != 1)
		return got == 0 && missing(ld, v, "a number");
	if (!count_or_forever(ld, &w, &r->tries))
		return false;
	while ((got = cut_next(&c, &w)) == 1) {
		if (word_is(&w, "on"))
			return s->has_retry = read_matches(&c, &r->on);
		if (!retry_word(ld, &c, &w, r))
			return false;
	}
	return s->has_retry = got == 0;
}

bool
read_shell(struct loader *ld, const struct value *v, struct texts *shell)
{
	struct word *w;
	size_t n;

	if (!all_words(ld, v, 0, "a shell", &w, &n))
		return false;
	*shell = word_texts(ld, w, n);
	return true;
}

/* one that is captured by steps, as a text; false: reported */
static bool
secret_capture(struct loader *ld, const struct entry *e, int kind,
    unsigned *flags)
{
	const struct keyword *w = &e->word[1];
	uint32_t sym = map_find(&ld->plan->symbols, w->text, strlen(w->text));

	if (sym == MAP_NONE || !secret_is_captured(ld, sym))
		return true;
	if (kind == CAP_JSON || kind == CAP_PAIRS) {
		diag_error(&ld->diag, value_pos(&e->value, 0, e->value.len),
		    "'%s' is a secret: it is captured as stdout, stderr or "
		    "both", w->text);
		ld->sym[sym] |= SYM_CAN_SET;
		return false;
	}
	*flags |= SYM_SECRET;
	return true;
}

static void
read_capture(struct loader *ld, const struct entry *e, struct mods *m)
{
	int kind = one_of(ld, &e->value, "stdout stderr both json pairs");
	struct capture c = { .pos = e->word[1].pos };
	unsigned flags = kind == CAP_JSON ? SYM_JSON :
	    kind == CAP_PAIRS ? SYM_PAIRS : 0;

	if (kind == -1) {
		symbol_forgive(ld, e->word[1].text);
		return;
	}
	if (!secret_capture(ld, e, kind, &flags) ||
	    !symbol_set(ld, &e->word[1], flags, &c.sym))
		return;
	c.kind = (enum capture_kind)kind;
	for (size_t i = 0; i < m->ncapture; i++)
		if (m->capture[i].sym == c.sym) {
			diag_error(&ld->diag, c.pos, "'%s' twice",
			    e->word[1].text);
			return;
		}
	m->capture = mem_grow(m->capture, &m->capture_cap, m->ncapture + 1,
	    sizeof(*m->capture));
	m->capture[m->ncapture++] = c;
}

static void
read_stdin(struct loader *ld, const struct entry *e, struct step *s)
{
	struct word w;

	if (e->nword == 1) {
		s->stdin_kind = IN_TEXT;
		ld->secret_ok = true;
		text_whole(ld, &e->value, &s->stdin_text);
		ld->secret_ok = false;
	} else if (!strcmp(e->word[1].text, "channel")) {
		if (channel_value(ld, &e->value, &s->stdin_channel))
			s->stdin_kind = IN_CHANNEL;
	} else if (!strcmp(e->word[1].text, "file")) {
		if (!one_word(ld, &e->value, "a file", &w))
			return;
		s->stdin_kind = IN_FILE;
		s->stdin_text = w.text;
	} else {
		if (!one_literal(ld, &e->value, "a variable", &w))
			return;
		if (!is_var_name(w.lit, strlen(w.lit))) {
			diag_error(&ld->diag, w.pos,
			    "'%s' is no name for a variable", w.lit);
			return;
		}
		s->stdin_kind = IN_VAR;
		ld->secret_ok = true;
		s->stdin_sym = symbol_read(ld, w.lit, strlen(w.lit), w.pos,
		    false, false);
		ld->secret_ok = false;
	}
}

static void
read_stdout(struct loader *ld, const struct entry *e, struct step *s)
{
	struct word w;

	if (s->stdout_kind != OUT_SHOWN) {
		diag_error(&ld->diag, e->word[0].pos,
		    "'stdout' goes to one place only");
		return;
	}
	if (e->nword == 1) {
		if (one_of(ld, &e->value, "none") == 0)
			s->stdout_kind = OUT_NONE;
		return;
	}
	if (!strcmp(e->word[1].text, "channel")) {
		if (channel_value(ld, &e->value, &s->stdout_channel))
			s->stdout_kind = OUT_CHANNEL;
		return;
	}
	if (!one_word(ld, &e->value, "a file", &w))
		return;
	s->stdout_kind = OUT_FILE;
	s->stdout_path = w.text;
}

static bool
is_none(const struct value *v)
{
	return !strcmp(v->text, "none");
}

static void
read_env(struct loader *ld, const struct entry *e, struct mods *m)
{
	const char *name = e->word[1].text;
	struct env_setting set = { .name = arena_strdup(&ld->plan->arena,
	    name) };
	bool ok;

	if (!is_var_name(name, strlen(name))) {
		diag_error(&ld->diag, e->word[1].pos,
		    "'%s' is no name for a variable", name);
		return;
	}
	for (size_t i = 0; i < m->nenv; i++)
		if (!strcmp(m->env[i].name, name)) {
			diag_error(&ld->diag, e->word[1].pos, "'%s' twice",
			    name);
			return;
		}
	if (is_none(&e->value)) {
		m->env_off = mem_grow(m->env_off, &m->env_off_cap,
		    m->nenv_off + 1, sizeof(*m->env_off));
		m->env_off[m->nenv_off++] = set.name;
	}
	ld->secret_ok = true;
	ok = text_whole(ld, &e->value, &set.value);
	ld->secret_ok = false;
	if (!ok)
		return;
	m->env = mem_grow(m->env, &m->env_cap, m->nenv + 1, sizeof(*m->env));
	m->env[m->nenv++] = set;
}

static void
read_on(struct loader *ld, const struct entry *e, struct mods *m)
{
	if (is_line_key(e)) {
		struct line_branch b = { 0 };

		if (!read_line_branch(ld, e, &b))
			return;
		m->on_line = mem_grow(m->on_line, &m->on_line_cap,
		    m->non_line + 1, sizeof(*m->on_line));
		m->on_line[m->non_line++] = b;
	} else {
		struct branch b = { 0 };

		if (!read_branch(ld, e, &b))
			return;
		m->on = mem_grow(m->on, &m->on_cap, m->non + 1,
		    sizeof(*m->on));
		m->on[m->non++] = b;
	}
}

static void
read_visits(struct loader *ld, const struct value *v, struct step *s)
{
	struct word w;

	if (!one_word(ld, v, "a number", &w) ||
	    !count_or_forever(ld, &w, &s->visits))
		return;
	if (s->visits.fixed && s->visits.value < 1)
		diag_error(&ld->diag, w.pos, "'%s' is too small: at least 1",
		    w.lit);
}

/* the defaults can be taken off */
static bool
takes_none(enum key_id id)
{
	return id == KEY_TIMEOUT || id == KEY_SILENT || id == KEY_GRACE ||
	    id == KEY_RETRY || id == KEY_SHELL || id == KEY_DIR ||
	    id == KEY_AS || id == KEY_SECRET || id == KEY_VIA;
}

static bool
one_text(struct loader *ld, const struct value *v, const char *what,
    struct text *to)
{
	struct word w;

	if (!one_word(ld, v, what, &w))
		return false;
	*to = w.text;
	return true;
}

/* one host, by its name */
static void
read_host(struct loader *ld, const struct value *v, struct step *s)
{
	struct word w;

	if (!one_word(ld, v, "a host", &w))
		return;
	s->host = w.text;
	s->has_host = host_word(ld, &w);
}

void
read_modifier(struct loader *ld, const struct entry *e, struct mods *m)
{
	const struct value *v = &e->value;
	struct step *s = m->step;
	struct word w;
	bool on;

	m->given |= GIVEN(e->key->id);
	if (takes_none(e->key->id) && is_none(v)) {
		m->off |= GIVEN(e->key->id);
		return;
	}
	switch (e->key->id) {
	case KEY_WHEN:
		s->when = expr_value(ld, v);
		break;
	case KEY_UNTIL:
		s->until = expr_value(ld, v);
		break;
	case KEY_OK:
		read_codes(ld, v, &s->ok, &s->nok);
		break;
	case KEY_ON:
		read_on(ld, e, m);
		break;
	case KEY_TIMEOUT:
		figure_value(ld, v, FIG_DURATION, &s->timeout);
		break;
	case KEY_SILENT:
		figure_value(ld, v, FIG_DURATION, &s->silent);
		break;
	case KEY_GRACE:
		figure_value(ld, v, FIG_DURATION, &s->grace);
		break;
	case KEY_VISITS:
		read_visits(ld, v, s);
		break;
	case KEY_RETRY:
		read_retry(ld, v, s);
		break;
	case KEY_CAPTURE:
		read_capture(ld, e, m);
		break;
	case KEY_STDIN:
		read_stdin(ld, e, s);
		break;
	case KEY_STDOUT:
		read_stdout(ld, e, s);
		break;
	case KEY_ENV:
		read_env(ld, e, m);
		break;
	case KEY_DIR:
		s->has_dir = one_text(ld, v, "a directory", &s->dir);
		break;
	case KEY_SHELL:
		read_shell(ld, v, &s->shell);
		break;
	case KEY_AS:
		s->has_as = one_text(ld, v, "a user", &s->as);
		s->own_as = s->has_as;
		break;
	case KEY_SECRET:
		read_secret_names(ld, v, s);
		break;
	case KEY_HOST:
		read_host(ld, v, s);
		break;
	case KEY_VIA:
		s->has_via = one_word(ld, v, "ssh, local or a name", &w) &&
		    via_word(ld, &w, &s->via);
		break;
	case KEY_QUIET:
		yes_no(ld, v, &s->quiet);
		break;
	case KEY_TTY:
		yes_no(ld, v, &s->tty);
		break;
	case KEY_ONCE:
		yes_no(ld, v, &s->once);
		break;
	case KEY_RERUN:
		if (yes_no(ld, v, &on))
			s->no_rerun = !on;
		break;
	case KEY_COUNT:
		read_count(ld, v, &s->count);
		break;
	case KEY_NEEDS:
		read_needs(ld, v, &s->needs);
		break;
	case KEY_EACH:
	case KEY_HOSTS:
	case KEY_PARALLEL:
	case KEY_MAX_FAIL:
	case KEY_COLLECT:
		read_fan_key(ld, e, m);
		break;
	default:
		break;
	}
}

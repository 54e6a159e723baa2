/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
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
show_key_figure(const struct show *s, const char *key,
    const struct figure *f, struct buf *b)
{
	if (!f->given)
		return;
	buf_addf(b, "%s = ", key);
	show_figure(s, f, b);
	buf_addc(b, '\n');
}

void
show_key_span(const struct show *s, const char *key, const struct span *w,
    struct buf *b)
{
	if (!w->given)
		return;
	buf_addf(b, "%s = ", key);
	show_span(s, w, b);
	buf_addc(b, '\n');
}

void
show_on_fail(enum on_fail on_fail, struct buf *b)
{
	static const char *const names[] = { "continue", "drain", "stop" };

	if (on_fail != ON_FAIL_CONTINUE)
		buf_addf(b, "on-fail = %s\n", names[on_fail]);
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

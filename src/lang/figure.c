/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <string.h>

#include "base/near.h"
#include "base/num.h"
#include "lang/figure.h"
#include "lang/loader.h"
#include "lang/words.h"

struct figure
figure_fixed(enum figure_kind kind, double value)
{
	return (struct figure){ .fixed = true, .value = value, .kind = kind };
}

static bool
bad_duration(struct loader *ld, const char *s, struct pos pos)
{
	double d;

	if (num_double(s, &d) == 0 && d >= 0)
		diag_error(&ld->diag, pos, "'%s' has no unit: %ss?", s, s);
	else {
		diag_error(&ld->diag, pos, "'%s' is no duration", s);
		diag_note(&ld->diag,
		    "durations are written 500ms, 10s, 5m, 2h, 1d, 1h30m");
	}
	return false;
}

static bool
read_literal(struct loader *ld, const char *s, struct pos pos,
    struct figure *f)
{
	char word[32];
	size_t n = strlen(s);
	int64_t i;

	switch (f->kind) {
	case FIG_COUNT:
		if (num_int(s, &i) == 0 && i >= 0) {
			f->value = (double)i;
			return true;
		}
		diag_error(&ld->diag, pos, "'%s' is no number", s);
		return false;
	case FIG_DURATION:
		return num_duration(s, &f->value) == 0 ||
		    bad_duration(ld, s, pos);
	case FIG_FACTOR:
		if (num_double(s, &f->value) == 0 && f->value >= 1 &&
		    f->value < HUGE_VAL)
			return true;
		diag_error(&ld->diag, pos,
		    "'%s' is no factor of at least 1", s);
		return false;
	case FIG_PERCENT:
		break;
	}
	if (n > 1 && n < sizeof(word) && s[n - 1] == '%') {
		memcpy(word, s, n - 1);
		word[n - 1] = '\0';
		if (num_double(word, &f->value) == 0 && f->value >= 0 &&
		    f->value <= 100)
			return true;
	}
	diag_error(&ld->diag, pos, "'%s' is no percentage (0%% to 100%%)", s);
	return false;
}

bool
figure_text(struct loader *ld, const struct text *t, enum figure_kind kind,
    struct figure *f)
{
	const char *lit = text_literal(t);

	*f = (struct figure){ .given = true, .kind = kind, .text = *t };
	if (!lit)
		return true;
	f->fixed = true;
	return read_literal(ld, lit, t->pos, f);
}

bool
figure_word(struct loader *ld, const struct word *w, enum figure_kind kind,
    struct figure *f)
{
	return figure_text(ld, &w->text, kind, f);
}

static const char *
kind_name(enum figure_kind kind)
{
	return kind == FIG_DURATION ? "a duration" :
	    kind == FIG_PERCENT ? "a percentage" : "a number";
}

bool
figure_value(struct loader *ld, const struct value *v, enum figure_kind kind,
    struct figure *f)
{
	struct word w;

	return one_word(ld, v, kind_name(kind), &w) &&
	    figure_word(ld, &w, kind, f);
}

bool
span_word(struct loader *ld, const struct word *w, bool allow_auto,
    int64_t min, struct span *s)
{
	*s = (struct span){ .given = true, .text = w->text };
	if (!w->lit)
		return true;
	s->fixed = true;
	if (num_width(w->lit, allow_auto, &s->width) == -1) {
		diag_error(&ld->diag, w->pos, "'%s' is no number%s", w->lit,
		    allow_auto ? ", percentage or 'auto'" :
		    " or percentage");
		return false;
	}
	if (!s->width.automatic && s->width.n < min) {
		diag_error(&ld->diag, w->pos, "'%s' is too small: at "
		    "least 1", w->lit);
		return false;
	}
	return true;
}

bool
span_value(struct loader *ld, const struct value *v, bool allow_auto,
    int64_t min, struct span *s)
{
	struct word w;

	return one_word(ld, v, "a number", &w) &&
	    span_word(ld, &w, allow_auto, min, s);
}

int
one_of(struct loader *ld, const struct value *v, const char *list)
{
	struct near n = { 0 };
	char buf[KEY_WORD_MAX];
	struct word w;
	int i = 0;

	if (!one_literal(ld, v, "a word", &w))
		return -1;
	if (!key_has_word(list, w.lit)) {
		diag_error(&ld->diag, w.pos, "'%s' is not one of: %s", w.lit,
		    list);
		key_near_word(&n, list, w.lit, buf);
		diag_near(&ld->diag, &n);
		return -1;
	}
	for (const char *p = list; *p; i++) {
		size_t len = strcspn(p, " ");

		if (strlen(w.lit) == len && !memcmp(p, w.lit, len))
			break;
		p += len;
		p += strspn(p, " ");
	}
	return i;
}

bool
yes_no(struct loader *ld, const struct value *v, bool *b)
{
	int i = one_of(ld, v, "yes no");

	*b = i == 0;
	return i >= 0;
}

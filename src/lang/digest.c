/* SPDX-License-Identifier: ISC */
/* sums of what the files say, by which changes are found */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "lang/loader.h"

struct parts {
	struct plan_part *part;
	size_t n, cap;
};

static void
add_word(struct digest *d, const char *s)
{
	digest_add(d, s, strlen(s));
}

/* key and value as they are meant: neither blanks around them nor comments */
static void
add_entry(struct digest *d, const struct entry *e)
{
	for (size_t i = 0; i < e->nword; i++)
		add_word(d, e->word[i].text);
	add_word(d, "=");
	digest_add(d, e->value.text, e->value.len);
}

static void
add_part(struct loader *ld, struct parts *p, const char *name,
    const struct digest *d)
{
	char text[DIGEST_TEXT];

	digest_text(d, text);
	p->part = mem_grow(p->part, &p->cap, p->n + 1, sizeof(*p->part));
	p->part[p->n++] = (struct plan_part){
		name, arena_strdup(&ld->plan->arena, text)
	};
}

__attribute__((format(printf, 2, 3)))
static const char *
named(struct loader *ld, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;
	const char *s;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	s = arena_strdup(&ld->plan->arena, buf_str(&b));
	buf_fini(&b);
	return s;
}

static const char *
title(struct loader *ld, const struct section *s)
{
	return s->name ? named(ld, "[%s %s]", s->kind, s->name) :
	    named(ld, "[%s]", s->kind);
}

static void
add_section(struct loader *ld, struct parts *p, const struct section *s)
{
	struct digest d = digest_begin();

	for (size_t i = 0; i < s->n; i++)
		add_entry(&d, &s->entry[i]);
	add_part(ld, p, title(ld, s), &d);
}

static void
add_step(struct loader *ld, struct parts *p, const char *of,
    const struct step_draft *sd, const struct step *st)
{
	struct digest d = digest_begin();

	add_word(&d, sd->name ? sd->name : "");
	if (sd->action)
		add_entry(&d, sd->action);
	for (size_t i = 0; i < sd->nmod; i++)
		add_entry(&d, sd->mod[i]);
	add_part(ld, p, named(ld, "%s, step '%s'", of, st->label), &d);
}

/* its header, then step by step: so it can be said which of them differs */
static void
add_draft(struct loader *ld, struct parts *p, const struct draft *dr)
{
	const char *of = title(ld, dr->section);
	struct digest d = digest_begin();

	for (size_t i = 0; i < dr->nhead; i++)
		add_entry(&d, dr->head[i]);
	add_part(ld, p, of, &d);
	for (size_t i = 0; i < dr->nstep; i++)
		add_step(ld, p, of, &dr->step[i], &dr->seq->step[i]);
}

static bool
is_drafted(const struct section *s)
{
	return !strcmp(s->kind, "sequence") || !strcmp(s->kind, "routine");
}

void
find_digests(struct loader *ld)
{
	struct plan *plan = ld->plan;
	struct parts p = { 0 };
	struct digest all = digest_begin();
	char text[DIGEST_TEXT];

	for (size_t i = 0; i < ld->nsection; i++)
		if (!is_drafted(&ld->section[i]))
			add_section(ld, &p, &ld->section[i]);
	for (size_t i = 0; i < ld->ndraft; i++)
		add_draft(ld, &p, &ld->draft[i]);
	for (size_t i = 0; i < p.n; i++) {
		add_word(&all, p.part[i].name);
		add_word(&all, p.part[i].digest);
	}
	digest_text(&all, text);
	plan->digest = arena_strdup(&plan->arena, text);
	plan->part = arena_copy(&plan->arena, p.part, p.n, sizeof(*p.part));
	plan->npart = p.n;
	free(p.part);
}

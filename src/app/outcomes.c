/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/fit.h"
#include "app/opts.h"
#include "app/outcomes.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/near.h"
#include "lang/source.h"
#include "model/plan.h"

/* number of the rows for steps of which nothing was said: after all others */
#define UNSAID UINT32_MAX

/* the pattern is of its name, alone or as ROUTINE/STEP */
static bool
is_named(const struct seq *q, const struct step *s, const char *pattern)
{
	struct buf full = { 0 };
	bool is;

	buf_addf(&full, "%s/%s", q->name, s->label);
	is = table_match(pattern, s->label) ||
	    table_match(pattern, s->identity) ||
	    table_match(pattern, buf_str(&full));
	buf_fini(&full);
	return is;
}

/* --- what is wrong with it ---------------------------------------------- */

/* steps of the plan, one after the other; NULL behind the last */
static const struct step *
next_step(const struct plan *p, size_t *seq, uint32_t *i)
{
	for (; *seq < p->nseq; ++*seq, *i = 0)
		if (*i < p->seq[*seq].nstep)
			return &p->seq[*seq].step[(*i)++];
	return NULL;
}

static void
no_step(struct outcomes *o, const struct outcome *of)
{
	struct near n = { 0 };
	const struct step *s;
	uint32_t at = 0;

	diag_error(&o->diag, of->step.pos, "no step '%s'", of->step.text);
	for (size_t q = 0; (s = next_step(o->plan, &q, &at));)
		if (fit_starts(s))
			near_offer(&n, of->step.text, s->label);
	diag_near(&o->diag, &n);
}

static void
no_fit(struct fit *f)
{
	struct diag *d = &f->o->diag;
	struct near n = { 0 };

	if (!f->bad_name) {
		diag_error(d, f->pos, strncmp(f->why, "is ", 3) == 0 ||
		    strncmp(f->why, "has ", 4) == 0 ? "step '%s' %s" :
		    "step '%s': %s", f->step->label, f->why);
		return;
	}
	diag_error(d, f->pos, "step '%s' has no capture '%s'", f->step->label,
	    f->bad_name);
	for (size_t i = 0; i < f->step->ncapture; i++)
		near_offer(&n, f->bad_name, f->o->plan->symbols.name[
		    f->step->capture[i].sym]);
	if (n.best)
		diag_near(d, &n);
	else if (f->step->kind == STEP_PUT || f->step->kind == STEP_GET)
		diag_note(d, "of a copy one can say changed=yes or changed=no");
	else
		diag_note(d, "stdout=TEXT and stderr=TEXT are its output");
}

/* a row for each step that it is meant for */
static void
bind(struct outcomes *o, const struct outcome *of, uint32_t number)
{
	struct fit bad = { 0 };
	const struct step *s;
	bool fits = false;
	uint32_t at = 0;

	for (size_t q = 0; (s = next_step(o->plan, &q, &at));) {
		struct fit f = { .o = o, .of = of, .step = s };

		if (!is_named(&o->plan->seq[q], s, of->step.text))
			continue;
		if (fit_add(&f, number))
			fits = true;
		/* of what cannot be, a command's reason says most */
		else if (!bad.step || fit_starts(s))
			bad = f;
	}
	if (fits)
		return;
	if (bad.step)
		no_fit(&bad);
	else
		no_step(o, of);
}

/* steps of which nothing is said end well, and what they capture is empty */
static void
add_unsaid(struct outcomes *o)
{
	static const struct attempt well = { .status = ST_OK };
	static const struct outcome all = { .attempt = &well, .n = 1 };
	const struct step *s;
	uint32_t at = 0;

	for (size_t q = 0; (s = next_step(o->plan, &q, &at));) {
		struct fit f = { .o = o, .of = &all, .step = s };

		if (fit_is_needed(s))
			fit_add(&f, UNSAID);
	}
}

/* --- reading ------------------------------------------------------------ */

static void
take(struct outcomes *o, struct pos pos, const char *line, size_t len)
{
	struct expected e = { 0 };

	if (outcome_read(&o->arena, &o->diag, pos, line, len,
	    &e.outcome) == -1)
		return;
	o->list = mem_grow(o->list, &o->cap, o->n + 1, sizeof(*o->list));
	o->list[o->n++] = e;
	bind(o, &e.outcome, (uint32_t)o->n - 1);
}

static void
read_option(struct outcomes *o, const char *text)
{
	struct pos pos = { .file = (uint32_t)o->src->n, .line = 1, .col = 1 };

	sources_add(o->src, "--outcome", text, strlen(text));
	take(o, pos, text, strlen(text));
}

static int
read_file(struct outcomes *o, const char *path)
{
	uint32_t file = (uint32_t)o->src->n;
	const char *why = sources_read(o->src, path);

	if (why) {
		fprintf(stderr, "pseq simulate: --outcomes: cannot read "
		    "'%s': %s\n", path, why);
		return -1;
	}
	if (!source_check(o->src, file, &o->diag))
		return 0;	/* it was reported */
	for (uint32_t i = 1; i <= o->src->list[file].nline; i++) {
		size_t len, from;
		const char *line = source_line(&o->src->list[file], i,
		    &len);
		struct pos pos = { .file = file, .line = i };

		while (len > 0 && strchr(" \t\r", line[len - 1]))
			len--;
		for (from = 0; from < len && strchr(" \t", line[from]);)
			from++;
		pos.col = (uint32_t)from + 1;
		if (from < len && line[from] != '#')
			take(o, pos, line + from, len - from);
	}
	return 0;
}

static unsigned
report(struct outcomes *o, const struct options *opt)
{
	return diag_print(&o->diag, o->src, stderr,
	    opts_color(opt, STDERR_FILENO));
}

int
outcomes_read(struct outcomes *o, const struct plan *p,
    const struct options *opt)
{
	*o = (struct outcomes){
		.plan = p, .src = mem_calloc(1, sizeof(*o->src))
	};
	for (size_t i = 0; i < opt->outcomes.n; i++)
		read_option(o, opt->outcomes.word[i]);
	if (opt->outcome_file && read_file(o, opt->outcome_file) == -1)
		return -1;
	add_unsaid(o);
	return report(o, opt) == 0 ? 0 : -1;
}

/* --- in the run --------------------------------------------------------- */

void
outcomes_lane(struct outcomes *o, const struct lane_info *l)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->list[i].seen &&
		    table_fits(o->list[i].outcome.lane.text, l))
			o->list[i].seen = true;
}

/* could the pattern be of a lane of the sequence, or of a tag? */
static bool
may_fit(struct outcomes *o, const char *pattern, const char *sequence)
{
	size_t len = strcspn(pattern, "[");

	return !pattern[len] || table_match(
	    arena_strndup(&o->arena, pattern, len), sequence);
}

void
outcomes_unstarted(struct outcomes *o, const char *sequence)
{
	for (size_t i = 0; i < o->n; i++)
		if (!o->list[i].seen && o->list[i].outcome.lane.text &&
		    may_fit(o, o->list[i].outcome.lane.text, sequence))
			o->list[i].seen = true;
}

unsigned
outcomes_strange(struct outcomes *o, const struct options *opt,
    void (*offer)(void *arg, struct near *, const char *wanted), void *arg)
{
	diag_fini(&o->diag);
	for (size_t i = 0; i < o->n; i++) {
		const struct phrase *lane = &o->list[i].outcome.lane;
		struct near n = { 0 };

		if (o->list[i].seen || !lane->text)
			continue;
		diag_error(&o->diag, lane->pos, "no lane '%s'", lane->text);
		offer(arg, &n, lane->text);
		diag_near(&o->diag, &n);
	}
	return report(o, opt);
}

void
outcomes_count(struct outcomes *o)
{
	for (size_t i = 0; i < o->table.n; i++)
		if (o->table.row[i].used && o->table.row[i].number != UNSAID)
			o->list[o->table.row[i].number].used = true;
}

void
outcomes_show(const struct outcomes *o, struct buf *b)
{
	bool any = false;

	for (size_t i = 0; i < o->n; i++) {
		const struct expected *e = &o->list[i];
		const struct outcome *of = &e->outcome;

		if (e->used || (of->lane.text && !e->seen))
			continue;
		buf_addf(b, "%s  %s:%s\n", any ? "" : "outcomes never used:\n",
		    of->lane.text ? of->lane.text : "*", of->step.text);
		any = true;
	}
	if (any)
		buf_addc(b, '\n');
}

void
outcomes_fini(struct outcomes *o)
{
	table_fini(&o->table);
	free(o->list);
	diag_fini(&o->diag);
	if (o->src)
		sources_fini(o->src);
	free(o->src);
	arena_fini(&o->arena);
}

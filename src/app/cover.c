/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "app/cover.h"
#include "app/opts.h"
#include "app/show.h"
#include "base/buf.h"
#include "base/mem.h"
#include "model/plan.h"
#include "sink/escape.h"

/* what is being shown */
struct view {
	struct cover *cover;
	bool terminal;
	struct buf text;
};

static void
add_word(struct view *v, const char *s)
{
	escape_word(&v->text, v->terminal, s, strlen(s));
}

/* "  deploy.job:12: " */
static void
add_place(struct view *v, struct pos pos)
{
	const struct plan *p = v->cover->plan;

	if (v->text.len == 0)
		buf_adds(&v->text, "never taken:\n");
	buf_adds(&v->text, "  ");
	if (pos.line > 0 && pos.file < p->nfile)
		buf_addf(&v->text, "%s:%u: ", p->file[pos.file], pos.line);
}

static void
show_reaction(struct view *v, const struct seq *q, const struct step *s,
    uint32_t i)
{
	struct cover *c = v->cover;
	const struct reaction *re;

	c->reactions++;
	if (c->reaction[c->first[s->id] + i]) {
		c->reactions_taken++;
		return;
	}
	/* of a step that was not taken that is all there is to say */
	if (c->step[s->id] != TAKEN)
		return;
	re = i < s->non ? &s->on[i].reaction :
	    &s->on_line[i - s->non].reaction;
	add_place(v, re->pos);
	buf_addf(&v->text, "%s: ", q->name);
	add_word(v, s->label);
	buf_adds(&v->text, ": on ");
	if (i < s->non) {
		show_matches(&s->on[i].when, &v->text);
		buf_adds(&v->text, " = ");
	} else {
		buf_adds(&v->text, "line = ");
		add_word(v, s->on_line[i - s->non].pattern);
		buf_adds(&v->text, " -> ");
	}
	add_word(v, re->text);
	buf_addc(&v->text, '\n');
}

static void
show_step(struct view *v, const struct seq *q, const struct step *s)
{
	struct cover *c = v->cover;
	enum taken taken = c->step[s->id];

	c->steps++;
	c->steps_taken += taken == TAKEN;
	if (taken != TAKEN) {
		add_place(v, s->pos);
		buf_addf(&v->text, "%s: step '", q->name);
		add_word(v, s->label);
		buf_addf(&v->text, "'%s\n", taken == SKIPPED ?
		    ", always skipped" : "");
	}
	for (uint32_t i = 0; i < s->non + s->non_line; i++)
		show_reaction(v, q, s, i);
}

static bool
is_started(const struct options *o, const struct seq *q)
{
	for (size_t i = 0; i < o->starts.n; i++)
		if (strcmp(o->starts.word[i], q->name) == 0)
			return true;
	return o->starts.n == 0;
}

/* a routine that was never called, a sequence without a lane: one line */
static bool
is_untouched(const struct cover *c, const struct seq *q)
{
	for (uint32_t i = 0; i < q->nstep; i++)
		if (c->step[q->step[i].id] != NEVER)
			return false;
	return true;
}

static void
show_whole(struct view *v, const struct seq *q)
{
	v->cover->steps += q->nstep;
	for (uint32_t i = 0; i < q->nstep; i++)
		v->cover->reactions += (unsigned)(q->step[i].non +
		    q->step[i].non_line);
	add_place(v, q->pos);
	buf_addf(&v->text, "%s %s\n", q->routine ? "routine" : "sequence",
	    q->name);
}

void
cover_show(struct cover *c, const struct options *o, bool terminal,
    struct buf *out)
{
	struct view v = { .cover = c, .terminal = terminal };

	for (size_t i = 0; i < c->plan->nseq; i++) {
		const struct seq *q = &c->plan->seq[i];

		if (!q->routine && !is_started(o, q))
			continue;
		if (is_untouched(c, q)) {
			show_whole(&v, q);
			continue;
		}
		for (uint32_t k = 0; k < q->nstep; k++)
			show_step(&v, q, &q->step[k]);
	}
	if (v.text.len > 0)
		buf_addc(&v.text, '\n');
	buf_add(out, v.text.data, v.text.len);
	buf_fini(&v.text);
}

/* --- what was taken ----------------------------------------------------- */

void
cover_step(struct cover *c, uint32_t id, enum taken taken)
{
	if (c->step[id] < taken)
		c->step[id] = taken;
}

/* the number of a reaction among those of its step */
static uint32_t
number_of(const struct step *s, const struct reaction *re)
{
	for (uint32_t i = 0; i < s->non; i++)
		if (&s->on[i].reaction == re)
			return i;
	for (uint32_t i = 0; i < s->non_line; i++)
		if (&s->on_line[i].reaction == re)
			return (uint32_t)s->non + i;
	return NOWHERE;
}

void
cover_took(struct cover *c, const struct step *s, const struct reaction *re)
{
	uint32_t i = number_of(s, re);

	if (i != NOWHERE)
		c->reaction[c->first[s->id] + i] = true;
}

void
cover_init(struct cover *c, const struct plan *p)
{
	uint32_t n = 0;

	*c = (struct cover){ .plan = p };
	c->step = mem_calloc(p->nsteps, sizeof(*c->step));
	c->first = mem_calloc(p->nsteps, sizeof(*c->first));
	for (size_t i = 0; i < p->nseq; i++)
		for (uint32_t k = 0; k < p->seq[i].nstep; k++) {
			const struct step *s = &p->seq[i].step[k];

			c->first[s->id] = n;
			n += (uint32_t)(s->non + s->non_line);
		}
	c->reaction = mem_calloc(n, sizeof(*c->reaction));
}

void
cover_fini(struct cover *c)
{
	free(c->step);
	free(c->first);
	free(c->reaction);
}

/* SPDX-License-Identifier: ISC */
/* the ways of lanes as text: a block for each */
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "app/trail.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/plan.h"
#include "sink/escape.h"
#include "sink/fold.h"

enum {
	NAMES_SHOWN = 8,	/* folded ones */
	INDENT_MAX = 16,	/* calls that are told by indentation */
	LABEL_MAX = 60, RESULT_MAX = 24		/* columns that are lined up */
};

/* one line of a block, in parts */
struct row {
	char time[NUM_SHOW];
	struct buf label, result;
	unsigned label_width, result_width;
};

static void
add_word(const struct trail *t, struct buf *b, const char *s)
{
	escape_word(b, t->terminal, s, strlen(s));
}

/* its label is what it says, which is shown with all filled in */
static bool
speaks(const struct step *s)
{
	return !s->name && (s->kind == STEP_SAY || s->kind == STEP_FINISH ||
	    s->kind == STEP_FAIL || s->kind == STEP_DRAIN ||
	    s->kind == STEP_STOP);
}

static void
make_row(const struct trail *t, const struct mark *m, struct row *r)
{
	*r = (struct row){ 0 };
	if (m->at >= 0)
		num_write_duration(r->time, m->at);
	for (unsigned i = 0; i < m->depth && i < INDENT_MAX; i++)
		buf_adds(&r->label, "  ");
	if (m->step && m->note && speaks(m->step))
		buf_adds(&r->label, plan_step_kind(m->step->kind));
	else if (m->step)
		add_word(t, &r->label, m->step->label);
	else
		buf_addf(&r->label, "%s %s", m->how, m->called->name);
	buf_add(&r->result, m->results.data, m->results.len);
	buf_adds(&r->result, m->last);
	if (m->times > 1)
		buf_addf(&r->result, " (%u times)", m->times);
	r->label_width = (unsigned)utf8_columns(buf_str(&r->label),
	    r->label.len);
	r->result_width = (unsigned)utf8_columns(buf_str(&r->result),
	    r->result.len);
}

static void
pad(struct buf *b, unsigned from, unsigned to)
{
	for (; from < to; from++)
		buf_addc(b, ' ');
}

static void
show_row(const struct trail *t, const struct mark *m, const struct row *r,
    const unsigned *width, struct buf *b)
{
	buf_addf(b, "  %*s  ", (int)width[0], r->time);
	buf_add(b, r->label.data, r->label.len);
	pad(b, r->label_width, width[1]);
	buf_adds(b, "  ");
	buf_add(b, r->result.data, r->result.len);
	if (m->reaction || m->note)
		pad(b, r->result_width, width[2]);
	if (m->reaction) {
		buf_adds(b, "  -> ");
		add_word(t, b, m->reaction);
	}
	if (m->note) {
		buf_adds(b, "  : ");
		add_word(t, b, m->note);
	}
	while (b->len > 0 && b->data[b->len - 1] == ' ')
		b->len--;
	buf_addc(b, '\n');
}

static void
show_marks(const struct trail *t, const struct path *p, struct buf *b)
{
	struct row *row = mem_calloc(p->n, sizeof(*row));
	unsigned width[3] = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		struct row *r = &row[i];

		make_row(t, &p->mark[i], r);
		width[0] = MAX(width[0], (unsigned)strlen(r->time));
		if (r->label_width <= LABEL_MAX)
			width[1] = MAX(width[1], r->label_width);
		if (r->result_width <= RESULT_MAX)
			width[2] = MAX(width[2], r->result_width);
	}
	for (size_t i = 0; i < p->n; i++) {
		show_row(t, &p->mark[i], &row[i], width, b);
		buf_fini(&row[i].label);
		buf_fini(&row[i].result);
	}
	free(row);
	if (p->more > 0)
		buf_addf(b, "  ... and %llu lines more\n",
		    (unsigned long long)p->more);
}

/* lanes that share the path, numbers in their names folded */
static void
show_names(const struct trail *t, const struct path *p, struct buf *b)
{
	struct fold fold;
	size_t shown = 0;

	fold_names(&fold, (const char *const *)p->name, p->nname);
	for (size_t i = 0; i < fold.n && i < NAMES_SHOWN; i++) {
		buf_adds(b, i ? ", " : "");
		add_word(t, b, fold.text[i]);
		shown += fold.count[i];
	}
	if (shown < p->lanes)
		buf_addf(b, " and %llu more",
		    (unsigned long long)(p->lanes - shown));
	if (p->lanes > 1)
		buf_addf(b, " (%llu lanes)", (unsigned long long)p->lanes);
	fold_fini(&fold);
}

static void
show_path(const struct trail *t, const struct path *p, struct buf *b)
{
	char time[NUM_SHOW];

	show_names(t, p, b);
	buf_addf(b, ": %s", verdict_name(p->verdict));
	if (p->why && p->verdict != LANE_CANCELLED) {
		buf_adds(b, p->verdict == LANE_RESCUED ? " from " : " at ");
		add_word(t, b, p->why);
	}
	buf_addf(b, ", %s\n", num_write_duration(time, p->seconds));
	show_marks(t, p, b);
	buf_addc(b, '\n');
}

static int
by_first(const void *pa, const void *pb)
{
	const struct path *a = pa, *b = pb;

	return a->first < b->first ? -1 : a->first > b->first;
}

/*
 * Sequences in the order of the file, then what their lanes started; paths in
 * the order of their lanes.
 */
void
trail_show(struct trail *t, struct buf *b)
{
	if (t->npath > 0)
		qsort(t->path, t->npath, sizeof(*t->path), by_first);
	for (size_t i = 0; i < t->plan->nseq; i++)
		for (size_t k = 0; k < t->npath; k++)
			if (!t->path[k].sub && !t->plan->seq[i].routine &&
			    strcmp(t->path[k].group, t->plan->seq[i].name) == 0)
				show_path(t, &t->path[k], b);
	for (size_t k = 0; k < t->npath; k++)
		if (t->path[k].sub)
			show_path(t, &t->path[k], b);
	if (t->notes.len > 0) {
		buf_add(b, t->notes.data, t->notes.len);
		buf_addc(b, '\n');
	}
}

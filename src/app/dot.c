/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/dot.h"
#include "app/show.h"
#include "base/buf.h"

static void
quoted(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_addc(b, '\\');
		if (s[i] == '\n')
			buf_adds(b, "\\l");
		else
			buf_addc(b, s[i]);
	}
}

static void
node(struct buf *b, const struct step *st)
{
	buf_addf(b, "\t\ts%u [label=\"%u %s", st->id, st->index + 1,
	    st->name ? st->name : plan_step_kind(st->kind));
	if (st->name)
		buf_addf(b, "\\n%s", plan_step_kind(st->kind));
	if (strcmp(st->label, st->name ? st->name : "") != 0) {
		buf_adds(b, "\\n");
		quoted(b, st->label, strlen(st->label));
	}
	buf_addf(b, "\"%s];\n", st->when ? ", style=dashed" : "");
}

static void
edge(struct buf *b, const struct step *from, const char *to, uint32_t id,
    const char *label, const char *style)
{
	buf_addf(b, "\ts%u -> %s%u [label=\"", from->id, to, id);
	quoted(b, label, strlen(label));
	buf_addf(b, "\"%s];\n", style);
}

/* where a reaction leads */
static void
reaction(struct buf *b, const struct plan *p, const struct seq *q,
    const struct step *st, const struct reaction *r, const char *label)
{
	enum reaction_kind k = r->kind;

	if (k == DO_CALL && r->call.routine.index != NOWHERE) {
		const struct seq *to = &p->seq[r->call.routine.index];

		edge(b, st, "s", to->step[0].id, label, ", style=dotted");
	}
	if (k == DO_CALL || k == DO_KILL)
		k = r->then;
	switch (k) {
	case DO_GOTO:
		if (r->target.index != NOWHERE)
			edge(b, st, "s", q->step[r->target.index].id, label,
			    "");
		break;
	case DO_RETRY:
		edge(b, st, "s", st->id, label, "");
		break;
	case DO_FINISH:
		edge(b, st, "end", q->index, label, "");
		break;
	case DO_FAIL:
	case DO_DRAIN:
	case DO_STOP:
		edge(b, st, "fail", q->index, label, ", color=red");
		break;
	default:
		break;
	}
}

static void
step(struct buf *b, const struct plan *p, const struct seq *q,
    const struct step *st)
{
	struct buf label = { 0 };
	bool last = st->index + 1 == q->nstep;

	switch (st->kind) {
	case STEP_GOTO:
		if (st->target.index != NOWHERE)
			edge(b, st, "s", q->step[st->target.index].id, "", "");
		if (st->when && !last)
			edge(b, st, "s", st->id + 1, "skipped", "");
		break;
	case STEP_FINISH:
	case STEP_RETURN:
		edge(b, st, "end", q->index, "", "");
		if (st->when && !last)
			edge(b, st, "s", st->id + 1, "skipped", "");
		break;
	case STEP_FAIL:
	case STEP_DRAIN:
	case STEP_STOP:
		edge(b, st, "fail", q->index, "", ", color=red");
		if (st->when && !last)
			edge(b, st, "s", st->id + 1, "skipped", "");
		break;
	default:
		if (last)
			edge(b, st, "end", q->index, "", "");
		else
			edge(b, st, "s", st->id + 1, "", "");
		break;
	}
	if (st->kind == STEP_CALL && st->call.routine.index != NOWHERE)
		edge(b, st, "s", p->seq[st->call.routine.index].step[0].id,
		    "call", ", style=dotted");
	for (size_t i = 0; i < st->non; i++) {
		buf_clear(&label);
		show_matches(&st->on[i].when, &label);
		reaction(b, p, q, st, &st->on[i].reaction, buf_str(&label));
	}
	for (size_t i = 0; i < st->non_line; i++)
		reaction(b, p, q, st, &st->on_line[i].reaction,
		    st->on_line[i].pattern);
	buf_fini(&label);
}

/* what comes before and behind a sequence or routine as a whole */
static void
around(struct buf *b, const struct plan *p, const struct seq *q)
{
	if (q->rescue != NOWHERE)
		buf_addf(b, "\tfail%u -> s%u [label=\"rescue\", "
		    "style=dotted];\n", q->index,
		    p->seq[q->rescue].step[0].id);
	if (q->always != NOWHERE)
		buf_addf(b, "\tend%u -> s%u [label=\"always\", "
		    "style=dotted];\n", q->index,
		    p->seq[q->always].step[0].id);
	for (size_t i = 0; i < q->nafter; i++)
		buf_addf(b, "\tend%u -> s%u [label=\"after\", "
		    "style=bold];\n", q->after[i], q->step[0].id);
}

void
dot_draw(const struct plan *p, struct buf *b)
{
	buf_adds(b, "digraph \"");
	quoted(b, p->name, strlen(p->name));
	buf_adds(b, "\" {\n\tnode [shape=box, fontname=\"monospace\"];\n");
	for (size_t i = 0; i < p->nseq; i++) {
		const struct seq *q = &p->seq[i];

		buf_addf(b, "\tsubgraph cluster%zu {\n\t\tlabel=\"%s %s\";\n",
		    i, q->routine ? "routine" : "sequence", q->name);
		for (uint32_t k = 0; k < q->nstep; k++)
			node(b, &q->step[k]);
		buf_addf(b, "\t\tend%zu [label=\"end\", shape=oval];\n", i);
		buf_addf(b, "\t\tfail%zu [label=\"fail\", shape=oval, "
		    "color=red];\n\t}\n", i);
	}
	for (size_t i = 0; i < p->nseq; i++)
		around(b, p, &p->seq[i]);
	for (size_t i = 0; i < p->nseq; i++)
		for (uint32_t k = 0; k < p->seq[i].nstep; k++)
			step(b, p, &p->seq[i], &p->seq[i].step[k]);
	buf_adds(b, "}\n");
}

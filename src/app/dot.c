/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/dot.h"
#include "app/show.h"
#include "base/buf.h"
#include "lang/reaction.h"

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

/* the label of most actions but commands begins with the action */
static bool
tells_kind(const struct step *st)
{
	size_t len = strlen(show_kind(st));

	return strncmp(st->label, show_kind(st), len) == 0 &&
	    (st->label[len] == ' ' || st->label[len] == '\0') &&
	    !step_is_command(st->kind);
}

static void
node(struct buf *b, const struct step *st)
{
	buf_addf(b, "\t\ts%u [label=\"%u ", st->id, st->index + 1);
	if (st->name)
		buf_addf(b, "%s\\n%s", st->name, show_kind(st));
	else if (!tells_kind(st))
		buf_addf(b, "%s\\n", show_kind(st));
	if (!st->name)
		quoted(b, st->label, strlen(st->label));
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

/* to the routine, or all those that a name with variables may mean */
static void
call_edges(struct buf *b, const struct plan *p, const struct step *from,
    const struct call *c, const char *label)
{
	for (size_t i = 0; i < p->nseq; i++)
		if (p->seq[i].routine &&
		    target_may_be(&c->routine, &p->seq[i]))
			edge(b, from, "s", p->seq[i].step[0].id, label,
			    ", style=dotted");
}

/* "call", "spawn each x y": what begins lanes tells their lists */
static void
call_label(const struct plan *p, const struct step *st, struct buf *b)
{
	buf_adds(b, plan_step_kind(st->kind));
	for (size_t i = 0; st->fan && i < st->fan->neach; i++)
		for (size_t k = 0; k < st->fan->each[i].nsym; k++)
			buf_addf(b, "%s%s", i + k == 0 ? " each " : " ",
			    p->symbols.name[st->fan->each[i].sym[k]]);
}

/* messages go from steps to channels, and from there to others */
static void
message(struct buf *b, const struct step *st, uint32_t channel, bool out,
    const char *label)
{
	if (out)
		buf_addf(b, "\ts%u -> channel%u [label=\"", st->id, channel);
	else
		buf_addf(b, "\tchannel%u -> s%u [label=\"", channel, st->id);
	quoted(b, label, strlen(label));
	buf_adds(b, "\", style=dashed, color=blue];\n");
}

static void
messages(struct buf *b, const struct step *st)
{
	if (st->kind == STEP_SEND)
		message(b, st, st->channel, true, "");
	if (st->kind == STEP_RECEIVE)
		message(b, st, st->channel, false, "");
	if (st->stdout_kind == OUT_CHANNEL)
		message(b, st, st->stdout_channel, true, "stdout");
	if (st->stdin_kind == IN_CHANNEL)
		message(b, st, st->stdin_channel, false, "stdin");
	for (size_t i = 0; i < st->non_line; i++)
		if (st->on_line[i].reaction.kind == DO_SEND)
			message(b, st, st->on_line[i].reaction.channel, true,
			    st->on_line[i].pattern);
}

/* where a reaction leads */
static void
reaction(struct buf *b, const struct plan *p, const struct seq *q,
    const struct step *st, const struct reaction *r, const char *label)
{
	enum reaction_kind k = r->kind;

	if (k == DO_CALL || k == DO_SPAWN)
		call_edges(b, p, st, &r->call, label);
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
	if (st->kind == STEP_CALL || st->kind == STEP_SPAWN) {
		call_label(p, st, &label);
		call_edges(b, p, st, &st->call, buf_str(&label));
	}
	messages(b, st);
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
	/* by which of its commands is not known */
	for (size_t i = 0; i < q->nsends; i++)
		message(b, &q->step[0], q->sends[i], true, "pseq send");
	for (size_t i = 0; i < q->nreceives; i++)
		message(b, &q->step[0], q->receives[i], false,
		    "pseq receive");
}

static bool
is_fail(const struct reaction *r)
{
	enum reaction_kind k = r->kind == DO_CALL || r->kind == DO_KILL ?
	    r->then : r->kind;

	return k == DO_FAIL || k == DO_DRAIN || k == DO_STOP;
}

/* does a step or a reaction of it lead to its failure by name? */
static bool
fails(const struct seq *q)
{
	for (uint32_t i = 0; i < q->nstep; i++) {
		const struct step *st = &q->step[i];

		if (st->kind == STEP_FAIL || st->kind == STEP_DRAIN ||
		    st->kind == STEP_STOP)
			return true;
		for (size_t k = 0; k < st->non; k++)
			if (is_fail(&st->on[k].reaction))
				return true;
		for (size_t k = 0; k < st->non_line; k++)
			if (is_fail(&st->on_line[k].reaction))
				return true;
	}
	return false;
}

/* where it ends; a failure without an edge is drawn at the bottom, too */
static void
ends(struct buf *b, const struct seq *q)
{
	uint32_t i = q->index;

	buf_addf(b, "\t\tend%u [label=\"end\", shape=oval];\n", i);
	if (!fails(q) && q->rescue == NOWHERE)
		return;
	buf_addf(b, "\t\tfail%u [label=\"fail\", shape=oval, "
	    "color=red];\n", i);
	if (!fails(q))
		buf_addf(b, "\t\ts%u -> fail%u [style=invis];\n",
		    q->step[q->nstep - 1].id, i);
}

void
dot_draw(const struct plan *p, struct buf *b)
{
	buf_adds(b, "digraph \"");
	quoted(b, p->name, strlen(p->name));
	buf_adds(b, "\" {\n\tlabeljust=l;\n"
	    "\tgraph [fontname=\"sans-serif\"];\n"
	    "\tnode [shape=box, fontname=\"monospace\"];\n"
	    "\tedge [fontname=\"monospace\", fontsize=11];\n");
	for (size_t i = 0; i < p->nseq; i++) {
		const struct seq *q = &p->seq[i];

		buf_addf(b, "\tsubgraph cluster%zu {\n\t\tlabel=\"%s %s\";\n",
		    i, q->routine ? "routine" : "sequence", q->name);
		for (uint32_t k = 0; k < q->nstep; k++)
			node(b, &q->step[k]);
		ends(b, q);
		buf_adds(b, "\t}\n");
	}
	for (size_t i = 0; i < p->nchannel; i++)
		buf_addf(b, "\tchannel%zu [label=\"%s\", shape=cds, "
		    "color=blue];\n", i, p->channel[i].name);
	for (size_t i = 0; i < p->nseq; i++)
		around(b, p, &p->seq[i]);
	for (size_t i = 0; i < p->nseq; i++)
		for (uint32_t k = 0; k < p->seq[i].nstep; k++)
			step(b, p, &p->seq[i], &p->seq[i].step[k]);
	buf_adds(b, "}\n");
}

/* SPDX-License-Identifier: ISC */
/* pseq plan: the lanes of a sequence, and the keys of its header */
#include <inttypes.h>

#include "app/planner.h"
#include "base/hosts.h"
#include "model/plan.h"

/* "3 lanes: a[1] a[2] a[3]", and how their hosts are reached */
static void
add_lanes(const struct census *c, struct buf *b)
{
	buf_addf(b, "%" PRId64 " lane%s:", c->n, c->n == 1 ? "" : "s");
	buf_add(b, c->names.data, c->names.len);
	if (c->n > CENSUS_NAMES)
		buf_addf(b, " and %" PRId64 " more", c->n - CENSUS_NAMES);
	buf_addc(b, '\n');
	for (uint32_t i = 0; i < c->ways.n; i++) {
		buf_adds(b, "on ");
		hosts_fold(c->on[i], b);
		buf_addf(b, ": %s\n", c->ways.name[i]);
	}
}

static void
add_variables(const struct show *s, const struct seq *q, struct buf *b)
{
	char **name = s->plan->symbols.name;

	for (size_t i = 0; i < q->nparam; i++) {
		buf_addf(b, "%s%s", i == 0 ? "params = " : " ",
		    name[q->param[i].sym]);
		if (q->param[i].has_value) {
			buf_addc(b, '=');
			show_text(s, &q->param[i].value, b);
		}
	}
	if (q->nparam > 0)
		buf_addc(b, '\n');
	for (size_t i = 0; i < q->nvar; i++) {
		buf_addf(b, "var %s = ", name[q->var[i].sym]);
		show_text(s, &q->var[i].value, b);
		buf_addc(b, '\n');
	}
}

static void
add_limits(const struct show *s, const struct seq *q, struct buf *b)
{
	show_key_span(s, "parallel", &q->parallel, b);
	show_key_span(s, "max-fail", &q->max_fail, b);
	show_on_fail(q->on_fail, b);
	show_key_figure(s, "lane-timeout", &q->lane_timeout, b);
	if (q->has_label) {
		buf_adds(b, "label = ");
		show_text(s, &q->label, b);
		buf_addc(b, '\n');
	}
	if (q->priority) {
		buf_adds(b, "priority = ");
		show_expr(s, q, q->priority, b);
		buf_addc(b, '\n');
	}
}

void
plan_header(struct planner *p, const struct show *s, const struct seq *q,
    struct buf *b)
{
	if (!q->routine)
		add_lanes(&p->census[q->index], b);
	for (size_t i = 0; i < q->neach; i++) {
		show_each(s, &q->each[i], b);
		buf_addc(b, '\n');
	}
	show_contact(s, &q->contact, b);
	for (size_t i = 0; i < q->nafter; i++)
		buf_addf(b, "after = %s\n", p->plan->seq[q->after[i]].name);
	add_variables(s, q, b);
	add_limits(s, q, b);
	show_sharing(s, q, b);
}

/* SPDX-License-Identifier: ISC */
/* how lanes work together: what they start, hold, share and send */
#include <stdio.h>

#include "app/show.h"
#include "base/buf.h"

static const char *
name_of(const struct show *s, uint32_t sym)
{
	return s->plan->symbols.name[sym];
}

static void
add_needs(const struct show *s, const struct needs *needs, struct buf *b)
{
	for (size_t i = 0; i < needs->n; i++) {
		const struct needing *n = &needs->need[i];

		buf_addf(b, "%s%s", i == 0 ? "needs = " : ", ",
		    s->plan->limit[n->limit].name);
		if (!n->n.fixed || n->n.value > 1) {
			buf_addc(b, ' ');
			show_figure(s, &n->n, b);
		}
	}
	if (needs->n > 0)
		buf_addc(b, '\n');
}

static void
add_fan(const struct show *s, const struct fan *fan, struct buf *b)
{
	for (size_t i = 0; i < fan->neach; i++) {
		show_each(s, &fan->each[i], b);
		buf_addc(b, '\n');
	}
	show_key_span(s, "parallel", &fan->parallel, b);
	show_key_span(s, "max-fail", &fan->max_fail, b);
	for (size_t i = 0; i < fan->ncollect; i++)
		buf_addf(b, "collect %s = %s\n",
		    name_of(s, fan->collect[i].into),
		    name_of(s, fan->collect[i].from));
}

const char *
show_kind(const struct step *st)
{
	static const char *const receives[] = {
		[RECEIVE_NEXT] = "receive", [RECEIVE_LAST] = "receive-last",
		[RECEIVE_ALL] = "receive-all",
	};

	return st->kind == STEP_RECEIVE ? receives[st->mode] :
	    plan_step_kind(st->kind);
}

void
show_meeting(const struct show *s, const struct step *st, struct buf *b)
{
	if (st->fan)
		add_fan(s, st->fan, b);
	show_key_span(s, "count", &st->count, b);
	if (st->once)
		buf_adds(b, "once = yes\n");
	add_needs(s, &st->needs, b);
}

static void
add_channels(const struct show *s, const char *key, const uint32_t *channel,
    size_t n, struct buf *b)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s%s", i == 0 ? key : " ",
		    s->plan->channel[channel[i]].name);
	if (n > 0)
		buf_addc(b, '\n');
}

static void
add_serial(const struct show *s, const struct seq *q, struct buf *b)
{
	for (size_t i = 0; i < q->nserial; i++) {
		buf_adds(b, i == 0 ? "serial = " : ", ");
		show_span(s, &q->serial[i], b);
	}
	if (q->nserial > 0)
		buf_addc(b, '\n');
}

void
show_sharing(const struct show *s, const struct seq *q, struct buf *b)
{
	add_serial(s, q, b);
	show_key_figure(s, "repeat", &q->repeat, b);
	show_key_figure(s, "every", &q->every, b);
	add_needs(s, &q->needs, b);
	add_channels(s, "sends = ", q->sends, q->nsends, b);
	add_channels(s, "receives = ", q->receives, q->nreceives, b);
}

void
show_shared(const struct show *s, struct buf *b)
{
	const struct plan *p = s->plan;

	if (p->nlimit > 0)
		buf_adds(b, "\nlimits\n");
	for (size_t i = 0; i < p->nlimit; i++) {
		buf_addf(b, "   %s%s = ", p->limit[i].name,
		    p->limit[i].shared ? " shared" : "");
		show_figure(s, &p->limit[i].n, b);
		buf_addc(b, '\n');
	}
	for (size_t i = 0; i < p->nchannel; i++) {
		buf_addf(b, "\nchannel %s\n   capacity = ",
		    p->channel[i].name);
		show_figure(s, &p->channel[i].capacity, b);
		buf_addc(b, '\n');
	}
}

/* SPDX-License-Identifier: ISC */
/* what a task came to */
#include <string.h>

#include "base/buf.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/plan.h"

static void
capture_result(struct captures *c, struct result *r)
{
	r->out = buf_str(&c->out.buf);
	r->nout = c->out.buf.len;
	r->out_full = c->out.full;
	r->err = buf_str(&c->err.buf);
	r->nerr = c->err.buf.len;
	r->err_full = c->err.full;
	r->both = buf_str(&c->both.buf);
	r->nboth = c->both.buf.len;
	r->both_full = c->both.full;
}

static void
judge(const struct task *t, struct result *r)
{
	const struct task_extra *x = t->extra;

	r->code = CODE_NONE;
	if (t->cause != CAUSE_NONE) {
		r->status = t->cause == CAUSE_TIMEOUT ? ST_TIMEOUT :
		    t->cause == CAUSE_SILENT ? ST_SILENT : ST_CANCELLED;
		if (t->kind == TASK_WAIT && t->cause == CAUSE_TIMEOUT)
			r->message = task_wait_reason(t);
	} else if (x && x->message) {
		r->status = x->verdict;
		r->message = x->message;
	} else if (!task_runs(t)) {
		r->status = ST_OK;
	} else if (t->signo) {
		r->status = ST_SIGNAL;
		r->signo = t->signo;
		r->code = 128 + t->signo;
	} else {
		r->status = t->code ? ST_EXIT : ST_OK;
		r->code = t->code;
	}
}

/* a mark that did not come: what was said instead is why */
static void
not_begun(const struct task *t, struct result *r, struct buf *why)
{
	const struct task_extra *x = t->extra;

	r->status = ST_START;
	for (size_t i = 0; i < x->nconnect_fail; i++)
		if (t->code >= x->connect_fail[i].lo &&
		    t->code <= x->connect_fail[i].hi)
			r->status = ST_UNREACHABLE;
	r->code = CODE_NONE;
	buf_add(why, t->tail ? t->tail : "", t->tail_len);
	buf_add(why, x->first.data, x->first.len);
	while (why->len && strchr("\r\n", why->data[why->len - 1]))
		why->len--;
	if (why->len == 0 && x->ender && t->code == 0)
		buf_adds(why, "the template passed no standard input on "
		    "(docker exec wants -i)");
	else if (why->len == 0)
		buf_adds(why, "it was not started, and nothing was said");
	r->message = buf_str(why);
}

void
verdict(struct task *t, struct result *r, struct buf *why)
{
	const struct task_extra *x = t->extra;

	if (t->failed)
		stream_take(&t->err, x->first.data, x->first.len);
	if (x && x->transfer)
		ferry_end(t);
	judge(t, r);
	if (x && x->mark && !t->failed && t->cause == CAUSE_NONE &&
	    !x->group && !x->message)
		not_begun(t, r, why);
	stream_end(&t->out);
	stream_end(&t->err);
	r->ending = t->unknown ? END_UNKNOWN :
	    x && x->mark ? END_CONFIRMED : END_OWN;
	r->changed = t->changed;
	if (t->capture)
		capture_result(t->capture, r);
	r->tail = t->tail_len ? t->tail : "";
	r->ntail = t->tail_len;
	r->seconds = (t->ended > 0 ? t->ended : loop_clock()) - t->started;
}

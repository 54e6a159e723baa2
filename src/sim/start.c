/* SPDX-License-Identifier: ISC */
/* how long it takes, and what comes of it */
#include <errno.h>
#include <string.h>

#include "sim/inside.h"
#include "sim/reader.h"

static double
shorter(double a, double b)
{
	return a <= 0 || (b > 0 && b < a) ? b : a;
}

/* when it ends, and as what if a limit is over first */
static void
find_end(struct sim *s, struct entry *e, const struct launch *l)
{
	double limit = shorter(l->timeout, l->silent), takes = SIM_USUAL;
	const struct sim_outcome *o = e->outcome;
	struct result *r = &e->result;

	/* what is waited for is there */
	if (l->kind != LAUNCH_PROCESS && l->kind != LAUNCH_SESSION &&
	    l->kind != LAUNCH_COPY)
		takes = 0;
	if (limit > 0 && takes >= limit)
		takes = limit / 2;
	if (o && o->seconds > 0)
		takes = o->seconds;
	if (r->status == ST_TIMEOUT && l->timeout > 0)
		takes = l->timeout;
	else if (r->status == ST_SILENT && l->silent > 0)
		takes = l->silent;
	else if (limit > 0 && ((o && o->hang) || takes >= limit)) {
		r->status = l->silent > 0 && l->silent <= limit ?
		    ST_SILENT : ST_TIMEOUT;
		r->code = CODE_NONE;
		takes = limit;
	} else if (o && o->hang) {
		takes = -1;
	}
	e->ends = takes < 0 ? -1 : s->now + takes;
	e->limit = limit > 0 ? s->now + limit : -1;
	/* a command takes what it is given to the end, or has its own time */
	e->fed = l->fed && (!o || (o->seconds <= 0 && !o->hang &&
	    r->status != ST_TIMEOUT && r->status != ST_SILENT));
}

static void
begin(struct sim *s, struct entry *e, const struct launch *l)
{
	const struct sim_outcome *o = e->outcome;
	bool shown = !l->out_none && (!l->out_path || l->tee);
	double lines;

	e->result = o ? o->result : result_made(ST_OK, "");
	if (!e->result.message)
		e->result.message = "";
	if (!e->result.step)
		e->result.step = "";
	if (e->result.status == ST_OK) {
		e->result.code = 0;
		if (l->kind == LAUNCH_PROCESS || l->kind == LAUNCH_SESSION)
			e->result.status = ST_EXIT;
	}
	find_end(s, e, l);
	if (o && shown) {
		e->out = o->out;
		e->nout = o->nout;
	}
	if (o) {
		e->err = o->err;
		e->nerr = o->nerr;
	}
	lines = e->ends < 0 ? s->now + SIM_USUAL / 2 : (s->now + e->ends) / 2;
	entry_schedule(s, e, e->nout + e->nerr > 0 ? lines : entry_end(e));
}

static int
start_reading(struct sim *s, struct entry *e, const struct launch *l)
{
	if (!l->path) {
		errno = ENOTSUP;
		return -1;
	}
	e->reader = reader_open(l->path, l->separator);
	if (!e->reader) {
		buf_clear(&s->why);
		buf_addf(&s->why, "cannot read '%s': %s", l->path,
		    errno == ESPIPE ? "it is no regular file, and a simulation "
		    "waits for nothing" : strerror(errno));
		return -1;
	}
	e->result = result_made(ST_OK, "");
	e->result.code = 0;
	entry_schedule(s, e, s->now);
	return 0;
}

int
sim_start(void *arg, token_t token, const struct launch *l)
{
	struct sim *s = arg;
	struct entry *e = entry_of(s, token);
	const struct sim_outcome *o = NULL;

	*e = (struct entry){ .token = token, .began = s->now };
	buf_clear(&s->why);
	if (l->kind == LAUNCH_READ) {
		e->kind = ENTRY_READ;
		if (start_reading(s, e, l) == 0)
			return 0;
		e->kind = ENTRY_FREE;
		return -1;
	}
	if (s->config.outcome)
		o = s->config.outcome(s->config.arg, l);
	if (o && o->result.status == ST_START) {
		buf_adds(&s->why, o->result.message ? o->result.message : "");
		errno = E2BIG;
		return -1;
	}
	e->kind = ENTRY_COMMAND;
	e->outcome = o;
	if (++s->live > s->most)
		s->most = s->live;
	begin(s, e, l);
	return 0;
}

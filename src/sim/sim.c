/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/plan.h"
#include "sim/inside.h"
#include "sim/reader.h"

/* --- down --------------------------------------------------------------- */

static void
stop(void *arg, token_t token, enum stop_why why)
{
	struct sim *s = arg;
	struct entry *e = entry_started(s, token);

	if (!e)
		return;
	e->result = result_made(why == STOP_TIMEOUT ? ST_TIMEOUT :
	    ST_CANCELLED, "");
	e->stopped = true;
	e->held = 0;
	reader_close(e->reader);
	e->reader = NULL;
	entry_schedule(s, e, e->ends = s->now);
}

static void
wake(void *arg, token_t token, double seconds)
{
	struct sim *s = arg;
	struct entry *e = entry_of(s, token);

	*e = (struct entry){ .token = token };
	if (seconds < 0)
		return;
	e->kind = ENTRY_WAKE;
	entry_schedule(s, e, s->now + seconds);
}

static void
hold(void *arg, token_t token, unsigned streams, bool on)
{
	struct sim *s = arg;
	struct entry *e = entry_started(s, token);
	unsigned had;

	if (!e)
		return;
	had = entry_ready(e);
	if (on)
		e->held |= streams;
	else
		e->held &= ~streams;
	if (had && !entry_ready(e))
		entry_schedule(s, e, -1);
	else if (!had && entry_ready(e))
		entry_schedule(s, e, s->now);
}

/* it reads all it is given */
static ssize_t
feed(void *arg, token_t token, const char *bytes, size_t len)
{
	struct entry *e = entry_started(arg, token);

	(void)bytes;
	return e && !e->stopped ? (ssize_t)len : -1;
}

/* and ends soon after */
static void
shut(void *arg, token_t token)
{
	struct sim *s = arg;
	struct entry *e = entry_started(s, token);

	if (!e || !e->fed || e->stopped)
		return;
	e->fed = false;
	e->ends = s->now + SIM_USUAL;
	if (e->limit >= 0 && e->limit < e->ends)
		e->ends = (s->now + e->limit) / 2;
	if (!entry_has_lines(e))
		entry_schedule(s, e, e->ends);
}

static const char *
why(void *arg)
{
	struct sim *s = arg;

	return s->why.len > 0 ? buf_str(&s->why) : NULL;
}

static double
now(void *arg)
{
	return sim_now(arg);
}

/* --- the clock ---------------------------------------------------------- */

bool
sim_step(struct sim *s, double until)
{
	while (s->queue.n > 0) {
		struct due d = s->queue.due[0];

		if (s->entry[d.index].order != d.order) {
			due_pop(&s->queue);
			continue;	/* it is due at another time, or over */
		}
		if (until > 0 && d.at > until)
			break;
		due_pop(&s->queue);
		if (d.at > s->now)
			s->now = d.at;
		entry_happen(s, d.index);
		return true;
	}
	if (until > s->now)
		s->now = until;
	return false;
}

/* --- one of them -------------------------------------------------------- */

struct sim *
sim_new(const struct sim_config *config)
{
	struct sim *s = mem_calloc(1, sizeof(*s));

	s->config = *config;
	s->now = SIM_EPOCH;
	return s;
}

struct runner
sim_runner(struct sim *s)
{
	return (struct runner){
		.arg = s, .start = sim_start, .stop = stop, .wake = wake,
		.hold = hold, .feed = feed, .shut = shut, .why = why, .now = now,
	};
}

void
sim_attach(struct sim *s, const struct runner_up *up)
{
	s->up = *up;
}

double
sim_now(const struct sim *s)
{
	return s->now;
}

size_t
sim_live(const struct sim *s)
{
	return s->live;
}

size_t
sim_most(const struct sim *s)
{
	return s->most;
}

void
sim_free(struct sim *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nentry; i++)
		reader_close(s->entry[i].reader);
	free(s->entry);
	due_fini(&s->queue);
	buf_fini(&s->both);
	buf_fini(&s->why);
	free(s);
}

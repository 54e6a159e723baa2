/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/action.h"
#include "sink/pace.h"
#include "sink/pace_part.h"

enum {
	KEY_MAX = 200,		/* bytes of a step's text */
	STEPS_LEAST = 5,	/* ended, to say what is usual */
	LANES_LEAST = 3,
	FEW = 4			/* late ones are few: one of so many ended */
};

/* what is remembered counts as much as so many lanes of this run */
#define PAST_WEIGHT 5.0
/* a lane that took longer than all before: how much of that it takes more */
#define BEYOND 0.25
/* so many times as long as the longest before: nobody knows how long */
#define FAR_BEYOND 1.5
/* how slowly answers change, seconds, and as part of what is left */
#define SMOOTH_S 2.0
#define SMOOTH 0.1
/* … and how slowly the number of lanes at once sinks, seconds */
#define AT_ONCE_S 10.0

struct pace *
pace_new(void)
{
	return mem_calloc(1, sizeof(struct pace));
}

static void
entries_fini(struct pace_entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(e[i].times);
		free(e[i].rest);
	}
}

void
pace_free(struct pace *p)
{
	if (!p)
		return;
	entries_fini(p->step, p->steps.n);
	entries_fini(p->sequence, p->sequences.n);
	map_fini(&p->steps);
	map_fini(&p->sequences);
	free(p);
}

/* --- what there is ------------------------------------------------------ */

static unsigned
number(struct map *m, uint32_t max, const char *key, size_t len)
{
	uint32_t n = map_find(m, key, len);

	if (n == MAP_NONE)
		n = m->n < max ? map_add(m, key, len) : PACE_NONE;
	return n;
}

unsigned
pace_step(struct pace *p, const struct step_ref *step)
{
	const char *what = step->identity ? step->identity : step->label;
	struct buf b = { 0 };
	unsigned n;
	size_t len;

	if (!what)
		return PACE_NONE;
	len = strlen(what);
	buf_adds(&b, step->in ? step->in : "");
	buf_addc(&b, ' ');
	buf_add(&b, what, len < KEY_MAX ? len : KEY_MAX);
	/* long ones may begin with the same words */
	if (len > KEY_MAX)
		buf_addf(&b, "#%016" PRIx64, map_hash(what, len));
	n = number(&p->steps, PACE_STEPS, b.data, b.len);
	buf_fini(&b);
	return n;
}

unsigned
pace_sequence(struct pace *p, const char *name)
{
	return number(&p->sequences, PACE_SEQUENCES, name, strlen(name));
}

static void
over(struct pace_entry *e, double seconds)
{
	if (!e->times)
		e->times = mem_calloc(1, sizeof(*e->times));
	histogram_add(e->times, seconds);
	e->sum += seconds;
	if (seconds > e->most)
		e->most = seconds;
}

void
pace_step_over(struct pace *p, unsigned step, double seconds)
{
	if (step < p->steps.n && seconds >= 0)
		over(&p->step[step], seconds);
}

void
pace_lane_over(struct pace *p, unsigned sequence, double seconds)
{
	if (!(seconds >= 0))
		return;
	if (sequence < p->sequences.n)
		over(&p->sequence[sequence], seconds);
	p->lanes++;
	p->sum += seconds;
}

uint64_t
pace_count(const struct pace_entry *e)
{
	return e->times ? e->times->n : 0;
}

double
pace_median(struct pace_entry *e)
{
	uint64_t n = pace_count(e);

	if (n != e->median_of)
		e->median = histogram_median(e->times);
	e->median_of = n;
	return e->median;
}

double
pace_usual(struct pace *p, unsigned step)
{
	if (step >= p->steps.n)
		return 0;
	if (pace_count(&p->step[step]) >= STEPS_LEAST)
		return pace_median(&p->step[step]);
	return p->step[step].past.median;
}

/* --- how long still ----------------------------------------------------- */

/* for each bucket: how much longer those took that took so long at least */
static void
make_rest(struct pace_entry *e)
{
	double sum = 0;
	uint64_t n = 0;

	if (!e->rest)
		e->rest = mem_calloc(HISTOGRAM_BUCKETS, sizeof(*e->rest));
	for (size_t i = HISTOGRAM_BUCKETS; i-- > 0;) {
		double t = histogram_seconds(i);

		n += e->times->bucket[i];
		sum += e->times->bucket[i] * t;
		e->rest[i] = n > 0 ? (float)fmax(sum / (double)n - t, 0) : -1;
	}
	e->rest_of = e->times->n;
}

/* of a lane that has run so long */
static double
rest_of(struct pace *p, unsigned sequence, double seconds)
{
	struct pace_entry *e;
	double beyond = seconds * BEYOND, rest = -1;
	uint64_t n;

	if (sequence >= p->sequences.n)
		return beyond;
	e = &p->sequence[sequence];
	n = pace_count(e);
	if (n >= LANES_LEAST) {
		size_t at = histogram_bucket(seconds);

		/* a new table now and then is enough, but of the longest … */
		if (n > e->rest_of + e->rest_of / 20 ||
		    (n > e->rest_of && e->rest[at] < 0))
			make_rest(e);
		rest = (double)e->rest[at];
	} else if (e->past.n > 0) {
		rest = e->past.mean - seconds;
	}
	/* one that was as long as that was met before */
	if (rest < 0 && e->past.most > seconds)
		rest = e->past.most - seconds;
	return rest >= 0 ? rest : beyond;
}

static bool
is_far_beyond(const struct pace *p, unsigned sequence, double seconds)
{
	const struct pace_entry *e;
	double most;

	if (sequence >= p->sequences.n)
		return false;
	e = &p->sequence[sequence];
	most = pace_count(e) >= LANES_LEAST ? e->most : 2 * e->past.mean;
	if (e->past.most > most)
		most = e->past.most;
	return most > 0 && seconds > FAR_BEYOND * most;
}

/* a lane of all sequences */
static double
past_mean(const struct pace *p)
{
	double n = 0, sum = 0;

	for (size_t i = 0; i < p->sequences.n; i++) {
		const struct pace_past *past = &p->sequence[i].past;

		n += (double)past->n;
		sum += (double)past->n * past->mean;
	}
	return n > 0 ? sum / n : -1;
}

/* what a lane takes; those that run and are late already count as well */
static double
mean(const struct pace *p)
{
	double past = past_mean(p), n, sum;

	n = (double)(p->lanes + p->long_ones);
	sum = p->sum + p->long_sum;
	if (past >= 0) {
		n += PAST_WEIGHT;
		sum += PAST_WEIGHT * past;
	}
	return n > 0 ? sum / n : 0;
}

void
pace_running(struct pace *p, unsigned sequence, double seconds)
{
	double rest = rest_of(p, sequence, seconds);

	p->running++;
	p->rest += rest;
	if (is_far_beyond(p, sequence, seconds)) {
		p->late++;
		p->late_rest += rest;
		if (rest > p->late_longest)
			p->late_longest = rest;
	} else if (rest > p->longest) {
		p->longest = rest;
	}
	if (p->lanes > 0 && seconds * (double)p->lanes > p->sum) {
		p->long_ones++;
		p->long_sum += seconds + rest;
	}
}

static double
guess(const struct pace *p, int64_t waiting, double rest, double longest)
{
	double one = mean(p), work, path = longest;

	work = rest + (double)waiting * one;
	work /= p->at_once > 1 ? p->at_once : 1;
	/* what waits has its own time to take */
	if (waiting > 0 && path < one)
		path = one;
	return work > path ? work : path;
}

/* part of the way to a new figure, by the time since the old one */
static double
share(double passed, double slow)
{
	return passed > 0 ? 1 - exp(-passed / slow) : 0;
}

static void
forget_running(struct pace *p)
{
	p->running = p->long_ones = p->late = 0;
	p->rest = p->longest = p->long_sum = 0;
	p->late_rest = p->late_longest = 0;
}

/* enough has ended, and few take so much longer that it tells nothing */
static bool
is_known(const struct pace *p, int64_t waiting)
{
	return waiting >= 0 &&
	    (p->lanes >= LANES_LEAST || past_mean(p) >= 0) &&
	    (p->left_out == 0 || p->left_out * FEW <= p->lanes);
}

/*
 * Lanes that are late are left out if all others are over before one of them
 * has taken twice its time: of these nobody knows.
 */
static double
left_of(struct pace *p, int64_t waiting)
{
	double longest = fmax(p->longest, p->late_longest);
	double left = guess(p, waiting, p->rest, longest);

	p->left_out = 0;
	if (p->late == 0 || left > p->late_longest / BEYOND)
		return left;
	p->left_out = p->late;
	if (p->running == p->late && waiting == 0)
		return 0;
	return guess(p, waiting, p->rest - p->late_rest, p->longest);
}

double
pace_left(struct pace *p, int64_t waiting, double mono)
{
	double passed = mono - p->asked, left;
	uint64_t had = p->left_out;

	/* at the beginning they are soon more */
	if ((double)p->running > p->at_once)
		p->at_once = (double)p->running;
	else
		p->at_once += ((double)p->running - p->at_once) *
		    share(passed, AT_ONCE_S);
	left = left_of(p, waiting);
	p->asked = mono;
	if (!is_known(p, waiting)) {
		p->left_out = 0;
		left = -1;
	}
	/* what it is the time of is another thing now */
	if (left <= 0 || (had == 0) != (p->left_out == 0))
		p->end = 0;
	forget_running(p);
	if (left <= 0)
		return left;
	if (p->end <= 0)
		p->end = mono + left;
	else
		p->end += (mono + left - p->end) *
		    share(passed, SMOOTH_S + SMOOTH * left);
	return p->end > mono ? p->end - mono : 0;
}

size_t
pace_late(const struct pace *p)
{
	return p->left_out;
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/escape.h"
#include "sink/histogram.h"
#include "sink/kind.h"
#include "sink/summary.h"
#include "sink/tally.h"

enum {
	COLUMNS = 79,
	KINDS_SHOWN = 10,
	SEQUENCES_SHOWN = 8,
	SLOWEST_LANES = 4	/* with fewer there is nothing to compare */
};

#define SLOWEST_S 1.0

struct summary {
	struct summary_options o;
	bool mute;
	char *job;
	double began;
	uint64_t before;	/* lanes that a retry leaves out */
	struct tally t;
	struct buf b;
};

static const char *const verdict_colours[] = {
	[LANE_OK] = "\033[32m", [LANE_RESCUED] = "\033[33m",
	[LANE_FAILED] = "\033[31m", [LANE_CANCELLED] = "\033[33m",
};

/* --- telling ------------------------------------------------------------ */

static void
colour(struct summary *m, const char *sequence)
{
	if (m->o.err.color)
		buf_adds(&m->b, sequence);
}

static void
word(struct summary *m, const char *text, size_t max)
{
	escape_short(&m->b, m->o.err.escape, text, strlen(text), max);
}

static void
lanes(struct summary *m, uint64_t n)
{
	kind_lanes(&m->b, n);
}

/* folded names over as many lines as they need; at is the column */
static void
names(struct summary *m, const struct names *names, size_t at)
{
	kind_names(&m->b, m->o.err.escape, names, at, COLUMNS);
	buf_addc(&m->b, '\n');
}

static void
tail(struct summary *m, const struct kind *k)
{
	const char *p = k->tail, *end = p + k->ntail;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		buf_adds(&m->b, "    ");
		colour(m, "\033[31m");
		buf_addc(&m->b, '!');
		colour(m, "\033[0m");
		buf_addc(&m->b, ' ');
		if (m->o.err.escape)
			escape_line(&m->b, p, (size_t)(nl - p));
		else
			buf_add(&m->b, p, (size_t)(nl - p));
		buf_addc(&m->b, '\n');
		p = nl + 1;
	}
}

static void
kind(struct summary *m, const struct kind *k)
{
	kind_head(&m->b, &m->o.err, k);
	buf_adds(&m->b, "   (");
	lanes(m, k->lanes.count);
	buf_adds(&m->b, ")\n    ");
	names(m, &k->lanes, 4);
	tail(m, k);
}

static void
kinds(struct summary *m)
{
	uint64_t left = m->t.cluster.others;

	cluster_sort(&m->t.cluster);
	for (size_t i = 0; i < m->t.cluster.n; i++) {
		if (i < KINDS_SHOWN)
			kind(m, &m->t.cluster.kind[i]);
		else
			left += m->t.cluster.kind[i].lanes.count;
	}
	if (left == 0)
		return;
	kind_failed(&m->b, &m->o.err);
	buf_adds(&m->b, " in other ways   (");
	lanes(m, left);
	buf_adds(&m->b, ")\n");
}

static void
not_started(struct summary *m)
{
	if (m->t.nunstarted == 0)
		return;
	buf_adds(&m->b, "not started: ");
	for (size_t i = 0; i < m->t.nunstarted; i++) {
		const struct tally_unstarted *u = &m->t.unstarted[i];

		if (i > 0)
			buf_adds(&m->b, ", ");
		if (i == SEQUENCES_SHOWN) {
			buf_adds(&m->b, "...");
			break;
		}
		word(m, u->sequence, 60);
		buf_adds(&m->b, " (");
		if (u->count >= 0)
			lanes(m, (uint64_t)u->count);
		else
			buf_adds(&m->b, "the rest of its list");
		buf_addc(&m->b, ')');
	}
	buf_addc(&m->b, '\n');
}

static void
slowest(struct summary *m)
{
	char show[NUM_SHOW];
	double middle;

	if (m->t.times.n < SLOWEST_LANES)
		return;
	middle = histogram_median(&m->t.times);
	if (m->t.slow[0].seconds <= SLOWEST_S ||
	    m->t.slow[0].seconds <= 2 * middle)
		return;
	buf_adds(&m->b, "slowest: ");
	for (size_t i = 0; i < TALLY_SLOWEST; i++) {
		if (m->t.slow[i].seconds <= 2 * middle)
			break;
		if (i > 0)
			buf_adds(&m->b, ", ");
		word(m, m->t.slow[i].lane, 60);
		buf_addf(&m->b, " %s",
		    num_show_duration(show, m->t.slow[i].seconds));
	}
	buf_addf(&m->b, " (median %s)\n", num_show_duration(show, middle));
}

static void
verdict(struct summary *m, enum lane_verdict v)
{
	colour(m, verdict_colours[v]);
	buf_adds(&m->b, verdict_name(v));
	colour(m, "\033[0m");
}

/* "500 lanes: 80 ok, 412 failed, 8 cancelled" */
static void
counts(struct summary *m, uint64_t total, int64_t missing)
{
	const char *between = ": ";

	if (total == 0 && missing == 0) {
		buf_adds(&m->b, "nothing was run");
		return;
	}
	lanes(m, total);
	if (total == m->t.verdicts[LANE_OK] && missing == 0) {
		buf_addc(&m->b, ' ');
		verdict(m, LANE_OK);
		return;
	}
	for (unsigned v = LANE_OK; v <= LANE_CANCELLED; v++) {
		if (m->t.verdicts[v] == 0)
			continue;
		buf_addf(&m->b, "%s%" PRIu64 " ", between, m->t.verdicts[v]);
		verdict(m, v);
		between = ", ";
	}
	if (missing < 0)
		buf_addf(&m->b, "%ssome not started", between);
	else if (missing > 0)
		buf_addf(&m->b, "%s%" PRId64 " not started", between, missing);
}

static void
totals(struct summary *m, double now)
{
	uint64_t total = 0;
	int64_t missing = tally_unstarted(&m->t);
	char show[NUM_SHOW];

	for (unsigned v = LANE_OK; v <= LANE_CANCELLED; v++)
		total += m->t.verdicts[v];
	buf_adds(&m->b, "pseq: ");
	if (m->job && *m->job) {
		word(m, m->job, 60);
		buf_adds(&m->b, ": ");
	}
	if (total == 1 && missing == 0)
		for (unsigned v = LANE_OK; v <= LANE_CANCELLED; v++) {
			if (m->t.verdicts[v])
				verdict(m, v);
		}
	else
		counts(m, total, missing);
	if (m->t.broken) {
		buf_adds(&m->b, ", ");
		word(m, m->t.broken, 60);
		buf_addc(&m->b, ' ');
		verdict(m, LANE_FAILED);
	}
	if (m->before > 0) {
		buf_adds(&m->b, " (");
		lanes(m, m->before);
		buf_adds(&m->b, " had ended well before)");
	}
	buf_addf(&m->b, "; %s\n", num_show_duration(show, now - m->began));
}

static void
flaky(struct summary *m)
{
	size_t at = m->b.len;

	if (m->t.flaky.count == 0)
		return;
	buf_addf(&m->b, "ok after %s%u tries: ", m->t.tries > 2 ? "up to " :
	    "", m->t.tries);
	names(m, &m->t.flaky, m->b.len - at);
}

static bool
all_well(const struct summary *m)
{
	if (m->o.flaky_fails && m->t.flaky.count > 0)
		return false;
	return m->t.cluster.n == 0 && m->t.verdicts[LANE_CANCELLED] == 0 &&
	    m->t.nunstarted == 0;
}

static void
run_end(struct summary *m, double now)
{
	struct outlet *out = &m->o.err.outlet;

	if (m->mute || (m->o.quiet && all_well(m)))
		return;
	buf_clear(&m->b);
	kinds(m);
	if (m->t.rescued.count) {
		buf_adds(&m->b, "rescued: ");
		names(m, &m->t.rescued, 9);
	}
	flaky(m);
	not_started(m);
	slowest(m);
	totals(m, now);
	memcpy(out->room(out->arg, m->b.len), m->b.data, m->b.len);
	out->commit(out->arg, m->b.len);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct summary *m = arg;

	switch (ev->type) {
	case EVT_RUN_START:
		m->began = ev->mono;
		free(m->job);
		m->job = mem_strndup(ev->text, ev->len);
		break;
	case EVT_LANE_END:
		/* a retry does not sum up what it leaves out */
		if (ev->past && m->o.retry)
			m->before += !ev->lane->hidden && !ev->lane->sub;
		else
			tally_lane(&m->t, ev);
		break;
	case EVT_UNSTARTED:
		tally_left(&m->t, ev);
		break;
	case EVT_RUN_END:
		run_end(m, ev->mono);
		break;
	default:
		break;
	}
	return 0;
}

static void
on_close(void *arg)
{
	struct summary *m = arg;

	free(m->job);
	tally_fini(&m->t);
	buf_fini(&m->b);
	free(m);
}

void
summary_mute(void *arg)
{
	struct summary *m = arg;

	m->mute = true;
}

struct sink
summary_open(const struct summary_options *o)
{
	struct summary *m = mem_calloc(1, sizeof(*m));

	m->o = *o;
	return (struct sink){
		.name = "summary", .arg = m, .past = true,
		.event = on_event, .close = on_close,
	};
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/cluster.h"
#include "model/story.h"
#include "report/lay.h"
#include "report/text.h"
#include "report/text_steps.h"

enum {
	NAMES = 20,		/* of lanes that share a kind of failure */
	WIDEST = 48		/* columns of names */
};

static size_t
name_width(const struct story *s)
{
	size_t width = 4;

	for (size_t i = 0; i < s->nlane; i++) {
		size_t n = utf8_columns(s->lane[i].name,
		    strlen(s->lane[i].name));

		if (n > width)
			width = n;
	}
	return width < WIDEST ? width : WIDEST;
}

/* --- the run ----------------------------------------------------------------- */

static void
at_wall(struct buf *b, double wall)
{
	time_t t = (time_t)wall;
	char when[32];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &tm);
	buf_adds(b, when);
}

static void
session(struct buf *b, const struct story *s, size_t i)
{
	const struct story_session *u = &s->session[i];

	buf_adds(b, i == 0 ? "  began:   " : "  resumed: ");
	at_wall(b, u->wall);
	for (size_t k = 0; k < u->nargs; k++) {
		buf_adds(b, k == 0 ? ", " : " ");
		lay_word(b, u->args[k]);
	}
	buf_addc(b, '\n');
	if (i + 1 == s->nsession)
		return;
	buf_adds(b, "  stopped: ");
	if (u->ended >= 0)
		at_wall(b, u->wall + u->ended - u->began);
	else
		buf_adds(b, "without a word");
	if (u->signo)
		buf_addf(b, ", signal %s", status_signal_name(u->signo));
	buf_addc(b, '\n');
}

static void
state(struct buf *b, const struct story *s)
{
	switch (s->state) {
	case STORY_RUNNING:
		buf_adds(b, "goes on");
		if (s->pid)
			buf_addf(b, ", as process %ld", (long)s->pid);
		break;
	case STORY_INTERRUPTED:
		buf_adds(b, "interrupted");
		if (s->signo)
			buf_addf(b, " by %s", status_signal_name(s->signo));
		break;
	case STORY_ENDED:
		buf_addf(b, "ended with status %d", s->status);
		break;
	}
}

static void
counts(struct buf *b, const struct story_totals *t)
{
	uint64_t total = t->open;
	const char *between = ": ";

	for (size_t v = 0; v < VERDICTS; v++)
		total += t->verdicts[v];
	buf_addf(b, "  lanes:   %" PRIu64, total);
	for (size_t v = 0; v < VERDICTS; v++)
		if (t->verdicts[v]) {
			buf_addf(b, "%s%" PRIu64 " %s", between,
			    t->verdicts[v], verdict_name(v));
			between = ", ";
		}
	if (t->open)
		buf_addf(b, "%s%" PRIu64 " without an end", between, t->open);
	if (t->unstarted > 0)
		buf_addf(b, "; %" PRId64 " not started", t->unstarted);
	else if (t->unstarted < 0)
		buf_adds(b, "; some not started");
	if (t->flaky)
		buf_addf(b, "; %" PRIu64 " needed more than one try",
		    t->flaky);
	buf_addf(b, "\n  steps:   %" PRIu64 " in %" PRIu64 " tries\n",
	    t->steps, t->tries);
}

static void
head(struct buf *b, const struct story *s)
{
	char show[NUM_SHOW];

	lay_word(b, s->job);
	buf_addf(b, ", run ");
	lay_word(b, s->run);
	buf_adds(b, ": ");
	state(b, s);
	buf_addf(b, "; %s", num_show_duration(show,
	    story_active(s, 0, s->seconds)));
	if (s->nsession > 1)
		buf_addf(b, " in %zu sessions over %s", s->nsession,
		    num_show_duration(show, s->seconds));
	buf_addc(b, '\n');
	for (size_t i = 0; i < s->nsession; i++)
		session(b, s, i);
	if (*s->host || *s->user) {
		buf_adds(b, "  by:      ");
		lay_word(b, s->user);
		buf_adds(b, " on ");
		lay_word(b, s->host);
		buf_adds(b, ", in ");
		lay_word(b, s->cwd);
		buf_addc(b, '\n');
	}
	if (s->retry_of) {
		buf_adds(b, "  retries: ");
		lay_word(b, s->retry_of);
		buf_addc(b, '\n');
	}
	counts(b, &s->totals);
}

/* --- failures ---------------------------------------------------------------- */

static bool
counts_as_failed(const struct story_lane *l)
{
	return l->over && l->verdict == LANE_FAILED && !l->parent;
}

static void
kind(struct buf *b, const struct kind *k)
{
	const char *p = k->tail, *end = p + k->ntail, *nl;

	buf_adds(b, "  ");
	if (*k->step) {
		buf_adds(b, "step '");
		lay_word(b, k->step);
		buf_adds(b, "': ");
	}
	buf_adds(b, k->what);
	if (*k->message) {
		buf_adds(b, ": ");
		lay_word(b, k->message);
	}
	buf_addf(b, "   (%" PRIu64 " lane%s)\n    ", k->lanes.count,
	    k->lanes.count == 1 ? "" : "s");
	for (size_t i = 0; i < k->lanes.n && i < NAMES; i++) {
		buf_adds(b, i > 0 ? ", " : "");
		lay_word(b, k->lanes.name[i]);
	}
	if (k->lanes.count > NAMES || k->lanes.count > k->lanes.n)
		buf_adds(b, ", ...");
	buf_addc(b, '\n');
	for (; p < end; p = nl + 1) {
		char *line;

		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			nl = end;
		line = mem_strndup(p, (size_t)(nl - p));
		buf_adds(b, "    ! ");
		lay_word(b, line);
		buf_addc(b, '\n');
		free(line);
	}
}

static void
failures(struct buf *b, const struct story *s)
{
	struct cluster c = { 0 };

	for (size_t i = 0; i < s->nlane; i++)
		if (counts_as_failed(&s->lane[i]))
			cluster_add(&c, s->lane[i].name, &s->lane[i].result);
	if (c.n > 0)
		lay_title(b, "Failures");
	cluster_sort(&c);
	for (size_t i = 0; i < c.n; i++)
		kind(b, &c.kind[i]);
	if (c.others)
		buf_addf(b, "  and %" PRIu64 " lanes in other ways\n",
		    c.others);
	cluster_fini(&c);
}

/* --- lanes ------------------------------------------------------------------- */

/* where it is, or was when the run was interrupted */
static void
whereabouts(struct buf *b, const struct story *s, const struct story_lane *l)
{
	const struct story_step *st = story_at(l);
	const struct story_try *t = st ? &st->try[st->ntry - 1] : NULL;
	char show[NUM_SHOW];

	buf_adds(b, "without an end");
	if (l->nstep == 0)
		return;
	buf_adds(b, st ? ": at step '" : ": after step '");
	lay_word(b, st ? st->label : l->step[l->nstep - 1].label);
	buf_addc(b, '\'');
	if (t && t->ended >= 0)
		buf_addf(b, ", before try %u", t->attempt + 1);
	else if (t && t->attempt > 1)
		buf_addf(b, ", try %u", t->attempt);
	if (t && t->ended < 0 && s->state == STORY_RUNNING)
		buf_addf(b, " for %s", num_show_duration(show,
		    s->seconds - t->began));
}

static void
lane(struct buf *b, const struct story *s, const struct story_lane *l,
    size_t width)
{
	double end = l->ended >= 0 ? l->ended : s->seconds;
	char what[STATUS_SHOW];

	buf_adds(b, "  ");
	lay_padded(b, l->name, width);
	buf_adds(b, "  ");
	lay_duration(b, story_active(s, l->began, end));
	buf_adds(b, "  ");
	if (l->over)
		buf_adds(b, verdict_name(l->verdict));
	else
		whereabouts(b, s, l);
	if (l->over && l->verdict == LANE_OK && l->tries > 1)
		buf_addf(b, " after %u tries", l->tries);
	if (l->over && l->verdict != LANE_OK) {
		if (*l->result.step) {
			buf_adds(b, ": ");
			lay_word(b, l->result.step);
		}
		if (l->result.status != ST_OK &&
		    l->result.status != ST_CANCELLED)
			buf_addf(b, ": %s", status_show(what, &l->result));
		if (*l->result.message) {
			buf_adds(b, ": ");
			lay_word(b, l->result.message);
		}
	}
	buf_addc(b, '\n');
}

static void
lanes(struct buf *b, const struct story *s, size_t width)
{
	bool any = false;

	for (size_t i = 0; i < s->nlane; i++) {
		const struct story_lane *l = &s->lane[i];

		/* what is not the user's shows only if it went wrong */
		if (l->hidden && !counts_as_failed(l))
			continue;
		if (!any)
			lay_title(b, "Lanes");
		any = true;
		lane(b, s, l, width);
	}
	if (!any && s->nunstarted > 0)
		lay_title(b, "Lanes");
	for (size_t i = 0; i < s->nunstarted; i++) {
		buf_adds(b, "  ");
		lay_word(b, s->unstarted[i].sequence);
		if (s->unstarted[i].count < 0)
			buf_adds(b, ": the rest of its list was not started"
			    "\n");
		else
			buf_addf(b, ": %" PRId64 " not started\n",
			    s->unstarted[i].count);
	}
}

/* --- what was warned of ---------------------------------------------------- */

static int
by_id(const void *key, const void *lane)
{
	uint32_t id = *(const uint32_t *)key;
	const struct story_lane *l = lane;

	return id < l->id ? -1 : id > l->id;
}

static const char *
name_of(const struct story *s, uint32_t id)
{
	const struct story_lane *l = bsearch(&id, s->lane, s->nlane,
	    sizeof(*l), by_id);

	return l ? l->name : "?";
}

static void
warnings(struct buf *b, const struct story *s)
{
	bool any = false;

	for (size_t i = 0; i < s->nnote; i++) {
		if (!s->note[i].warning)
			continue;
		if (!any)
			lay_title(b, "Warnings");
		any = true;
		buf_addf(b, "  %.3fs  ", s->note[i].time);
		if (s->note[i].lane) {
			lay_word(b, name_of(s, s->note[i].lane));
			buf_adds(b, ": ");
		}
		lay_word(b, s->note[i].text);
		buf_addc(b, '\n');
	}
}

void
report_text(struct buf *b, const struct story *s)
{
	size_t width = name_width(s);

	head(b, s);
	failures(b, s);
	lanes(b, s, width);
	text_steps(b, s, width);
	warnings(b, s);
}

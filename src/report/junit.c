/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "model/story.h"
#include "report/junit.h"
#include "report/tail.h"
#include "report/xml.h"

enum {
	OUTPUT = 4 * 1024,		/* of a lane that ended well, bytes */
	OUTPUT_FAILED = 64 * 1024,
	OUTPUTS = 64 * 1024 * 1024	/* of all lanes */
};

/* the lanes of a sequence */
struct suite {
	const struct story_lane **lane;
	size_t n, cap;
	uint64_t failed, errors, skipped;
	int64_t unstarted;		/* -1: not known how many */
	double began, ended;
};

struct suites {
	const struct story *s;
	struct map names;
	struct suite *suite;
	size_t cap;
	size_t left;			/* of OUTPUTS */
};

static struct suite *
suite_of(struct suites *all, const char *sequence)
{
	uint32_t had = all->names.n;
	uint32_t i = map_add(&all->names, sequence, strlen(sequence));

	if (i == had) {
		all->suite = mem_grow(all->suite, &all->cap, i + 1,
		    sizeof(*all->suite));
		all->suite[i] = (struct suite){ .began = -1 };
	}
	return &all->suite[i];
}

/* a list that could not be read is no test, but it must be seen */
static bool
is_shown(const struct story_lane *l)
{
	return !l->parent &&
	    (!l->hidden || (l->over && l->verdict == LANE_FAILED));
}

static void
add_lane(struct suites *all, const struct story_lane *l)
{
	struct suite *u = suite_of(all, l->sequence);

	u->lane = mem_grow(u->lane, &u->cap, u->n + 1, sizeof(*u->lane));
	u->lane[u->n++] = l;
	if (!l->over || (l->hidden && l->verdict == LANE_FAILED))
		u->errors++;
	else if (l->verdict == LANE_FAILED)
		u->failed++;
	else if (l->verdict == LANE_CANCELLED)
		u->skipped++;
	if (u->began < 0 || l->began < u->began)
		u->began = l->began;
	if (l->ended > u->ended)
		u->ended = l->ended;
}

static void
collect(struct suites *all)
{
	for (size_t i = 0; i < all->s->nlane; i++)
		if (is_shown(&all->s->lane[i]))
			add_lane(all, &all->s->lane[i]);
	for (size_t i = 0; i < all->s->nunstarted; i++) {
		const struct story_unstarted *n = &all->s->unstarted[i];
		struct suite *u = suite_of(all, n->sequence);

		u->unstarted = n->count;
		u->skipped++;
	}
}

/* --- a lane ------------------------------------------------------------------ */

/* "step 'check': exit 3: message" */
static void
cause(struct buf *to, const struct story_lane *l)
{
	char what[STATUS_SHOW];

	if (*l->result.step)
		buf_addf(to, "step '%s': ", l->result.step);
	buf_adds(to, status_show(what, &l->result));
	if (*l->result.message)
		buf_addf(to, ": %s", l->result.message);
}

static void
failure(struct buf *b, const char *element, const struct story_lane *l)
{
	struct buf why = { 0 };

	cause(&why, l);
	buf_addf(b, "      <%s", element);
	xml_attribute(b, "type", status_name(l->result.status));
	xml_attribute(b, "message", buf_str(&why));
	/* some show the text only, others the message only */
	buf_addc(b, '>');
	xml_text(b, why.data, why.len);
	buf_adds(b, "&#10;");
	xml_text(b, l->result.tail, l->result.ntail);
	buf_addf(b, "</%s>\n", element);
	buf_fini(&why);
}

static void
no_end(struct buf *b, const struct story *s, const struct story_lane *l)
{
	const struct story_step *at = story_at(l);
	struct buf why = { 0 };

	buf_adds(&why, s->state == STORY_RUNNING ? "it goes on" :
	    "the run was interrupted");
	if (at)
		buf_addf(&why, ": step '%s'", at->label);
	buf_adds(b, "      <error type=\"interrupted\"");
	xml_attribute(b, "message", buf_str(&why));
	buf_adds(b, "/>\n");
	buf_fini(&why);
}

static void
verdict(struct buf *b, const struct story *s, const struct story_lane *l)
{
	if (!l->over)
		no_end(b, s, l);
	else if (l->verdict == LANE_FAILED)
		failure(b, l->hidden ? "error" : "failure", l);
	else if (l->verdict == LANE_CANCELLED)
		buf_adds(b, "      <skipped message=\"cancelled\"/>\n");
}

static void
output(struct buf *b, struct suites *all, const struct story_lane *l)
{
	bool failed = !l->over || l->verdict == LANE_FAILED;
	size_t most = failed ? OUTPUT_FAILED : OUTPUT;
	uint64_t before = l->log_size > most ? l->log_size - most : 0;
	struct buf text = { 0 };

	if (l->log && tail_read(&text, l, &before) == -1)
		buf_clear(&text);
	if (text.len > 0 && text.len <= all->left) {
		buf_adds(b, "      <system-out>");
		if (before > 0)
			buf_addf(b, "[%" PRIu64 " bytes before this]&#10;",
			    before);
		xml_text(b, text.data, text.len);
		buf_adds(b, "</system-out>\n");
		all->left -= text.len;
	}
	buf_fini(&text);
}

static void
property(struct buf *b, const char *name, const char *value)
{
	buf_adds(b, "        <property");
	xml_attribute(b, "name", name);
	xml_attribute(b, "value", value);
	buf_adds(b, "/>\n");
}

static void
properties(struct buf *b, const struct story_lane *l)
{
	char tries[16];
	bool rescued = l->over && l->verdict == LANE_RESCUED;

	if (l->tries < 2 && !l->host && !rescued)
		return;
	buf_adds(b, "      <properties>\n");
	if (l->host)
		property(b, "host", l->host);
	if (l->tries > 1) {
		snprintf(tries, sizeof(tries), "%u", l->tries);
		property(b, "tries", tries);
	}
	if (rescued)
		property(b, "rescued", "yes");
	buf_adds(b, "      </properties>\n");
}

static void
test(struct buf *b, struct suites *all, const struct story_lane *l)
{
	double end = l->ended >= 0 ? l->ended : all->s->seconds;

	buf_adds(b, "    <testcase");
	xml_attribute(b, "classname", l->sequence);
	xml_attribute(b, "name", l->name);
	buf_addf(b, " time=\"%.3f\">\n", story_active(all->s, l->began,
	    end));
	properties(b, l);
	verdict(b, all->s, l);
	output(b, all, l);
	buf_adds(b, "    </testcase>\n");
}

/* --- suites ------------------------------------------------------------------ */

/* no lane is known by name that never began */
static void
not_started(struct buf *b, const char *sequence, int64_t n)
{
	char name[64];

	if (n < 0)
		snprintf(name, sizeof(name), "(the rest of its list)");
	else
		snprintf(name, sizeof(name), "(%" PRId64 " lane%s)", n,
		    n == 1 ? "" : "s");
	buf_adds(b, "    <testcase");
	xml_attribute(b, "classname", sequence);
	xml_attribute(b, "name", name);
	buf_adds(b, " time=\"0.000\">\n"
	    "      <skipped message=\"not started\"/>\n"
	    "    </testcase>\n");
}

static void
suite(struct buf *b, struct suites *all, const char *name,
    const struct suite *u)
{
	const struct story *s = all->s;
	time_t t = (time_t)story_wall(s, u->began > 0 ? u->began : 0);
	double end = u->ended > u->began ? u->ended : s->seconds;
	char when[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_adds(b, "  <testsuite");
	xml_attribute(b, "name", name);
	buf_addf(b, " tests=\"%zu\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
	    "\" skipped=\"%" PRIu64 "\" time=\"%.3f\" timestamp=\"%s\"",
	    u->n + (u->unstarted != 0), u->failed, u->errors, u->skipped,
	    u->n ? story_active(s, u->began, end) : 0, when);
	if (*s->host)
		xml_attribute(b, "hostname", s->host);
	buf_adds(b, ">\n");
	for (size_t i = 0; i < u->n; i++)
		test(b, all, u->lane[i]);
	if (u->unstarted)
		not_started(b, name, u->unstarted);
	buf_adds(b, "  </testsuite>\n");
}

void
report_junit(struct buf *b, const struct story *s)
{
	struct suites all = { .s = s, .left = OUTPUTS };
	uint64_t tests = 0, failed = 0, errors = 0, skipped = 0;

	collect(&all);
	for (uint32_t i = 0; i < all.names.n; i++) {
		tests += all.suite[i].n + (all.suite[i].unstarted != 0);
		failed += all.suite[i].failed;
		errors += all.suite[i].errors;
		skipped += all.suite[i].skipped;
	}
	buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites");
	xml_attribute(b, "name", s->job);
	buf_addf(b, " tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%"
	    PRIu64 "\" skipped=\"%" PRIu64 "\" time=\"%.3f\">\n", tests, failed,
	    errors, skipped, story_active(s, 0, s->seconds));
	for (uint32_t i = 0; i < all.names.n; i++) {
		suite(b, &all, all.names.name[i], &all.suite[i]);
		free(all.suite[i].lane);
	}
	buf_adds(b, "</testsuites>\n");
	free(all.suite);
	map_fini(&all.names);
}

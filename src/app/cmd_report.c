/* SPDX-License-Identifier: ISC */
/* what a run did, in a format that others can use */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/find.h"
#include "app/opts.h"
#include "base/buf.h"
#include "journal/runs.h"
#include "journal/story.h"
#include "report/facts.h"
#include "report/html.h"
#include "report/joblog.h"
#include "report/junit.h"
#include "report/text.h"
#include "report/trace.h"

static void
write_html(struct buf *b, const struct story *s)
{
	struct timespec t;
	struct html_options o = {
		.log = HTML_LOG, .logs = HTML_LOGS, .version = PSEQ_VERSION
	};

	clock_gettime(CLOCK_REALTIME, &t);
	o.now = (double)t.tv_sec;
	html_report(b, s, &o);
}

/* in the order of the words of --format */
static void (*const writers[])(struct buf *, const struct story *) = {
	report_text, report_joblog, report_junit, report_trace, write_html,
	report_facts,
};

static int
put(const struct options *o, const struct buf *b)
{
	FILE *f = o->to && strcmp(o->to, "-") != 0 ? fopen(o->to, "we") :
	    stdout;
	int failed;

	if (!f) {
		fprintf(stderr, "pseq report: %s: %s\n", o->to,
		    strerror(errno));
		return EXITS_USAGE;
	}
	fwrite(b->data, 1, b->len, f);
	if (f == stdout)
		return EXITS_OK;
	failed = ferror(f);
	if (fclose(f) == 0 && !failed)
		return EXITS_OK;
	fprintf(stderr, "pseq report: %s: %s\n", o->to, strerror(errno));
	return EXITS_SYSTEM;
}

static int
report(const struct options *o, const struct run_entry *e)
{
	struct buf b = { 0 }, why = { 0 };
	struct story *s = story_read(e, &why);
	int status = EXITS_SYSTEM;

	if (s) {
		writers[o->format](&b, s);
		status = put(o, &b);
		story_free(s);
	} else {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
	}
	buf_fini(&b);
	buf_fini(&why);
	return status;
}

int
cmd_report(struct options *o, int argc, char **argv)
{
	struct run_entry e;
	int status = find_run(&e, argc > 0 ? argv[0] : NULL);

	if (status == EXITS_OK)
		status = report(o, &e);
	run_entry_fini(&e);
	return status;
}

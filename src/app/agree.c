/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/agree.h"
#include "app/commands.h"
#include "app/events.h"
#include "app/exits.h"
#include "app/opts.h"
#include "base/near.h"
#include "sink/mark.h"

/* one of them has standard output for itself */
static int
both_there(const struct options *o, const char *other)
{
	fprintf(stderr, "pseq %s: --output json and %s both go to standard "
	    "output\n", o->command->name, other);
	return EXITS_USAGE;
}

static bool
is_stdout(const char *file)
{
	return file && !strcmp(file, "-");
}

static int
check_tag(const struct options *o)
{
	struct near near = { 0 };
	size_t len;
	const char *bad = mark_check(o->tag, &len, &near);

	if (!bad)
		return 0;
	fprintf(stderr, "pseq %s: --tag: '%.*s' stands for nothing",
	    o->command->name, (int)len, bad);
	if (near.best)
		fprintf(stderr, "; did you mean '%s'?\n", near.best);
	else
		fputs("; a brace is '{{'\n", stderr);
	return -1;
}

/* whole outputs are compared, and shown for many lanes */
static int
check_fold(struct options *o)
{
	if (o->diff && o->output != OUTPUT_FOLD) {
		fprintf(stderr, "pseq %s: --diff goes with --output fold "
		    "only\n", o->command->name);
		return -1;
	}
	if (o->output == OUTPUT_FOLD && (o->tag || o->time != MARK_NO_TIME)) {
		fprintf(stderr, "pseq %s: %s marks each line of a lane: it "
		    "does not go with %s\n", o->command->name,
		    o->tag ? "--tag" : "--time",
		    o->diff ? "--diff" : "--output fold");
		return -1;
	}
	return 0;
}

void
options_yield(struct options *then, const struct options *now)
{
	bool fthens = now->diff || now->output == OUTPUT_FOLD;
	bool marks = now->tag || now->time != MARK_NO_TIME;

	if (now->no_tag || fthens)
		then->tag = NULL;
	if (now->tag)
		then->no_tag = false;
	if (fthens)
		then->time = MARK_NO_TIME;
	if (marks || (now->output_given && !fthens))
		then->diff = false;
	if ((marks && then->output == OUTPUT_FOLD) ||
	    (now->diff && then->output != OUTPUT_QUIET))
		then->output = OUTPUT_UNSAID;
}

int
options_agree(struct options *o)
{
	o->output_given = o->output != OUTPUT_UNSAID;
	o->quiet |= o->output == OUTPUT_QUIET;
	if (o->output == OUTPUT_QUIET || o->output == OUTPUT_UNSAID)
		o->output = o->diff ? OUTPUT_FOLD : OUTPUT_LIVE;
	if (o->tag && o->no_tag) {
		fprintf(stderr, "pseq %s: --tag and --no-tag exclude one "
		    "another\n", o->command->name);
		return EXITS_USAGE;
	}
	if (check_fold(o) == -1 || (o->tag && check_tag(o) == -1))
		return EXITS_USAGE;
	if (o->output == OUTPUT_JSON && events_on_stdout(o->events))
		return both_there(o, "--events -");
	if (o->output == OUTPUT_JSON && is_stdout(o->facts))
		return both_there(o, "--facts -");
	if (o->output == OUTPUT_JSON && (is_stdout(o->failed) ||
	    is_stdout(o->ok) || is_stdout(o->unreached)))
		return both_there(o, "a list of lanes");
	return EXITS_OK;
}

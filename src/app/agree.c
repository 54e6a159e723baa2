/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "app/agree.h"
#include "app/commands.h"
#include "app/events.h"
#include "app/exits.h"
#include "app/opts.h"

/* one of them has standard output for itself */
static int
both_there(const struct options *o, const char *other)
{
	fprintf(stderr, "pseq %s: --output json and %s both go to standard "
	    "output\n", o->command->name, other);
	return EXITS_USAGE;
}

int
options_agree(struct options *o)
{
	if (o->output == OUTPUT_QUIET) {
		o->output = OUTPUT_LIVE;
		o->quiet = true;
	}
	if (o->output == OUTPUT_JSON && events_on_stdout(o->events))
		return both_there(o, "--events -");
	if (o->output == OUTPUT_JSON && o->facts && !strcmp(o->facts, "-"))
		return both_there(o, "--facts -");
	return EXITS_OK;
}

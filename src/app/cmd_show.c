/* SPDX-License-Identifier: ISC */
/* a run once more, a lane of it step by step, or a run as it goes on */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/find.h"
#include "app/opts.h"
#include "app/view.h"
#include "app/view_lane.h"
#include "base/buf.h"
#include "base/near.h"
#include "base/utf8.h"
#include "journal/runs.h"
#include "journal/story.h"

int
find_run(struct run_entry *e, const char *wanted)
{
	struct buf why = { 0 };
	int status = EXITS_OK;

	if (runs_find(e, wanted, &why) == -1) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		status = EXITS_USAGE;
	}
	buf_fini(&why);
	return status;
}

/* --- one lane ---------------------------------------------------------------- */

static bool
is_lane(const struct story_lane *l, const char *wanted)
{
	return !strcmp(l->name, wanted) || (*l->tag && !strcmp(l->tag, wanted));
}

static int
no_lane(const struct story *s, const char *wanted)
{
	struct near near = { 0 };

	for (size_t i = 0; i < s->nlane; i++) {
		near_offer(&near, wanted, s->lane[i].name);
		near_offer(&near, wanted, s->lane[i].tag);
	}
	fprintf(stderr, "pseq show: no lane of %s is known as '%s'", s->run,
	    wanted);
	if (near.best)
		fprintf(stderr, "; did you mean '%s'?", near.best);
	putc('\n', stderr);
	return EXITS_USAGE;
}

/* as names stand in a journal, see story.h */
static void
add_as_told(struct buf *b, const char *name)
{
	size_t len = strlen(name), n;
	uint32_t c;

	for (; len > 0; name += n, len -= n) {
		n = utf8_decode(name, len, &c);
		if (n > 0)
			buf_add(b, name, n);
		else
			buf_adds(b, "\xef\xbf\xbd");
		if (n == 0)
			n = 1;
	}
}

static int
show_lane(const struct options *o, const struct run_entry *e,
    const char *lane)
{
	struct buf why = { 0 }, name = { 0 };
	const char *wanted;
	struct story *s = story_read(e, &why);
	int status = EXITS_OK;
	size_t n = 0;

	if (!s) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		buf_fini(&why);
		return EXITS_SYSTEM;
	}
	add_as_told(&name, lane);
	wanted = buf_str(&name);
	/* of one name there are as many as there were rounds */
	for (size_t i = 0; i < s->nlane; i++) {
		if (!is_lane(&s->lane[i], wanted))
			continue;
		if (n++ > 0)
			putchar('\n');
		view_lane(stdout, s, &s->lane[i], opts_color(o, STDOUT_FILENO),
		    isatty(STDOUT_FILENO));
	}
	if (n == 0)
		status = no_lane(s, wanted);
	buf_fini(&name);
	buf_fini(&why);
	story_free(s);
	return status;
}

/* --- commands ---------------------------------------------------------------- */

int
cmd_show(struct options *o, int argc, char **argv)
{
	struct run_entry e;
	int status;

	if (argc > 1 && o->output == OUTPUT_JSON) {
		fputs("pseq show: --output json is for a whole run, not for "
		    "one lane\n", stderr);
		return EXITS_USAGE;
	}
	status = find_run(&e, argc > 0 ? argv[0] : NULL);
	if (status == EXITS_OK)
		status = argc > 1 ? show_lane(o, &e, argv[1]) :
		    view_run(o, &e, false);
	run_entry_fini(&e);
	return status;
}

int
cmd_watch(struct options *o, int argc, char **argv)
{
	struct run_entry e;
	int status = find_run(&e, argc > 0 ? argv[0] : NULL);

	if (status == EXITS_OK)
		status = view_run(o, &e, true);
	run_entry_fini(&e);
	return status;
}

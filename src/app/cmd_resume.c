/* SPDX-License-Identifier: ISC */
/* resume and retry: commands about a run from before */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "base/buf.h"
#include "journal/runs.h"

/* a run of another job that has ended well says nothing about this one */
static bool
is_newest(const struct runs *r, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (r->run[i].state != RUN_RUNNING &&
		    !strcmp(r->run[i].job, r->run[at].job))
			return false;
	return true;
}

/* without a name: the newest one that there is something to be done about */
static const struct run_entry *
choose(const struct runs *r, bool retry)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct run_entry *e = &r->run[i];

		if (!retry && e->state == RUN_INTERRUPTED)
			return e;
		if (retry && e->status != EXITS_OK && is_newest(r, i) &&
		    (e->state == RUN_ENDED || e->state == RUN_INTERRUPTED))
			return e;
	}
	return NULL;
}

static int
find_any(bool retry, bool quiet, struct buf *path)
{
	struct runs runs;
	struct buf why = { 0 };
	const struct run_entry *e;

	if (runs_list(&runs, NULL, &why) == -1) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		buf_fini(&why);
		return EXITS_SYSTEM;
	}
	e = choose(&runs, retry);
	if (e)
		buf_adds(path, e->dir);
	if (e && !quiet)
		fprintf(stderr, "pseq: %s %s/%s\n", retry ? "retry of" :
		    "going on with", e->job, e->run);
	if (!e)
		fprintf(stderr, "pseq: error: no run %s\n", retry ?
		    "has lanes that did not end well" : "was interrupted");
	runs_fini(&runs);
	return e ? EXITS_OK : EXITS_REFUSED;
}

static int
find_named(const char *wanted, bool retry, struct buf *path)
{
	struct run_entry e;
	struct buf why = { 0 };
	int status = EXITS_OK;

	if (runs_find(&e, wanted, &why) == -1) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		buf_fini(&why);
		return EXITS_USAGE;
	}
	if (retry && e.state == RUN_RUNNING)
		fprintf(stderr, "pseq: error: the run '%s' is still going on "
		    "(process %d)\n", e.run, (int)e.pid);
	else if (retry && e.state == RUN_ENDED && e.status == EXITS_OK)
		fprintf(stderr, "pseq: error: every lane of the run '%s' has "
		    "ended well\n", e.run);
	else
		buf_adds(path, e.dir);
	if (path->len == 0)
		status = EXITS_REFUSED;
	run_entry_fini(&e);
	return status;
}

static int
go_there(const struct again *a)
{
	if (chdir(a->dir) == 0)
		return EXITS_OK;
	fprintf(stderr, "pseq: error: the run was started in '%s': %s\n",
	    a->dir, strerror(errno));
	return EXITS_REFUSED;
}

/* names of files in messages are those of the first start */
static void
tell_where(const struct again *a, const char *cwd)
{
	if (cwd && strcmp(cwd, a->dir) != 0)
		fprintf(stderr, "pseq: note: that is in '%s', where the run "
		    "was started\n", a->dir);
}

static int
once_more(struct options *o, int argc, char **argv, bool retry)
{
	struct again a = {
		.is_retry = retry, .changed = o->changed, .quiet = o->quiet,
	};
	struct buf path = { 0 };
	char *cwd = getcwd(NULL, 0);
	int status = argc > 0 ? find_named(argv[0], retry, &path) :
	    find_any(retry, o->quiet, &path);

	if (status == EXITS_OK) {
		status = again_open(&a, buf_str(&path));
		if (status == EXITS_OK)
			status = go_there(&a);
		if (status == EXITS_OK)
			status = opts_again(o, a.arg, a.narg, &a);
		if (status == EXITS_USAGE)
			tell_where(&a, cwd);
		again_close(&a);
	}
	buf_fini(&path);
	free(cwd);
	return status;
}

int
cmd_resume(struct options *o, int argc, char **argv)
{
	return once_more(o, argc, argv, false);
}

int
cmd_retry(struct options *o, int argc, char **argv)
{
	return once_more(o, argc, argv, true);
}

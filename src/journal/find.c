/* SPDX-License-Identifier: ISC */
/* the run that a user means */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/near.h"
#include "base/state.h"
#include "journal/runs.h"

enum { AMBIGUOUS_SHOWN = 4 };

/* how well a run fits what was typed: the first kind that any run fits */
enum fit { FIT_RUN, FIT_JOB, FIT_BEGIN, FIT_N };

static bool
fits(const struct run_entry *e, enum fit how, const char *wanted)
{
	const char *slash = strrchr(wanted, '/'), *run = wanted;

	if (slash) {
		if (strncmp(e->job, wanted, (size_t)(slash - wanted)) != 0 ||
		    e->job[slash - wanted])
			return false;
		run = slash + 1;
	}
	switch (how) {
	case FIT_RUN:
		return !strcmp(e->run, run);
	case FIT_JOB:
		return slash ? !*run : !strcmp(e->job, wanted);
	default:
		return !strncmp(e->run, run, strlen(run));
	}
}

static int
ambiguous(const struct runs *r, enum fit how, const char *wanted,
    struct buf *why)
{
	size_t n = 0;

	buf_addf(why, "'%s' is the begin of more than one run:", wanted);
	for (size_t i = 0; i < r->n; i++)
		if (fits(&r->run[i], how, wanted) && n++ < AMBIGUOUS_SHOWN)
			buf_addf(why, " %s/%s", r->run[i].job, r->run[i].run);
	if (n > AMBIGUOUS_SHOWN)
		buf_addf(why, " and %zu more", n - AMBIGUOUS_SHOWN);
	return -1;
}

/* is that not the job, but the file that gave it its name? */
static bool
is_file_of(const char *wanted, const char *job)
{
	const char *slash = strrchr(wanted, '/');
	size_t n = strlen(job);

	wanted = slash ? slash + 1 : wanted;
	return n > 0 && !strncmp(wanted, job, n) &&
	    !strcmp(wanted + n, ".job");
}

/* a directory of a run, wherever it is? */
static bool
is_run(const char *dir)
{
	struct buf b = { 0 };
	bool is;

	buf_addf(&b, "%s/journal", dir);
	is = access(buf_str(&b), F_OK) == 0;
	buf_fini(&b);
	return is;
}

static bool
is_path(const char *wanted, char *real)
{
	return strchr(wanted, '/') && is_run(wanted) &&
	    realpath(wanted, real);
}

static int
unknown(const struct runs *r, const char *wanted, struct buf *why)
{
	struct near near = { 0 };

	for (size_t i = 0; i < r->n; i++) {
		near_offer(&near, wanted, r->run[i].job);
		near_offer(&near, wanted, r->run[i].run);
	}
	for (size_t i = 0; i < r->n; i++)
		if (is_file_of(wanted, r->run[i].job))
			near.best = r->run[i].job;
	buf_addf(why, "no run and no job is known as '%s'", wanted);
	if (is_run(wanted))
		buf_addf(why, "; the run in that directory is './%s'", wanted);
	else if (near.best)
		buf_addf(why, "; did you mean '%s'?", near.best);
	else
		buf_adds(why, "; 'pseq history' lists them");
	return -1;
}

static int
choose(struct run_entry *e, struct runs *r, const char *wanted,
    struct buf *why)
{
	for (enum fit how = FIT_RUN; how < FIT_N; how++) {
		struct run_entry *first = NULL;
		size_t n = 0;

		for (size_t i = 0; i < r->n; i++)
			if (fits(&r->run[i], how, wanted) && n++ == 0)
				first = &r->run[i];
		if (n > 1 && how != FIT_JOB)
			return ambiguous(r, how, wanted, why);
		if (n > 0) {
			*e = *first;
			*first = (struct run_entry){ 0 };
			return 0;
		}
	}
	return unknown(r, wanted, why);
}

static int
none(struct buf *why)
{
	struct buf root = { 0 };

	if (state_path(&root, "", why) == 0)
		buf_addf(why, "there are no runs in %s: 'pseq run' leaves "
		    "one there", buf_str(&root));
	buf_fini(&root);
	return -1;
}

int
runs_find(struct run_entry *e, const char *wanted, struct buf *why)
{
	char real[PATH_MAX];
	struct runs r;
	int rc;

	*e = (struct run_entry){ 0 };
	if (wanted && is_path(wanted, real)) {
		run_look(e, real);
		return 0;
	}
	rc = runs_list(&r, NULL, why);
	if (rc == 0 && r.n == 0 && !(wanted && is_run(wanted))) {
		rc = none(why);
	} else if (rc == 0 && (!wanted || !*wanted)) {
		*e = r.run[0];
		r.run[0] = (struct run_entry){ 0 };
	} else if (rc == 0) {
		rc = choose(e, &r, wanted, why);
	}
	runs_fini(&r);
	return rc;
}

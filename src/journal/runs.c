/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/state.h"
#include "journal/rundir.h"
#include "journal/runs.h"

static void
add(struct runs *r, DIR *job, const char *path, const char *run)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s/journal", run);
	/* whatever else is there is no run */
	if (faccessat(dirfd(job), buf_str(&b), F_OK, 0) == 0) {
		r->run = mem_grow(r->run, &r->cap, r->n + 1,
		    sizeof(*r->run));
		buf_clear(&b);
		buf_addf(&b, "%s/%s", path, run);
		run_look(&r->run[r->n++], buf_str(&b));
	}
	buf_fini(&b);
}

static int
list_job(struct runs *r, const char *path, struct buf *why)
{
	DIR *d = opendir(path);
	const struct dirent *e;

	if (!d && errno != ENOENT && errno != ENOTDIR) {
		buf_addf(why, "%s: %s", path, strerror(errno));
		return -1;
	}
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			add(r, d, path, e->d_name);
	if (d)
		closedir(d);
	return 0;
}

static int
list_all(struct runs *r, const char *root, struct buf *why)
{
	DIR *d = opendir(root);
	const struct dirent *e;
	struct buf path = { 0 };
	int rc = 0;

	if (!d && errno != ENOENT) {
		buf_addf(why, "%s: %s", root, strerror(errno));
		return -1;
	}
	while (d && rc == 0 && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		buf_clear(&path);
		buf_addf(&path, "%s%s", root, e->d_name);
		rc = list_job(r, buf_str(&path), why);
	}
	if (d)
		closedir(d);
	buf_fini(&path);
	return rc;
}

/* what cannot be read has at least a name: 20261121-093307-820ce */
static double
begin_of(const struct run_entry *e)
{
	struct tm tm = { .tm_isdst = -1 };

	if (e->wall > 0)
		return e->wall;
	return strptime(e->run, "%Y%m%d-%H%M%S", &tm) ?
	    (double)mktime(&tm) : 0;
}

static int
by_begin(const void *a, const void *b)
{
	const struct run_entry *x = a, *y = b;
	double s = begin_of(x), t = begin_of(y);
	int c = strcmp(y->run, x->run);

	if (s != t)
		return s < t ? 1 : -1;
	return c ? c : strcmp(x->job, y->job);
}

int
runs_list(struct runs *r, const char *job, struct buf *why)
{
	struct buf path = { 0 }, folder = { 0 };
	int rc;

	*r = (struct runs){ 0 };
	if (job)
		rundir_folder(&folder, job);
	rc = state_path(&path, buf_str(&folder), why);
	buf_fini(&folder);
	if (rc == 0)
		rc = job ? list_job(r, buf_str(&path), why) :
		    list_all(r, buf_str(&path), why);
	if (r->n > 1)
		qsort(r->run, r->n, sizeof(*r->run), by_begin);
	buf_fini(&path);
	return rc;
}

void
runs_fini(struct runs *r)
{
	for (size_t i = 0; i < r->n; i++)
		run_entry_fini(&r->run[i]);
	free(r->run);
	*r = (struct runs){ 0 };
}

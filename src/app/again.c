/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/again.h"
#include "app/differ.h"
#include "app/exits.h"
#include "app/retry.h"
#include "app/session.h"
#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "journal/member.h"
#include "journal/past.h"
#include "journal/runs.h"
#include "model/plan.h"

/* tells why, and frees it */
static int
refuse(struct buf *why, int status)
{
	fprintf(stderr, "pseq: error: %s\n", buf_str(why));
	buf_fini(why);
	return status;
}

/* --- the journal ------------------------------------------------------------ */

/* the run was ended from outside, or not at all: there is something left */
static bool
is_interrupted(const struct journal *j, struct arena *a)
{
	struct record r;
	const char *why;

	if (!journal_last(j, &r) || r.type != REC_RUN_END)
		return true;
	why = record_text(&r, "why", a, NULL);
	return why && run_was_interrupted(why);
}

static int
refuse_over(const struct again *a)
{
	struct record r;

	fprintf(stderr, "pseq: error: the run '%s' is over: there is nothing "
	    "to go on with\n", a->run);
	if (journal_last(&a->journal, &r) &&
	    record_int(&r, "status", 0) != EXITS_OK)
		fprintf(stderr, "pseq: note: 'pseq retry %s' runs the lanes "
		    "that did not end well\n", a->run);
	return EXITS_REFUSED;
}

/* words of a list, by KEY_b64 if that is there */
static char **
read_words(const json_t *json, const char *key, const char *twin,
    struct arena *a, size_t *n)
{
	const json_t *raw = json_object_get(json, twin);
	const json_t *list = raw ? raw : json_object_get(json, key), *word;
	char **to = arena_alloc(a, (json_array_size(list) + 1) *
	    sizeof(char *));
	size_t i;

	*n = json_array_size(list);
	json_array_foreach(list, i, word) {
		const char *s = json_string_value(word);

		to[i] = raw && s ? member_base64(word, a, NULL) :
		    arena_strdup(a, s ? s : "");
		if (!to[i])
			to[i] = arena_strdup(a, "");
	}
	return to;
}

static int
read_head(struct again *a)
{
	struct buf why = { 0 };
	json_t *json;

	if (journal_next(&a->journal, &a->head, &why) != 1 ||
	    !(json = record_json(&a->head, &why)))
		return refuse(&why, EXITS_REFUSED);
	a->dir = member_text(json, "dir", &a->arena, NULL);
	a->arg = read_words(json, "args", "args_b64", &a->arena, &a->narg);
	json_decref(json);
	if (a->dir && a->narg > 1)
		return EXITS_OK;
	buf_addf(&why, "the journal of the run '%s' does not say how it was "
	    "started", a->run);
	return refuse(&why, EXITS_REFUSED);
}

static int
read_past(struct again *a)
{
	struct buf why = { 0 };
	const struct past *base = NULL;

	if (!a->is_retry) {
		a->past = past_new(&a->journal, &why);
		if (!a->past)
			return refuse(&why, EXITS_REFUSED);
		base = past_of(a->past);
	}
	if (!a->is_retry && !retry_is_one(&a->journal))
		return EXITS_OK;
	a->retry = retry_new(&a->journal, a->path, base, &why);
	return a->retry ? EXITS_OK : refuse(&why, EXITS_REFUSED);
}

static int
open_journal(struct again *a)
{
	struct buf why = { 0 }, file = { 0 };
	pid_t holder;
	int rc;

	if (a->is_retry) {
		buf_addf(&file, "%s/journal", a->path);
		rc = journal_open(&a->journal, buf_str(&file), &why);
		buf_fini(&file);
		return rc == 0 ? EXITS_OK : refuse(&why, EXITS_REFUSED);
	}
	if (rundir_open(&a->rundir, a->path, &holder, &why) == -1)
		return refuse(&why, errno == EWOULDBLOCK ? EXITS_REFUSED :
		    EXITS_SYSTEM);
	buf_addf(&file, "%s/journal", a->path);
	rc = journal_map(&a->journal, a->rundir.journal, buf_str(&file),
	    &why);
	buf_fini(&file);
	if (rc == -1)
		return refuse(&why, EXITS_REFUSED);
	return is_interrupted(&a->journal, &a->arena) ? EXITS_OK : refuse_over(a);
}

int
again_open(struct again *a, const char *path)
{
	const char *name = strrchr(path, '/');
	int rc;

	a->rundir = (struct rundir){ .dir = -1, .lanes = -1, .journal = -1 };
	a->path = mem_strdup(path);
	a->run = mem_strdup(name ? name + 1 : path);
	rc = open_journal(a);
	if (rc == EXITS_OK)
		rc = read_head(a);
	return rc == EXITS_OK ? read_past(a) : rc;
}

/* --- its begin ---------------------------------------------------------------- */

/* was it left out because it held a secret? */
static bool
is_secret(const json_t *secret, const char *before, const char *name)
{
	size_t n = strlen(before), i;
	const json_t *word;

	json_array_foreach(secret, i, word) {
		const char *s = json_string_value(word);

		if (s && !strncmp(s, before, n) && !strcmp(s + n, name))
			return true;
	}
	return false;
}

/* a value of -v that was not kept cannot be given once more */
static int
check_vars(const struct again *a, const json_t *secret)
{
	struct buf why = { 0 };
	const json_t *word;
	size_t i;

	json_array_foreach(secret, i, word) {
		const char *s = json_string_value(word);

		if (!s || !strncmp(s, "env.", 4))
			continue;
		buf_addf(&why, "the run '%s' was given '%s' with -v, which "
		    "holds a secret: it was not kept", a->run, s);
		return refuse(&why, EXITS_REFUSED);
	}
	return EXITS_OK;
}

/*
 * The variables of the environment that the job asks for are those of then;
 * one that held a secret is that of now.
 */
static int
give_env(struct again *a, const struct plan *p)
{
	struct buf why = { 0 };
	json_t *json = record_json(&a->head, &why);
	const json_t *env = json_object_get(json, "env");
	const json_t *secret = json_object_get(json, "secret");
	int rc = check_vars(a, secret);

	buf_fini(&why);
	for (uint32_t i = 0; i < p->env.n; i++) {
		const char *name = p->env.name[i];
		const char *value = member_text(env, name, &a->arena, NULL);

		if (value)
			setenv(name, value, 1);
		else if (!is_secret(secret, "env.", name))
			unsetenv(name);
	}
	json_decref(json);
	return rc;
}

static int
check_job(const struct again *a, const struct plan *p)
{
	struct buf what = { 0 };

	if (a->is_retry || a->changed || !differ(past_job(a->past), p, &what))
		return EXITS_OK;
	fprintf(stderr, "pseq: error: the job is not the one that the run "
	    "'%s' had:\n%spseq: note: with --changed it goes on "
	    "all the same: steps keep their results where their names are "
	    "the same\n", a->run, buf_str(&what));
	buf_fini(&what);
	return EXITS_REFUSED;
}

static int
cut_tail(const struct again *a)
{
	if (journal_torn(&a->journal) == 0 ||
	    ftruncate(a->rundir.journal, (off_t)a->journal.good) == 0)
		return EXITS_OK;
	fprintf(stderr, "pseq: error: cannot cut the damaged end off '%s': "
	    "%s\n", a->journal.path, strerror(errno));
	return EXITS_SYSTEM;
}

int
again_begin(struct again *a, const struct plan *p, struct session_mode *mode)
{
	int rc = check_job(a, p);

	if (rc == EXITS_OK)
		rc = give_env(a, p);
	if (rc == EXITS_OK && !a->is_retry)
		rc = cut_tail(a);
	if (rc != EXITS_OK)
		return rc;
	mode->past = a->retry ? retry_past(a->retry) : past_of(a->past);
	if (a->is_retry) {
		mode->retry_of = a->run;
		return EXITS_OK;
	}
	mode->state = true;
	mode->run = a->run;
	mode->resumed = &a->rundir;
	return EXITS_OK;
}

void
again_restore(const struct again *a, const struct plan *p, struct engine *e)
{
	const struct past_channel *c;
	size_t n;

	if (!a->past)
		return;
	c = past_channels(a->past, &n);
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < p->nchannel; k++)
			if (!strcmp(p->channel[k].name, c[i].name))
				engine_restore(e, k, c[i].message, c[i].n,
				    c[i].last, c[i].closed);
}

/* --- its end ------------------------------------------------------------------ */

bool
again_end(const struct again *a, struct buf *warning)
{
	size_t had, came;

	if (!a->past)
		return true;
	had = past_lanes(a->past);
	came = past_lanes_given(a->past);
	if (came == 0 && had > 0) {
		buf_addf(warning, "no lane of the run came again, '%s' and so "
		    "on: its lists are others now (a run that reads standard "
		    "input needs the same input again)", past_left(a->past));
		return false;
	}
	if (came < had)
		buf_addf(warning, "%zu lane%s of the run did not come again, "
		    "%s'%s': not in the lists any more", had - came,
		    had - came == 1 ? "" : "s", had - came == 1 ? "" :
		    "as ", past_left(a->past));
	return true;
}

void
again_close(struct again *a)
{
	retry_free(a->retry);
	past_free(a->past);
	if (a->journal.path)
		journal_close(&a->journal);
	rundir_close(&a->rundir);
	arena_fini(&a->arena);
	free(a->path);
	free(a->run);
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/exits.h"
#include "app/opts.h"
#include "app/overlap.h"
#include "base/buf.h"
#include "base/state.h"
#include "io/lock.h"
#include "model/plan.h"
#include "walk/walk.h"

extern char **environ;

/*
 * How long the end of a run that is replaced may take, seconds: the time of
 * `always` and that of its report, and some more.
 */
#define REPLACE_LIMIT 180.0

struct claim {
	const struct options *o;
	const struct plan *plan;
	const char *run;
	struct buf name;	/* of the lock */
	double patience;	/* < 0: none */
	struct lock lock;
	struct buf why;
	void (*skipped)(void *arg, const char *lock, pid_t pid);
	void *arg;
};

/* --- its name ----------------------------------------------------------- */

static void
ignore(void *arg, const char *text)
{
	(void)arg, (void)text;
}

/* texts of [vars] and -v may stand in it, and no command is run for them */
static int
fill(struct claim *c)
{
	struct walk_options w = {
		.plan = c->plan, .run = c->run, .set = c->o->vars.word,
		.nset = c->o->vars.n, .environ = environ,
		.only_lists = true, .no_commands = true, .warn = ignore,
	};
	struct walk *walk = walk_new(&w, &c->why);
	int rc = -1;

	if (!walk)
		return -1;
	if (walk_text(walk, &c->plan->lock, &c->name, &c->why) == 0 &&
	    (!c->plan->patience.given || walk_figure(walk,
	    &c->plan->patience, &c->patience, &c->why) == 0))
		rc = 0;
	walk_free(walk);
	return rc;
}

static int
find_name(struct claim *c)
{
	const char *lit = text_literal(&c->plan->lock);
	const struct figure *patience = &c->plan->patience;

	if (lit && (!patience->given || patience->fixed)) {
		buf_adds(&c->name, lit);
		if (patience->given)
			c->patience = patience->value;
	} else if (fill(c) == -1) {
		return -1;
	}
	if (plan_is_lock(buf_str(&c->name)) &&
	    strlen(c->name.data) == c->name.len)
		return 0;
	buf_addf(&c->why, "'%s' is no name for a lock", buf_str(&c->name));
	return -1;
}

/* --- telling ------------------------------------------------------------ */

static int
refuse(struct claim *c, int status)
{
	fprintf(stderr, "pseq: error: %s\n", buf_str(&c->why));
	return status;
}

/* "lock 'x' is held by process 17 (run ...)" */
static void
add_holder(struct claim *c, const struct lock_holder *who, struct buf *b)
{
	buf_addf(b, "lock '%s' is held by ", buf_str(&c->name));
	if (who->pid > 0)
		buf_addf(b, "process %ld", (long)who->pid);
	else
		buf_adds(b, "another process");
	if (*who->run)
		buf_addf(b, " (run %s)", who->run);
}

/* the one line that also --quiet lets through */
static int
skip(struct claim *c)
{
	struct buf b = { 0 };
	struct lock_holder who;

	lock_ask(&c->lock, &who);
	add_holder(c, &who, &b);
	fprintf(stderr, "pseq: skipped: %s\n", buf_str(&b));
	buf_fini(&b);
	c->skipped(c->arg, buf_str(&c->name), who.pid);
	return EXITS_LOCKED;
}

static int
fail(struct claim *c, const char *what)
{
	buf_addf(&c->why, "lock '%s': %s: %s", buf_str(&c->name), what,
	    strerror(errno));
	return refuse(c, EXITS_SYSTEM);
}

/* --- taking it ---------------------------------------------------------- */

static int
hold(struct claim *c)
{
	lock_sign(&c->lock, c->run);
	return EXITS_OK;
}

static int
wait_for(struct claim *c)
{
	struct buf b = { 0 };
	struct lock_holder who;

	if (!c->o->quiet) {
		lock_ask(&c->lock, &who);
		add_holder(c, &who, &b);
		fprintf(stderr, "pseq: waiting: %s\n", buf_str(&b));
		buf_fini(&b);
	}
	if (lock_wait(&c->lock, c->patience) == 0)
		return hold(c);
	return errno == ETIMEDOUT ? skip(c) : fail(c, "cannot wait for it");
}

static int
replace(struct claim *c)
{
	if (lock_replace(&c->lock, REPLACE_LIMIT) == 0)
		return hold(c);
	return errno == ETIMEDOUT ? skip(c) :
	    fail(c, errno == EREMOTE ? "the run that holds it is not on "
	    "this machine" : "cannot end the run that holds it");
}

/* we would wait for one that waits for us */
static bool
is_inside(struct claim *c)
{
	struct lock_holder who;

	lock_ask(&c->lock, &who);
	if (!lock_is_above(who.pid))
		return false;
	add_holder(c, &who, &c->why);
	buf_adds(&c->why, ", and this run is one of its steps");
	return true;
}

static int
take(struct claim *c)
{
	enum overlap how = c->plan->overlap;

	if (lock_try(&c->lock, how == OVERLAP_ALLOW) == 0)
		return hold(c);
	if (errno != EAGAIN)
		return fail(c, "cannot take it");
	switch (how) {
	case OVERLAP_ALLOW:
		return EXITS_OK;
	case OVERLAP_SKIP:
		return skip(c);
	case OVERLAP_WAIT:
	case OVERLAP_REPLACE:
		break;
	}
	if (is_inside(c))
		return refuse(c, EXITS_REFUSED);
	return how == OVERLAP_WAIT ? wait_for(c) : replace(c);
}

static int
open_lock(struct claim *c)
{
	struct buf path = { 0 };
	int rc = -1;

	if (state_path(&path, "locks", &c->why) == -1)
		goto done;
	buf_str(&path);
	if (state_make(path.data) == -1) {
		buf_addf(&c->why, "lock '%s': cannot make '%s': %s",
		    buf_str(&c->name), buf_str(&path), strerror(errno));
		goto done;
	}
	buf_addf(&path, "/%s", buf_str(&c->name));
	rc = lock_open(&c->lock, buf_str(&path));
	if (rc == -1)
		buf_addf(&c->why, "lock '%s': cannot open '%s': %s",
		    buf_str(&c->name), buf_str(&path), strerror(errno));
done:
	buf_fini(&path);
	return rc;
}

int
overlap_take(const struct options *o, const struct plan *p, const char *run,
    void (*skipped)(void *arg, const char *lock, pid_t pid), void *arg)
{
	struct claim c = {
		.o = o, .plan = p, .run = run, .patience = -1,
		.skipped = skipped, .arg = arg,
	};
	int status;

	if (!p->has_lock)
		return EXITS_OK;
	if (find_name(&c) == -1)
		status = refuse(&c, EXITS_USAGE);
	else if (open_lock(&c) == -1)
		status = refuse(&c, EXITS_SYSTEM);
	else
		status = take(&c);
	buf_fini(&c.name);
	buf_fini(&c.why);
	return status;
}

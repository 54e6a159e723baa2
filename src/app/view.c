/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/exits.h"
#include "app/opts.h"
#include "app/screen.h"
#include "app/signals.h"
#include "app/steer.h"
#include "app/view.h"
#include "app/view_json.h"
#include "base/buf.h"
#include "base/die.h"
#include "io/loop.h"
#include "io/tick.h"
#include "journal/runs.h"
#include "journal/tell.h"
#include "model/event.h"
#include "model/story.h"
#include "sink/escape.h"

/* how often a run is looked at that goes on */
#define EVERY_S 0.2
/* 50 ms each: for the first record of one that has just begun */
enum { PATIENCE = 100 };
/* how long a slow reader of standard error may hold that up */
#define HEAD_LIMIT 1.0

struct view {
	const struct run_entry *run;
	bool follow;
	struct loop *loop;
	struct screen screen;
	struct view_json json;
	int full;		/* how many of both take no more for now */
	struct bus told, summed;
	struct tell *tell;
	struct tick *tick;
	struct buf why;
	bool hold;
	bool due;		/* there may be something new */
	bool alive;		/* the run goes on, as far as is known */
	bool bad;		/* its journal cannot be read to its end */
	bool over;
	int signo;		/* that ended us, not the run */
	uint64_t unfinished;
};

char *
view_time(char *buf, double wall)
{
	time_t t = (time_t)wall;
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(buf, VIEW_TIME, "%Y-%m-%d %H:%M:%S", &tm);
	return buf;
}

/* --- what is said about it --------------------------------------------------- */

static void
say(struct view *v, struct buf *b)
{
	buf_addc(b, '\n');
	out_write(v->screen.err, b->data, b->len);
	buf_fini(b);
}

/* each start is told by the command line it was made with */
static void
on_start(void *arg, const struct story_session *s)
{
	struct view *v = arg;
	struct buf b = { 0 };
	char when[VIEW_TIME];

	buf_addf(&b, "pseq: %s, %s:", v->run->run, view_time(when, s->wall));
	for (size_t i = 0; i < s->nargs; i++) {
		const char *word = s->args[i];

		/* as little as ps(1) would: where pseq was is of no interest */
		if (i == 0 && strrchr(word, '/'))
			word = strrchr(word, '/') + 1;
		buf_addc(&b, ' ');
		escape_short(&b, isatty(STDERR_FILENO), word, strlen(word),
		    200);
	}
	say(v, &b);
	/* in front of the output, if both are one terminal */
	out_drain(v->screen.err, HEAD_LIMIT);
}

static void
say_unkept(struct view *v)
{
	const char *log = tell_log(v->tell);
	struct buf b = { 0 };

	if (!strcmp(log, "lanes"))
		return;
	buf_addf(&b, "pseq: %s output was kept (log = %s)", strcmp(log, "none")
	    ? "only the failed lanes'" : "no", log);
	say(v, &b);
}

static void
say_interrupted(struct view *v, struct tell_end end)
{
	struct buf b = { 0 };

	if (end.signo)
		buf_addf(&b, "pseq: interrupted by %s",
		    status_signal_name(end.signo));
	else
		buf_adds(&b, "pseq: interrupted: its process ended without "
		    "a word");
	if (v->unfinished)
		buf_addf(&b, ", %" PRIu64 " lane%s in progress",
		    v->unfinished, v->unfinished == 1 ? "" : "s");
	buf_addf(&b, "; 'pseq resume %s' goes on", v->run->run);
	say(v, &b);
}

/* --- turns ------------------------------------------------------------------- */

static void
finish(struct view *v)
{
	struct tell_end end = tell_end(v->tell);

	say_unkept(v);
	v->unfinished = tell_unfinished(v->tell);
	tell_sum(v->tell);
	if (v->alive && end.status == -1) {
		struct buf b = { 0 };

		buf_adds(&b, "pseq: it goes on");
		if (v->run->pid)
			buf_addf(&b, ", as process %ld", (long)v->run->pid);
		say(v, &b);
	} else if (end.status == -1 || end.signo) {
		say_interrupted(v, end);
	}
	v->over = true;
	loop_break(v->loop);
}

/* true: there is more to do at once */
static bool
on_turn(void *arg)
{
	struct view *v = arg;
	int rc;

	if (v->over || v->hold || !v->due)
		return false;
	rc = tell_records(v->tell, &v->why);
	if (rc == -1) {
		v->bad = v->over = true;
		loop_break(v->loop);
		return false;
	}
	if (rc == 1)
		return !v->hold;
	if (v->follow && v->alive && tell_end(v->tell).status == -1) {
		rc = tell_output(v->tell, false);
		v->due = rc == 1;
		return rc == 1 && !v->hold;
	}
	if (tell_output(v->tell, true) == 1)
		return !v->hold;
	finish(v);
	return false;
}

static void
on_tick(void *arg)
{
	struct view *v = arg;

	/* asked before the end is read: who ends writes that first */
	if (v->alive)
		v->alive = run_is_written(v->run->dir);
	v->due = true;
}

static void
on_hold(void *arg, bool on)
{
	struct view *v = arg;

	v->full += on ? 1 : -1;
	v->hold = v->full > 0;
	if (v->tell)
		tell_hold(v->tell, v->hold);
}

static void
on_gone(void *arg)
{
	struct view *v = arg;

	v->over = true;
	loop_break(v->loop);
}

/* --- the whole --------------------------------------------------------------- */

static int
status_of(const struct view *v)
{
	struct tell_end end = tell_end(v->tell);

	if (v->screen.pipe || v->json.pipe)
		return EXITS_PIPE;
	if (v->bad || v->screen.broken || v->json.broken)
		return EXITS_SYSTEM;
	if (!v->follow)
		return EXITS_OK;
	return end.status == -1 ? EXITS_FAILED : end.status;
}

/* what has just begun gets a moment to write its first record */
static struct tell *
open_tell(struct view *v)
{
	struct tell *t = NULL;

	for (int i = 0; !t && i < PATIENCE; i++) {
		if (i > 0)
			nanosleep(&(struct timespec){ .tv_nsec = 50000000 },
			    NULL);
		buf_clear(&v->why);
		t = tell_open(v->run->dir, &v->told, &v->summed, &v->why);
		if (!v->alive || v->run->wall > 0)
			break;
	}
	return t;
}

static void
on_signal(void *arg, int signo)
{
	struct view *v = arg;

	v->signo = signo;
	on_gone(v);
}

static int
show(struct view *v, const struct options *o)
{
	int status;

	screen_open(&v->screen, v->loop, o, true, &v->told);
	if (o->output == OUTPUT_JSON)
		view_json_open(&v->json, v->loop, &v->told);
	v->tell = open_tell(v);
	v->bad = !v->tell;
	if (v->tell) {
		tell_on_start(v->tell, on_start, v);
		view_json_listen(&v->json, v->tell);
		loop_on_turn(v->loop, on_turn, v);
		if (v->follow)
			v->tick = tick_new(v->loop, EVERY_S, on_tick, v);
		signals_catch(v->loop, on_signal, v);
		if (!v->over)
			loop_run(v->loop);
		tick_free(v->tick);
		loop_off_turn(v->loop, v);
	}
	bus_close(&v->told);
	bus_close(&v->summed);
	screen_leave(&v->screen);
	signals_default();
	screen_drain(&v->screen);
	view_json_drain(&v->json);
	status = v->tell ? status_of(v) : EXITS_SYSTEM;
	if (v->tell)
		tell_close(v->tell);
	screen_close(&v->screen);
	view_json_close(&v->json);
	return status;
}

int
view_run(const struct options *o, const struct run_entry *e, bool follow)
{
	struct view v = {
		.run = e, .follow = follow, .due = true,
		.alive = e->state == RUN_RUNNING,
		.screen = {
			.hold = on_hold, .gone = on_gone, .watched = follow,
			.key = steer_key,
		},
		.json = { .hold = on_hold, .gone = on_gone },
	};
	struct steer steer = { .screen = &v.screen };
	int status;

	v.screen.arg = v.json.arg = &v;
	v.screen.key_arg = &steer;
	v.screen.summed = &v.summed;
	v.loop = loop_new();
	if (!v.loop)
		die("cannot make an event loop:");
	status = show(&v, o);
	loop_free(v.loop);
	if (v.bad)
		fprintf(stderr, "pseq: error: %s\n", buf_str(&v.why));
	buf_fini(&v.why);
	if (v.signo)
		signals_end_by(v.signo);
	return status;
}

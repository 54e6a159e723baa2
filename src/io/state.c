/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <signal.h>

#include "io/inside.h"
#include "io/loop.h"

/* how long a dead process's output may stay open with nothing in it */
#define LINGER 0.2
/* how often the host of a session is asked then */
#define ASK 2
/* how long the word that a group elsewhere is gone may take, beyond grace */
#define PATIENCE 5.0
/* how often a group that was sent TERM is looked for */
#define POLL_FIRST 0.005
#define POLL 0.05

bool
task_closed(const struct task *t)
{
	return !stream_is_open(&t->out) && !stream_is_open(&t->err);
}

bool
task_runs(const struct task *t)
{
	return t->kind == TASK_PROCESS || t->kind == TASK_SESSION;
}

void
task_over(struct task *t)
{
	struct tasks *a = t->all;

	t->state = TASK_OVER;
	reap_unwatch(t);
	stream_stop(&t->out);
	stream_stop(&t->err);
	if (t->extra && t->extra->session)
		session_leave(t);
	guard_clear(&a->guard, t->slot);
	ev_timer_stop(a->ev, &t->timer);
	ev_feed_event(a->ev, &t->timer, EV_CUSTOM);
	loop_again(a->loop);
}

/* --- cells of the table ------------------------------------------------- */

static void
nothing(struct task *t)
{
	(void)t;
}

static void
touch(struct task *t)
{
	/* who was ended is not waited for as long as others write */
	t->asked = 0;
	if (t->state != TASK_DRAINING || t->cause == CAUSE_NONE)
		t->last = loop_now(t->all->loop);
}

static void
drain(struct task *t)
{
	t->state = TASK_DRAINING;
	t->last = loop_clock();
}

static void
over_or_drain(struct task *t)
{
	bool unread = t->held || !t->all->reading;

	/* nobody waits for the rest of what was ended while it was not read */
	if (task_closed(t) || (unread && t->cause != CAUSE_NONE))
		task_over(t);
	else
		drain(t);
}

/* both closed: mostly it has ended as well, so do not wait for news */
static void
running_closed(struct task *t)
{
	t->state = TASK_CLOSED;
	if (!t->reaped && t->kind == TASK_PROCESS)
		reap_closed(t);
}

static void
begin_ending(struct task *t)
{
	t->state = TASK_ENDING;
	t->killed = t->now || t->grace <= 0;
	t->grace_at = loop_clock() + t->grace;
	if (t->kind == TASK_SESSION)
		t->patience_at = PATIENCE + (t->killed ? loop_clock() :
		    t->grace_at);
	ending_signal(t, t->killed ? SIGKILL : SIGTERM);
}

static void
draining_timer(struct task *t)
{
	struct tasks *a = t->all;
	double now = loop_clock();

	if (!task_runs(t) || t->held)
		return;
	if (!a->reading)
		t->last = now;	/* it is we who do not read */
	if (now < t->last + LINGER)
		return;
	if (t->kind == TASK_SESSION) {
		/* the way may be slow, or who sends it: see task_answered() */
		if (!t->asked) {
			t->asked = ASK;
			session_ask(t);
		}
		t->last = now;
		return;
	}
	/* we may not have looked since it is read again */
	if (t->out.rest || t->err.rest)
		t->last = now;
	stream_drain(&t->out);
	stream_drain(&t->err);
	if (t->state != TASK_DRAINING || now < t->last + LINGER)
		return;
	who_keeps(t);
	task_over(t);
}

/*
 * Two answers without any output: whoever sends it has looked for some
 * between them, and there was none.
 */
void
task_answered(struct task *t)
{
	if (t->state != TASK_DRAINING || !t->asked)
		return;
	if (--t->asked > 0) {
		session_ask(t);
	} else if (!t->held && t->all->reading) {
		who_keeps(t);
		task_over(t);
	}
}

/* of a session we are told when its group is gone, too: see session.c */
static void
ending_reap(struct task *t)
{
	if (t->kind == TASK_SESSION) {
		if (!session_group_lives(t))
			over_or_drain(t);
	} else if (t->killed ? !ending_under_way(t) : !ending_group_lives(t)) {
		over_or_drain(t);
	} else {
		t->poll_at = loop_clock() + POLL_FIRST;
	}
}

static void
ending_kill(struct task *t)
{
	t->killed = true;
	if (t->patience_at)
		t->patience_at = loop_clock() + PATIENCE;
	ending_signal(t, SIGKILL);
	if (t->reaped && t->kind != TASK_SESSION && !ending_under_way(t))
		over_or_drain(t);
}

/* stopped once more: only "now" is a reason not to wait for the grace */
static void
ending_end(struct task *t)
{
	if (t->now && !t->killed)
		ending_kill(t);
}

static void
ending_timer(struct task *t)
{
	double now = loop_clock();

	if (t->patience_at && now >= t->patience_at) {
		t->unknown = true;
		session_unheard(t, t->patience_at - PATIENCE);
		if (t->state != TASK_OVER)
			task_over(t);
		return;
	}
	if (t->killed)
		return;
	if (now >= t->grace_at) {
		ending_kill(t);
	} else if (t->reaped && t->poll_at && now >= t->poll_at) {
		if (!ending_group_lives(t))
			over_or_drain(t);
		else
			t->poll_at = now + POLL;
	}
}

static void (*const table[TASK_STATES][TASK_FACTS])(struct task *) = {
	[TASK_WAITING] = {
		[FACT_OUTPUT] = nothing,
		[FACT_REAPED] = task_over,
		[FACT_CLOSED] = nothing,
		[FACT_END] = task_over,
		[FACT_TIMER] = nothing,
	},
	[TASK_RUNNING] = {
		[FACT_OUTPUT] = touch,
		[FACT_REAPED] = over_or_drain,
		[FACT_CLOSED] = running_closed,
		[FACT_END] = begin_ending,
		[FACT_TIMER] = nothing,
	},
	[TASK_CLOSED] = {
		[FACT_OUTPUT] = nothing,
		[FACT_REAPED] = task_over,
		[FACT_CLOSED] = nothing,
		[FACT_END] = begin_ending,
		[FACT_TIMER] = nothing,
	},
	[TASK_DRAINING] = {
		[FACT_OUTPUT] = touch,
		[FACT_REAPED] = nothing,
		[FACT_CLOSED] = task_over,
		[FACT_END] = task_over,
		[FACT_TIMER] = draining_timer,
	},
	[TASK_ENDING] = {
		[FACT_OUTPUT] = nothing,
		[FACT_REAPED] = ending_reap,
		[FACT_CLOSED] = nothing,	/* seen by task_closed() */
		[FACT_END] = ending_end,
		[FACT_TIMER] = ending_timer,
	},
	[TASK_OVER] = {
		[FACT_OUTPUT] = nothing,
		[FACT_REAPED] = nothing,
		[FACT_CLOSED] = nothing,
		[FACT_END] = nothing,
		[FACT_TIMER] = nothing,
	},
};

void
task_fact(struct task *t, enum task_fact fact)
{
	enum task_state before = t->state;

	assert(before < TASK_STATES && fact < TASK_FACTS);
	table[before][fact](t);
	if (fact != FACT_OUTPUT && t->state != TASK_OVER &&
	    (t->state != before || t->state == TASK_ENDING))
		task_rearm(t);
}

void
task_end(struct task *t, enum task_cause cause)
{
	/*
	 * A process that ended by itself before was not ended by us; but if
	 * nobody took what it wrote, its step has not ended.
	 */
	if (t->cause == CAUSE_NONE && (!t->reaped || t->held))
		t->cause = cause;
	task_fact(t, FACT_END);
}

/* --- time --------------------------------------------------------------- */

static double
earlier(double a, double b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* when the timer has to look again; 0: never */
static double
due(const struct task *t)
{
	double at = 0;

	switch (t->state) {
	case TASK_WAITING:
		return 0;	/* its time has not begun */
	case TASK_ENDING:
		if (!t->killed)
			at = t->grace_at;
		if (!t->killed && t->reaped)
			at = earlier(at, t->poll_at);
		return earlier(at, t->patience_at);
	case TASK_DRAINING:
		if (task_runs(t) && !t->held)
			at = t->last + LINGER;
		break;
	case TASK_RUNNING:
	case TASK_CLOSED:
		break;
	case TASK_OVER:
	case TASK_STATES:
		return 0;
	}
	if (t->silent > 0 && !t->reaped)
		at = earlier(at, t->last + t->silent);
	return earlier(at, t->deadline);
}

void
task_rearm(struct task *t)
{
	struct ev_loop *ev = t->all->ev;
	double at = due(t), wait;

	ev_timer_stop(ev, &t->timer);
	if (at == 0)
		return;
	wait = at - loop_clock();
	ev_now_update(ev);
	ev_timer_set(&t->timer, wait > 0 ? wait : 0., 0.);
	ev_timer_start(ev, &t->timer);
}

/* SPDX-License-Identifier: ISC */
/* starting what the runner does for a lane, and the queue for `children` */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "engine/inner.h"
#include "model/plan.h"

/* a copy to or from elsewhere is a command there */
static bool
is_command(const struct action *a)
{
	return a->kind == ACT_RUN || (a->kind == ACT_COPY && (a->copy.as ||
	    (a->copy.at && a->copy.at->reach != REACH_LOCAL)));
}

static struct work *
work_new(struct engine *e, struct lane *l, const struct action *a)
{
	struct work *w = e->work_pool;

	if (w)
		e->work_pool = w->next;
	else
		w = mem_calloc(1, sizeof(*w));
	*w = (struct work){
		.lane = l, .frame = (uint32_t)l->nframe - 1,
		.attempt = a->attempt, .step = a->step,
		.watch = a->kind == ACT_RUN ? a->run.watch : STREAM_OUT,
		.divert = a->kind == ACT_RUN ? a->run.divert : STREAM_OUT,
		.process = is_command(a) && !l->info.hidden,
		.sends = a->kind == ACT_RUN &&
		    (a->run.sends || a->run.out_channel),
		.timed = a->kind == ACT_RUN &&
		    (a->run.timeout > 0 || a->run.silent > 0),
		.next = l->works,
	};
	w->step.command = NULL;		/* only for now */
	w->token = engine_token(e, SLOT_WORK, w);
	l->works = w;
	return w;
}

void
work_free(struct engine *e, struct work *w)
{
	struct work **p = &w->lane->works;

	clients_over(e, w);
	clients_settled(e, w);
	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	if (w->lane->work == w)
		w->lane->work = NULL;
	if (e->line_work == w)
		e->line_work = NULL;
	flow_free(w);
	engine_untoken(e, w->token);
	w->next = e->work_pool;
	e->work_pool = w;
}

void
work_settled(struct engine *e, struct work *w)
{
	if (w->process) {
		w->process = false;
		e->children--;
		e->room = 0;
	}
	if (w->outside) {
		w->outside = false;
		e->outside--;
	}
	clients_settled(e, w);
}

void
work_stop(struct engine *e, struct work *w, enum stop_why why)
{
	if (w->flow && w->flow->done) {
		flow_drop(e, w);
		return;
	}
	clients_refuse(e, w, "the step of this command is being ended");
	/* its end is something to wait for */
	if (!w->outside) {
		w->outside = true;
		e->outside++;
	}
	e->runner.stop(e->runner.arg, w->token, why);
}

/* how it is to be started; what is wrong, or NULL */
static const char *
launch_of(const struct engine *e, const struct action *a,
    struct launch *launch, struct arena *arena)
{
	const struct endpoint *to = a->kind == ACT_RUN ? a->run.at :
	    a->kind == ACT_COPY ? a->copy.at : NULL;
	enum reach reach = to ? to->reach : REACH_LOCAL;
	const struct transport *t = e->config.transport[reach];

	if (!t)
		return "there is no way to this host";
	if (a->kind == ACT_RUN)
		return t->prepare(&a->run, launch, arena);
	if (a->kind == ACT_COPY && is_command(a)) {
		const char *why = t->prepare_copy(&a->copy, launch, arena);

		launch->timeout = a->limit;
		return why;
	}
	if (a->kind == ACT_READ) {
		launch->kind = LAUNCH_READ;
		launch->path = a->path;
		launch->separator = a->separator;
	} else if (a->kind == ACT_WAIT) {
		launch->kind = LAUNCH_WAIT;
		launch->wait = a->wait;
		launch->timeout = a->limit;
	} else {
		launch->kind = LAUNCH_COPY;
		launch->copy = a->copy;
		launch->timeout = a->limit;
	}
	return NULL;
}

/* its start is to be kept for good first; the action is asked for again */
static bool
commit(struct engine *e, struct lane *l, const struct action *a)
{
	if (!a->commit || !e->config.commit || l->told)
		return false;
	lane_tell_start(e, l, a);
	l->told = true;
	if (!e->config.commit(e->config.arg, l->token))
		return false;
	l->commits++;
	l->state = LANE_COMMITTING;
	/* its process is as good as there */
	l->reserved = true;
	e->children++;
	e->outside++;
	return true;
}

static void
unreserve(struct engine *e, struct lane *l)
{
	if (!l->reserved)
		return;
	l->reserved = false;
	e->children--;
	e->outside--;
}

void
work_forgo(struct engine *e, struct lane *l)
{
	unreserve(e, l);
	l->told = false;
	e->room = 0;
}

/* wait in the queue for one of `children`; the action is asked for again */
static void
queue_up(struct engine *e, struct lane *l, uint64_t order)
{
	/* nothing was started, so nothing can end */
	if (!l->told)
		lane_top(l)->unbegun = true;
	l->priority = lane_priority(l);
	l->state = LANE_QUEUED;
	l->queued = order ? order : ++e->order;
	queue_push(&e->waiting, (struct queue_entry){
		.priority = l->priority, .order = l->queued,
		.token = l->token,
	});
}

static bool
must_queue(struct engine *e, const struct lane *l)
{
	int64_t most = e->config.children;
	bool its_turn = e->pumping, beyond = e->beyond;

	e->pumping = e->beyond = false;
	if (l->info.hidden || beyond || l->told)
		return false;
	if (e->room > 0 && e->room < most)
		most = e->room;
	return e->children >= most || e->starts == 0 ||
	    (e->waiting.n > 0 && !its_turn);
}

/* there is no room for it now, or there will never be; why may be NULL */
static void
not_started(struct engine *e, struct lane *l, const struct action *a,
    const char *why, int err)
{
	struct result r;

	if (!why && (err == EAGAIN || err == EMFILE || err == ENFILE) &&
	    e->children > 0 && !l->info.hidden) {
		e->room = e->children;
		engine_full(e, err);
		queue_up(e, l, l->queued);
		return;
	}
	if (!why && e->runner.why)
		why = e->runner.why(e->runner.arg);
	buf_clear(&l->why);
	buf_adds(&l->why, why ? why : strerror(err));
	r = result_made(ST_START, buf_str(&l->why));
	lane_tell_start(e, l, a);
	lane_give(e, l, &r);
}

void
work_start(struct engine *e, struct lane *l, const struct action *a)
{
	struct launch launch = { .kind = LAUNCH_PROCESS };
	struct arena arena = { 0 };
	const char *why;
	struct work *w;
	int err;

	if (is_command(a) && must_queue(e, l)) {
		queue_up(e, l, 0);
		return;
	}
	if (commit(e, l, a))
		return;
	unreserve(e, l);
	why = launch_of(e, a, &launch, &arena);
	launch.lane = &l->info;
	l->travelled |= launch.at != NULL;
	launch.step = &a->step;
	launch.attempt = a->attempt;
	launch.single = a->kind != ACT_RUN || a->run.watch ||
	    a->run.out_channel;
	launch.fed = a->kind == ACT_RUN && a->run.in_channel;
	/* one run as another user could not reach us, lists have no lane */
	launch.asks = a->kind == ACT_RUN && !a->run.as && !l->info.hidden;
	w = work_new(e, l, a);
	if (!why && e->runner.start(e->runner.arg, w->token, &launch) == 0) {
		l->state = LANE_RUNNING;
		l->work = w;
		e->children += w->process;
		e->starts -= e->starts > 0 && w->process;
		w->outside = true;
		e->outside++;
		lane_tell_start(e, l, a);
		flow_begin(e, w, a);
	} else {
		err = errno;
		work_free(e, w);
		not_started(e, l, a, why, err);
	}
	arena_fini(&arena);
}

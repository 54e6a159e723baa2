/* SPDX-License-Identifier: ISC */
#include "base/mem.h"
#include "io/copy.h"
#include "io/inside.h"
#include "io/loop.h"
#include "model/runner.h"

void
task_copy(struct task *t, const struct copy *copy)
{
	struct tasks *a = t->all;

	task_extra(t)->copier = copier_new(copy);
	t->state = TASK_DRAINING;
	link_add(&a->copies, &t->copying);
	loop_again(a->loop);
}

void
task_copy_leave(struct task *t)
{
	link_del(&t->copying);
	t->all->ncopying -= t->copy_begun;
	t->copy_begun = false;
}

/* a few at a time: more would only compete for the same disk */
static void
copy_begin(struct tasks *a)
{
	while (a->ncopying < COPIES && link_in(&a->copies)) {
		struct task *t = container(a->copies.next, struct task,
		    copying);
		double now = loop_clock();

		link_del(&t->copying);
		link_add(&a->copying, &t->copying);
		t->copy_begun = true;
		a->ncopying++;
		/* its time begins now */
		if (t->deadline > 0)
			t->deadline += now - t->started;
		t->started = now;
		if (t->state != TASK_OVER)
			task_rearm(t);
	}
}

bool
task_copy_on(struct tasks *a)
{
	struct task *t;
	enum copy_state s;

	copy_begin(a);
	if (!link_in(&a->copying))
		return false;
	t = container(a->copying.next, struct task, copying);
	if (t->state == TASK_OVER) {
		task_copy_leave(t);
		return true;
	}
	s = copier_step(t->extra->copier);
	if (s == COPY_MORE) {
		/* the others' turn */
		link_del(&t->copying);
		link_add(&a->copying, &t->copying);
		return true;
	}
	task_copy_leave(t);
	if (s == COPY_FAILED)
		task_fail(t, mem_strdup(copier_message(t->extra->copier)));
	t->changed = copier_changed(t->extra->copier);
	task_over(t);
	return true;
}

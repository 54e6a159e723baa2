/* SPDX-License-Identifier: ISC */
/* steps that wait, as tasks */
#include <stdlib.h>

#include "base/mem.h"
#include "io/inside.h"
#include "io/wait.h"

/* so that children still find descriptors, however many wait */
enum { SOCKETS_SHARE = 4, SOCKETS_MIN = 8 };

struct waiting {
	struct waiter waiter;
	struct task *task;
};

static void
on_waited(struct waiter *one, const char *error)
{
	struct waiting *w = container(one, struct waiting, waiter);
	struct task *t = w->task;

	/* it may have been ended just now */
	if (t->state == TASK_OVER)
		return;
	if (error)
		task_fail(t, mem_strdup(error));
	task_over(t);
}

void
task_wait(struct task *t, const struct wait *wait)
{
	struct tasks *a = t->all;
	struct waiting *w = mem_calloc(1, sizeof(*w));
	size_t most = (size_t)a->spawner.nofile / SOCKETS_SHARE;

	if (!a->waits)
		a->waits = waits_new(a->ev, most < SOCKETS_MIN ?
		    SOCKETS_MIN : most, on_waited);
	w->task = t;
	task_extra(t)->waiting = w;
	t->state = TASK_DRAINING;
	waits_add(a->waits, &w->waiter, wait);
}

const char *
task_wait_reason(const struct task *t)
{
	return waiter_reason(&t->extra->waiting->waiter);
}

void
waiting_free(struct waiting *w)
{
	if (!w)
		return;
	waits_leave(&w->waiter);
	free(w);
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "io/client.h"
#include "io/conn.h"
#include "io/inside.h"
#include "io/loop.h"
#include "io/wait.h"

static void
on_freed(void *arg)
{
	struct tasks *a = arg;

	a->up->freed(a->up->arg);
}

/* what sessions have to send */
static void
on_flush(void *arg)
{
	struct tasks *a = arg;

	if (a->conns)
		conns_flush(a->conns);
}

static bool
on_turn(void *arg)
{
	struct tasks *a = arg;

	streams_read(a);
	reap_exited(a);
	return task_copy_on(a);
}

int
tasks_share(struct tasks *a, const char *name, int64_t of, struct buf *why)
{
	int fd = shares_add(&a->shares, name, of, why);

	if (fd == -1)
		return -1;
	guard_keep(&a->guard, fd);
	return 0;
}

struct tasks *
tasks_new(struct loop *loop, const struct runner_up *up,
    const struct tasks_config *cfg)
{
	struct tasks *a = mem_calloc(1, sizeof(*a));

	a->loop = loop;
	a->ev = loop_ev(loop);
	a->up = up;
	if (cfg)
		a->cfg = *cfg;
	if (spawn_init(&a->spawner, loop) == -1)
		goto fail_spawn;
	if (guard_init(&a->guard) == -1)
		goto fail_guard;
	link_init(&a->live);
	link_init(&a->blind);
	link_init(&a->closing);
	link_init(&a->exited);
	link_init(&a->ready);
	link_init(&a->parked);
	link_init(&a->partial);
	link_init(&a->helpers);
	link_init(&a->copying);
	link_init(&a->copies);
	loop_on_turn(loop, on_turn, a);
	loop_on_flush(loop, launch_prepare, a);
	loop_on_flush(loop, on_flush, a);
	a->buf = mem_alloc(READ_SIZE);
	a->reading = true;
	ev_init(&a->partial_timer, on_partial_timer);
	a->partial_timer.data = a;
	reap_init(a);
	shares_init(&a->shares, a->ev, on_freed, a);
	return a;
fail_guard:
	spawn_fini(&a->spawner);
fail_spawn:
	free(a);
	return NULL;
}

unsigned
tasks_client_room(const struct tasks *a)
{
	const rlim_t brief = 64;	/* who only asks is soon gone */
	rlim_t most = a->spawner.nofile / 4;

	if (!a->cfg.clients)
		return 0;
	return (unsigned)(a->cfg.clients_wait || most < brief ? most : brief);
}

size_t
tasks_room(const struct tasks *a)
{
	/* for ourselves: the loop, files, and the ends of a start */
	rlim_t all = a->spawner.nofile, own = all > 512 ? 96 : 32;
	rlim_t half = all / 2, left, room;

	own += tasks_client_room(a) + a->cfg.files;
	if (all < own + 3)
		return 1;
	/* three for each child up to the half, then two */
	left = all - own;
	room = left <= half ? left / 3 : half / 3 + (left - half) / 2;
	return room < GUARD_SLOTS - SLAB ? (size_t)room : GUARD_SLOTS - SLAB;
}

void
tasks_read_all(struct tasks *a, bool on)
{
	if (a->reading == on)
		return;
	a->reading = on;
	if (on)
		streams_unpark(a);
}

void
tasks_kill_all(struct tasks *a)
{
	struct link *next;

	for (struct link *l = a->live.next; l != &a->live; l = next) {
		struct task *t = container(l, struct task, live);

		next = l->next;
		if (t->state == TASK_OVER)
			continue;
		t->now = true;
		task_end(t, CAUSE_CANCEL);
	}
}

/* end and reap a process without telling anybody */
static void
put_down(struct task *t)
{
	siginfo_t si;

	if (t->kind != TASK_PROCESS || t->pid == 0)
		return;
	if (t->state == TASK_OVER && t->reaped)
		return;
	if (t->state != TASK_OVER) {
		t->state = TASK_ENDING;
		ending_signal(t, SIGKILL);
	}
	/* one that we may not kill is not waited for */
	if (!t->reaped && !t->unknown) {
		while (waitid(P_PID, (id_t)t->pid, &si, WEXITED) == -1 &&
		    errno == EINTR)
			;
	}
	/* its descendants came to us */
	if (t->all->cfg.program && !t->unknown) {
		while (waitid(P_PGID, (id_t)t->pid, &si, WEXITED) == 0 ||
		    errno == EINTR)
			;
	}
}

void
tasks_free(struct tasks *a)
{
	struct link *next;

	if (!a)
		return;
	tasks_kill_all(a);
	for (struct link *l = a->live.next; l != &a->live; l = next) {
		struct task *t = container(l, struct task, live);

		next = l->next;
		put_down(t);
		task_free(t);
	}
	/* the guard takes its time to end: not before there is no directory */
	clients_unlink(a->clients);
	waits_free(a->waits);
	conns_free(a->conns);
	guard_dismiss(&a->guard);
	clients_free(a->clients);
	ending_fini(a);
	loop_off_turn(a->loop, a);
	loop_off_flush(a->loop, a);
	launch_fini(a);
	ev_timer_stop(a->ev, &a->partial_timer);
	for (size_t i = 0; i < a->nseats; i++) {
		for (size_t k = 0; k < SEATS; k++)
			ev_timer_stop(a->ev, &a->seats[i][k].wake);
		free(a->seats[i]);
	}
	guard_fini(&a->guard);
	shares_fini(&a->shares);
	reap_fini(a);
	spawn_fini(&a->spawner);
	lookup_fini(&a->lookup);
	for (size_t i = 0; i < a->nslabs; i++)
		free(a->slabs[i]);
	free(a->slabs);
	free(a->env);
	free(a->seats);
	free(a->buf);
	buf_fini(&a->why);
	free(a);
}

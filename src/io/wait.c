/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/mem.h"
#include "io/clock.h"
#include "io/loop.h"
#include "io/probe.h"
#include "io/wait.h"
#include "model/wait.h"

/* how often paths are looked at, and how much of the time that may take */
#define LOOK 0.1
#define LOOK_SHARE 0.05

enum { BUCKETS = 1024 };

struct watch {
	struct waits *all;
	struct watch *next;	/* of the same bucket */
	enum wait_kind kind;
	char *key;		/* what it is, among those of its kind */
	struct link waiters;
	struct link path;	/* WAIT_FILE, WAIT_GONE: of all these */
	int err;		/* … why the last look was in vain */
	struct probe *probe;	/* WAIT_TCP, WAIT_UNIX */
	ev_periodic time;	/* WAIT_UNTIL */
	struct buf reason;
};

struct waits {
	struct ev_loop *ev;
	waiter_fn *fn;
	struct watch *bucket[BUCKETS];
	struct link paths;
	ev_timer look;		/* one for all paths */
	struct probes *probes;
};

/* --- the table ---------------------------------------------------------- */

static struct watch **
bucket_of(struct waits *a, enum wait_kind kind, const char *key)
{
	return &a->bucket[(map_hash(key, strlen(key)) + kind) % BUCKETS];
}

static struct watch *
find(struct waits *a, enum wait_kind kind, const char *key)
{
	struct watch *w = *bucket_of(a, kind, key);

	while (w && (w->kind != kind || strcmp(w->key, key) != 0))
		w = w->next;
	return w;
}

static void
watch_free(struct watch *w)
{
	struct waits *a = w->all;
	struct watch **p = bucket_of(a, w->kind, w->key);

	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	link_del(&w->path);
	if (!link_in(&a->paths))
		ev_timer_stop(a->ev, &a->look);
	ev_periodic_stop(a->ev, &w->time);
	if (w->probe)
		probe_free(w->probe);
	buf_fini(&w->reason);
	free(w->key);
	free(w);
}

/* tell all who wait for it; it is no more then */
static void
tell(struct watch *w, const char *error)
{
	while (link_in(&w->waiters)) {
		struct waiter *one = container(w->waiters.next,
		    struct waiter, link);

		link_del(&one->link);
		one->watch = NULL;
		w->all->fn(one, error);
	}
	watch_free(w);
}

/* "what is waited for: why" */
static const char *
because(struct watch *w, const char *why)
{
	buf_clear(&w->reason);
	buf_addf(&w->reason, "%s: %s", w->key, why);
	return buf_str(&w->reason);
}

/* --- paths -------------------------------------------------------------- */

/* true: it has come, or never will, and everybody was told */
static bool
look(struct watch *w)
{
	struct stat st;
	int err = stat(w->key, &st) == 0 ? 0 : errno;
	bool gone = err == ENOENT || err == ENOTDIR;

	w->err = err;
	if (err == ENAMETOOLONG)
		tell(w, because(w, strerror(err)));
	else if (w->kind == WAIT_GONE ? gone : err == 0)
		tell(w, NULL);
	else
		return false;
	return true;
}

static void
look_later(struct waits *a, double seconds)
{
	ev_timer_stop(a->ev, &a->look);
	ev_now_update(a->ev);
	ev_timer_set(&a->look, seconds, 0.);
	ev_timer_start(a->ev, &a->look);
}

/* the more there is to look at, and the slower, the less often it is done */
static void
on_look(struct ev_loop *ev, ev_timer *timer, int events)
{
	struct waits *a = timer->data;
	double began = loop_clock(), pause;
	struct link *next;

	(void)ev, (void)events;
	for (struct link *l = a->paths.next; l != &a->paths; l = next) {
		next = l->next;
		look(container(l, struct watch, path));
	}
	pause = (loop_clock() - began) / LOOK_SHARE;
	if (link_in(&a->paths))
		look_later(a, pause > LOOK ? pause : LOOK);
}

static void
add_path(struct watch *w)
{
	struct waits *a = w->all;

	link_add(&a->paths, &w->path);
	if (!ev_is_active(&a->look))
		look_later(a, LOOK);
}

/* --- times -------------------------------------------------------------- */

static void
on_time(struct ev_loop *ev, ev_periodic *w, int events)
{
	(void)ev, (void)events;
	tell(w->data, NULL);
}

/*
 * The day is part of what is waited for.  time(2) may be a little behind,
 * and so find the same time again that has just come.
 */
static time_t
next_time(unsigned clock, char key[32])
{
	struct timespec now;
	time_t at;

	clock_gettime(CLOCK_REALTIME, &now);
	at = clock_next(now.tv_sec, clock);
	snprintf(key, 32, "%lld", (long long)at);
	return at;
}

/* --- outside ------------------------------------------------------------ */

static void
on_probe(void *arg, const char *error)
{
	struct watch *w = arg;

	if (error)
		error = because(w, error);
	tell(w, error);
}

static struct watch *
watch_new(struct waits *a, const struct wait *wait, const char *key)
{
	struct watch *w = mem_calloc(1, sizeof(*w));
	struct watch **bucket = bucket_of(a, wait->kind, key);

	w->all = a;
	w->kind = wait->kind;
	w->key = mem_strdup(key);
	w->next = *bucket;
	*bucket = w;
	link_init(&w->waiters);
	ev_init(&w->time, on_time);
	w->time.data = w;
	return w;
}

/* begin to look, or look again for one who has come later */
static void
watch_now(struct watch *w, const struct wait *wait, time_t at)
{
	struct waits *a = w->all;

	switch (w->kind) {
	case WAIT_TCP:
	case WAIT_UNIX:
		if (!w->probe)
			w->probe = probe_new(a->probes, wait, on_probe, w);
		probe_now(w->probe);
		break;
	case WAIT_FILE:
	case WAIT_GONE:
		if (!link_in(&w->path))
			add_path(w);
		look(w);
		break;
	case WAIT_UNTIL:
		if (ev_is_active(&w->time))
			break;
		ev_periodic_set(&w->time, (double)at, 0., NULL);
		ev_periodic_start(a->ev, &w->time);
		break;
	case WAIT_KINDS:
		break;
	}
}

void
waits_add(struct waits *a, struct waiter *one, const struct wait *wait)
{
	const char *key = wait->text;
	struct watch *w;
	char time[32];
	time_t at = 0;

	if (wait->kind == WAIT_UNTIL) {
		at = next_time(wait->clock, time);
		key = time;
	}
	w = find(a, wait->kind, key);
	if (!w)
		w = watch_new(a, wait, key);
	link_add(&w->waiters, &one->link);
	one->watch = w;
	watch_now(w, wait, at);
}

void
waits_leave(struct waiter *one)
{
	struct watch *w = one->watch;

	if (!w)
		return;
	link_del(&one->link);
	one->watch = NULL;
	if (!link_in(&w->waiters))
		watch_free(w);
}

const char *
waiter_reason(const struct waiter *one)
{
	struct watch *w = one->watch;

	if (!w || w->kind == WAIT_UNTIL)
		return "";
	return because(w, w->probe ? probe_reason(w->probe) :
	    w->err ? strerror(w->err) : "it is still there");
}

struct waits *
waits_new(struct ev_loop *ev, size_t sockets, waiter_fn *fn)
{
	struct waits *a = mem_calloc(1, sizeof(*a));

	a->ev = ev;
	a->fn = fn;
	a->probes = probes_new(ev, sockets);
	link_init(&a->paths);
	ev_init(&a->look, on_look);
	a->look.data = a;
	return a;
}

void
waits_free(struct waits *a)
{
	if (!a)
		return;
	ev_timer_stop(a->ev, &a->look);
	probes_free(a->probes);
	free(a);
}

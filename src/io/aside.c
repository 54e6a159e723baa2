/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/aside.h"
#include "io/loop.h"

/* it only makes system calls */
enum { STACK = 64 * 1024 };

struct aside {
	struct loop *loop;
	struct aside_config cfg;
	ev_io done;		/* the thread is */
	ev_timer timer;
	double began;		/* the last time, monotonic */
	bool busy;		/* the thread has something to do */
	bool hurry;
	bool failed;
	uint64_t written, doing, kept;

	bool has_thread;
	pthread_t thread;
	/* between the two, under the lock: */
	pthread_mutex_t lock;
	pthread_cond_t work;
	bool wanted, over;
	int err;
	bool named;		/* the thread's alone */
};

/* --- in the thread (or, when there is none any more, at the end) -------- */

/* the name of the file in its directory, and that one's in its own */
static int
keep_names(int dir)
{
	int above, rc;

	if (dir == -1)
		return 0;
	above = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fsync(dir);
	if (above != -1) {
		if (rc == 0)
			rc = fsync(above);
		close(above);
	}
	/* not every file system can do that */
	return rc == -1 && errno == EINVAL ? 0 : rc;
}

static int
keep(struct aside *a)
{
	int rc;

	while ((rc = fdatasync(a->cfg.fd)) == -1 && errno == EINTR)
		;
	if (rc == 0 && !a->named) {
		a->named = true;
		rc = keep_names(a->cfg.dir);
	}
	return rc == -1 && errno != EINVAL ? errno : 0;
}

static void *
thread(void *arg)
{
	static const uint64_t one = 1;
	struct aside *a = arg;
	int err;

	pthread_mutex_lock(&a->lock);
	for (;;) {
		while (!a->wanted && !a->over)
			pthread_cond_wait(&a->work, &a->lock);
		if (!a->wanted)
			break;
		pthread_mutex_unlock(&a->lock);
		err = keep(a);
		pthread_mutex_lock(&a->lock);
		a->wanted = false;
		a->err = err;
		/* it cannot be full */
		if (write(a->done.fd, &one, sizeof(one)) == -1)
			break;
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* --- in the loop -------------------------------------------------------- */

/* signals are for the loop */
static int
make_thread(struct aside *a)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	err = pthread_create(&a->thread, &attr, thread, a);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	a->has_thread = err == 0;
	return err;
}

static void
over(struct aside *a, int err)
{
	a->busy = false;
	if (err && !a->failed) {
		a->failed = true;
		a->cfg.failed(a->cfg.arg, err);
	} else if (!err) {
		a->kept = a->doing;
		a->cfg.kept(a->cfg.arg, a->kept);
	}
}

static void
begin(struct aside *a)
{
	a->busy = true;
	a->hurry = false;
	a->doing = a->written;
	a->began = loop_clock();
	/* without a thread it takes our time */
	if (!a->has_thread && make_thread(a) != 0) {
		over(a, keep(a));
		return;
	}
	pthread_mutex_lock(&a->lock);
	a->wanted = true;
	pthread_cond_signal(&a->work);
	pthread_mutex_unlock(&a->lock);
}

/* begin, now or later, what is to be done */
static void
plan(struct aside *a)
{
	double left = a->began + ASIDE_EVERY - loop_clock();

	if (a->busy || a->failed || a->written == a->kept)
		return;
	if (a->hurry || left <= 0) {
		ev_timer_stop(loop_ev(a->loop), &a->timer);
		begin(a);
	} else if (!ev_is_active(&a->timer)) {
		ev_now_update(loop_ev(a->loop));
		ev_timer_set(&a->timer, left, 0.);
		ev_timer_start(loop_ev(a->loop), &a->timer);
	}
}

static void
on_timer(struct ev_loop *ev, ev_timer *w, int events)
{
	(void)ev, (void)events;
	plan(w->data);
}

static void
on_done(struct ev_loop *ev, ev_io *w, int events)
{
	struct aside *a = w->data;
	uint64_t n;
	int err;

	(void)ev, (void)events;
	if (read(w->fd, &n, sizeof(n)) == -1)
		return;
	pthread_mutex_lock(&a->lock);
	err = a->err;
	pthread_mutex_unlock(&a->lock);
	over(a, err);
	plan(a);
}

uint64_t
aside_written(struct aside *a)
{
	a->written++;
	plan(a);
	return a->written;
}

void
aside_hurry(struct aside *a)
{
	a->hurry = true;
	plan(a);
}

struct aside *
aside_new(struct loop *loop, const struct aside_config *cfg)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct aside *a;

	if (fd == -1)
		return NULL;
	a = mem_calloc(1, sizeof(*a));
	a->loop = loop;
	a->cfg = *cfg;
	a->began = -ASIDE_EVERY;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->work, NULL);
	ev_init(&a->timer, on_timer);
	a->timer.data = a;
	ev_io_init(&a->done, on_done, fd, EV_READ);
	a->done.data = a;
	ev_io_start(loop_ev(loop), &a->done);
	return a;
}

static void
end_thread(struct aside *a)
{
	if (!a->has_thread)
		return;
	pthread_mutex_lock(&a->lock);
	a->over = true;
	pthread_cond_signal(&a->work);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	a->has_thread = false;
	/* what it was doing when it was told to end, it has done */
	if (a->busy && !a->err)
		a->kept = a->doing;
}

int
aside_finish(struct aside *a)
{
	int err;

	end_thread(a);
	if (a->failed || a->written == a->kept)
		return 0;
	/* what was lost is told only once */
	err = a->busy ? a->err : 0;
	if (!err)
		err = keep(a);
	if (!err) {
		a->kept = a->written;
		return 0;
	}
	a->failed = true;
	errno = err;
	return -1;
}

void
aside_free(struct aside *a)
{
	if (!a)
		return;
	end_thread(a);
	ev_timer_stop(loop_ev(a->loop), &a->timer);
	ev_io_stop(loop_ev(a->loop), &a->done);
	close(a->done.fd);
	pthread_cond_destroy(&a->work);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

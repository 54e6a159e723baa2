/* SPDX-License-Identifier: ISC */
/* a copy to or from elsewhere, by a command there */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/inside.h"
#include "io/supply.h"
#include "io/transfer.h"

enum {
	PAGE = 4096,
	PIPE_LARGE = 256 * 1024
};

/* --- to there ----------------------------------------------------------- */

/* what the pipe has room for: so little has to be kept that did not fit */
static size_t
room_of(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ), used = 0;

	if (size == -1 || ioctl(fd, FIONREAD, &used) == -1)
		return PAGE;
	size = (size - used) / PAGE * PAGE;
	return size < PAGE ? PAGE : size < READ_SIZE ? (size_t)size : READ_SIZE;
}

static void
on_writable(struct ev_loop *ev, ev_io *w, int events)
{
	struct task *t = w->data;
	struct task_extra *x = t->extra;
	char *buf = t->all->buf;
	ssize_t n, done;

	(void)events;
	if (!feed_before(x))
		return;
	n = transfer_read(x->transfer, buf, room_of(w->fd));
	/* whether all of it came is seen there: an end is missing, or not */
	done = n > 0 ? feed_put(x, buf, (size_t)n) : -1;
	if (done == -1) {
		feed_close(x, ev);
		return;
	}
	if (done < n) {
		buf_clear(&x->before);
		buf_add(&x->before, buf + done, (size_t)(n - done));
		x->before_at = 0;
	}
}

int
ferry_open(struct task *t, const struct launch *l)
{
	struct task_extra *x = task_extra(t);
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1)
		return -1;
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	/* not all may have as much */
	fcntl(fd[1], F_SETPIPE_SZ, PIPE_LARGE);
	ev_io_init(&x->in, on_writable, fd[1], EV_WRITE);
	x->in.data = t;
	buf_add(&x->before, l->in_bytes, l->in_len);
	ev_io_start(t->all->ev, &x->in);
	return fd[0];
}

static ssize_t
pull(void *arg, char *p, size_t n)
{
	const struct task *t = arg;
	ssize_t got = transfer_read(t->extra->transfer, p, n);

	return got > 0 ? got : 0;
}

void
ferry_supply(struct task *t, struct supply *s)
{
	s->pull = pull;
	s->arg = t;
}

/* --- from there --------------------------------------------------------- */

static void
consume(struct task *t, const char *p, size_t n)
{
	struct task_extra *x = t->extra;

	if (x->message || transfer_take(x->transfer, p, n) == 0)
		return;
	task_fail(t, mem_strdup(transfer_message(x->transfer)));
	/* it is not ended by anybody, so that this is the reason */
	task_fact(t, FACT_END);
}

/* --- the whole ---------------------------------------------------------- */

int
ferry_begin(struct task *t, const struct launch *l)
{
	struct task_extra *x = task_extra(t);

	x->transfer = transfer_new(&l->copy);
	x->consume = consume;
	if (transfer_message(x->transfer)[0] == '\0')
		return 0;
	task_fail(t, mem_strdup(transfer_message(x->transfer)));
	t->reaped = t->failed = true;
	task_over(t);
	return -1;
}

void
ferry_end(struct task *t)
{
	struct task_extra *x = t->extra;
	struct buf b = { 0 };
	const char *why;

	t->changed = transfer_changed(x->transfer);
	/* what was never begun, or broke off, has its reasons elsewhere */
	if (x->message || t->cause != CAUSE_NONE || t->failed ||
	    (x->mark && !x->group) || transfer_whole(x->transfer))
		return;
	why = transfer_message(x->transfer);
	if (why[0] == '\0' && t->signo)
		return;
	buf_adds(&b, why[0] ? why : "the copy ended before it was whole");
	if (why[0] == '\0' && t->code)
		buf_addf(&b, ": exit %d", t->code);
	buf_str(&b);
	task_fail(t, b.data);
}

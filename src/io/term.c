/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/keys.h"
#include "io/loop.h"
#include "io/modes.h"
#include "io/term.h"

struct term {
	struct loop *loop;
	struct term_config cfg;
	int fd;			/* a description of our own, or -1: no keys */
	bool front;		/* when it was looked at last */
	unsigned rows, columns;
	struct keys keys;
	ev_io readable;
	ev_timer look;
};

/* keys come from now on, if it is us who is shown */
static void
take(struct term *t)
{
	if (t->fd == -1 || !t->front)
		return;
	modes_take();
	ev_io_start(loop_ev(t->loop), &t->readable);
}

static void
leave(struct term *t)
{
	ev_io_stop(loop_ev(t->loop), &t->readable);
	modes_restore();
}

/* true: it was another */
static bool
measure(struct term *t)
{
	struct winsize w = { 0 };
	unsigned rows = t->rows, columns = t->columns;

	ioctl(t->cfg.fd, TIOCGWINSZ, &w);
	t->rows = w.ws_row ? w.ws_row : 24;
	t->columns = w.ws_col ? w.ws_col : 80;
	return rows != t->rows || columns != t->columns;
}

/* --- what happens to it -------------------------------------------------- */

static void
on_readable(struct ev_loop *ev, ev_io *w, int events)
{
	struct term *t = w->data;
	unsigned char bytes[256];
	ssize_t n;

	(void)events;
	/* who reads in the background is stopped */
	t->front = modes_front(t->fd);
	if (!t->front) {
		leave(t);
		return;
	}
	n = read(t->fd, bytes, sizeof(bytes));
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		/* hung up; there will be no more */
		ev_io_stop(ev, w);
		modes_restore();
		close(t->fd);
		t->fd = -1;
	}
	for (ssize_t i = 0; i < n; i++) {
		int key = keys_take(&t->keys, bytes[i], loop_now(t->loop));

		if (key != -1 && t->cfg.key)
			t->cfg.key(t->cfg.arg, key);
	}
}

static void
on_resize(void *arg, int signo)
{
	struct term *t = arg;

	(void)signo;
	measure(t);
	if (t->cfg.resized)
		t->cfg.resized(t->cfg.arg);
}

/*
 * Neither is a job told that the shell brings it to the front while it runs,
 * nor of a new size while it is in the back.
 */
static void
on_look(struct ev_loop *ev, ev_timer *w, int events)
{
	struct term *t = w->data;
	bool front = modes_front(t->cfg.fd);

	(void)ev, (void)events;
	if (front == t->front)
		return;
	t->front = front;
	if (front)
		take(t);
	else
		leave(t);
	if (front && measure(t) && t->cfg.resized)
		t->cfg.resized(t->cfg.arg);
}

static void
on_cont(void *arg, int signo)
{
	struct term *t = arg;

	(void)signo;
	t->front = modes_front(t->cfg.fd);
	if (t->front)
		take(t);
	else
		leave(t);
	measure(t);
	if (t->cfg.cont)
		t->cfg.cont(t->cfg.arg);
}

/* as if nobody had caught it: whoever started us sees us stopped */
static void
stop(void)
{
	const struct timespec none = { 0 };
	struct sigaction act = { .sa_handler = SIG_DFL }, old;
	sigset_t cont, mask;

	sigemptyset(&cont);
	sigaddset(&cont, SIGCONT);
	/* SIGCONT works all the same; it is dealt with by the caller */
	sigprocmask(SIG_BLOCK, &cont, &mask);
	sigaction(SIGTSTP, &act, &old);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	sigtimedwait(&cont, NULL, &none);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void
on_stop(void *arg, int signo)
{
	struct term *t = arg;

	(void)signo;
	if (t->cfg.stop)
		t->cfg.stop(t->cfg.arg);
	leave(t);
	stop();
	on_cont(t, SIGCONT);
}

/* --- from the start to the end ------------------------------------------- */

/* a description of our own, so that O_NONBLOCK is ours alone */
static int
open_keys(int shown)
{
	const int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat in, out;

	/* its node may be another user's (su), our own name for it is not */
	if (tcgetpgrp(shown) != -1)
		return open("/dev/tty", flags);
	/* not ours to read, unless it is what we were given to read */
	if (!isatty(STDIN_FILENO) || fstat(STDIN_FILENO, &in) == -1 ||
	    fstat(shown, &out) == -1 || in.st_rdev != out.st_rdev)
		return -1;
	return open("/proc/self/fd/0", flags);
}

static bool
is_ignored(int signo)
{
	struct sigaction now;

	return sigaction(signo, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

struct term *
term_new(struct loop *loop, const struct term_config *cfg)
{
	struct term *t = mem_calloc(1, sizeof(*t));

	t->loop = loop;
	t->cfg = *cfg;
	t->fd = cfg->keys ? open_keys(cfg->fd) : -1;
	modes_open(t->fd);
	measure(t);
	ev_io_init(&t->readable, on_readable, t->fd, EV_READ);
	ev_timer_init(&t->look, on_look, 0.25, 0.25);
	t->readable.data = t->look.data = t;
	ev_timer_start(loop_ev(loop), &t->look);
	loop_on_signal(loop, SIGWINCH, on_resize, t);
	if (!is_ignored(SIGTSTP))
		loop_on_signal(loop, SIGTSTP, on_stop, t);
	if (!is_ignored(SIGCONT))
		loop_on_signal(loop, SIGCONT, on_cont, t);
	t->front = modes_front(cfg->fd);
	take(t);
	return t;
}

bool
term_is_front(const struct term *t)
{
	return modes_front(t->cfg.fd);
}

void
term_size(const struct term *t, unsigned *rows, unsigned *columns)
{
	*rows = t->rows;
	*columns = t->columns;
}

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

bool
term_reflows(const struct term *t)
{
	const char *name = getenv("TERM");

	(void)t;
	if (!name)
		name = "";
	if (begins(name, "screen"))
		return getenv("TMUX") != NULL;
	/* what xterm sets is still there in a tmux within it */
	if (begins(name, "tmux"))
		return true;
	return !begins(name, "linux") && !getenv("XTERM_VERSION");
}

void
term_free(struct term *t)
{
	if (!t)
		return;
	leave(t);
	modes_close();
	loop_off_signal(t->loop, t);
	ev_timer_stop(loop_ev(t->loop), &t->look);
	if (t->fd != -1)
		close(t->fd);
	free(t);
}

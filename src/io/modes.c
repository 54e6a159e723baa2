/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/modes.h"

/*
 * What a signal's handler and exit() have to know, and so the program's,
 * not one terminal's: there is only one that shows us.
 */
static struct {
	int fd;
	pid_t owner;		/* children share our handlers for a moment */
	volatile sig_atomic_t changed;
	struct termios before;
} saved;

/*
 * Of a terminal that is not our controlling one (`su -c`, a container's
 * console) the shell has no jobs: whoever is there sees us.
 */
bool
modes_front(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group == -1 ? errno == ENOTTY : group == getpgrp();
}

/* also in the handlers of signals; never stops us, never while in the back */
void
modes_restore(void)
{
	sigset_t stop, mask;
	int err = errno;

	if (!saved.changed || saved.owner != getpid())
		return;
	if (modes_front(saved.fd)) {
		sigemptyset(&stop);
		sigaddset(&stop, SIGTTOU);
		sigprocmask(SIG_BLOCK, &stop, &mask);
		tcsetattr(saved.fd, TCSANOW, &saved.before);
		sigprocmask(SIG_SETMASK, &mask, NULL);
	}
	saved.changed = 0;
	errno = err;
}

/* --- ends that nobody planned -------------------------------------------- */

/* INT, TERM and HUP: until the run has handlers of its own */
static const int fatal[] = {
	SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT,
	SIGINT, SIGTERM, SIGHUP
};

static void
on_fatal(int signo)
{
	signal(signo, SIG_DFL);
	modes_restore();
	kill(getpid(), signo);
}

/* handlers that are there are somebody else's: a sanitizer's, say */
static void
guard(void)
{
	static bool at_exit;
	struct sigaction act = {
		.sa_handler = on_fatal, .sa_flags = SA_NODEFER
	};
	struct sigaction now;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < countof(fatal); i++) {
		if (sigaction(fatal[i], NULL, &now) == 0 &&
		    !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL)
			sigaction(fatal[i], &act, NULL);
	}
	if (!at_exit)
		atexit(modes_restore);
	at_exit = true;
}

static void
unguard(void)
{
	struct sigaction now;

	for (size_t i = 0; i < countof(fatal); i++) {
		if (sigaction(fatal[i], NULL, &now) == 0 &&
		    !(now.sa_flags & SA_SIGINFO) &&
		    now.sa_handler == on_fatal)
			signal(fatal[i], SIG_DFL);
	}
}

/* --- from the start to the end ------------------------------------------- */

void
modes_open(int fd)
{
	assert(saved.owner != getpid());
	saved.fd = fd;
	saved.owner = getpid();
	guard();
}

static bool
are_ours(const struct termios *m)
{
	return saved.changed && !(m->c_lflag & (ICANON | ECHO));
}

void
modes_take(void)
{
	struct termios m;

	if (tcgetattr(saved.fd, &m) == -1)
		return;
	/* they stay as they were found first, until a shell had it again */
	if (!are_ours(&m)) {
		saved.changed = 0;
		saved.before = m;
		saved.changed = 1;
	}
	m.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	m.c_cc[VMIN] = 1;
	m.c_cc[VTIME] = 0;
	tcsetattr(saved.fd, TCSANOW, &m);
}

void
modes_close(void)
{
	modes_restore();
	unguard();
	saved.owner = 0;
}

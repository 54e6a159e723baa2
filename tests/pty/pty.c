/* SPDX-License-Identifier: ISC */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pty.h"

double
pty_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* as a shell in the foreground would start it, whoever started us */
static void
be_command(int slave, char **argv)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (setsid() == -1 || ioctl(slave, TIOCSCTTY, 0) == -1)
		err(100, "controlling terminal");
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

void
pty_start(struct pty *t, int rows, int columns, char **argv)
{
	int slave;

	*t = (struct pty){ .master = posix_openpt(O_RDWR | O_NOCTTY |
	    O_CLOEXEC | O_NONBLOCK) };
	if (t->master == -1 || unlockpt(t->master) == -1)
		err(100, "posix_openpt");
	slave = open(ptsname(t->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave == -1)
		err(100, "%s", ptsname(t->master));
	pty_resize(t, rows, columns);
	t->pid = fork();
	if (t->pid == -1)
		err(100, "fork");
	if (t->pid == 0)
		be_command(slave, argv);
	close(slave);
}

static void
look(struct pty *t)
{
	if (!t->ended && waitpid(t->pid, &t->status, WNOHANG) == t->pid)
		t->ended = true;
}

ssize_t
pty_read(struct pty *t, char *bytes, size_t size, int ms)
{
	struct pollfd p = { .fd = t->master, .events = POLLIN };
	ssize_t n;

	/* before: what it wrote last is read after that */
	look(t);
	poll(&p, 1, ms);
	if (t->master == -1 || !p.revents)
		return 0;
	n = read(t->master, bytes, size);
	if (n > 0)
		return n;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	/* nobody has it open: that is no event to be waited for */
	if (!t->ended)
		poll(NULL, 0, ms < 10 ? ms : 10);
	return -1;
}

void
pty_write(struct pty *t, const char *bytes, size_t len)
{
	struct pollfd p = { .fd = t->master, .events = POLLOUT };

	while (len > 0 && t->master != -1) {
		ssize_t n = write(t->master, bytes, len);

		if (n == -1 && errno == EAGAIN && poll(&p, 1, 5000) == 1)
			continue;
		if (n == -1 && errno == EIO)
			return;
		if (n == -1)
			err(100, "write to the terminal");
		bytes += n;
		len -= (size_t)n;
	}
}

void
pty_resize(struct pty *t, int rows, int columns)
{
	const struct winsize w = {
		.ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns
	};

	ioctl(t->master, TIOCSWINSZ, &w);
}

int
pty_end(struct pty *t)
{
	double until = pty_clock() + 2;

	if (t->master != -1)
		close(t->master);
	t->master = -1;
	for (look(t); !t->ended && pty_clock() < until; look(t))
		poll(NULL, 0, 10);
	if (!t->ended) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, &t->status, 0);
		t->ended = true;
	}
	return WIFEXITED(t->status) ? WEXITSTATUS(t->status) :
	    128 + WTERMSIG(t->status);
}

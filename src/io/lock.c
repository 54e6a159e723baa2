/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "io/lock.h"

/*
 * The first byte is the lock itself.  The second is held by who ends the
 * holder, so that no second TERM reaches it from another one that wants the
 * same: it would cut short what the holder does at its end.
 */
enum { BYTE_LOCK, BYTE_REPLACE };

/* after the second TERM, which kills all that runs, seconds */
#define LAST_WAIT 30.0
/* what is signed: "PID RUN", always as long, so that a full disk can hold it */
enum { SIGNED = 128 };

int
lock_open(struct lock *l, const char *path)
{
	l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	return l->fd == -1 ? -1 : 0;
}

static int
set(const struct lock *l, int byte, short type, int how)
{
	struct flock k = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = byte,
		.l_len = 1
	};
	int rc = fcntl(l->fd, how, &k);

	/* the standard knows both */
	if (rc == -1 && errno == EACCES)
		errno = EAGAIN;
	return rc;
}

int
lock_try(struct lock *l, bool shared)
{
	return set(l, BYTE_LOCK, shared ? F_RDLCK : F_WRLCK, F_SETLK);
}

/* 0: nobody; ELSEWHERE: on another machine, or in another container */
#define ELSEWHERE ((pid_t)-1)

static pid_t
holder(const struct lock *l)
{
	struct flock k = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_start = BYTE_LOCK, .l_len = 1
	};

	if (fcntl(l->fd, F_GETLK, &k) == -1 || k.l_type == F_UNLCK)
		return 0;
	return k.l_pid > 0 ? k.l_pid : ELSEWHERE;
}

/* --- waiting ------------------------------------------------------------ */

static double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
on_alarm(int signo)
{
	(void)signo;
}

/*
 * It rings more than once: the first time may be between the look at the
 * clock and the call that it is to interrupt.
 */
static void
set_alarm(double seconds, struct sigaction *old, sigset_t *mask)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct itimerval t = { .it_interval.tv_usec = 50000 };
	sigset_t set;

	sigaction(SIGALRM, &act, old);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, mask);
	t.it_value.tv_sec = (time_t)seconds;
	t.it_value.tv_usec = (suseconds_t)((seconds -
	    (double)t.it_value.tv_sec) * 1e6) + 1;
	if (t.it_value.tv_usec > 999999)
		t.it_value.tv_usec = 999999;
	setitimer(ITIMER_REAL, &t, NULL);
}

static void
clear_alarm(const struct sigaction *old, const sigset_t *mask)
{
	struct itimerval t = { 0 };

	setitimer(ITIMER_REAL, &t, NULL);
	sigaction(SIGALRM, old, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
}

static int
wait_for(const struct lock *l, int byte, double seconds)
{
	double end = clock_now() + seconds;
	struct sigaction old;
	sigset_t mask;
	int rc, err;

	if (seconds >= 0)
		set_alarm(seconds, &old, &mask);
	do {
		rc = set(l, byte, F_WRLCK, F_SETLKW);
		err = errno;
		if (rc == -1 && err == EINTR && seconds >= 0 &&
		    clock_now() >= end)
			err = ETIMEDOUT;
	} while (rc == -1 && err == EINTR);
	if (seconds >= 0)
		clear_alarm(&old, &mask);
	errno = err;
	return rc;
}

int
lock_wait(struct lock *l, double seconds)
{
	return wait_for(l, BYTE_LOCK, seconds);
}

/* --- who has it --------------------------------------------------------- */

void
lock_sign(struct lock *l, const char *run)
{
	char text[SIGNED + 1];
	int n = snprintf(text, sizeof(text), "%ld %.*s\n", (long)getpid(),
	    LOCK_RUN - 1, run);

	memset(text + n, ' ', (size_t)(SIGNED - n));
	text[SIGNED - 1] = '\n';
	/* without it others are only told less */
	if (pwrite(l->fd, text, SIGNED, 0) == -1)
		errno = 0;
}

void
lock_ask(struct lock *l, struct lock_holder *who)
{
	char text[SIGNED + 1], *end;
	ssize_t n = pread(l->fd, text, SIGNED, 0);
	size_t len;

	who->pid = holder(l);
	who->run[0] = '\0';
	if (who->pid == ELSEWHERE)
		who->pid = 0;
	if (n <= 0)
		return;
	text[n] = '\0';
	/* it may be of one that had it before, or is about to be written */
	if (strtol(text, &end, 10) != who->pid || *end++ != ' ')
		return;
	len = strcspn(end, " \n");
	if (len >= sizeof(who->run))
		return;
	memcpy(who->run, end, len);
	who->run[len] = '\0';
}

/* of /proc/PID/stat; 0: there is none */
static pid_t
parent(pid_t pid)
{
	char path[64], text[512], *p;
	long above = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	/* "PID (NAME) STATE PARENT": any byte may stand in a name */
	p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %*c %ld", &above) != 1)
		return 0;
	return (pid_t)above;
}

bool
lock_is_above(pid_t pid)
{
	for (pid_t up = getppid(); pid > 1 && up > 1; up = parent(up))
		if (up == pid)
			return true;
	return false;
}

/* --- ending it ---------------------------------------------------------- */

/*
 * A hold on the process that has the lock, -1 with errno: that it still has
 * it once its descriptor is there shows that this is not another one that
 * was given the same number meanwhile.  ESRCH: look again.
 */
static int
pin(const struct lock *l, pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd == -1)
		return -1;
	if (holder(l) == pid)
		return fd;
	close(fd);
	errno = ESRCH;
	return -1;
}

static bool
is_gone(int pidfd, double seconds)
{
	double end = clock_now() + seconds;
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int rc;

	do {
		double left = end - clock_now();

		rc = poll(&p, 1, left > 0 ? (int)(left * 1e3) + 1 : 0);
	} while (rc == -1 && errno == EINTR);
	return rc == 1;
}

static int
term(int pidfd)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) == 0 ||
	    errno == ESRCH)
		return 0;
	return -1;
}

static double
last_wait(double seconds)
{
	return seconds < LAST_WAIT ? seconds : LAST_WAIT;
}

static int
end_holder(const struct lock *l, pid_t pid, double seconds)
{
	int fd = pin(l, pid), rc, err;

	if (fd == -1)
		return errno == ESRCH ? 0 : -1;
	rc = term(fd);
	if (rc == 0 && !is_gone(fd, seconds)) {
		rc = term(fd);
		if (rc == 0 && !is_gone(fd, last_wait(seconds))) {
			errno = ETIMEDOUT;
			rc = -1;
		}
	}
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

int
lock_replace(struct lock *l, double seconds)
{
	int rc = wait_for(l, BYTE_REPLACE, seconds + last_wait(seconds)),
	    err;

	if (rc == -1)
		return -1;
	while ((rc = lock_try(l, false)) == -1 && errno == EAGAIN) {
		pid_t pid = holder(l);

		if (pid == 0)
			continue;
		errno = EREMOTE;
		if (pid == ELSEWHERE || end_holder(l, pid, seconds) == -1)
			break;
	}
	err = errno;
	set(l, BYTE_REPLACE, F_UNLCK, F_SETLK);
	errno = err;
	return rc;
}

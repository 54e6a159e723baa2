/* SPDX-License-Identifier: ISC */
/*
 * limit [-n N] [-j J] [-p PIPES] COMMAND ARG… - the least that starting and
 * reaping N processes, J at a time, can cost: vfork, exec, wait4
 *
 * With -p 2 both streams are read to their end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	pid_t pid;
	int open;
};

static char sink[65536];

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(3);
}

static pid_t
start(char **argv, const int *to, int pipes)
{
	pid_t pid = vfork();

	if (pid == -1)
		die("vfork");
	if (pid == 0) {
		for (int i = 0; i < pipes; i++)
			dup2(to[i], i + 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static int
plain(long n, long j, char **argv)
{
	long begun = 0, bad = 0;
	int status;

	for (long ended = 0; ended < n; ended++) {
		while (begun < n && begun - ended < j) {
			start(argv, NULL, 0);
			begun++;
		}
		if (wait4(-1, &status, 0, NULL) == -1)
			die("wait4");
		bad += status != 0;
	}
	return bad != 0;
}

static void
start_captured(int ep, struct child *c, unsigned index, char **argv)
{
	int from[2], to[2];

	for (int i = 0; i < 2; i++) {
		int fd[2];

		if (pipe2(fd, O_CLOEXEC) == -1)
			die("pipe");
		from[i] = fd[0];
		to[i] = fd[1];
	}
	c->pid = start(argv, to, 2);
	c->open = 2;
	for (int i = 0; i < 2; i++) {
		struct epoll_event e = { .events = EPOLLIN };

		close(to[i]);
		e.data.u64 = (unsigned long long)index << 32 |
		    (unsigned)from[i];
		if (epoll_ctl(ep, EPOLL_CTL_ADD, from[i], &e) == -1)
			die("epoll_ctl");
	}
}

static int
captured(long n, long j, char **argv)
{
	struct child *child = calloc((size_t)j, sizeof(*child));
	int ep = epoll_create1(EPOLL_CLOEXEC), status;
	long begun = 0, ended = 0, bad = 0;
	struct epoll_event e[64];

	for (; begun < j && begun < n; begun++)
		start_captured(ep, &child[begun], (unsigned)begun, argv);
	while (ended < n) {
		int got = epoll_wait(ep, e, 64, -1);

		for (int i = 0; i < got; i++) {
			unsigned index = (unsigned)(e[i].data.u64 >> 32);
			int fd = (int)(e[i].data.u64 & 0xffffffff);
			struct child *c = &child[index];

			if (read(fd, sink, sizeof(sink)) > 0)
				continue;
			/* before it may be another one */
			epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
			close(fd);
			if (--c->open)
				continue;
			if (waitpid(c->pid, &status, 0) == -1)
				die("waitpid");
			bad += status != 0;
			ended++;
			if (begun < n) {
				begun++;
				start_captured(ep, c, index, argv);
			}
		}
	}
	free(child);
	return bad != 0;
}

int
main(int argc, char **argv)
{
	long n = 1, j = 1, pipes = 0;
	struct rlimit lim;
	int c;

	while ((c = getopt(argc, argv, "+n:j:p:")) != -1) {
		if (c == 'n')
			n = atol(optarg);
		else if (c == 'j')
			j = atol(optarg);
		else if (c == 'p')
			pipes = atol(optarg);
		else
			return 2;
	}
	if (!argv[optind] || n < 1 || j < 1)
		return 2;
	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
	return (pipes ? captured : plain)(n, j, argv + optind);
}

/* SPDX-License-Identifier: ISC */
/*
 * measure [-i IN] [-o OUT] [-t SECONDS] COMMAND ARG… - run it, and print
 *
 *	WALL_US RSS_KIB STATUS START_US
 *
 * IN and OUT are its standard input and output (else /dev/null), its errors
 * go to ours.  After SECONDS it gets KILL: then the status is 137.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void
redirect(const char *path, int flags, int target)
{
	int fd = open(path, flags, 0666);

	if (fd == -1) {
		perror(path);
		_exit(3);
	}
	dup2(fd, target);
	close(fd);
}

int
main(int argc, char **argv)
{
	const char *in = "/dev/null", *out = "/dev/null";
	long long begin, end;
	struct rusage u;
	int c, status, seconds = 0;
	pid_t pid, killer = 0;

	while ((c = getopt(argc, argv, "+i:o:t:")) != -1) {
		if (c == 'i')
			in = optarg;
		else if (c == 'o')
			out = optarg;
		else if (c == 't')
			seconds = atoi(optarg);
		else
			return 2;
	}
	if (!argv[optind])
		return 2;
	begin = now();
	pid = fork();
	if (pid == 0) {
		redirect(in, O_RDONLY, 0);
		redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
		execvp(argv[optind], argv + optind);
		perror(argv[optind]);
		_exit(127);
	}
	if (seconds && (killer = fork()) == 0) {
		sleep((unsigned)seconds);
		kill(pid, SIGKILL);
		_exit(0);
	}
	if (wait4(pid, &status, 0, &u) == -1)
		return 3;
	end = now();
	if (killer > 0)
		kill(killer, SIGKILL);
	printf("%lld %ld %d %lld\n", end - begin, u.ru_maxrss,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	    begin);
	return 0;
}

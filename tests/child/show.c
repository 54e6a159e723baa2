/* show - what a process finds: session, signals, descriptors, limit */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int
main(void)
{
	struct sigaction sa;
	struct rlimit r;
	sigset_t mask;
	int death = 0;

	printf("sid=%d group=%d\n", getsid(0) == getpid(),
	    getpgrp() == getpid());
	sigprocmask(SIG_SETMASK, NULL, &mask);
	printf("blocked=");
	for (int s = 1; s < 65; s++)
		if (sigismember(&mask, s) == 1)
			printf("%d,", s);
	printf("\nignored=");
	for (int s = 1; s < 65; s++)
		if (sigaction(s, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN)
			printf("%d,", s);
	printf("\nfds=");
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			printf("%d,", fd);
	getrlimit(RLIMIT_NOFILE, &r);
	printf("\nnofile=%lu\n", (unsigned long)r.rlim_cur);
	prctl(PR_GET_PDEATHSIG, &death);
	printf("death=%d\n", death);
	printf("flags=%d,%d\n", fcntl(1, F_GETFL) & O_NONBLOCK,
	    fcntl(2, F_GETFL) & O_NONBLOCK);
	printf("tty=%d,%d,%d\n", isatty(0), isatty(1), isatty(2));
	printf("terminal=%d\n", open("/dev/tty", O_RDWR) != -1);
	return 0;
}

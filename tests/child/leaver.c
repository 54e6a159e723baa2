/*
 * leaver [MODE] - leaves a descendant that holds its output for a minute
 *
 * "ignore": it ignores TERM, and so does the one that is left; both stay.
 * The descendant's pid is the only line of output.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int stay = argc > 1 && strcmp(argv[1], "ignore") == 0;
	pid_t pid;

	if (stay)
		signal(SIGTERM, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		sleep(60);
		return 0;
	}
	printf("%ld\n", (long)pid);
	fflush(stdout);
	if (stay)
		pause();
	return 0;
}

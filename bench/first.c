/* SPDX-License-Identifier: ISC */
/*
 * first FILE - the first of many to run writes the time into FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

int
main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_WRONLY | O_CREAT | O_EXCL, 0666) :
	    -1;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (fd != -1)
		dprintf(fd, "%lld\n", t.tv_sec * 1000000LL + t.tv_nsec / 1000);
	return 0;
}

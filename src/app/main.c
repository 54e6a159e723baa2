/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "app/opts.h"
#include "app/session.h"

/*
 * With a closed descriptor 0 to 2 the next file we open would take its
 * place.  What stands there then cannot be read or written, so that a
 * closed standard output is an error when something is written to it.
 */
static void
fill_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	fill_descriptors();
	if (argc > 0) {
		session_title.text = argv[0];
		session_title.len = (size_t)(argv[argc - 1] - argv[0]) +
		    strlen(argv[argc - 1]) + 1;
	}
	return opts_main(argc, argv);
}

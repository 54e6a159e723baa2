/* SPDX-License-Identifier: ISC */
/*
 * pty [-s ROWSxCOLUMNS] SCRIPT|- COMMAND...	plays a script, see play.c
 * pty [-s ROWSxCOLUMNS] -m COMMAND...		reads as fast as it can
 *
 * -m prints "BYTES SECONDS" at the end.  A command that is still there when
 * the script ends is hung up.  The exit status is that of the command (128
 * + n for a signal), or 100 if the script could not be played: then what
 * the screen had stands on standard error.
 */
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "play.h"
#include "pty.h"

static void
measure(struct pty *t)
{
	static char bytes[1 << 20];
	double start = pty_clock();
	size_t sum = 0;
	ssize_t n;

	while ((n = pty_read(t, bytes, sizeof(bytes), 100)) >= 0 || !t->ended)
		sum += n > 0 ? (size_t)n : 0;
	printf("%zu %.3f\n", sum, pty_clock() - start);
}

int
main(int argc, char **argv)
{
	struct pty pty;
	int rows = 24, columns = 80, opt;
	bool measures = false;
	FILE *script = stdin;

	while ((opt = getopt(argc, argv, "+ms:")) != -1) {
		measures |= opt == 'm';
		if (opt == '?' || (opt == 's' &&
		    sscanf(optarg, "%dx%d", &rows, &columns) != 2))
			errx(100, "-s ROWSxCOLUMNS");
	}
	argv += optind;
	if (!measures && *argv && strcmp(*argv++, "-") != 0)
		script = fopen(argv[-1], "re");
	if (!script || !*argv)
		errx(100, "usage: pty [-s SIZE] -m|SCRIPT COMMAND...");
	/* one that wraps nothing anew: see screen.h */
	setenv("TERM", "xterm-256color", 1);
	setenv("XTERM_VERSION", "XTerm(379)", 1);
	unsetenv("TMUX");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	pty_start(&pty, rows, columns, argv);
	if (measures)
		measure(&pty);
	else
		play(script, &pty, rows, columns);
	return pty_end(&pty);
}

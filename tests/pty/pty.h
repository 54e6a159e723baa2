/*
 * pty - a command on a pseudo-terminal of its own
 */
#ifndef PTY_PTY_H
#define PTY_PTY_H

#include <stdbool.h>
#include <sys/types.h>

struct pty {
	int master;		/* -1: closed */
	pid_t pid;
	bool ended;
	int status;		/* of waitpid(), once it ended */
};

/* the command leads a session that the terminal controls; ends us if not */
void pty_start(struct pty *, int rows, int columns, char **argv);
/*
 * What it wrote, after ms at most.  0: nothing came; -1: nothing will, it is
 * closed on one side.  Notes the end of the command.
 */
ssize_t pty_read(struct pty *, char *bytes, size_t size, int ms);
void pty_write(struct pty *, const char *bytes, size_t len);
void pty_resize(struct pty *, int rows, int columns);
/* hangs up, if that was not done, and sees to its end; 128 + n for signals */
int pty_end(struct pty *);

double pty_clock(void);

#endif

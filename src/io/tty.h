/*
 * tty - a pseudo-terminal for a process that wants one
 */
#ifndef IO_TTY_H
#define IO_TTY_H

/*
 * *master is ours, not blocking; *slave is for the process: raw (no echo,
 * newlines as they are), 80x24.  -1 with errno.
 */
int tty_open(int *master, int *slave);

#endif

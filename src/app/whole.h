/*
 * whole - a file that is written when the run is over, all of it or nothing
 *
 * A wrong name is told before anything is run.  What was there stays until
 * the new text takes its place; a device or a pipe is written as it is.
 */
#ifndef APP_WHOLE_H
#define APP_WHOLE_H

#include <stdbool.h>

struct buf;

struct whole {
	const char *option;	/* for messages: --facts */
	const char *name;	/* as it was given; NULL: none is wanted */
	char *path;		/* of a file, wherever we go; or NULL: */
	int fd;			/* … what is written to; -1: none */
	bool broken;		/* it could not be written */
};

/* name NULL: none; "-": standard output.  An exit status, told why */
int whole_open(struct whole *, const char *option, const char *name);
/* does nothing if none is wanted */
void whole_write(struct whole *, const struct buf *);
void whole_close(struct whole *);

#endif

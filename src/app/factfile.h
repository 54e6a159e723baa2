/*
 * factfile - the file of --facts
 *
 * Opened before anything is run, so that a wrong name is told in time, and
 * written when the run is over.
 */
#ifndef APP_FACTFILE_H
#define APP_FACTFILE_H

#include <stdbool.h>

#include "base/buf.h"

struct bus;

struct factfile {
	const char *path;	/* NULL: none is wanted */
	int fd;
	bool broken;		/* it could not be written */
	struct buf text;
};

/* "-": standard output; an exit status, told why */
int factfile_open(struct factfile *, const char *path);
/* the names are borrowed */
void factfile_listen(struct factfile *, struct bus *, const char *job,
    const char *run);
/* the run is over, and its output is written */
void factfile_write(struct factfile *);
void factfile_close(struct factfile *);

#endif

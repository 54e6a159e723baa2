/*
 * factfile - the file of --facts
 */
#ifndef APP_FACTFILE_H
#define APP_FACTFILE_H

#include "app/whole.h"
#include "base/buf.h"

struct bus;

struct factfile {
	struct whole file;
	struct buf text;
};

/* NULL: none is wanted; "-": standard output; an exit status, told why */
int factfile_open(struct factfile *, const char *path);
/* the names are borrowed */
void factfile_listen(struct factfile *, struct bus *, const char *job,
    const char *run);
/* the run is over, and its output is written */
void factfile_write(struct factfile *);
void factfile_close(struct factfile *);

#endif

/*
 * logfile - files that bytes are appended to, few of them open at once
 *
 * The one that was not written to for the longest time is closed first.
 */
#ifndef JOURNAL_LOGFILE_H
#define JOURNAL_LOGFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/link.h"

/* a zeroed one is no file yet */
struct logfile {
	struct link link;	/* among those that are open */
	int fd;
	bool is_open;
};

struct logfiles {
	int dir;
	struct link open;	/* the one used last is the last */
	unsigned n, most;
	int spare;		/* a descriptor that can be given up for one */
	bool narrow;		/* the umask takes from the owner, too */
};

void logfiles_init(struct logfiles *, int dir, unsigned most);
/* all of p, to the end of the file of that name; 0, or -1 with errno */
int logfile_append(struct logfiles *, struct logfile *, const char *name,
    const char *p, size_t n);
/* bytes in the file of that name; 0 if there is none */
uint64_t logfile_size(const struct logfiles *, const char *name);
void logfile_close(struct logfiles *, struct logfile *);
/* files were closed before */
void logfiles_fini(struct logfiles *);

#endif

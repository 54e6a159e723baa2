/*
 * aside - what was written to a file is kept for good, beside the loop
 *
 * A thread of its own calls fdatasync(2), which may take long.  It does so
 * only when something was written, for all that was written until then at
 * once, and at most every ASIDE_EVERY seconds unless somebody waits for it.
 */
#ifndef IO_ASIDE_H
#define IO_ASIDE_H

#include <stdint.h>

struct aside;
struct loop;

#define ASIDE_EVERY 0.05

struct aside_config {
	int fd;			/* stays the caller's */
	int dir;		/* it lies in, see below; -1: none */
	void *arg;
	/* both in a turn of the loop; what was written up to that mark */
	void (*kept)(void *arg, uint64_t mark);
	/* once, with errno: nothing more will be kept */
	void (*failed)(void *arg, int err);
};

/* with the first bytes the names are kept: of the file and of its directory */
struct aside *aside_new(struct loop *, const struct aside_config *);
/* the file has new bytes; returns the mark that stands for them */
uint64_t aside_written(struct aside *);
/* somebody waits for what was written: do not wait for more */
void aside_hurry(struct aside *);
/* keep all that was written, however long it takes; -1 with errno */
int aside_finish(struct aside *);
void aside_free(struct aside *);

#endif

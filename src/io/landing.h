/*
 * landing - how struct land looks from within: shared by land and landing
 */
#ifndef IO_LANDING_H
#define IO_LANDING_H

#include <limits.h>

#include "base/buf.h"
#include "io/land.h"

/* a directory that is being filled */
struct level {
	int fd;
	size_t len;		/* of its name */
};

/* one that its owner cannot fill: it gets its mode when all is done */
struct shut {
	char *name;
	mode_t mode;
};

struct land {
	struct buf base;	/* path of what was begun; "" if nothing */
	bool dir;
	struct buf leaf;	/* of one file: its name */
	struct buf at;		/* name of the innermost level */
	struct level *level;
	size_t nlevel, level_cap;
	struct shut *shut;
	size_t nshut, shut_cap;

	/* the file at hand */
	struct buf name;
	int old, out;		/* what is there, to be compared; -1: none */
	char temp[NAME_MAX + 1];	/* "" if there is none */
	char file[NAME_MAX + 1];	/* in the innermost level */
	mode_t mode;
	uint64_t size, done;

	bool changed;
	struct buf message;
};

/* land.c */
int land_fail_errno(struct land *, const char *what, const char *name);
/* the directory that what is at hand goes to */
int land_innermost(const struct land *);
/* make the one of this name the innermost; the last part of it, or NULL */
const char *land_reach(struct land *, const char *name);
/* no part of it leads out of where it is */
bool land_is_safe(const char *name);

/* landing.c */
/* forget the file at hand, and remove what was written of it */
void land_drop_file(struct land *);

#endif

/*
 * lookup - where a program is
 *
 * What PATH led to is remembered for each value of PATH; a place where the
 * program is no longer is to be forgotten by whoever finds that out.
 */
#ifndef IO_LOOKUP_H
#define IO_LOOKUP_H

#include <stdbool.h>

enum { LOOKUP_SLOTS = 64 };

struct lookup {
	struct lookup_slot {
		char *name, *path_var, *found;
	} slot[LOOKUP_SLOTS];
};

/* a zeroed struct lookup is ready for use */
/*
 * The path to execute for argv[0], borrowed until the next call.  NULL with
 * errno: ENOENT, or EACCES if what was found may not be executed.  dir is
 * where the program will be started; NULL: here.  *cached tells that the
 * answer was not checked this time.
 */
const char *lookup_find(struct lookup *, const char *name,
    const char *const *env, const char *dir, bool *cached);
void lookup_forget(struct lookup *, const char *name);
void lookup_fini(struct lookup *);

#endif

/*
 * land - what comes from elsewhere is written here
 *
 * Each file is written under a temporary name beside its target, compared
 * with what is there, and renamed, or not touched if it is the same already.
 * Names below the target are not trusted: each is a single step from a
 * directory that is open, and no link is followed.
 */
#ifndef IO_LAND_H
#define IO_LAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct land;

struct land *land_new(void);
/*
 * Where the next thing goes: a directory's content (its own name comes as
 * ""), or one file, whatever name it comes with.  One at a time: what was
 * begun before is ended.
 */
int land_begin(struct land *, const char *path, bool dir);
/*
 * All return 0, or -1: see land_message().  Names are relative, and a
 * directory comes before what it holds.
 */
int land_dir(struct land *, const char *name, mode_t mode);
int land_link(struct land *, const char *name, const char *text);
int land_file(struct land *, const char *name, mode_t mode, uint64_t size);
int land_data(struct land *, const char *p, size_t n);
/* all of its bytes are there */
int land_file_end(struct land *);
/* a second name of a file that came before: a copy of it */
int land_same(struct land *, const char *name, const char *other, mode_t mode);
/* all that belongs to what was begun has come: modes of directories are set */
int land_end(struct land *);
/* make a directory, and those it stands in */
int land_make(struct land *, const char *path);

/* something was not as it came */
bool land_changed(const struct land *);
/* "cannot …: PATH: reason", or ""; borrowed */
const char *land_message(const struct land *);
/* an error of the caller's, about what is at hand; -1 */
int land_fail(struct land *, const char *what, const char *name,
    const char *why);
/* removes what is unfinished */
void land_free(struct land *);

#endif

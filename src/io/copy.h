/*
 * copy - files and whole directories, a bounded piece of work at a time
 *
 * A target that ends in '/' is a directory, made if missing; any other is
 * the exact new name of one source.  Each file is written under a temporary
 * name beside its target, checked and renamed; what is the same already is
 * not touched.
 */
#ifndef IO_COPY_H
#define IO_COPY_H

#include <stdbool.h>

struct copy;
struct copier;

enum copy_state { COPY_MORE, COPY_DONE, COPY_FAILED };

struct copier *copier_new(const struct copy *);
/* about a MiB, or some dozens of small files */
enum copy_state copier_step(struct copier *);
bool copier_changed(const struct copier *);
/* after COPY_FAILED: "cannot …: PATH: reason"; borrowed */
const char *copier_message(const struct copier *);
/* removes what is unfinished */
void copier_free(struct copier *);

#endif

/*
 * unpack - an archive that comes in pieces becomes files
 *
 * Understood is what GNU tar, busybox, bsdtar and their like write of files,
 * directories and links: see tar.h.  Owners and times are passed over.
 */
#ifndef IO_UNPACK_H
#define IO_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct land;
struct unpack;

/* l is borrowed, and was told where the archive's content goes */
struct unpack *unpack_new(struct land *);
/*
 * How many of the bytes belong to the archive: all, or those up to its end.
 * -1: see land_message().
 */
ssize_t unpack_feed(struct unpack *, const char *p, size_t n);
/* its end has come */
bool unpack_whole(const struct unpack *);
void unpack_free(struct unpack *);

#endif

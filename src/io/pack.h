/*
 * pack - files and whole directories as an archive, read piece by piece
 *
 * The sources are called "0", "1", …; within a directory names are as they
 * are.  A source that is a link is followed, links within a directory are
 * not.  The last member is a text, "end", which is whole only if all before
 * it is, and tells what programs that unpack do not keep:
 *
 *	x 0 '/bin/tool' 04755 -rwsr-xr-x
 *	x 0 '/shut' 00500 dr-x------
 *	whole=yes
 *
 * Directories that their owner could not fill, and all with a mode above
 * 0777, stand there, and have 0700 in the archive.
 */
#ifndef IO_PACK_H
#define IO_PACK_H

#include <stddef.h>
#include <sys/types.h>

struct pack;

/*
 * The paths are copied.  All of them are looked at: if one is missing, or
 * no file and no directory, pack_message() says so at once.
 */
struct pack *pack_new(const char *const *from, size_t nfrom);
/*
 * How many bytes, n at most and at least 1; 0: that was all; -1: see
 * pack_message().  Memory does not grow with files, and they are read with
 * no copy in between.
 */
ssize_t pack_read(struct pack *, char *buf, size_t n);
/* "cannot …: PATH: reason", "" if nothing is wrong; borrowed */
const char *pack_message(const struct pack *);
void pack_free(struct pack *);

#endif

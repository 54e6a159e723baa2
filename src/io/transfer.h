/*
 * transfer - our end of a copy to or from another host
 *
 * The other end is a script of transport/copying: an archive goes to its
 * standard input, or comes from its standard output, where it also says how
 * it ended:
 *
 *	changed yes		(or no) all is in its place
 *	archive dir		(or file) one archive for each source
 *	end			these were all
 *	error			what follows is the message
 */
#ifndef IO_TRANSFER_H
#define IO_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct copy;
struct transfer;

/* the paths are copied; transfer_message() may say at once what is wrong */
struct transfer *transfer_new(const struct copy *);
/*
 * What is to be written there, n bytes at most; 0: that was all, and the
 * stream is to be closed; -1: the same, since something is wrong here.
 */
ssize_t transfer_read(struct transfer *, char *buf, size_t n);
/* what it wrote; -1: something is wrong here, so no more is wanted */
int transfer_take(struct transfer *, const char *p, size_t n);
/* it has said that it came to a good end, and so did we */
bool transfer_whole(struct transfer *);
bool transfer_changed(const struct transfer *);
/* "cannot …: PATH: reason", or ""; borrowed, and only final at the end */
const char *transfer_message(struct transfer *);
/* removes what is unfinished here */
void transfer_free(struct transfer *);

#endif

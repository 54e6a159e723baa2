/*
 * input - what a process reads from its standard input
 *
 * Given bytes are put into a file in memory; only bytes that are to be
 * followed by a large file, or by none that can be measured, are fed to a
 * pipe as the process reads them.
 */
#ifndef IO_INPUT_H
#define IO_INPUT_H

struct buf;
struct feeder;
struct launch;
struct loop;

/*
 * The descriptor for the process, to be closed by the caller; SPAWN_NULL
 * for /dev/null; -2 with errno, and why it is so.  *feeder is set if bytes
 * remain to be fed.
 */
int input_open(struct loop *, const struct launch *, struct feeder **,
    struct buf *why);
/* open such a file for reading, so that it never waits; -1 and why */
int input_file(const char *path, struct buf *why);
/* feeding ends here, whether all was fed or not; NULL is none */
void feeder_free(struct feeder *);

#endif

/*
 * reader - the lines of a list in a file
 *
 * The one thing a simulation does for real.
 */
#ifndef SIM_READER_H
#define SIM_READER_H

#include <stdbool.h>
#include <stddef.h>

struct reader;

/*
 * NULL, with errno, if it cannot be read; ESPIPE: it is no regular file,
 * and might be waited for.
 */
struct reader *reader_open(const char *path, char separator);
/*
 * The next line, or a piece of one, borrowed until the next call; flags are
 * LINE_PART, LINE_MORE, LINE_TAIL of model/runner.h.  1, 0 at the end, -1
 * and errno.
 */
int reader_next(struct reader *, const char **text, size_t *len,
    unsigned *flags);
void reader_close(struct reader *);	/* NULL is fine */

#endif

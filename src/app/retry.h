/*
 * retry - the past of a new run: lanes that had ended well before
 *
 * A run that is itself a retry has them in the journals of those that it
 * and they are a retry of.
 */
#ifndef APP_RETRY_H
#define APP_RETRY_H

#include <stdbool.h>

#include "model/past.h"

struct buf;
struct journal;
struct retry;

/*
 * base: of the run itself if it is resumed, or NULL: then the lanes of the
 * journal that ended well are over as well.  path: of the journal's run
 * directory.  NULL and why: a journal that it needs cannot be read.
 */
struct retry *retry_new(const struct journal *, const char *path,
    const struct past *base, struct buf *why);
/* there is a run before it: its past is not all that counts */
bool retry_is_one(const struct journal *);
const struct past *retry_past(const struct retry *);
void retry_free(struct retry *);

#endif

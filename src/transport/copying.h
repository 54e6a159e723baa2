/*
 * copying - a copy to or from another host, as a command there
 *
 * One script for each direction, for any POSIX shell with tar: see
 * io/transfer.h for what is said between it and us.  Paths are positional
 * parameters, so none is ever part of its text.
 */
#ifndef TRANSPORT_COPYING_H
#define TRANSPORT_COPYING_H

#include "model/transport.h"

struct arena;

/* $1 is the target; with a '/' at its end the others are names in it */
extern const char copying_put[];
/* the parameters are the sources */
extern const char copying_get[];

/*
 * All that a transport's prepare_copy has to do: `prepare` is its own.
 * Returns what that returns.
 */
const char *copying_prepare(const struct copy *, struct launch *,
    struct arena *, const char *(*prepare)(const struct run *,
    struct launch *, struct arena *));

#endif

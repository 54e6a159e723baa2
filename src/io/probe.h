/*
 * probe - tries to connect until somebody listens
 *
 * One try after the other, with a pause between; an address of a name is
 * asked for again from time to time.  Connections are closed at once.
 */
#ifndef IO_PROBE_H
#define IO_PROBE_H

#include <stddef.h>

struct ev_loop;
struct probe;
struct probes;
struct wait;

/*
 * Called once, from the loop or as the last thing of probe_now().  error: it
 * can never be; NULL: somebody listens.  The probe may be freed in it.
 */
typedef void probe_fn(void *arg, const char *error);

/* sockets: how many it may have open at once */
struct probes *probes_new(struct ev_loop *, size_t sockets);
/* all probes have been freed */
void probes_free(struct probes *);

/* of a WAIT_TCP or WAIT_UNIX; it begins with probe_now() */
struct probe *probe_new(struct probes *, const struct wait *, probe_fn *,
    void *arg);
/* the next try, without waiting for the end of the pause */
void probe_now(struct probe *);
/* why it did not succeed so far, e.g. "Connection refused" */
const char *probe_reason(const struct probe *);
void probe_free(struct probe *);

#endif

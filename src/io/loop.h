/*
 * loop - the event loop of a run
 *
 * One libev loop, never the default one (which would reap every child of a
 * host program).  A turn: hooks, what they deferred, wait, events.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdbool.h>
#include <signal.h>

struct ev_loop;
struct loop;

/*
 * NULL, with errno, if there cannot be one.  Ignores SIGPIPE and SIGXFSZ from
 * here on.
 */
struct loop *loop_new(void);
/* everything that was made with it must have been freed before */
void loop_free(struct loop *);
/* until loop_break(); then it can be run again */
void loop_run(struct loop *);
void loop_break(struct loop *);

/* monotonic and wall time of this turn, seconds */
double loop_now(const struct loop *);
double loop_wall(const struct loop *);

/*
 * Called each turn before the loop waits, in the order of registration.
 * true: there is more work that is ready, do not wait.
 */
void loop_on_turn(struct loop *, bool (*fn)(void *arg), void *arg);
void loop_off_turn(struct loop *, void *arg);
/* the same, after all hooks above: write what was gathered */
void loop_on_flush(struct loop *, void (*fn)(void *arg), void *arg);
void loop_off_flush(struct loop *, void *arg);
/* one fn a signal; it runs inside the loop, not in the signal's handler */
void loop_on_signal(struct loop *, int signo, void (*fn)(void *arg, int signo),
    void *arg);
/* the signals of arg have their default action again */
void loop_off_signal(struct loop *, void *arg);

/* --- within io/ --------------------------------------------------------- */

struct ev_loop *loop_ev(struct loop *);
/* something was left for later in this turn: do not wait */
void loop_again(struct loop *);
/* signals for which this loop has a handler */
const sigset_t *loop_signals(const struct loop *);
/* the clock itself, monotonic */
double loop_clock(void);

#endif

/*
 * live - a view of what runs in the last rows of a terminal
 *
 * Stands between the sinks and the terminal: lines go above the view, which
 * is drawn anew behind them, in one write.  At most twenty times a second.
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include <stdbool.h>

#include "model/outlet.h"

struct live;
struct loop;
struct out;
struct overview;
struct sink;

struct live_config {
	int fd;			/* the terminal */
	bool color, utf8;
	struct overview *overview;	/* borrowed */
	void *arg;
	void (*key)(void *arg, int key);
};

/* before the outs of the loop are made: it is flushed in front of them */
struct live *live_new(struct loop *, const struct live_config *);
/* where all of it goes; borrowed */
void live_attach(struct live *, struct out *);
/* what is put here comes above the view */
struct outlet live_outlet(struct live *);
/* of the terminal */
unsigned live_columns(const struct live *);
/* hears first of all of the end: from then on nothing is drawn */
struct sink live_sink(struct live *);
/* nothing more is drawn, keys are not read, the terminal is as it was */
void live_leave(struct live *);
/* the view is taken away, and what waits goes to the out */
void live_end(struct live *);
/* nothing can be written any more */
void live_lost(struct live *);
void live_free(struct live *);	/* NULL is fine */

#endif

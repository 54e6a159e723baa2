/*
 * term - the terminal a run is watched on: its size, keys, stops
 *
 * While it is open, keys come at once and are not echoed (ISIG stays, so
 * Ctrl-C is a signal as ever).  Its modes are set back by term_free(), at
 * exit, before we are stopped by Ctrl-Z, and whenever another program has
 * the terminal.
 */
#ifndef IO_TERM_H
#define IO_TERM_H

#include <stdbool.h>

struct loop;
struct term;

struct term_config {
	int fd;			/* of what is shown, a terminal */
	bool keys;		/* they are wanted: nobody else reads them */
	void *arg;
	/* a byte that was typed; \n for Enter; what an arrow sends is left out */
	void (*key)(void *arg, int key);
	void (*resized)(void *arg);
	/* we are about to be stopped: what is drawn has to be gone */
	void (*stop)(void *arg);
	/* we go on, in front or not */
	void (*cont)(void *arg);
};

/* the loop is the run's; the config is copied */
struct term *term_new(struct loop *, const struct term_config *);
/* does the terminal show us?  No: another job of the shell is in front */
bool term_is_front(const struct term *);
/* in characters, at least 1; 80 x 24 if it does not say */
void term_size(const struct term *, unsigned *rows, unsigned *columns);
/* would what is too wide be wrapped anew when its width changes? */
bool term_reflows(const struct term *);
void term_free(struct term *);	/* NULL is fine */

#endif

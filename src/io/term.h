/*
 * term - the terminal a run is watched on: its size, keys, stops
 *
 * While it is open and shows us, keys come at once and are not echoed (ISIG
 * stays, so Ctrl-C is a signal as ever).  Its modes are set back by
 * term_free(), at exit, before we are stopped by Ctrl-Z, and before a signal
 * ends us, a crash too; only SIGKILL leaves them (`stty sane`, or a shell
 * that edits lines, sets them right).  In the background they are not
 * touched: the shell is in front, and has its own.
 */
#ifndef IO_TERM_H
#define IO_TERM_H

#include <stdbool.h>

struct loop;
struct term;

struct term_config {
	int fd;			/* of what is shown, a terminal; borrowed */
	bool keys;		/* they are wanted: nobody else reads them */
	void *arg;		/* none of these frees the terminal; NULL: none */
	/* a byte that was typed; \n for Enter; what an arrow sends is left out */
	void (*key)(void *arg, int key);
	/* it may have the same size as before, and less on it */
	void (*resized)(void *arg);
	/*
	 * We are about to be stopped: what is drawn has to be gone.  Only
	 * what is written before it returns is written (out_drain()).
	 */
	void (*stop)(void *arg);
	/* we go on, in front or not; the size is what it is now */
	void (*cont)(void *arg);
};

/*
 * One at a time; the loop is the run's; the config is copied.  Catches
 * SIGWINCH, SIGTSTP and SIGCONT, the latter unless they are ignored.  While
 * it is open nobody may ask (see ask.h).
 */
struct term *term_new(struct loop *, const struct term_config *);
/* does the terminal show us?  No: another job of the shell is in front */
bool term_is_front(const struct term *);
/* in characters, at least 1; 80 x 24 if it does not say */
void term_size(const struct term *, unsigned *rows, unsigned *columns);
/* would what is too wide be wrapped anew when its width changes? */
bool term_reflows(const struct term *);
/* NULL is fine.  To be called before INT, TERM and HUP are nobody's again */
void term_free(struct term *);

#endif

/*
 * exits - what the exit status says; never a count
 *
 * The table of man/pseq.1, EXIT STATUS.
 */
#ifndef APP_EXITS_H
#define APP_EXITS_H

enum {
	EXITS_OK = 0,		/* every lane ended well */
	EXITS_FAILED = 1,	/* a lane failed, or the run's time was over */
	EXITS_USAGE = 2,	/* job file or command line */
	EXITS_SYSTEM = 3,	/* no memory, output that cannot be written */
	EXITS_REFUSED = 4,	/* refused to start, nothing to do */
	EXITS_LOCKED = 75,	/* skipped because of a lock */
	EXITS_TIMEOUT = 124,	/* receive: no message in its time */
	EXITS_SIGNAL = 128,	/* and the number of the signal */
	EXITS_PIPE = 141	/* the reader of our output went away */
};

#endif

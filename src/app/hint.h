/*
 * hint - what may be typed next, when a run did not end well
 *
 *	pseq: to go on from here: pseq resume RUN
 *	pseq: to run what failed again: pseq retry RUN
 *	pseq: to see one step by step: pseq show RUN LANE
 *
 * Only of runs that have left a journal.
 */
#ifndef APP_HINT_H
#define APP_HINT_H

struct bus;
struct engine_totals;
struct journaling;

struct hint {
	char *lane;		/* the first one that failed, or NULL */
};

void hint_listen(struct hint *, struct bus *);
/* the journal has its end; status: the exit status, but for signals */
void hint_tell(const struct hint *, const struct journaling *,
    const struct engine_totals *, int status);
void hint_fini(struct hint *);

#endif

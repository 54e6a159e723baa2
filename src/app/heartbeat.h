/*
 * heartbeat - a sign of life where nobody sees a view
 *
 * When standard output is no terminal and nothing came on it or on standard
 * error for some time, one line says how far the run is and what takes long.
 */
#ifndef APP_HEARTBEAT_H
#define APP_HEARTBEAT_H

#include <stdint.h>

struct board;
struct engine;
struct journaling;
struct loop;
struct options;
struct screen;
struct tick;

/* without being asked for, seconds */
#define HEARTBEAT_S 60

struct heartbeat {
	/* the caller's to set */
	const struct options *o;
	const struct screen *screen;
	const struct journaling *journal;

	struct loop *loop;
	struct engine *engine;
	struct board *board;
	struct tick *tick;	/* NULL: nothing is ever said */
	uint64_t bytes;		/* that were said until `since` */
	double since;
};

/* when both outputs are open, until they are closed */
void heartbeat_begin(struct heartbeat *, struct loop *, struct engine *);
void heartbeat_end(struct heartbeat *);

#endif

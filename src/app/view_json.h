/*
 * view_json - a run that others have made, as records on standard output
 *
 * The records of its journal as they stand there, and one for each line of
 * output between them.
 */
#ifndef APP_VIEW_JSON_H
#define APP_VIEW_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "io/out.h"
#include "model/event.h"

struct bus;
struct loop;
struct tell;

struct view_json {
	/* the caller's to set, as in a screen */
	void *arg;
	void (*hold)(void *arg, bool on);
	void (*gone)(void *arg);

	bool pipe;		/* its reader went away */
	bool broken;
	struct out_config config;
	struct out *out;	/* NULL: it was not asked for */
	struct sink lines;
	struct tell *tell;
};

/* the sink goes on the bus; all of this does nothing before */
void view_json_open(struct view_json *, struct loop *, struct bus *);
void view_json_listen(struct view_json *, struct tell *);
void view_json_drain(struct view_json *);
/* after the bus was closed */
void view_json_close(struct view_json *);

#endif

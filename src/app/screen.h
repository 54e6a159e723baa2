/*
 * screen - standard output and standard error of a run
 *
 * Both descriptors, and the sinks that write to them.
 */
#ifndef APP_SCREEN_H
#define APP_SCREEN_H

#include <stdbool.h>

#include "io/out.h"
#include "model/event.h"

struct loop;
struct options;

struct screen {
	struct out *out, *err;
	struct out_config out_config, err_config;
	struct sink printer, summary;
	bool has_summary;
	struct bus *summed;	/* the summary goes there; NULL: to the bus */
	int full;		/* how many of them take no more for now */
	bool pipe;		/* the reader of our output went away */
	bool broken;		/* output was lost */
	void *arg;
	/* reading the commands' output has to stop, or may go on */
	void (*hold)(void *arg, bool on);
	/* nobody reads us any longer: there is no reason to go on */
	void (*gone)(void *arg);
};

/* arg, hold, gone and summed are the caller's to set; the sinks go on the bus */
void screen_open(struct screen *, struct loop *, const struct options *,
    bool summary, struct bus *);
/* write what waits, however slow the reader is */
void screen_drain(struct screen *);
/* after the bus was closed */
void screen_close(struct screen *);

#endif

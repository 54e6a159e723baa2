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
#include "sink/face.h"

struct live;
struct loop;
struct options;
struct overview;
struct tick;

struct screen {
	struct tick *tick;	/* for what waits in the printer; or NULL */
	struct out *out, *err;
	struct out_config out_config, err_config;
	struct sink printer, summary;
	bool has_summary;
	/* it goes on, so a view shows how; keys of the terminal are for us */
	bool watched;
	struct face said;	/* standard error */
	struct overview *overview;
	struct live *live;	/* or NULL */
	/* a key was typed */
	void (*key)(void *arg, int key);
	void *key_arg;
	struct bus *summed;	/* the summary goes there; NULL: to the bus */
	int full;		/* how many of them take no more for now */
	bool pipe;		/* the reader of our output went away */
	bool broken;		/* output was lost */
	bool drained;		/* the sinks are gone */
	void *arg;
	/* reading the commands' output has to stop, or may go on */
	void (*hold)(void *arg, bool on);
	/* nobody reads us any longer: there is no reason to go on */
	void (*gone)(void *arg);
};

/*
 * arg, hold, gone, summed, watched, key and key_arg are the caller's to
 * set; the sinks go on the bus.
 */
void screen_open(struct screen *, struct loop *, const struct options *,
    bool summary, struct bus *);
/* "pseq: text", a line on standard error */
void screen_say(struct screen *, const char *text);
/* how the run is doing, on standard error */
void screen_tell(struct screen *);
/* the terminal is as it was; before signals are nobody's again */
void screen_leave(struct screen *);
/* after the bus was closed: write what waits, however slow the reader is */
void screen_drain(struct screen *);
void screen_close(struct screen *);

#endif

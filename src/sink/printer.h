/*
 * printer - the output of the commands, line by line
 *
 *	name | text		standard output
 *	name ! text		standard error, on the same stream
 *	name + text		the line above goes on (it was too long)
 *	name : text		said by the job (say)
 *	name $ command		a command that starts (-x)
 *
 * Every line is whole.  Failed lanes and warnings are one line each on
 * standard error: "pseq: LANE: STEP: exit 3: message".
 *
 * Without tags bytes stay as they are, standard error goes to standard
 * error, and a newline is put only between lines of two lanes.
 */
#ifndef SINK_PRINTER_H
#define SINK_PRINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/event.h"
#include "sink/face.h"
#include "sink/mark.h"

enum printer_mode {
	MODE_STREAM,		/* each line at once */
	MODE_GROUP,		/* a lane's lines when it ends */
	MODE_FOLD,		/* equal outputs once, at the end of the run */
	MODE_NONE,		/* lines of commands are not shown */
	MODE_MESSAGES		/* nor what the job says, nor commands */
};

struct printer_options {
	struct face out, err;
	enum printer_mode mode;
	bool live;		/* fold: equal lines once, as they come, too */
	bool diff;		/* fold: how the others differ from most */
	bool keep_order;	/* of the lanes in their group */
	bool no_tag;
	enum mark_time time;
	const char *tag;	/* see mark.h; NULL: the lane's own */
	bool show_commands;
	bool quiet;		/* nothing at all if every lane ends well */
	bool flaky_fails;	/* … at the first try of each step */
	const char *tmpdir;	/* for what does not fit; NULL: /tmp */
	size_t hold_max;	/* bytes held in memory; 0: HOLD_MAX */
};

/*
 * What the options point to must last until the sink is closed; close()
 * shows what is still held, but does not flush the outlets.
 */
struct sink printer_open(const struct printer_options *);
/* what waits for more of its kind grows old; now: any clock, always the same */
void printer_tick(void *arg, double now);
/* say nothing more: nobody reads us any longer (arg of the sink) */
void printer_mute(void *arg);

#endif

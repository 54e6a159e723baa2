/*
 * session - one run of a plan, from the first event to the exit status
 *
 * Here the wings are wired together.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/runner.h"

struct engine;
struct options;
struct plan;
struct rundir;
struct sink;
struct walk;
struct walk_list;
struct walk_watcher;

/*
 * What ps(1) shows of this process: main() sets it, the guard of the run
 * overwrites its own copy.
 */
struct title {
	char *text;
	size_t len;
};
extern struct title session_title;

/* who acts in place of processes and timers */
struct stage {
	void *arg;
	struct runner runner;
	/* until the engine is over */
	void (*run)(void *arg, struct engine *);
	const struct transport *transport;	/* to every host */
};

struct session_mode {
	bool clients;		/* commands may talk to the run */
	bool unique;		/* lanes of equal names are told apart */
	bool few_variables;	/* see walk_options */
	const char *run;	/* name of the run; NULL: made of the time */
	const struct past *past;	/* of one that is resumed, or NULL */
	/*
	 * It leaves a run directory: that of the run that is resumed (taken
	 * over, open and locked), or a new one.
	 */
	bool state;
	struct rundir *resumed;
	const char *retry_of;	/* a run; NULL: it is none of that kind */
	char *const *file;	/* of the job, as they were given */
	size_t nfile;
	/* what happens goes there, too, and is not summed up */
	const struct sink *sink;
	/* only lists are made, no step is run: lanes begin and end at once */
	bool only_lists;
	bool no_commands;	/* lists made by commands have one item, "?" */
	const struct walk_list *list;	/* see walk_options */
	size_t nlist;
	const struct walk_watcher *watcher;
	/* nothing is really done, nor shown but by the sink */
	const struct stage *stage;
	/* called after the run, while variables can still be asked for */
	void (*look)(void *arg, struct walk *);
	void *arg;
};

/*
 * Runs the plan.  Returns the exit status; when a signal ended the run it
 * does not return, but ends the process by that signal.
 */
int session_run(const struct options *, const struct plan *,
    const struct session_mode *);

#endif

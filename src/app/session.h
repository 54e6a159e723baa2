/*
 * session - one run of a plan, from the first event to the exit status
 *
 * Here the wings are wired together.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct plan;
struct sink;
struct walk;

/*
 * What ps(1) shows of this process: main() sets it, the guard of the run
 * overwrites its own copy.
 */
struct title {
	char *text;
	size_t len;
};
extern struct title session_title;

struct session_mode {
	bool unique;		/* lanes of equal names are told apart */
	bool few_variables;	/* see walk_options */
	/*
	 * Only lists are made, no step is run: lanes begin and end at once.
	 * What happens goes to the sink instead of the terminal.
	 */
	const struct sink *lists;
	bool no_commands;	/* lists made by commands have one item, "?" */
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

/*
 * transport - how a command gets to where it runs
 *
 * Functions from data to data: nothing here forks, so tests compare argv
 * arrays and scripts.
 */
#ifndef MODEL_TRANSPORT_H
#define MODEL_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/action.h"

struct arena;
struct lane_info;

enum launch_kind { LAUNCH_PROCESS, LAUNCH_READ, LAUNCH_COPY, LAUNCH_WAIT };

/*
 * Everything is borrowed until runner.start() returns.
 */
struct launch {
	enum launch_kind kind;
	const char *const *argv;	/* argv[0] is looked up in PATH */
	const char *const *env;
	const char *dir;
	/* standard input: bytes, then the file; none of both: /dev/null */
	const char *in_bytes;
	size_t in_len;
	const char *in_path;
	bool fed;			/* … or what runner.feed() gives */
	const char *out_path;
	bool tee;			/* … and it is looked at as well */
	bool out_none;
	bool single;			/* lines come one by one */
	bool tty;
	bool asks;			/* it may talk to the run */
	/*
	 * Run by sudo as this user.  The first line on standard output is
	 * "READY_MARK PGID": the process group that the command really has;
	 * without it the command was never started.
	 */
	const char *as;
	const char *mark;
	unsigned capture;		/* STREAM_… */
	bool capture_both;
	size_t capture_max;
	double timeout, silent, grace;
	const char *path;		/* LAUNCH_READ; NULL: standard input */
	char separator;
	struct copy copy;		/* LAUNCH_COPY */
	/* whose it is, for a runner that only acts: src/sim */
	const struct lane_info *lane;
	const struct step_ref *step;	/* label NULL: of no step */
	unsigned attempt;		/* from 1 */
	struct wait wait;		/* LAUNCH_WAIT */
};

struct transport {
	const char *name;
	/*
	 * Turn a command into a launch; what it makes lives in the arena.
	 * Returns NULL, or what is wrong.
	 */
	const char *(*prepare)(const struct run *, struct launch *,
	    struct arena *);
};

#endif

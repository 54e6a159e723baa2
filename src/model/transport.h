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

enum launch_kind {
	LAUNCH_PROCESS,
	LAUNCH_SESSION,		/* of a connection: see master, command */
	LAUNCH_READ, LAUNCH_COPY, LAUNCH_WAIT
};

/* what goes through standard input or output in place of the command's own */
enum launch_stream {
	PIPE_PLAIN,
	PIPE_PACK,		/* stdin, behind in_bytes: an archive of copy.from */
	PIPE_UNPACK		/* stdout: an archive, to be unpacked to copy.to */
};

/* why there is no connection, judged by what was said about it */
struct link_failure {
	enum status status;	/* ST_UNREACHABLE, ST_AUTH, ST_HOSTKEY */
	bool busy;		/* there were too many at once: it may come */
};

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
	 * A line "MARK PGID" on standard output comes before all that is the
	 * command's own: the process group that it really has.  What stands
	 * before it was not said by the command; without it the command was
	 * never started.
	 */
	const char *mark;
	const char *as;			/* run by sudo as this user */
	/*
	 * LAUNCH_PROCESS with a mark that does not run as a process of ours:
	 * words of a command that ends it; a signal's name and the group
	 * follow.  NULL: there is none.
	 */
	const char *const *ender;
	/* … exit codes of its own failures, when no mark came */
	const struct codes *connect_fail;
	size_t nconnect_fail;
	/* LAUNCH_SESSION: */
	const struct endpoint *at;
	const char *command;		/* what is executed there */
	const char *const *master;	/* argv of the connection, without -S */
	const char *gate;		/* who takes its handshakes, or "" */
	const struct transport *transport;
	enum launch_stream stream;	/* with copy */
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
	/* the same for a copy to or from another host; NULL: here only */
	const char *(*prepare_copy)(const struct copy *, struct launch *,
	    struct arena *);
	/* why a connection could not be made, from its standard error */
	struct link_failure (*judge)(const char *text, size_t len);
};

#endif

/*
 * task - what was started and has not ended: processes, copies, waits, …
 *
 * The real runner of model/runner.h.  A step ends when its process was
 * reaped and its output is closed, or was reaped and nothing came for a
 * while; nothing here blocks.
 */
#ifndef IO_TASK_H
#define IO_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "model/runner.h"

struct buf;
struct loop;
struct tasks;

struct tasks_config {
	/*
	 * This process is the program, not a host of the library: adopt
	 * orphaned descendants and reap them.
	 */
	bool program;
	/* what ps(1) shows of us, for the guard to overwrite; or NULL */
	char *title;
	size_t title_len;
	/*
	 * More than one process is likely: the guard comes before the first,
	 * not in its shadow.
	 */
	bool many;
	bool peeks;		/* unfinished lines are told: runner_up.peek */
	unsigned files;		/* descriptors that are not for commands */
	/* commands may talk to the run: there is a socket for them */
	bool clients;
	/* … and wait for messages, many at once: keep descriptors for them */
	bool clients_wait;
};

/* up is borrowed, too.  NULL with errno */
struct tasks *tasks_new(struct loop *, const struct runner_up *,
    const struct tasks_config *);
struct runner tasks_runner(struct tasks *);
/*
 * Make a limit known that is shared with other processes, before anything
 * is started; -1 and why.
 */
int tasks_share(struct tasks *, const char *name, int64_t of, struct buf *why);
/* how many children fit into the limit of descriptors */
size_t tasks_room(const struct tasks *);
/* stop or go on reading whatever the children write */
void tasks_read_all(struct tasks *, bool on);
/* KILL to every group, now; the ends are reported as usual */
void tasks_kill_all(struct tasks *);
/* kills and reaps what is left, without reporting it; ends the guard */
void tasks_free(struct tasks *);

#endif

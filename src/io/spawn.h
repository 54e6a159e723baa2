/*
 * spawn - start a process without copying this one
 *
 * The child shares memory and, for its first moment, the table of
 * descriptors, so that neither our size nor the number of descriptors we
 * hold makes a start slower.  It gets a group of its own, no controlling
 * terminal (or a session and the one it asked for), no signal blocked or
 * ignored, the descriptor limit that pseq was started with, and no
 * descriptor but 0, 1 and 2.
 */
#ifndef IO_SPAWN_H
#define IO_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct loop;

enum { SPAWN_NULL = -1 };	/* a descriptor: /dev/null */

struct spawn_request {
	const char *path;		/* of the program */
	const char *const *argv, *const *env;
	const char *dir;		/* NULL: here */
	int in, out, err;		/* stay the caller's */
	bool tty;			/* out is its controlling terminal */
	bool want_pidfd;
	volatile int32_t *group;	/* the child writes its group here */
};

/* where an attempt came to an end */
enum spawn_stage { SPAWN_FORK, SPAWN_DIR, SPAWN_EXEC };

struct spawner {
	struct loop *loop;
	int null, low[3];		/* reserved, low descriptors */
	int tty;			/* our own, or -1 */
	pid_t self;
	unsigned above;			/* the first that no child needs */
	void *stack;
	bool plain;			/* the kernel wants it simple */
	bool restore_limit;
	struct rlimit limit;		/* of descriptors, as it was */
	rlim_t nofile;			/* … as it is */
	sigset_t ignored;		/* at the start */
	sigset_t known;			/* the loop's, when reset was made */
	int reset[64];
	size_t nreset;
};

/* raises the soft limit of descriptors; -1 with errno */
int spawn_init(struct spawner *, struct loop *);
/*
 * The new process, and its pidfd in *pidfd (-1 if it was not wanted or
 * there are none).  -1 with errno and *stage: nothing is left of it.
 */
pid_t spawn_run(struct spawner *, const struct spawn_request *, int *pidfd,
    enum spawn_stage *stage);
void spawn_fini(struct spawner *);

#endif

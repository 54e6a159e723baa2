/*
 * lock - a file that one run holds, and others find held
 *
 * A POSIX record lock: the kernel gives it back when this process is gone,
 * however it went, and nothing that was started has it.  The process must
 * not open the file once more, since closing that would give it back, too.
 * All of this may be done before there is a loop; it blocks.
 */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

enum { LOCK_RUN = 96 };

struct lock {
	int fd;
};

struct lock_holder {
	pid_t pid;		/* 0: it is not of this machine, or gone */
	char run[LOCK_RUN];	/* its name, or "" */
};

/* makes the file if there is none, but not its directory; -1 with errno */
int lock_open(struct lock *, const char *path);
/*
 * 0: it is ours until this process ends.  -1 with errno: EAGAIN, another one
 * has it.  Many can have it at once that share it.
 */
int lock_try(struct lock *, bool shared);
/*
 * Waits for it, so many seconds (< 0: for ever).  -1 with errno; ETIMEDOUT.
 * A signal that ends this process does so at once.
 */
int lock_wait(struct lock *, double seconds);
/*
 * Ends whoever has it, by TERM, waits so many seconds for its end, gives it
 * TERM once more and waits a little, then gives up: -1 with ETIMEDOUT.
 * Where more than one want that, they do it one after the other.
 */
int lock_replace(struct lock *, double seconds);
/* who has it now, as far as that can be known */
void lock_ask(struct lock *, struct lock_holder *);
/* put down for others that it is held by this run */
void lock_sign(struct lock *, const char *run);
/* is this process one that ours descends from? */
bool lock_is_above(pid_t);

#endif

/*
 * overlap - the lock of a job, taken before anything of it is run
 */
#ifndef APP_OVERLAP_H
#define APP_OVERLAP_H

#include <sys/types.h>

struct options;
struct plan;

/*
 * Takes the lock, if the job has one, as it says what is done when another
 * run holds it.  Returns the exit status, 0: go on; else why was told, and
 * skipped() is called if it is that of a lock.  What is held is given back
 * by the end of this process, never before.
 */
int overlap_take(const struct options *, const struct plan *,
    const char *run, void (*skipped)(void *arg, const char *lock, pid_t pid),
    void *arg);

#endif

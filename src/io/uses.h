/*
 * uses - which lanes use what
 */
#ifndef IO_USES_H
#define IO_USES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct use;

struct uses {
	struct use **bucket;
	size_t nbucket, n;
};

/* a zeroed struct uses is ready for use */
/* true: it did not do so before */
bool uses_add(struct uses *, uint32_t lane, void *what);
/* the lane is over: ended() is called for each that it used */
void uses_end(struct uses *, uint32_t lane, void (*ended)(void *what));
void uses_fini(struct uses *);

#endif

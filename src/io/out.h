/*
 * out - gathers bytes for a descriptor and writes once per turn
 *
 * Never blocks the loop and never changes the flags of a descriptor that
 * others share.  When the other side is slow, it says so (full) instead of
 * growing without end.
 */
#ifndef IO_OUT_H
#define IO_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/outlet.h"

struct loop;
struct out;

enum { OUT_HIGH = 1024 * 1024, OUT_LOW = 256 * 1024 };

struct out_config {
	int fd;			/* stays the caller's */
	size_t high, low;	/* 0: OUT_HIGH, OUT_LOW */
	void *arg;
	/* more than high (true), then less than low bytes wait; or NULL */
	void (*full)(void *arg, bool full);
	/*
	 * Once, with errno: nothing can be written any more, what still
	 * comes is dropped.  Called between two events of the loop, or from
	 * out_drain().  Or NULL.
	 */
	void (*failed)(void *arg, int err);
};

struct out *out_new(struct loop *, const struct out_config *);
struct outlet out_outlet(struct out *);
void out_write(struct out *, const void *p, size_t n);
/* bytes that it was given */
uint64_t out_total(const struct out *);
/* bytes that wait */
size_t out_pending(const struct out *);
/* write what waits, for so many seconds at most; -1 with errno */
int out_drain(struct out *, double seconds);
/* drops what still waits */
void out_free(struct out *);

#endif

/*
 * outlet - where a sink puts its bytes
 *
 * The real one (io/out) gathers them and writes once per turn of the loop;
 * tests use a buffer.
 */
#ifndef MODEL_OUTLET_H
#define MODEL_OUTLET_H

#include <stddef.h>

struct outlet {
	void *arg;
	/* room for n bytes more, to be filled and then committed */
	char *(*room)(void *arg, size_t n);
	void (*commit)(void *arg, size_t n);
};

struct buf;

/* into memory */
struct outlet outlet_buf(struct buf *);

#endif

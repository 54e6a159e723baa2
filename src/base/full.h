/*
 * full - all the bytes, whatever a single call takes
 */
#ifndef BASE_FULL_H
#define BASE_FULL_H

#include <stddef.h>

/* 0, or -1 with errno; for descriptors that may block */
int full_write(int fd, const char *p, size_t n);

#endif

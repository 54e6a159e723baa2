/*
 * mem - allocation that succeeds or ends the program
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#define countof(a) (sizeof(a) / sizeof((a)[0]))

void *mem_alloc(size_t size);
/* zeroed; n * size must not overflow */
void *mem_calloc(size_t n, size_t size);
void *mem_realloc(void *p, size_t size);
char *mem_strdup(const char *s);
/* a copy of n bytes with a NUL behind them */
char *mem_strndup(const char *s, size_t n);
/*
 * Room for at least want elements of the given size in the array p, whose
 * capacity is *cap; doubles.  Returns the array, which may have moved.
 */
void *mem_grow(void *p, size_t *cap, size_t want, size_t size);

#endif

/*
 * arena - memory that is freed all at once
 *
 * What the language makes (the plan) lives in one.  Never moves what it
 * gave out.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *head;
};

/* a zeroed struct arena is ready for use */
void *arena_alloc(struct arena *, size_t size);		/* zeroed, aligned */
char *arena_strdup(struct arena *, const char *s);
char *arena_strndup(struct arena *, const char *s, size_t n);
/* n elements copied out of an array that grew elsewhere; NULL for none */
void *arena_copy(struct arena *, const void *p, size_t n, size_t size);
void arena_fini(struct arena *);

#endif

/*
 * die - the end when going on is impossible
 *
 * Used by app/ and base/mem only.  A format ending in ':' gets the text of
 * errno appended.
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

/* "the system failed us": no memory, no loop (see app/exits.h) */
enum { DIE_STATUS = 3 };

_Noreturn void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

#endif

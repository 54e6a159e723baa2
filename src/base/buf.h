/*
 * buf - bytes that grow
 *
 * data is NULL until something was added; after buf_str() it ends in a NUL
 * that does not count in len.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, cap;
};

/* a zeroed struct buf is ready for use */
void buf_add(struct buf *, const void *p, size_t n);
void buf_adds(struct buf *, const char *s);
void buf_addc(struct buf *, char c);
/* one word for a shell, in single quotes, whatever its bytes are */
void buf_addq(struct buf *, const char *s);
void buf_addf(struct buf *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* room for n more bytes at data + len */
char *buf_room(struct buf *, size_t n);
/* the content with a NUL behind it; borrowed until the next change */
const char *buf_str(struct buf *);
/* keeps the memory */
void buf_clear(struct buf *);
void buf_fini(struct buf *);

#endif

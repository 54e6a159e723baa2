/*
 * tar - headers of an archive, written and read
 *
 * What is written is ustar, with the records of GNU tar for what does not
 * fit (long names and links, sizes from 8 GiB): more programs know those
 * than pax records, and they take any byte.  Read are these, ustar with its
 * prefix, the old form, and pax records.
 */
#ifndef IO_TAR_H
#define IO_TAR_H

#include <stddef.h>
#include <stdint.h>

struct buf;

enum {
	TAR_BLOCK = 512,
	TAR_RECORD = 20 * TAR_BLOCK,	/* an archive is a multiple of it */
	TAR_NAME = 256,			/* prefix, '/', name */
	TAR_LINK = 100
};

enum tar_type {
	TAR_FILE = '0', TAR_HARD = '1', TAR_LINKED = '2', TAR_DIR = '5',
	TAR_LONG_NAME = 'L', TAR_LONG_LINK = 'K', TAR_PAX = 'x',
	TAR_PAX_ALL = 'g'
};

struct tar_header {
	char type;		/* TAR_…, or one that we do not know */
	unsigned mode;		/* 07777 at most */
	uint64_t size;		/* of what follows, without its padding */
	char name[TAR_NAME + 1], link[TAR_LINK + 1];
};

/* what fills the last block of so many bytes */
static inline size_t
tar_padding(uint64_t size)
{
	return (size_t)(-size & (TAR_BLOCK - 1));
}

/* add a header, with records before it where name or link need them */
void tar_add(struct buf *, char type, const char *name, const char *link,
    unsigned mode, uint64_t size, int64_t mtime);
/* 1; 0: a block of zeros, the end; -1: this is no header */
int tar_parse(struct tar_header *, const char *block);

/*
 * The next of the pax records in *p to end.  Key and value are borrowed and
 * not terminated.  1; 0: there is none any more; -1: it makes no sense.
 */
struct tar_pax {
	const char *key, *value;
	size_t key_len, value_len;
};
int tar_pax(struct tar_pax *, const char **p, const char *end);

#endif

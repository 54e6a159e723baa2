/*
 * secrets - where in a text the values of secrets stand
 *
 * Every value has at least SECRET_MIN bytes, so the four bytes at a place
 * tell at once that none can begin there: a text is passed over once,
 * however many values there are, and nothing is allocated for it.
 */
#ifndef SINK_SECRETS_H
#define SINK_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* what is shown in place of a value */
#define SECRET_MARK "***"

struct secret_value {
	char *text;
	size_t len;
	uint32_t next;		/* in its slot, + 1; 0: the last */
};

struct secrets {
	struct secret_value *value;
	size_t n, cap;
	size_t longest;
	uint32_t *slot;		/* first of them, + 1 */
	size_t nslot;
	uint64_t *bits;		/* by hash of the first bytes */
};

/* a zeroed struct secrets is ready for use */
/* each line of the value that has SECRET_MIN bytes, once */
void secrets_add(struct secrets *, const char *text, size_t len);
/* whether a value stands in the text */
bool secrets_find(const struct secrets *, const char *text, size_t len);
/*
 * Append the text with a mark for each value; what lies in two or more that
 * overlap has one.  The first *covered bytes have their mark already.  Only
 * what stands before `end` is appended; values may reach beyond it, and
 * *covered is then by how much.
 */
void secrets_mask(const struct secrets *, const char *text, size_t len,
    size_t end, size_t *covered, struct buf *out);
/* where the longest end of the text that may become a value begins */
size_t secrets_hold(const struct secrets *, const char *text, size_t len);
/*
 * How many bytes at the beginning of a text whose head was cut off are the
 * end of a value; fewer than SECRET_MIN do not count.
 */
size_t secrets_rest(const struct secrets *, const char *text, size_t len);
/* wipes the values */
void secrets_fini(struct secrets *);

#endif

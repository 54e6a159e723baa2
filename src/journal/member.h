/*
 * member - what a record says
 *
 * Members of the record itself are found in its text, without making
 * anything of the others; for what is deeper in it, it is parsed as a whole.
 * A text with bytes that are not UTF-8 stands there twice, once as its true
 * bytes (KEY_b64): those are given.
 */
#ifndef JOURNAL_MEMBER_H
#define JOURNAL_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <jansson.h>

struct arena;
struct buf;
struct record;

/* a member as it stands in the text, borrowed from the journal */
struct member {
	const char *key, *value;	/* the key without its quotes */
	size_t nkey, len;
	const char *next;		/* NULL: before the first one */
};

/* one after the other; a zeroed struct member stands before the first */
bool record_member(const struct record *, struct member *);
static inline bool
member_is(const struct member *m, const char *key)
{
	size_t n = strlen(key);

	return m->nkey == n && !memcmp(m->key, key, n);
}

/* its value; none: it is no such number */
int64_t member_digits(const struct member *, int64_t none);
double member_decimal(const struct member *, double none);
/*
 * The value of a member as it stands there, borrowed from the journal;
 * NULL: there is none.
 */
const char *record_raw(const struct record *, const char *key, size_t *len);
/* NULL: there is none.  Ends in a NUL that does not count; len may be NULL */
const char *record_text(const struct record *, const char *key,
    struct arena *, size_t *len);
/* the value if there is none, or no number */
double record_number(const struct record *, const char *key, double none);
int64_t record_int(const struct record *, const char *key, int64_t none);
bool record_is_true(const struct record *, const char *key);
/* is it a text, of these bytes, without asking for memory? */
bool record_is(const struct record *, const char *key, const char *text);

/* all of it, to be freed with json_decref(); NULL: damaged, and why */
json_t *record_json(const struct record *, struct buf *why);
/* as record_text(), of a JSON object */
const char *member_text(const json_t *, const char *key, struct arena *,
    size_t *len);
/* a string of base64 as the bytes it stands for; NULL: it is none */
char *member_base64(const json_t *, struct arena *, size_t *len);
double member_number(const json_t *, const char *key, double none);
int64_t member_int(const json_t *, const char *key, int64_t none);
bool member_is_true(const json_t *, const char *key);

#endif

/*
 * value - what a variable holds
 *
 * Immutable bytes, shared by counting; a captured JSON value also keeps
 * what it was parsed to.
 */
#ifndef WALK_VALUE_H
#define WALK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct value {
	unsigned refs;
	bool secret;		/* wiped when it is freed */
	void *json;		/* json_t, or NULL */
	size_t len;
	char text[];		/* NUL-terminated at len */
};

/* values over this many bytes are not exported to commands */
enum { VALUE_EXPORT_MAX = 96 * 1024 };

struct value *value_new(const char *text, size_t len);
struct value *value_str(const char *text);
struct value *value_int(int64_t);
/* NULL if the text is no JSON; *why is then a text that lives in buf */
struct value *value_json(const char *text, size_t len, char *buf, size_t size);
/*
 * The part of a JSON value at a path as "a.0.b"; a new value, or NULL if
 * there is no such part.  Texts come without quotes, the rest as JSON.
 */
struct value *value_part(const struct value *, const char *path);
/* append the JSON of one that has it, on one line */
void value_add_json(struct buf *, const struct value *);
struct value *value_ref(struct value *);
void value_unref(struct value *);	/* NULL is fine */

#endif

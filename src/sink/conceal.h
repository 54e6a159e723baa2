/*
 * conceal - values of secrets in JSON, where they may stand escaped
 */
#ifndef SINK_CONCEAL_H
#define SINK_CONCEAL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct secrets;

/* does a value stand in the text, or in one of its strings? */
bool conceal_finds(const struct secrets *, const char *json, size_t len);
/*
 * Append the text with a mark for each value; it stays JSON.  false: that
 * cannot be, and out is empty.
 */
bool conceal_mask(const struct secrets *, const char *json, size_t len,
    struct buf *out);

#endif

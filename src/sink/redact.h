/*
 * redact - no value of a secret reaches a sink
 *
 * The filter of the bus.  Lines of commands, texts, messages, names and the
 * end of standard error come out with a mark for each value; lines that come
 * in pieces are looked at across their joints: the end of a piece that may
 * be the beginning of a value is held back until that is clear.
 *
 * Values are found as they are, not where a command has encoded them.
 */
#ifndef SINK_REDACT_H
#define SINK_REDACT_H

#include <stddef.h>

#include "model/event.h"

struct redact;
struct buf;

struct redact *redact_new(void);
/* a value that is not to be seen from now on; it is copied */
void redact_add(struct redact *, const char *text, size_t len);
struct filter redact_filter(struct redact *);
/* a text that goes another way than the bus */
void redact_text(const struct redact *, struct buf *);
/* after the bus was closed; NULL is fine */
void redact_free(struct redact *);

#endif

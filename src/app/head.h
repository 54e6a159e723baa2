/*
 * head - what the first record of a journal tells of a run
 */
#ifndef APP_HEAD_H
#define APP_HEAD_H

#include "base/arena.h"
#include "journal/writer.h"

struct options;
struct plan;
struct redact;
struct session_mode;

/* all that can be known without the run itself; redact may be NULL */
void head_fill(struct writer_head *, struct arena *, const struct options *,
    const struct plan *, const struct session_mode *, const char *dir,
    const struct redact *);

#endif

/*
 * shared - what lanes share: channels and limits, by name
 */
#ifndef LANG_SHARED_H
#define LANG_SHARED_H

#include <stdbool.h>
#include <stdint.h>

#include "model/plan.h"

struct loader;
struct section;
struct value;
struct word;

/* sections [limits] and [channel NAME] */
void read_limits(struct loader *, const struct section *);
void read_channel(struct loader *, const struct section *);

/* the channel of that name; false: reported */
bool channel_named(struct loader *, const char *name, struct pos,
    uint32_t *index);
/* the whole value is the name of a channel */
bool channel_value(struct loader *, const struct value *, uint32_t *index);
/* CHANNEL… */
bool channel_list(struct loader *, const struct value *,
    const uint32_t **list, size_t *n);
/* LIMIT [N], … */
bool read_needs(struct loader *, const struct value *, struct needs *);

#endif

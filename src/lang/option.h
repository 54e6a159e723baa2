/*
 * option - options of ssh that a job may set
 */
#ifndef LANG_OPTION_H
#define LANG_OPTION_H

#include <stdbool.h>

#include "base/pos.h"

struct contact_option;
struct loader;

/* both: false after reporting why not */
bool option_name(struct loader *, const char *name, struct pos);
bool option_fits(struct loader *, const struct contact_option *, struct pos);

#endif

/*
 * adhoc - plans of one step, made without a job file
 */
#ifndef APP_ADHOC_H
#define APP_ADHOC_H

#include "model/plan.h"

struct options;

/* an empty plan; freed with lang_free() */
struct plan *adhoc_plan(const char *name);
/* a text without variables; s is borrowed */
struct text adhoc_text(struct arena *, const char *s);
/* --timeout, --retry, and what every step has */
void adhoc_limits(const struct options *, struct step *);
/* its only sequence: one lane for each item, which runs this step */
void adhoc_sequence(struct plan *, const struct each *, const struct step *);

#endif

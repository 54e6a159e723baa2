/*
 * label - what steps are called in output, and what they are known by
 */
#ifndef LANG_LABEL_H
#define LANG_LABEL_H

#include <stdint.h>

struct entry;
struct loader;
struct step;

/* its label, and its identity as long as no other step has the same */
void label_step(struct loader *, const struct entry *action, struct step *);
/* "#2" … among equal ones */
void label_identities(struct loader *, struct step *, uint32_t n);

#endif

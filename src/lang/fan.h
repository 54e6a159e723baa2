/*
 * fan - steps that start lanes, or meet with others
 */
#ifndef LANG_FAN_H
#define LANG_FAN_H

#include "lang/modifier.h"

struct cutter;

/* each, parallel, max-fail, collect of a call or spawn */
void read_fan_key(struct loader *, const struct entry *, struct mods *);
/* the lists become the step's; what says nothing without a list is told */
void end_fan(struct loader *, struct mods *);
/* ROUTINE [NAME=VALUE…] [as NAME] */
bool read_spawn(struct cutter *, struct call *, const char **as);
/* NAME… or all */
void read_join(struct loader *, const struct value *, struct step *);
/* the names for join: each is that of a spawn somewhere */
void check_joins(struct loader *);
void read_receive(struct loader *, const struct value *, struct step *);
/* N, N% or all */
void read_count(struct loader *, const struct value *, struct span *);

#endif

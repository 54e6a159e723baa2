/*
 * wait - the value of the action `wait`: a kind, and what belongs to it
 */
#ifndef LANG_WAIT_H
#define LANG_WAIT_H

struct loader;
struct step;
struct value;

void wait_value(struct loader *, const struct value *, struct step *);

#endif

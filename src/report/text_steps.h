/*
 * text_steps - the steps of a text report that are worth a line
 */
#ifndef REPORT_TEXT_STEPS_H
#define REPORT_TEXT_STEPS_H

#include <stddef.h>

struct buf;
struct story;

/* add those that were tried again, and the slowest; width: of names */
void text_steps(struct buf *, const struct story *, size_t width);

#endif

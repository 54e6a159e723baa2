/*
 * text - a run in full, for people
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

struct buf;
struct story;

/* add it */
void report_text(struct buf *, const struct story *);

#endif

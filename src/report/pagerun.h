/*
 * pagerun - what the page of a run says of it as a whole
 */
#ifndef REPORT_PAGERUN_H
#define REPORT_PAGERUN_H

struct buf;
struct story;

/* add the keys of an object that is open */
void pagerun_write(struct buf *, const struct story *);

#endif

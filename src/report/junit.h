/*
 * junit - JUnit XML, as CI systems read it: a test case is a lane
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

struct buf;
struct story;

/* add it */
void report_junit(struct buf *, const struct story *);

#endif

/*
 * joblog - the job log of GNU parallel: a line for each try of a command
 */
#ifndef REPORT_JOBLOG_H
#define REPORT_JOBLOG_H

struct buf;
struct story;

/* add it */
void report_joblog(struct buf *, const struct story *);

#endif

/*
 * trace - trace events, for Perfetto and chrome://tracing
 */
#ifndef REPORT_TRACE_H
#define REPORT_TRACE_H

struct buf;
struct story;

/* add it */
void report_trace(struct buf *, const struct story *);

#endif

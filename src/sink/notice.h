/*
 * notice - what pseq itself has to say, one line each
 *
 *	pseq: LANE: STEP: exit 3: message
 *	pseq: LANE: warning: text
 */
#ifndef SINK_NOTICE_H
#define SINK_NOTICE_H

#include <stddef.h>

struct buf;
struct face;
struct lane_info;
struct result;

/* each replaces what the buffer holds; lane and result may be NULL */
void notice_warning(struct buf *, const struct face *,
    const struct lane_info *, const char *text, size_t len);
void notice_failure(struct buf *, const struct face *,
    const struct lane_info *, const struct result *);

#endif

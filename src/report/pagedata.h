/*
 * pagedata - a story as the page's data
 *
 * One JSON object; report/page.js says how it is read.  Texts that many
 * steps share are written once, and named by number.
 */
#ifndef REPORT_PAGEDATA_H
#define REPORT_PAGEDATA_H

#include <stdint.h>

struct buf;
struct html_options;
struct story;

/*
 * from[i]: where what is kept of the log of lane i begins, its size if
 * nothing is.
 */
void pagedata_write(struct buf *, const struct story *,
    const struct html_options *, const uint64_t *from);

#endif

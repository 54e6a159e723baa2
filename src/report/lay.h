/*
 * lay - lines of a report for people
 */
#ifndef REPORT_LAY_H
#define REPORT_LAY_H

#include <stddef.h>

struct buf;

/* each adds to the buffer */
void lay_title(struct buf *, const char *);
/* a text of others on a line of ours: whatever could break it is shown */
void lay_word(struct buf *, const char *);
/* the same, and blanks up to this column of it */
void lay_padded(struct buf *, const char *, size_t width);
/* in seven columns, to the right */
void lay_duration(struct buf *, double seconds);

#endif

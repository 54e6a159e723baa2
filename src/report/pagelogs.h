/*
 * pagelogs - as much of the lanes' logs as a page shall hold
 *
 * Of each lane the last bytes.  Where there is not room for all, lanes that
 * did not end well come first, and among equals each gets the same.
 */
#ifndef REPORT_PAGELOGS_H
#define REPORT_PAGELOGS_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct html_options;
struct story;

/*
 * The offset from which on the log of each lane is kept, its size if nothing
 * is; the caller frees it.
 */
uint64_t *pagelogs_plan(const struct story *, const struct html_options *);
/* a <script> for each log, with one JSON string; reads the files */
void pagelogs_write(struct buf *, const struct story *, const uint64_t *from);

#endif

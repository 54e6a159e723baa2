/*
 * html - a run as one page for a browser, with everything in it
 *
 * The page works without a network: its program, style and data are in the
 * file.  What of the lanes' logs is left out, it says.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stddef.h>

struct buf;
struct story;

enum {
	HTML_LOG = 64 * 1024,		/* of each lane, its last bytes */
	HTML_LOGS = 16 * 1024 * 1024	/* of all lanes */
};

struct html_options {
	size_t log, logs;	/* bytes; 0: none are put in */
	double now;		/* seconds since 1970 */
	const char *version;	/* of pseq, now */
};

/* add the page */
void html_report(struct buf *, const struct story *,
    const struct html_options *);

#endif

/*
 * facts - what the lanes have found out, as one JSON object
 *
 *	{"job":"inventory","run":"2026…","lanes":{"probe[web1]":{…},…}}
 *
 * Of lanes of one name, as rounds have them, the last one is told.
 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "model/event.h"

struct buf;
struct story;

/* add it; it ends with a newline */
void report_facts(struct buf *, const struct story *);

/*
 * The same of a run while it goes on: a sink, also of what was found before
 * the run was resumed.  Names are borrowed.  ready() gets the text at the
 * end of the run, -1 if it cannot be kept.
 */
struct facts_options {
	const char *job, *run;
	int (*ready)(void *arg, const struct buf *);
	void *arg;
};
struct sink facts_open(const struct facts_options *);

#endif

/*
 * line_record - lines of output as records (pseq-events(5))
 *
 * Stands beside a writer: it puts one record for each line into an outlet
 * that the writer has, too.  A journal has no such records.
 */
#ifndef JOURNAL_LINE_RECORD_H
#define JOURNAL_LINE_RECORD_H

#include <stdbool.h>

#include "model/event.h"
#include "model/outlet.h"

struct line_record_options {
	struct outlet outlet;
	double start;		/* monotonic: `at` counts from it */
	bool merged;		/* which stream it was is not known */
};

struct sink line_record_open(const struct line_record_options *);
/* from now on `at` counts from here (arg of the sink) */
void line_record_start(void *arg, double mono);

#endif

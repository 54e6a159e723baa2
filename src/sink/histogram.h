/*
 * histogram - how long things took, in memory of a fixed size
 *
 * Buckets grow by two hundredths, from a millisecond to weeks: near enough
 * to say what is slow.
 */
#ifndef SINK_HISTOGRAM_H
#define SINK_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_BUCKETS = 1024,
	HISTOGRAM_OCTAVE = 32		/* buckets for each doubling */
};

struct histogram {
	uint64_t n;
	uint32_t bucket[HISTOGRAM_BUCKETS];
};

/* a zeroed histogram is ready for use */
void histogram_add(struct histogram *, double seconds);
/* seconds */
double histogram_median(const struct histogram *);
/* where a time belongs, and the time in the middle of a bucket */
size_t histogram_bucket(double seconds);
double histogram_seconds(size_t bucket);

#endif

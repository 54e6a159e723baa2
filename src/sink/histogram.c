/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "sink/histogram.h"

size_t
histogram_bucket(double seconds)
{
	double place = log2(1 + seconds * 1000) * HISTOGRAM_OCTAVE;
	size_t last = HISTOGRAM_BUCKETS - 1;

	if (!(place > 0))
		return 0;
	return place < (double)last ? (size_t)place : last;
}

double
histogram_seconds(size_t bucket)
{
	return (exp2(((double)bucket + 0.5) / HISTOGRAM_OCTAVE) - 1) / 1000;
}

void
histogram_add(struct histogram *h, double seconds)
{
	h->n++;
	h->bucket[histogram_bucket(seconds)]++;
}

double
histogram_median(const struct histogram *h)
{
	uint64_t seen = 0;
	size_t i = 0;

	for (; i < HISTOGRAM_BUCKETS - 1; i++)
		if ((seen += h->bucket[i]) * 2 >= h->n)
			break;
	return histogram_seconds(i);
}

/*
 * clock - times of day
 */
#ifndef IO_CLOCK_H
#define IO_CLOCK_H

#include <time.h>

/*
 * When the local clock shows this time of day (seconds since midnight) next,
 * later than now.  A time that does not exist on a day is the next minute
 * that does; of one that comes twice it is the first.
 */
time_t clock_next(time_t now, unsigned clock);

#endif

/* SPDX-License-Identifier: ISC */
#include <stdbool.h>

#include "io/clock.h"

/* no change of the clock is larger; they come at whole minutes */
enum { CHANGE_S = 4 * 3600, MINUTE = 60 };

/* of two times on the clock: a is not before b */
static bool
reached(const struct tm *a, const struct tm *b)
{
	if (a->tm_year != b->tm_year)
		return a->tm_year > b->tm_year;
	if (a->tm_yday != b->tm_yday)
		return a->tm_yday > b->tm_yday;
	if (a->tm_hour != b->tm_hour)
		return a->tm_hour > b->tm_hour;
	if (a->tm_min != b->tm_min)
		return a->tm_min > b->tm_min;
	return a->tm_sec >= b->tm_sec;
}

/* the time on the day of `day`, so many days later */
static time_t
on_day(const struct tm *day, int later, unsigned clock)
{
	struct tm noon = {
		.tm_year = day->tm_year, .tm_mon = day->tm_mon,
		.tm_mday = day->tm_mday + later, .tm_hour = 12,
		.tm_isdst = -1
	};
	struct tm want, got;
	time_t t;

	/* noon exists: it says which day that is */
	mktime(&noon);
	want = noon;
	want.tm_hour = (int)(clock / 3600);
	want.tm_min = (int)(clock / 60 % 60);
	want.tm_sec = (int)(clock % 60);
	got = want;
	got.tm_isdst = -1;
	t = mktime(&got) - CHANGE_S;
	while (!reached(localtime_r(&t, &got), &want))
		t += MINUTE;
	if (got.tm_hour != want.tm_hour || got.tm_min != want.tm_min)
		t -= got.tm_sec;
	return t;
}

time_t
clock_next(time_t now, unsigned clock)
{
	struct tm today;
	time_t t;
	int later = 0;

	localtime_r(&now, &today);
	do
		t = on_day(&today, later++, clock);
	while (t <= now);
	return t;
}

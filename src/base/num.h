/*
 * num - the figures of the language: numbers, durations, widths
 *
 * All readers want the whole of a NUL-terminated string and return 0, or -1
 * if it is something else.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* how many lanes, or how many failures: 4, 25%, auto */
struct width {
	bool percent, automatic;
	int64_t n;
};

/* decimal, with an optional '-' */
int num_int(const char *s, int64_t *n);
/* decimal fraction, for backoff factors and doubles of expressions */
int num_double(const char *s, double *d);
/* 500ms, 10s, 5m, 2h, 1d, 1h30m, 1.5s; seconds, at least 0 */
int num_duration(const char *s, double *seconds);
/* N (from 0), N% (0-100), and "auto" if allow_auto */
int num_width(const char *s, bool allow_auto, struct width *w);

enum { NUM_SHOW = 64 };
/* as it is read: "1h30m", "2s500ms"; buf needs NUM_SHOW bytes; returns buf */
char *num_write_duration(char *buf, double seconds);
/* "850ms", "3.4s", "2m05s", "1h02m"; buf needs NUM_SHOW bytes; returns buf */
char *num_show_duration(char *buf, double seconds);

#endif

/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

int
num_int(const char *s, int64_t *n)
{
	const char *p = s + (*s == '-');
	char *end;
	long long v;

	if (!isdigit((unsigned char)*p))
		return -1;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (*end || errno)
		return -1;
	*n = v;
	return 0;
}

/* digits with at most one point between them, so that "inf" and "0x1" fail */
int
num_double(const char *s, double *d)
{
	const char *p = s + (*s == '-');
	size_t a = strspn(p, "0123456789");
	size_t b = 0;

	if (a == 0)
		return -1;
	p += a;
	if (*p == '.') {
		b = strspn(++p, "0123456789");
		if (b == 0)
			return -1;
		p += b;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '+' || *p == '-';
		b = strspn(p, "0123456789");
		if (b == 0)
			return -1;
		p += b;
	}
	if (*p)
		return -1;
	*d = strtod(s, NULL);
	return 0;
}

/* largest first: a duration names each unit once, in this order */
static const struct {
	const char *name;
	double seconds;
} units[] = {
	{ "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 },
	{ "ms", 0.001 },
};

int
num_duration(const char *s, double *seconds)
{
	double sum = 0;
	size_t from = 0;

	if (!*s)
		return -1;
	while (*s) {
		char word[32];
		size_t n = strspn(s, "0123456789.");
		size_t m = strspn(s + n, "dhms");
		double v;
		size_t u;

		if (n == 0 || n >= sizeof(word))
			return -1;
		memcpy(word, s, n);
		word[n] = '\0';
		if (num_double(word, &v) == -1)
			return -1;
		for (u = from; u < countof(units); u++)
			if (strlen(units[u].name) == m &&
			    memcmp(units[u].name, s + n, m) == 0)
				break;
		if (u == countof(units))
			return -1;
		sum += v * units[u].seconds;
		from = u + 1;
		s += n + m;
	}
	if (sum > 1e9)
		return -1;
	*seconds = sum;
	return 0;
}

int
num_width(const char *s, bool allow_auto, struct width *w)
{
	char word[24];
	size_t n = strlen(s);

	*w = (struct width){ 0 };
	if (allow_auto && strcmp(s, "auto") == 0) {
		w->automatic = true;
		return 0;
	}
	if (n == 0 || n >= sizeof(word))
		return -1;
	memcpy(word, s, n + 1);
	if (word[n - 1] == '%') {
		w->percent = true;
		word[n - 1] = '\0';
	}
	if (num_int(word, &w->n) == -1 || w->n < 0)
		return -1;
	return w->percent && w->n > 100 ? -1 : 0;
}

char *
num_show_duration(char *buf, double t)
{
	long s = (long)(t + 0.5);

	if (t < 0.9995)
		snprintf(buf, NUM_SHOW, "%.0fms", t * 1000);
	else if (t < 59.95)
		snprintf(buf, NUM_SHOW, "%.1fs", t);
	else if (s < 3600)
		snprintf(buf, NUM_SHOW, "%ldm%02lds", s / 60, s % 60);
	else
		snprintf(buf, NUM_SHOW, "%ldh%02ldm", s / 3600, s / 60 % 60);
	return buf;
}

char *
num_write_duration(char *buf, double t)
{
	int64_t ms = (int64_t)(t * 1000 + 0.5);
	size_t n = 0;

	for (size_t u = 0; u < countof(units) && ms > 0; u++) {
		int64_t unit = (int64_t)(units[u].seconds * 1000 + 0.5);

		if (ms < unit)
			continue;
		n += (size_t)snprintf(buf + n, NUM_SHOW - n, "%lld%s",
		    (long long)(ms / unit), units[u].name);
		ms %= unit;
	}
	if (n == 0)
		snprintf(buf, NUM_SHOW, "0s");
	return buf;
}

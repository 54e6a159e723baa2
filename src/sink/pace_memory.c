/* SPDX-License-Identifier: ISC */
/*
 * What runs tell later ones:
 *
 *	{"version":1,"sequences":{NAME:{"lanes":N,"seconds":MEDIAN,
 *	"mean":MEAN}},"steps":{"SEQUENCE STEP":{"n":N,"seconds":MEDIAN}}}
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "sink/pace.h"
#include "sink/pace_part.h"

enum {
	VERSION = 1,
	/* earlier runs are as much as so many: things change */
	PAST_MOST = 1000,
	LEAST = 5		/* of this run, to put what was known aside */
};

/* --- written ------------------------------------------------------------ */

/* what is to be remembered: this run's, if it has seen enough */
static struct pace_past
told(struct pace_entry *e)
{
	struct pace_past past = e->past;
	double n = (double)pace_count(e), had = (double)past.n, all = n + had;

	/* what is not met any more fades, and makes room */
	if (n <= 0) {
		past.n /= 2;
		return past;
	}
	if (n >= LEAST)
		had = 0;
	past.median = (n * pace_median(e) + had * past.median) / (n + had);
	past.mean = (e->sum + had * past.mean) / (n + had);
	past.most = n >= LEAST || e->most > past.most ? e->most : past.most;
	past.n = (uint64_t)(all < PAST_MOST ? all : PAST_MOST);
	return past;
}

static void
write_entries(struct buf *b, const char *key, const struct map *m,
    struct pace_entry *e, const char *count)
{
	json_key(b, key);
	json_open(b, '{');
	for (uint32_t i = 0; i < m->n; i++) {
		struct pace_past past = told(&e[i]);

		if (past.n == 0)
			continue;
		json_name(b, m->name[i], strlen(m->name[i]));
		json_open(b, '{');
		json_uint(b, count, past.n);
		json_seconds(b, "seconds", past.median);
		json_seconds(b, "mean", past.mean);
		if (past.most > 0)
			json_seconds(b, "most", past.most);
		json_close(b, '}');
	}
	json_close(b, '}');
}

void
pace_write(struct pace *p, struct buf *b)
{
	json_open(b, '{');
	json_int(b, "version", VERSION);
	write_entries(b, "sequences", &p->sequences, p->sequence, "lanes");
	write_entries(b, "steps", &p->steps, p->step, "n");
	json_close(b, '}');
	buf_addc(b, '\n');
}

/* --- read --------------------------------------------------------------- */

static double
number(const json_t *json, const char *key)
{
	double n = json_number_value(json_object_get(json, key));

	return isfinite(n) && n > 0 && n < 1e9 ? n : 0;
}

static void
read_entries(json_t *json, struct map *m, struct pace_entry *e, uint32_t max,
    const char *count)
{
	const char *key;
	json_t *one;

	json_object_foreach(json, key, one) {
		struct pace_past past = {
			.n = (uint64_t)number(one, count),
			.median = number(one, "seconds"),
			.mean = number(one, "mean"),
			.most = number(one, "most"),
		};

		if (m->n >= max)
			return;
		if (past.n == 0)
			continue;
		if (past.mean <= 0)
			past.mean = past.median;
		e[map_add(m, key, strlen(key))].past = past;
	}
}

int
pace_read(struct pace *p, const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, 0, NULL);

	if (json_integer_value(json_object_get(json, "version")) != VERSION) {
		json_decref(json);
		return -1;
	}
	read_entries(json_object_get(json, "sequences"), &p->sequences,
	    p->sequence, PACE_SEQUENCES, "lanes");
	read_entries(json_object_get(json, "steps"), &p->steps, p->step,
	    PACE_STEPS, "n");
	json_decref(json);
	return 0;
}

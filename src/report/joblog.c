/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/story.h"
#include "report/joblog.h"

struct line {
	const struct story_lane *lane;
	const struct story_step *step;
	const struct story_try *try;
};

/* as parallel does: in the order in which they ended */
static int
by_end(const void *a, const void *b)
{
	const struct story_try *x = ((const struct line *)a)->try;
	const struct story_try *y = ((const struct line *)b)->try;

	if (x->ended != y->ended)
		return x->ended < y->ended ? -1 : 1;
	return x->began < y->began ? -1 : x->began > y->began;
}

static struct line *
lines_of(const struct story *s, size_t *n)
{
	struct line *line = mem_calloc((size_t)s->totals.tries + 1,
	    sizeof(*line));

	*n = 0;
	for (size_t i = 0; i < s->nlane; i++)
		for (size_t k = 0; k < s->lane[i].nstep; k++) {
			const struct story_step *st = &s->lane[i].step[k];

			for (size_t t = 0; st->command && t < st->ntry; t++)
				if (st->try[t].ended >= 0)
					line[(*n)++] = (struct line){
						&s->lane[i], st, &st->try[t]
					};
		}
	qsort(line, *n, sizeof(*line), by_end);
	return line;
}

/* it stays one line of as many columns */
static void
command(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			buf_adds(b, "\\n");
		else if (*s == '\t')
			buf_adds(b, "\\t");
		else
			buf_addc(b, *s);
	}
}

/* what wait(2) would have said; -1: there was no such end */
static int
exit_code(const struct result *r)
{
	if (r->status == ST_SIGNAL || r->status == ST_OK)
		return r->code > 0 && r->status == ST_OK ? r->code : 0;
	return r->code;
}

void
report_joblog(struct buf *b, const struct story *s)
{
	size_t n;
	struct line *line = lines_of(s, &n);

	buf_adds(b, "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\t"
	    "Exitval\tSignal\tCommand\n");
	for (size_t i = 0; i < n; i++) {
		const struct story_try *t = line[i].try;
		const char *host = line[i].lane->host;

		buf_addf(b, "%zu\t%s\t%.3f\t%10.3f\t0\t%" PRIu64 "\t%d\t%d\t",
		    i + 1, host ? host : ":", story_wall(s, t->began),
		    t->result.seconds, t->out + t->err,
		    exit_code(&t->result), t->result.status == ST_SIGNAL ?
		    t->result.signo : 0);
		command(b, line[i].step->command);
		buf_addc(b, '\n');
	}
	free(line);
}

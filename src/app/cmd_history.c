/* SPDX-License-Identifier: ISC */
/* the runs of the past as a table, newest first */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/view.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/state.h"
#include "base/utf8.h"
#include "journal/runs.h"
#include "model/status.h"
#include "sink/escape.h"

enum { SHOWN = 20, COLUMNS = 6 };

static const char *const heads[COLUMNS] = {
	"RUN", "JOB", "STATE", "BEGAN", "TIME", "LANES"
};

struct row {
	struct buf cell[COLUMNS];
	const char *colour;	/* of the state */
};

static const char red[] = "\033[31m", green[] = "\033[32m",
    yellow[] = "\033[33m", blue[] = "\033[36m";

static void
add_word(struct buf *b, const char *s)
{
	escape_word(b, isatty(STDOUT_FILENO), s, strlen(s));
}

static void
add_state(struct row *row, const struct run_entry *e)
{
	struct buf *b = &row->cell[2];

	switch (e->state) {
	case RUN_RUNNING:
		buf_adds(b, "running");
		if (e->pid)
			buf_addf(b, " %ld", (long)e->pid);
		row->colour = blue;
		break;
	case RUN_INTERRUPTED:
		buf_adds(b, "interrupted");
		if (e->signo)
			buf_addf(b, " %s", status_signal_name(e->signo));
		row->colour = yellow;
		break;
	case RUN_ENDED:
		if (e->status > EXITS_FAILED)
			buf_addf(b, "status %d", e->status);
		else
			buf_adds(b, e->status == EXITS_OK ? "ok" : "failed");
		row->colour = e->status == EXITS_OK ? green : red;
		break;
	case RUN_DAMAGED:
		buf_adds(b, "damaged");
		row->colour = red;
		break;
	}
}

/* "500: 80 ok, 412 failed, 8 not started" */
static void
add_lanes(struct buf *b, const struct run_entry *e)
{
	int64_t total = 0;

	if (e->state == RUN_DAMAGED) {
		add_word(b, e->trouble);
		return;
	}
	if (!e->counted) {
		buf_addc(b, '-');
		return;
	}
	for (size_t i = 0; i < VERDICTS; i++)
		total += e->lanes[i];
	buf_addf(b, "%" PRId64, total);
	for (size_t i = 0, n = 0; i < VERDICTS; i++)
		if (e->lanes[i])
			buf_addf(b, "%s %" PRId64 " %s", n++ ? "," : ":",
			    e->lanes[i], verdict_name(i));
	if (e->unstarted)
		buf_addf(b, ", %" PRId64 " not started", e->unstarted);
}

static void
fill(struct row *row, const struct run_entry *e, double now)
{
	double seconds = e->state == RUN_RUNNING ? now - e->wall : e->seconds;
	char show[NUM_SHOW], began[VIEW_TIME];

	add_word(&row->cell[0], e->run);
	add_word(&row->cell[1], e->job);
	add_state(row, e);
	buf_adds(&row->cell[3], e->wall > 0 ? view_time(began, e->wall) :
	    "-");
	buf_adds(&row->cell[4], seconds < 0 || e->wall <= 0 ? "-" :
	    num_show_duration(show, seconds));
	add_lanes(&row->cell[5], e);
}

/* are these too wide for the terminal?  They are not for anything else */
static bool
too_wide(const size_t *width)
{
	struct winsize w = { 0 };
	size_t sum = 2 * (COLUMNS - 1);

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == -1 || w.ws_col == 0)
		return false;
	for (size_t i = 0; i < COLUMNS; i++)
		sum += width[i];
	return sum > w.ws_col;
}

static void
print(struct row *row, const size_t *width, bool brief, bool color)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		struct buf *b = &row->cell[i];
		const char *text = buf_str(b);
		size_t pad = width[i] - utf8_columns(text, b->len);
		bool painted = color && i == 2 && row->colour;

		/* the name of a run begins with it as well */
		if (i == 3 && brief) {
			buf_fini(b);
			continue;
		}
		/* how long it took, like all figures, to the right */
		if (i == 4)
			printf("%*s", (int)pad, "");
		printf("%s%s%s", painted ? row->colour : "", text,
		    painted ? "\033[0m" : "");
		if (i + 1 < COLUMNS)
			printf("%*s", i == 4 ? 2 : (int)pad + 2, "");
		buf_fini(b);
	}
	putchar('\n');
}

static void
print_table(const struct options *o, const struct runs *r, size_t n)
{
	struct row *row = mem_calloc(n + 1, sizeof(*row));
	size_t width[COLUMNS] = { 0 };
	struct timespec t;
	bool brief;

	clock_gettime(CLOCK_REALTIME, &t);
	for (size_t i = 0; i < COLUMNS; i++)
		buf_adds(&row[0].cell[i], heads[i]);
	for (size_t i = 0; i < n; i++)
		fill(&row[i + 1], &r->run[i],
		    (double)t.tv_sec + (double)t.tv_nsec / 1e9);
	for (size_t i = 0; i <= n; i++)
		for (size_t k = 0; k < COLUMNS; k++) {
			size_t w = utf8_columns(buf_str(&row[i].cell[k]),
			    row[i].cell[k].len);

			if (w > width[k])
				width[k] = w;
		}
	brief = too_wide(width);
	for (size_t i = 0; i <= n; i++)
		print(&row[i], width, brief, opts_color(o, STDOUT_FILENO));
	free(row);
}

static int
none(const char *job)
{
	struct buf root = { 0 }, why = { 0 };
	struct near near = { 0 };
	struct runs all;
	int status = EXITS_OK;

	if (!job) {
		if (state_path(&root, "", &why) == 0)
			fprintf(stderr, "pseq: there are no runs in %s: "
			    "'pseq run' leaves one there\n", buf_str(&root));
		buf_fini(&root);
		buf_fini(&why);
		return EXITS_OK;
	}
	if (runs_list(&all, NULL, &why) == 0)
		for (size_t i = 0; i < all.n; i++)
			near_offer(&near, job, all.run[i].job);
	fprintf(stderr, "pseq history: there is no run of a job '%s'", job);
	if (near.best)
		fprintf(stderr, "; did you mean '%s'?", near.best);
	putc('\n', stderr);
	status = EXITS_USAGE;
	runs_fini(&all);
	buf_fini(&why);
	return status;
}

int
cmd_history(struct options *o, int argc, char **argv)
{
	const char *job = argc > 0 ? argv[0] : NULL;
	size_t most = o->number < 0 ? SHOWN : (size_t)o->number;
	struct buf why = { 0 };
	struct runs r;
	int status = EXITS_OK;

	if (runs_list(&r, job, &why) == -1) {
		fprintf(stderr, "pseq: error: %s\n", buf_str(&why));
		status = EXITS_SYSTEM;
	} else if (r.n == 0) {
		status = none(job);
	} else {
		size_t n = most > 0 && most < r.n ? most : r.n;

		print_table(o, &r, n);
		if (n < r.n)
			fprintf(stderr, "pseq: and %zu older run%s: -n 0 "
			    "shows all\n", r.n - n, r.n - n == 1 ? "" : "s");
	}
	buf_fini(&why);
	runs_fini(&r);
	return status;
}

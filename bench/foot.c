/*
 * foot - what the live view costs, on one core
 *
 * Prints microseconds for a frame of 200 x 50 with 1,000 lanes in work and
 * 1,000 failed ones, and nanoseconds for a line of 80 bytes that is kept as
 * the last of its lane.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "model/action.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/board.h"
#include "sink/foot.h"
#include "sink/pace.h"

enum { LANES = 1000, FRAMES = 4000, LINES = 10000000 };

static const char line[] = "downloading layer 17 of 31: \033[32m###\033[0m "
    "47 %, \xe6\xbc\xa2\xe5\xad\x97, the rest is not known yet";
static struct lane_info lane[LANES];
static char name[LANES][16];
static struct sink sink;
static const struct step_ref step = {
	.label = "restart", .in = "deploy", .identity = "restart", .id = 1
};

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
emit(struct event ev)
{
	ev.step = &step;
	ev.attempt = 1;
	sink.event(sink.arg, &ev);
}

/* of three kinds, whose names fold badly */
static void
fail(void)
{
	static const char *const steps[] = { "fetch", "check", "restart" };

	for (uint32_t i = 0; i < LANES; i++) {
		char tag[16];
		struct lane_info l = { .id = LANES + 1 + i, .name = tag,
		    .tag = tag, .group = "deploy" };
		struct result r = { .status = ST_TIMEOUT, .message = "",
		    .step = steps[i % 3], .seconds = 4,
		    .tail = "no space left on device\n", .ntail = 24 };

		snprintf(tag, sizeof(tag), "db%u", i * 7919 % 3000);
		emit((struct event){ .type = EVT_LANE_END, .lane = &l,
		    .verdict = LANE_FAILED, .result = &r });
	}
}

static void
begin(void)
{
	emit((struct event){ .type = EVT_RUN_START, .mono = 1, .text = "job",
	    .len = 3 });
	for (uint32_t i = 0; i < LANES; i++) {
		snprintf(name[i], sizeof(name[i]), "web%04u", i);
		lane[i] = (struct lane_info){ .id = i + 1, .name = name[i],
		    .tag = name[i], .group = "deploy" };
		emit((struct event){ .type = EVT_LANE_START, .mono = 2,
		    .lane = &lane[i] });
		emit((struct event){ .type = EVT_STEP_START, .mono = 2,
		    .lane = &lane[i] });
	}
}

static double
lines(void)
{
	/* one for a stream, as the engine has it */
	struct event ev = { .type = EVT_LINE, .mono = 3, .step = &step,
	    .attempt = 1, .text = line, .len = sizeof(line) - 1 };
	double from = cpu();

	for (int i = 0; i < LINES; i++) {
		ev.lane = &lane[i / 8 % LANES];
		sink.event(sink.arg, &ev);
	}
	return (cpu() - from) / LINES;
}

static double
frames(struct board *b)
{
	struct foot_style style = { .color = true, .utf8 = true,
	    .keys = true, .rows = 50, .columns = 200 };
	struct foot_row row[64];
	struct buf out = { 0 };
	double from = cpu();

	for (int i = 0; i < FRAMES; i++) {
		double mono = 10 + i * 0.05;
		struct foot_view v = { .job = board_job(b), .running = LANES,
		    .seconds = mono, .failed = board_counts(b).failed,
		    .waiting = 500, .left = board_left(b, 500, mono),
		    .failures = board_failures(b), .row = row,
		    .work = board_work(b) };

		v.nrow = board_rows(b, mono, row, foot_lanes(&style));
		buf_clear(&out);
		foot_draw(&v, &style, &out);
	}
	buf_fini(&out);
	return (cpu() - from) / FRAMES;
}

int
main(void)
{
	struct pace *pace = pace_new();
	struct board *b = board_new(pace);
	double one;

	sink = board_sink(b);
	begin();
	fail();
	one = lines();
	printf("%.1f %.1f\n", frames(b) * 1e6, one * 1e9);
	board_free(b);
	pace_free(pace);
	return 0;
}

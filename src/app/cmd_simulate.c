/* SPDX-License-Identifier: ISC */
/* the ways a job takes by a table of outcomes; nothing is run */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/cover.h"
#include "app/exits.h"
#include "app/given.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/outcomes.h"
#include "app/session.h"
#include "app/trail.h"
#include "base/buf.h"
#include "base/num.h"
#include "engine/engine.h"
#include "lang/lang.h"
#include "model/plan.h"
#include "sim/sim.h"

/* how long `always` may take in a lane that would never have ended */
enum { ALWAYS_LIMIT = 60 };

struct simulation {
	const struct options *o;
	const struct plan *plan;
	struct outcomes outcomes;
	struct given_lists lists;
	struct trail trail;
	struct cover cover;
	struct sim *sim;
};

static void
on_lane(void *arg, const struct lane_info *l)
{
	struct simulation *s = arg;

	outcomes_lane(&s->outcomes, l);
}

static void
offer(void *arg, struct near *n, const char *wanted)
{
	struct simulation *s = arg;

	trail_offer(&s->trail, n, wanted);
}

/* nothing is left that would make anything happen */
static void
end_stuck(struct simulation *s, struct engine *e, unsigned times)
{
	if (times > 0) {
		engine_kill(e);
		return;
	}
	buf_adds(&s->trail.notes, "error: nothing would ever end ");
	trail_stuck(&s->trail, &s->trail.notes);
	buf_addc(&s->trail.notes, '\n');
	engine_stop(e, ALWAYS_LIMIT);
}

static void
run(void *arg, struct engine *e)
{
	struct simulation *s = arg;
	struct runner_up up = engine_up(e);
	unsigned stuck = 0;
	bool killed = false;

	sim_attach(s->sim, &up);
	while (!engine_is_over(e)) {
		bool more = engine_turn(e);

		if (s->trail.endless && !killed) {
			killed = true;
			engine_kill(e);
		} else if (!more && !engine_is_over(e) &&
		    !sim_step(s->sim, 0)) {
			end_stuck(s, e, stuck++);
		}
	}
}

static void
add_lanes(const struct trail *t, struct buf *b)
{
	uint64_t n = 0;
	bool any = false;

	for (size_t i = 0; i <= LANE_CANCELLED; i++)
		n += t->verdicts[i];
	buf_addf(b, "%" PRIu64 " lane%s", n, n == 1 ? "" : "s");
	for (size_t i = 0; i <= LANE_CANCELLED; i++) {
		if (t->verdicts[i] == 0)
			continue;
		buf_addf(b, "%s%" PRIu64 " %s", any ? ", " : ": ",
		    t->verdicts[i], verdict_name(i));
		any = true;
	}
}

static void
show(struct simulation *s, struct buf *b)
{
	struct cover *cover = &s->cover;
	char time[NUM_SHOW];

	trail_show(&s->trail, b);
	cover_show(cover, s->o, s->trail.terminal, b);
	outcomes_show(&s->outcomes, b);
	buf_addf(b, "pseq: %s: simulated ", s->plan->name);
	add_lanes(&s->trail, b);
	buf_addf(b, "; %u of %u steps", cover->steps_taken, cover->steps);
	if (cover->reactions > 0)
		buf_addf(b, " and %u of %u reactions", cover->reactions_taken,
		    cover->reactions);
	buf_addf(b, " taken; %s\n", num_write_duration(time,
	    s->trail.ended - s->trail.began));
}

/* the exit status, by that of the run */
static int
tell(struct simulation *s, int status)
{
	const struct map *unstarted = &s->trail.unstarted;
	struct buf out = { 0 };
	int err;

	for (uint32_t i = 0; i < unstarted->n; i++)
		outcomes_unstarted(&s->outcomes, unstarted->name[i]);
	outcomes_count(&s->outcomes);
	show(s, &out);
	fwrite(out.data, 1, out.len, stdout);
	if (fflush(stdout) == EOF && status == EXITS_OK)
		status = EXITS_SYSTEM;
	/* whoever called us tells of a write that failed */
	err = errno;
	if (outcomes_strange(&s->outcomes, s->o, offer, s) > 0)
		status = EXITS_USAGE;
	buf_fini(&out);
	errno = err;
	return status;
}

static int
simulate(struct simulation *s)
{
	struct sim_config config = {
		.outcome = table_outcome, .arg = &s->outcomes.table
	};
	struct stage stage = {
		.arg = s, .run = run, .transport = &sim_transport
	};
	struct sink sink;
	struct session_mode mode = {
		.unique = true, .run = "simulation", .sink = &sink,
		.no_commands = true, .stage = &stage,
		.list = s->lists.list, .nlist = s->lists.n,
		.watcher = &s->trail.watcher,
	};
	int status;

	cover_init(&s->cover, s->plan);
	trail_init(&s->trail, s->plan, &s->cover, &sink);
	s->trail.terminal = isatty(STDOUT_FILENO);
	s->trail.begins = on_lane;
	s->trail.arg = s;
	s->sim = sim_new(&config);
	stage.runner = sim_runner(s->sim);
	status = session_run(s->o, s->plan, &mode);
	if (status != EXITS_USAGE)
		status = tell(s, status);
	sim_free(s->sim);
	trail_fini(&s->trail);
	cover_fini(&s->cover);
	return status;
}

int
cmd_simulate(struct options *o, int argc, char **argv)
{
	struct simulation s = { .o = o };
	struct plan *plan = load_files(o, argv, argc);
	int status = EXITS_USAGE;

	if (!plan)
		return EXITS_USAGE;
	s.plan = plan;
	/* rounds without an end are shown for a day */
	if (o->rounds <= 0)
		o->rounds = 24 * 60 * 60;
	if (given_read(&s.lists, plan, o) == 0 &&
	    outcomes_read(&s.outcomes, plan, o) == 0)
		status = simulate(&s);
	outcomes_fini(&s.outcomes);
	given_fini(&s.lists);
	lang_free(plan);
	return status;
}

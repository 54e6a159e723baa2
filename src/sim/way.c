/* SPDX-License-Identifier: ISC */
/* the way to every host: what would be done there is only acted */
#include "model/plan.h"
#include "model/transport.h"
#include "sim/sim.h"

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	(void)arena;
	*l = (struct launch){
		.kind = LAUNCH_PROCESS, .out_path = r->out_path,
		.out_none = r->out_none,
		.tee = r->out_path && (r->divert & STREAM_OUT),
		.capture = r->capture, .capture_both = r->capture_both,
		.capture_max = r->capture_max, .timeout = r->timeout,
		.silent = r->silent, .grace = r->grace, .at = r->at,
	};
	return NULL;
}

static const char *
prepare_copy(const struct copy *c, struct launch *l, struct arena *arena)
{
	(void)arena;
	*l = (struct launch){ .kind = LAUNCH_COPY, .copy = *c, .at = c->at };
	return NULL;
}

const struct transport sim_transport = {
	.name = "sim", .prepare = prepare, .prepare_copy = prepare_copy,
};

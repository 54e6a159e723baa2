/* SPDX-License-Identifier: ISC */
#include "model/plan.h"
#include "transport/common.h"

void
common_fill(const struct run *r, struct launch *l)
{
	*l = (struct launch){
		.kind = LAUNCH_PROCESS, .in_bytes = r->in_bytes,
		.in_len = r->in_len, .in_path = r->in_path,
		.out_path = r->out_path, .out_none = r->out_none,
		.tee = r->out_path && (r->divert & STREAM_OUT),
		.tty = r->tty, .capture = r->capture,
		.capture_both = r->capture_both,
		.capture_max = r->capture_max, .timeout = r->timeout,
		.silent = r->silent, .grace = r->grace, .at = r->at,
		.as = r->as,
	};
}

/* SPDX-License-Identifier: ISC */
#include "base/arena.h"
#include "model/plan.h"
#include "transport/common.h"

static size_t
count(const char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

const char *const *
common_words(const struct run *r, struct arena *arena)
{
	size_t nshell = count(r->shell), nargs = count(r->args), n = 0;
	const char **argv;

	if (r->argv)
		return r->argv;
	argv = arena_alloc(arena, (nshell + nargs + 4) * sizeof(*argv));
	for (size_t i = 0; i < nshell; i++)
		argv[n++] = r->shell[i];
	argv[n++] = "-c";
	argv[n++] = r->text;
	if (nargs > 0)
		argv[n++] = "sh";
	for (size_t i = 0; i < nargs; i++)
		argv[n++] = r->args[i];
	return argv;
}

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
	};
}

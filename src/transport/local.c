/* SPDX-License-Identifier: ISC */
#include "base/arena.h"
#include "base/buf.h"
#include "model/plan.h"
#include "transport/carrier.h"
#include "transport/local.h"

static size_t
count(const char *const *words)
{
	size_t n = 0;

	while (words && words[n])
		n++;
	return n;
}

/* the words that are executed: the command's own, or the shell's */
static const char *const *
words_of(const struct run *r, struct arena *arena)
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

/* through sudo, by the carrier */
static void
as_user(const struct run *r, struct launch *l, struct arena *arena)
{
	static const char *const sudo[] = { "sudo", "-n", "-u" };
	static const char *const shell[] = { "--", "/bin/sh", "-c" };
	const char **argv = arena_alloc(arena, 9 * sizeof(*argv));
	struct buf script = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		argv[n++] = sudo[i];
	argv[n++] = r->as;
	for (size_t i = 0; i < 3; i++)
		argv[n++] = shell[i];
	argv[n++] = carrier_reader;
	carrier_script(r, l->argv, &script);
	buf_add(&script, r->in_bytes, r->in_len);
	l->in_bytes = arena_strndup(arena, script.data, script.len);
	l->in_len = script.len;
	buf_fini(&script);
	l->argv = argv;
	/* what sudo itself needs to know is in our own environment */
	l->env = r->env + r->nown;
	l->dir = NULL;
	l->as = r->as;
	l->mark = CARRIER_MARK;
}

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	*l = (struct launch){
		.kind = LAUNCH_PROCESS, .argv = words_of(r, arena),
		.env = r->env, .dir = r->dir, .in_bytes = r->in_bytes,
		.in_len = r->in_len, .in_path = r->in_path,
		.out_path = r->out_path, .out_none = r->out_none,
		.tee = r->out_path && (r->divert & STREAM_OUT),
		.tty = r->tty, .capture = r->capture,
		.capture_both = r->capture_both,
		.capture_max = r->capture_max, .timeout = r->timeout,
		.silent = r->silent, .grace = r->grace,
	};
	if (r->as)
		as_user(r, l, arena);
	return NULL;
}

const struct transport transport_local = {
	.name = "local", .prepare = prepare,
};

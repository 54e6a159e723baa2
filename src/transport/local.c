/* SPDX-License-Identifier: ISC */
#include "base/arena.h"
#include "base/buf.h"
#include "transport/carrier.h"
#include "transport/common.h"
#include "transport/local.h"

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
	common_fill(r, l);
	l->argv = common_words(r, arena);
	l->env = r->env;
	l->dir = r->dir;
	if (r->as)
		as_user(r, l, arena);
	return NULL;
}

const struct transport transport_local = {
	.name = "local", .prepare = prepare,
};

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "transport/carrier.h"
#include "transport/common.h"
#include "transport/copying.h"
#include "transport/local.h"

/*
 * A script is executed by what its first line names, so that it need not be
 * executable: "#!PROGRAM [ARGUMENT]", else the shell.
 */
static const char *const *
interpret(const struct run *r, struct arena *arena)
{
	size_t nargs = 0, n = 0, len;
	const char *s = r->script_bytes, *end;
	const char **argv;
	char *line, *arg;

	while (r->args && r->args[nargs])
		nargs++;
	argv = arena_alloc(arena, (nargs + 4) * sizeof(*argv));
	argv[0] = "/bin/sh";
	if (r->script_len > 2 && s[0] == '#' && s[1] == '!') {
		end = memchr(s, '\n', r->script_len);
		len = end ? (size_t)(end - s) : r->script_len;
		line = arena_strndup(arena, s + 2, len - 2);
		line += strspn(line, " \t");
		arg = line + strcspn(line, " \t\r");
		if (arg > line)
			argv[0] = line;
		if (*arg) {
			*arg++ = '\0';
			arg += strspn(arg, " \t");
			arg[strcspn(arg, "\r")] = '\0';
		}
		if (*arg)
			argv[++n] = arg;
	}
	argv[++n] = r->script;
	for (size_t i = 0; i < nargs; i++)
		argv[++n] = r->args[i];
	return argv;
}

/* through sudo, by the carrier */
static void
as_user(const struct run *r, struct launch *l, struct arena *arena)
{
	static const char *const sudo[] = { "sudo", "-n", "-u" };
	static const char *const shell[] = { "--", "/bin/sh", "-c" };
	const char **argv = arena_alloc(arena, 9 * sizeof(*argv));
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		argv[n++] = sudo[i];
	argv[n++] = r->as;
	for (size_t i = 0; i < 3; i++)
		argv[n++] = shell[i];
	argv[n++] = CARRIER_READER;
	carrier_load(r, CARRIER_HERE, l, arena);
	l->argv = argv;
	/* what sudo itself needs to know is in our own environment */
	l->env = r->env + r->nown;
	l->dir = NULL;
}

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	const char *why = r->as ? carrier_refuses(r) : NULL;

	if (why)
		return why;
	common_fill(r, l);
	l->argv = r->script && !r->as ? interpret(r, arena) :
	    carrier_words(r, arena);
	l->env = r->env;
	l->dir = r->dir;
	if (r->as)
		as_user(r, l, arena);
	return NULL;
}

static const char *
prepare_copy(const struct copy *c, struct launch *l, struct arena *arena)
{
	return copying_prepare(c, l, arena, prepare);
}

const struct transport transport_local = {
	.name = "local", .prepare = prepare,
	.prepare_copy = prepare_copy,
};

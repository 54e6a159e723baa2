/* SPDX-License-Identifier: ISC */
#include "base/arena.h"
#include "base/buf.h"
#include "model/endpoint.h"
#include "transport/carrier.h"
#include "transport/common.h"
#include "transport/copying.h"
#include "transport/template.h"

/* the words of the template with `command` in the place of its own */
static const char *const *
fill(const struct endpoint *at, const char *const *command,
    struct arena *arena)
{
	size_t n = 0, ncommand = 0;
	const char **argv;

	while (at->exec[n])
		n++;
	while (command[ncommand])
		ncommand++;
	argv = arena_alloc(arena, (n + ncommand) * sizeof(*argv));
	n = 0;
	for (const char *const *word = at->exec; *word; word++) {
		if (*word != endpoint_command) {
			argv[n++] = *word;
			continue;
		}
		for (size_t i = 0; i < ncommand; i++)
			argv[n++] = command[i];
	}
	argv[n] = NULL;
	return argv;
}

static const char *
prepare(const struct run *r, struct launch *l, struct arena *arena)
{
	/* the signal's name and the group follow; what every shell takes */
	const char *const ender[] = {
		"sudo", "-n", "-u", r->as, "--",
		"/bin/sh", "-c", "kill \"-$1\" \"-$2\"", "sh", NULL
	};
	static const char *const reader[] = {
		"/bin/sh", "-c", CARRIER_READER, NULL
	};
	const char *why = carrier_refuses(r);

	if (why)
		return why;
	common_fill(r, l);
	carrier_load(r, CARRIER_THERE, l, arena);
	/* it is the ender that becomes this user, there */
	l->as = NULL;
	l->argv = fill(r->at, reader, arena);
	l->ender = fill(r->at, r->as ? ender : ender + 5, arena);
	l->connect_fail = r->at->connect_fail;
	l->nconnect_fail = r->at->nconnect_fail;
	/* what the template itself needs to know is in our own environment */
	l->env = r->env + r->nown;
	return NULL;
}

static const char *
prepare_copy(const struct copy *c, struct launch *l, struct arena *arena)
{
	return copying_prepare(c, l, arena, prepare);
}

const struct transport transport_template = {
	.name = "template", .prepare = prepare,
	.prepare_copy = prepare_copy,
};

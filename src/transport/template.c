/* SPDX-License-Identifier: ISC */
#include "base/arena.h"
#include "base/buf.h"
#include "model/endpoint.h"
#include "transport/carrier.h"
#include "transport/common.h"
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
	static const char *const ender[] = {
		"/bin/sh", "-c", "kill \"-$1\" \"-$2\"", "sh", NULL
	};
	static const char *const reader[] = {
		"/bin/sh", "-c", carrier_reader, NULL
	};
	struct buf script = { 0 };

	common_fill(r, l);
	carrier_script(r, common_words(r, arena), &script);
	buf_add(&script, r->in_bytes, r->in_len);
	l->in_bytes = arena_strndup(arena, script.data, script.len);
	l->in_len = script.len;
	buf_fini(&script);
	l->mark = CARRIER_MARK;
	l->argv = fill(r->at, reader, arena);
	l->ender = fill(r->at, ender, arena);
	l->connect_fail = r->at->connect_fail;
	l->nconnect_fail = r->at->nconnect_fail;
	/* what the template itself needs to know is in our own environment */
	l->env = r->env + r->nown;
	return NULL;
}

const struct transport transport_template = {
	.name = "template", .prepare = prepare,
};

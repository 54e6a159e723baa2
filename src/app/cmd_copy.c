/* SPDX-License-Identifier: ISC */
/* files to many hosts, or from them: a plan without a job file */
#include <stdio.h>
#include <string.h>

#include "app/adhoc.h"
#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/places.h"
#include "base/buf.h"
#include "model/plan.h"

/*
 * What comes from many hosts must not fall on one file: {} in the local name
 * stands for the host, else there is a directory for each.
 */
static struct text
local_name(struct arena *a, const char *name)
{
	struct piece piece[16];
	const char *from = name, *at;
	size_t n = 0, max = sizeof(piece) / sizeof(piece[0]);

	for (; n + 2 < max && (at = strstr(from, "{}")); from = at + 2) {
		if (at > from)
			piece[n++] = (struct piece){ .kind = PIECE_TEXT,
			    .text = arena_strndup(a, from,
			    (size_t)(at - from)), .len = (size_t)(at - from) };
		piece[n++] = (struct piece){ .kind = PIECE_VAR,
		    .sym = SYM_HOST };
	}
	if (*from)
		piece[n++] = (struct piece){ .kind = PIECE_TEXT,
		    .text = from, .len = strlen(from) };
	if (from == name) {
		/* no {}: NAME/HOST/ */
		struct piece slash = { .kind = PIECE_TEXT, .text = "/",
		    .len = 1 };

		if (name[strlen(name) - 1] != '/')
			piece[n++] = slash;
		piece[n++] = (struct piece){ .kind = PIECE_VAR,
		    .sym = SYM_HOST };
		piece[n++] = slash;
	}
	return (struct text){
		.piece = arena_copy(a, piece, n, sizeof(*piece)), .n = n
	};
}

static void
set_copy(const struct options *o, struct plan *p, char **from, int n,
    const char *to, struct step *s)
{
	struct arena *a = &p->arena;
	struct text *word = arena_alloc(a, (size_t)n * sizeof(*word));
	struct buf label = { 0 };

	s->kind = o->from_hosts ? STEP_GET : STEP_PUT;
	for (int i = 0; i < n; i++) {
		word[i] = adhoc_text(a, from[i]);
		buf_addf(&label, "%s ", from[i]);
	}
	buf_addf(&label, "-> %s", to);
	s->label = s->identity = arena_strdup(a, buf_str(&label));
	buf_fini(&label);
	s->words = (struct texts){ word, (size_t)n };
	s->text = o->from_hosts ? local_name(a, to) : adhoc_text(a, to);
}

/* what the shell makes of an unquoted -> */
static int
lost_arrow(void)
{
	fprintf(stderr, "pseq copy: the shell took the '>' of '->' for "
	    "itself; without it: pseq copy HOSTS FILE... TARGET\n");
	return EXITS_USAGE;
}

int
cmd_copy(struct options *o, int argc, char **argv)
{
	struct step step = { 0 };
	struct plan *p;
	char *to = argv[argc - 1];
	int n = argc - 2;		/* sources */

	if (!strcmp(to, "-"))
		return lost_arrow();
	if (n > 1 && !strcmp(argv[argc - 2], "->"))
		n--;
	for (int i = 1; i <= n + 1; i++)
		if (argv[i][0] == '\0') {
			fprintf(stderr, "pseq copy: a name is empty\n");
			return EXITS_USAGE;
		}
	if (n > 1 && !o->from_hosts && to[strlen(to) - 1] != '/') {
		fprintf(stderr, "pseq copy: many files need a directory: "
		    "'%s/'?\n", to);
		return EXITS_USAGE;
	}
	p = places_plan(o, "copy");
	if (!p)
		return EXITS_USAGE;
	set_copy(o, p, argv + 1, n, to, &step);
	return on_hosts(o, p, argv[0], &step);
}

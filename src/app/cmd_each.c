/* SPDX-License-Identifier: ISC */
/* one command for many items: a plan without a job file */
#include <stdio.h>
#include <string.h>

#include "app/adhoc.h"
#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/session.h"
#include "lang/lang.h"
#include "model/plan.h"

/* the items: of the command line, of a file, or of standard input */
static void
make_list(const struct options *o, struct plan *p, struct each *e, int argc,
    char **argv)
{
	static const char name[] = "item";
	uint32_t sym = map_add(&p->symbols, name, strlen(name));

	e->kind = EACH_ITEMS;
	e->sym = arena_copy(&p->arena, &sym, 1, sizeof(sym));
	e->nsym = 1;
	e->group = o->max_args > 1 ? (size_t)o->max_args : 1;
	e->separator = o->null ? '\0' : '\n';
	if (o->from) {
		if (strcmp(o->from, "-") != 0)
			e->text = adhoc_text(&p->arena, o->from);
	} else if (argc > 0) {
		e->items = argv;
		e->nitems = (size_t)argc;
	}
	p->reads_stdin = !e->items && !e->text.n;
}

static int
make_step(const struct options *o, struct plan *p, const struct each *e,
    const char *command, struct step *s)
{
	bool append = o->max_args != 0;

	s->kind = STEP_RUN;
	s->label = s->identity = command;
	adhoc_limits(o, s);
	if (e->group == 1) {
		lang_command_item(&p->arena, command, e->sym[0], "item",
		    append, &s->command);
		return 0;
	}
	return lang_command_items(&p->arena, command, append, &s->command);
}

static struct plan *
make_plan(const struct options *o, int argc, char **argv)
{
	struct plan *p = adhoc_plan("each");
	struct each each = { 0 };
	struct step step = { 0 };

	make_list(o, p, &each, argc - 1, argv + 1);
	if (make_step(o, p, &each, argv[0], &step) == -1) {
		fprintf(stderr, "pseq each: with -n %lld, {} must be a word of "
		    "its own\n", (long long)o->max_args);
		lang_free(p);
		return NULL;
	}
	adhoc_sequence(p, &each, &step);
	return p;
}

int
cmd_each(struct options *o, int argc, char **argv)
{
	struct plan *p;
	struct session_mode mode = { .few_variables = true, .state = o->state };
	int status;

	if (argv[0][strspn(argv[0], " \t\n")] == '\0') {
		fprintf(stderr, "pseq each: the command is empty\n");
		return EXITS_USAGE;
	}
	if (o->from && argc > 1) {
		fprintf(stderr, "pseq each: items come from --from or from the "
		    "command line, not from both\n");
		return EXITS_USAGE;
	}
	p = make_plan(o, argc, argv);
	if (!p)
		return EXITS_USAGE;
	status = session_run(o, p, &mode);
	lang_free(p);
	return status;
}

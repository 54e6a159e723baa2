/* SPDX-License-Identifier: ISC */
/* one command for many items: a plan without a job file */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/session.h"
#include "base/mem.h"
#include "lang/lang.h"
#include "model/plan.h"

static struct figure
figure(enum figure_kind kind, double value)
{
	return (struct figure){
		.given = true, .fixed = true, .kind = kind, .value = value,
	};
}

static struct text
text(struct arena *a, const char *s)
{
	struct piece p = {
		.kind = PIECE_TEXT, .text = s, .len = strlen(s)
	};

	return (struct text){
		.piece = arena_copy(a, &p, 1, sizeof(p)), .n = 1
	};
}

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
			e->text = text(&p->arena, o->from);
	} else if (argc > 0) {
		e->items = argv;
		e->nitems = (size_t)argc;
	}
}

static int
make_step(const struct options *o, struct plan *p, const struct each *e,
    const char *command, struct step *s)
{
	bool append = o->max_args != 0;

	s->kind = STEP_RUN;
	s->label = s->identity = command;
	s->grace = figure(FIG_DURATION, 5);
	s->visits = figure(FIG_COUNT, 1);
	if (o->timeout > 0)
		s->timeout = figure(FIG_DURATION, o->timeout);
	if (o->retry > 0) {
		s->has_retry = true;
		s->retry.tries = figure(FIG_COUNT, (double)o->retry);
		s->retry.every = figure(FIG_DURATION, 1);
		s->retry.backoff = figure(FIG_FACTOR, 1);
		s->retry.jitter = figure(FIG_PERCENT, 0);
	}
	if (e->group == 1) {
		lang_command_item(&p->arena, command, e->sym[0], "item",
		    append, &s->command);
		return 0;
	}
	return lang_command_items(&p->arena, command, append, &s->command);
}

static char *
here(struct arena *a)
{
	char dir[4096];

	return arena_strdup(a, getcwd(dir, sizeof(dir)) ? dir : "/");
}

static struct plan *
make_plan(const struct options *o, int argc, char **argv)
{
	struct plan *p = mem_calloc(1, sizeof(*p));
	struct each each = { 0 };
	struct step step = { 0 };
	struct seq seq = {
		.name = "each", .nstep = 1, .neach = 1, .rescue = NOWHERE,
		.always = NOWHERE,
	};

	for (uint32_t i = 0; i < SYM_FIXED; i++)
		map_add(&p->symbols, plan_fixed[i], strlen(plan_fixed[i]));
	make_list(o, p, &each, argc - 1, argv + 1);
	if (make_step(o, p, &each, argv[0], &step) == -1) {
		fprintf(stderr, "pseq each: with -n %lld, {} must be a word of "
		    "its own\n", (long long)o->max_args);
		lang_free(p);
		return NULL;
	}
	seq.each = arena_copy(&p->arena, &each, 1, sizeof(each));
	seq.step = arena_copy(&p->arena, &step, 1, sizeof(step));
	p->seq = arena_copy(&p->arena, &seq, 1, sizeof(seq));
	p->nseq = 1;
	p->nsteps = 1;
	p->name = "each";
	p->description = "";
	p->job_dir = here(&p->arena);
	p->depth = 1;
	return p;
}

int
cmd_each(struct options *o, int argc, char **argv)
{
	struct plan *p;
	struct session_mode mode = { .few_variables = true };
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

/* SPDX-License-Identifier: ISC */
/* one command on many hosts, or one copy: plans without a job file */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/adhoc.h"
#include "app/commands.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/places.h"
#include "app/session.h"
#include "base/buf.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "base/near.h"
#include "lang/lang.h"
#include "model/plan.h"

/* one word is for the shell; several are executed as they are */
static void
set_command(struct plan *p, int argc, char **argv, struct step *s)
{
	struct arena *a = &p->arena;
	struct text *word;
	struct buf all = { 0 };

	s->kind = STEP_RUN;
	for (int i = 0; i < argc; i++) {
		if (i > 0)
			buf_addc(&all, ' ');
		buf_adds(&all, argv[i]);
	}
	s->label = s->identity = s->command.text =
	    arena_strdup(a, buf_str(&all));
	buf_fini(&all);
	if (argc == 1)
		return;
	word = arena_alloc(a, (size_t)argc * sizeof(*word));
	for (int i = 0; i < argc; i++)
		word[i] = adhoc_text(a, argv[i]);
	s->command.argv = (struct texts){ word, (size_t)argc };
	s->command.as_given = true;
}

/* the groups that a set names; what is wrong with them is said once */
struct checking {
	const struct plan *plan;
	struct buf why;
};

static void
check_group(void *arg, const char *group, size_t len, size_t at)
{
	struct checking *c = arg;
	struct near near = { 0 };
	char *name = mem_strndup(group, len);

	(void)at;
	for (size_t i = 0; i < c->plan->ngroup; i++) {
		if (!strcmp(c->plan->group[i].name, name)) {
			free(name);
			return;
		}
		near_offer(&near, name, c->plan->group[i].name);
	}
	if (c->why.len == 0) {
		buf_addf(&c->why, "there is no group '@%s'", name);
		if (near.best)
			buf_addf(&c->why, "; did you mean '@%s'?", near.best);
		else if (c->plan->ngroup == 0)
			buf_adds(&c->why, "; --groups FILE would tell it");
	}
	free(name);
}

static int
check_set(const struct options *o, const struct plan *p, const char *hosts)
{
	struct checking c = { .plan = p };
	struct buf why = { 0 };
	int rc = hosts_check(hosts, strlen(hosts), check_group, &c, &why,
	    NULL);

	if (rc == 0 && c.why.len > 0)
		rc = -1;
	if (rc == -1)
		fprintf(stderr, "pseq %s: %s\n", o->command->name,
		    why.len > 0 ? buf_str(&why) : buf_str(&c.why));
	buf_fini(&why);
	buf_fini(&c.why);
	return rc;
}

/* --via: a word that means nothing would fail on every host alike */
static int
check_via(const struct options *o, const struct plan *p)
{
	struct near near = { 0 };

	if (!o->via || !strcmp(o->via, "ssh") || !strcmp(o->via, "local"))
		return 0;
	near_offer(&near, o->via, "ssh");
	near_offer(&near, o->via, "local");
	for (size_t i = 0; i < p->nvia; i++) {
		if (!strcmp(p->via[i].name, o->via))
			return 0;
		near_offer(&near, o->via, p->via[i].name);
	}
	fprintf(stderr, "pseq %s: --via: '%s' is no way to hosts",
	    o->command->name, o->via);
	if (near.best)
		fprintf(stderr, "; did you mean '%s'?", near.best);
	else if (!o->groups)
		fprintf(stderr, "; --groups FILE would tell it");
	fputc('\n', stderr);
	return -1;
}

/* the sequence of one step on these hosts; frees the plan */
int
on_hosts(struct options *o, struct plan *p, const char *hosts, struct step *s)
{
	struct session_mode mode = { .few_variables = true, .state = o->state };
	struct each each = {
		.kind = EACH_HOSTS, .text = adhoc_text(&p->arena, hosts),
		.group = 1,
	};
	int status;

	if (check_set(o, p, hosts) == -1 || check_via(o, p) == -1) {
		lang_free(p);
		return EXITS_USAGE;
	}
	adhoc_limits(o, s);
	if (o->as) {
		s->has_as = true;
		s->as = adhoc_text(&p->arena, o->as);
	}
	adhoc_sequence(p, &each, s);
	status = session_run(o, p, &mode);
	lang_free(p);
	return status;
}

/*
 * Who knows ssh writes options, or "--", behind the host.  No command begins
 * with '-', so nothing is lost by telling.
 */
static int
check_command(int *argc, char ***argv)
{
	const char *word = (*argv)[1];

	if (!strcmp(word, "--") && *argc > 2) {
		(*argv)[1] = (*argv)[0];
		(*argv)++;
		(*argc)--;
	} else if (word[0] == '-') {
		fprintf(stderr, word[1] == '-' && !word[2] ?
		    "pseq on: there is no command\n" :
		    "pseq on: '%s': options stand before the hosts\n", word);
		return -1;
	}
	return 0;
}

int
cmd_on(struct options *o, int argc, char **argv)
{
	struct step step = { 0 };
	struct plan *p;

	if (check_command(&argc, &argv) == -1)
		return EXITS_USAGE;
	if (argv[1][strspn(argv[1], " \t\n")] == '\0') {
		fprintf(stderr, "pseq on: the command is empty\n");
		return EXITS_USAGE;
	}
	p = places_plan(o, "on");
	if (!p)
		return EXITS_USAGE;
	set_command(p, argc - 1, argv + 1, &step);
	return on_hosts(o, p, argv[0], &step);
}

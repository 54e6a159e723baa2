/* SPDX-License-Identifier: ISC */
/* what would run: lanes, steps, commands, variables */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/dot.h"
#include "app/exits.h"
#include "app/given.h"
#include "app/load.h"
#include "app/opts.h"
#include "app/planner.h"
#include "app/session.h"
#include "app/varies.h"
#include "base/hosts.h"
#include "base/mem.h"
#include "lang/lang.h"
#include "model/endpoint.h"
#include "model/event.h"
#include "model/program.h"
#include "walk/walk.h"

static int
on_event(void *arg, const struct event *ev)
{
	struct planner *p = arg;
	struct census *c;
	uint32_t i;

	if (ev->type != EVT_LANE_START || ev->lane->hidden)
		return 0;
	i = plan_find(p->plan, ev->lane->group, strlen(ev->lane->group),
	    false);
	if (i == NOWHERE)
		return 0;
	c = &p->census[i];
	if (c->n++ < CENSUS_NAMES)
		buf_addf(&c->names, " %s", ev->lane->name);
	return 0;
}

/* hosts that are reached in the same way stand together */
static void
on_placed(void *arg, const char *host, const struct seq *q,
    const struct endpoint *e, const char *why)
{
	struct planner *p = arg;
	struct census *c = &p->census[q->index];
	struct buf way = { 0 };
	uint32_t had = c->ways.n, n;

	if (e)
		show_endpoint(e, &way);
	else
		buf_addf(&way, "error: %s", why);
	n = map_add(&c->ways, way.data, way.len);
	c->on = mem_grow(c->on, &c->on_cap, c->ways.n, sizeof(*c->on));
	if (n == had)
		c->on[n] = hosts_new();
	hosts_add(c->on[n], host, strlen(host));
	buf_fini(&way);
}

static void
census_fini(struct census *c)
{
	for (uint32_t i = 0; i < c->ways.n; i++)
		hosts_free(c->on[i]);
	free(c->on);
	map_fini(&c->ways);
	buf_fini(&c->names);
}

static bool
is_started(const struct options *o, const struct seq *q)
{
	for (size_t i = 0; i < o->starts.n; i++)
		if (strcmp(o->starts.word[i], q->name) == 0)
			return true;
	return o->starts.n == 0;
}

static void
look(void *arg, struct walk *w)
{
	struct planner *p = arg;
	const struct plan *plan = p->plan;
	struct show s = { .plan = plan, .walk = w, .varies = p->varies };

	if (p->o->dot) {
		dot_draw(plan, &p->out);
		return;
	}
	plan_settings(p, &s);
	for (size_t i = 0; i < plan->nseq; i++)
		if (!plan->seq[i].routine && is_started(p->o, &plan->seq[i]))
			plan_sequence(p, &s, &plan->seq[i]);
	/* those that nothing shown leads to */
	for (size_t i = 0; i < plan->nseq; i++)
		if (plan->seq[i].routine && !p->drawn[i])
			plan_sequence(p, &s, &plan->seq[i]);
}

int
cmd_plan(struct options *o, int argc, char **argv)
{
	struct plan *plan = load_files(o, argv, argc);
	struct planner p = { .o = o, .plan = plan };
	struct sink sink = {
		.name = "plan", .arg = &p, .event = on_event
	};
	struct given_lists lists = { 0 };
	const struct walk_watcher watcher = {
		.arg = &p, .placed = on_placed
	};
	struct session_mode mode = {
		.unique = true, .sink = &sink, .only_lists = true,
		.no_commands = !o->lists,
		.look = look, .arg = &p, .watcher = &watcher,
	};
	int status;

	if (!plan)
		return EXITS_USAGE;
	if (given_read(&lists, plan, o) == -1) {
		given_fini(&lists);
		lang_free(plan);
		return EXITS_USAGE;
	}
	mode.list = lists.list;
	mode.nlist = lists.n;
	p.census = mem_calloc(plan->nseq, sizeof(*p.census));
	p.varies = varies_find(plan);
	p.drawn = mem_calloc(plan->nseq, sizeof(*p.drawn));
	status = session_run(o, plan, &mode);
	fputs(buf_str(&p.out), stdout);
	if (fflush(stdout) == EOF && status == EXITS_OK)
		status = EXITS_SYSTEM;
	for (size_t i = 0; i < plan->nseq; i++)
		census_fini(&p.census[i]);
	free(p.census);
	free(p.varies);
	free(p.drawn);
	buf_fini(&p.out);
	given_fini(&lists);
	lang_free(plan);
	return status;
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/assemble.h"
#include "app/opts.h"
#include "app/session.h"
#include "base/buf.h"
#include "base/mem.h"
#include "engine/engine.h"
#include "io/task.h"
#include "model/plan.h"

struct walk_options
assembly_walk(struct assembly *s, const struct session_mode *mode)
{
	const struct options *o = s->o;
	struct timespec t;

	s->reach = (struct walk_reach){
		.user = o->user, .via = o->via, .port = (unsigned)o->port,
		.connect_timeout = o->connect_timeout,
		.connect_retry = o->connect_retry,
	};
	clock_gettime(CLOCK_REALTIME, &t);
	return (struct walk_options){
		.plan = s->plan, .set = o->vars.word, .nset = o->vars.n,
		.reach = &s->reach, .processors = opts_processors(),
		.jobs = o->jobs, .hosts = o->hosts, .why = o->why,
		.unique = mode->unique, .few_variables = mode->few_variables,
		.only_lists = mode->only_lists,
		.no_commands = mode->no_commands, .list = mode->list,
		.nlist = mode->nlist, .watcher = mode->watcher,
		.past = mode->past,
		/* what is not real is the same each time */
		.seed = mode->stage ? 1 :
		    (uint64_t)t.tv_nsec << 20 ^ (uint64_t)getpid(),
	};
}

/* limits of the whole job: the command line over the file */
int
assembly_configure(const struct assembly *s, struct engine_config *c,
    struct buf *why)
{
	const struct plan *p = s->plan;
	struct width parallel, children, max_fail;

	if (walk_span(s->walk, &p->parallel, &parallel, why) == -1 ||
	    walk_span(s->walk, &p->children, &children, why) == -1 ||
	    walk_span(s->walk, &p->max_fail, &max_fail, why) == -1 ||
	    walk_figure(s->walk, &p->timeout, &c->timeout, why) == -1)
		return -1;
	c->parallel = parallel.automatic ? opts_processors() : parallel.n;
	c->parallel_percent = parallel.percent;
	if (s->o->jobs > 0) {
		c->parallel = s->o->jobs;
		c->parallel_percent = false;
	}
	if (p->children.given)
		c->children = children.automatic ? opts_processors() : children.n;
	c->has_max_fail = p->max_fail.given;
	c->max_fail = max_fail.n;
	c->max_fail_percent = max_fail.percent;
	c->drain = p->on_fail == ON_FAIL_DRAIN;
	c->stop = p->on_fail == ON_FAIL_STOP;
	c->depth = p->depth;
	c->rounds_s = s->o->rounds;
	return 0;
}

static bool
is_started(const struct assembly *s, const struct seq *seq)
{
	const struct opts_list *l = &s->o->starts;

	if (seq->routine)
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->word[i], seq->name) == 0)
			return true;
	return l->n == 0;
}

/* the groups that a sequence comes after, as far as they are started */
static void
set_after(const struct seq *seq, const uint32_t *number, bool setup,
    struct group_spec *g, uint32_t *list)
{
	g->after = list;
	if (setup)
		list[g->nafter++] = 0;
	for (size_t i = 0; i < seq->nafter; i++)
		if (number[seq->after[i]] != NOWHERE)
			list[g->nafter++] = number[seq->after[i]];
}

/* a list of unknown length asks for no more than it turns out to have */
static void
note_asked(struct assembly *s, const struct group_spec *g)
{
	int64_t n = g->lone ? 1 : g->source.count(g->source.state);

	if (n > g->parallel && !g->parallel_percent)
		n = g->parallel;
	if (n > s->asked)
		s->asked = n;
}

/* what is in a spec must outlive the run: the lists of `after` are ours */
static int
add_groups(struct assembly *s, struct engine *e, struct buf *why)
{
	const struct plan *p = s->plan;
	uint32_t *number = mem_alloc(p->nseq * sizeof(*number));
	uint32_t *after = s->after;
	struct group_spec g, *hosts = mem_calloc(p->nseq, sizeof(*hosts));
	bool setup = walk_setup_group(s->walk, &g);
	uint32_t n = setup;
	int rc = 0;

	if (setup)
		engine_add(e, &g);
	for (size_t i = 0; i < p->nseq; i++) {
		number[i] = NOWHERE;
		if (!is_started(s, &p->seq[i]))
			continue;
		n += walk_hosts_group(s->walk, &p->seq[i], &hosts[i]);
		number[i] = n++;
	}
	for (size_t i = 0; i < p->nseq && rc == 0; i++) {
		if (number[i] == NOWHERE)
			continue;
		if (hosts[i].program) {
			set_after(&p->seq[i], number, setup, &hosts[i], after);
			after += hosts[i].nafter;
			engine_add(e, &hosts[i]);
			hosts[i].program = NULL;
		}
		rc = walk_group(s->walk, &p->seq[i], &g, why);
		if (rc == -1)
			break;
		set_after(&p->seq[i], number, setup, &g, after);
		if (hosts[i].name)
			after[g.nafter++] = number[i] - 1;
		/* lists are made when their sequence starts, not before */
		if (g.nafter == 0)
			note_asked(s, &g);
		after += g.nafter;
		engine_add(e, &g);
	}
	/* what the engine did not get is still ours */
	for (size_t i = 0; i < p->nseq; i++)
		if (hosts[i].program) {
			hosts[i].source.end(hosts[i].source.state);
			hosts[i].end(hosts[i].state);
		}
	free(hosts);
	free(number);
	return rc;
}

int
assembly_fill(struct assembly *s, struct engine *e, struct buf *why)
{
	const struct plan *p = s->plan;
	size_t n = p->nseq, ncap;
	const int64_t *cap;

	if (walk_shared(s->walk, &s->shared, why) == -1)
		return -1;
	engine_kinds(e, s->shared.kind, s->shared.nkind);
	engine_channels(e, s->shared.channel, s->shared.nchannel);
	engine_limits(e, s->shared.limit, s->shared.nlimit);
	if (walk_caps(s->walk, &cap, &ncap, why) == -1)
		return -1;
	engine_caps(e, cap, ncap);
	/* twice: for the commands that tell its hosts as well */
	for (size_t i = 0; i < p->nseq; i++)
		n += 2 * p->seq[i].nafter + 2;
	s->after = mem_alloc(n * sizeof(*s->after));
	return add_groups(s, e, why);
}

bool
assembly_children(struct assembly *s, struct engine *e, struct tasks *t)
{
	int64_t room = (int64_t)tasks_room(t);
	bool now = s->asked > room;

	snprintf(s->note, sizeof(s->note), "%lld commands at once fit into "
	    "the limit of open files (ulimit -n); the others wait",
	    (long long)room);
	engine_set_children(e, room, now ? NULL : s->note);
	return now;
}

int
assembly_share(const struct assembly *s, struct tasks *t, struct buf *why)
{
	for (size_t i = 0; i < s->shared.nlimit; i++) {
		const struct limit_spec *m = &s->shared.limit[i];

		if (m->shared && tasks_share(t, m->name, m->n, why) == -1)
			return -1;
	}
	return 0;
}

void
assembly_fini(struct assembly *s)
{
	free(s->after);
}

int
assembly_check(const struct assembly *s, struct buf *why)
{
	const struct opts_list *l = &s->o->starts;

	for (size_t i = 0; i < l->n && why->len == 0; i++)
		if (plan_find(s->plan, l->word[i], strlen(l->word[i]),
		    false) == NOWHERE)
			buf_addf(why, "there is no sequence '%s' to start",
			    l->word[i]);
	return why->len > 0 ? -1 : 0;
}

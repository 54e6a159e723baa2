/* SPDX-License-Identifier: ISC */
/*
 * Which commands have to be run before a host set can be read, and the
 * hidden lane that runs them before a sequence opens.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/mem.h"
#include "walk/party.h"
#include "walk/place.h"

/* seconds, until it is looked again whether another lane has read it */
#define BUSY_WAIT 0.05

/* the groups that were looked at on the way */
struct looking {
	struct walk *w;
	bool *seen;
	struct wanted *want;
	struct buf *why;
	int found;		/* 1: want is what is needed, -1: why */
};

static void look_at(struct looking *, const char *text, size_t len);

static void
look_into(struct looking *l, uint32_t n)
{
	const struct host_group *g = &l->w->plan->group[n];

	if (l->seen[n] || groups_given(l->w, g->name))
		return;
	l->seen[n] = true;
	for (size_t i = 0; i < g->nfrom && l->found == 0; i++) {
		const struct hosts_from *d = &g->from[i];
		struct buf text = { 0 };

		if (groups_is_read(l->w, n, i))
			continue;
		if (d->kind == HOSTS_OUTPUT) {
			*l->want = (struct wanted){ .group = n, .from = i,
			    .command = &d->command };
			l->found = 1;
		} else if (d->kind == HOSTS_SET) {
			if (vars_fill(l->w, NULL, &d->text, &text, l->why) ==
			    -1)
				l->found = -1;
			else
				look_at(l, buf_str(&text), text.len);
		}
		buf_fini(&text);
	}
}

static void
on_group(void *arg, const char *name, size_t len, size_t at)
{
	struct looking *l = arg;
	const struct plan *p = l->w->plan;

	(void)at;
	for (uint32_t i = 0; i < p->ngroup && l->found == 0; i++)
		if (strlen(p->group[i].name) == len &&
		    !memcmp(p->group[i].name, name, len))
			look_into(l, i);
}

/* what is wrong with the set is told when it is read */
static void
look_at(struct looking *l, const char *text, size_t len)
{
	struct buf ignored = { 0 };

	hosts_check(text, len, on_group, l, &ignored, NULL);
	buf_fini(&ignored);
}

static int
want(struct walk *w, const struct ctx *c, const struct text *t,
    struct wanted *to, struct buf *why)
{
	struct looking l = { .w = w, .want = to, .why = why };
	struct buf text = { 0 };

	if (w->o.no_commands || w->plan->ngroup == 0)
		return 0;
	if (vars_fill(w, c, t, &text, why) == -1) {
		buf_fini(&text);
		return -1;
	}
	l.seen = mem_calloc(w->plan->ngroup, sizeof(*l.seen));
	look_at(&l, buf_str(&text), text.len);
	if (l.found == 0 && w->o.hosts)
		look_at(&l, w->o.hosts, strlen(w->o.hosts));
	free(l.seen);
	buf_fini(&text);
	return l.found;
}

int
groups_want_set(struct walk *w, const struct text *t, struct wanted *to,
    struct buf *why)
{
	return want(w, NULL, t, to, why);
}

int
groups_want(struct walk *w, const struct ctx *c, const struct each *each,
    size_t n, struct wanted *to, struct buf *why)
{
	int found = 0;

	for (size_t i = 0; i < n && found == 0; i++)
		if (each[i].kind == EACH_HOSTS)
			found = want(w, c, &each[i].text, to, why);
	return found;
}

int
groups_run(struct walk *w, struct wanted *want, struct action *a,
    struct buf *why)
{
	bool *busy = groups_busy(w, want);

	want->runs = !*busy;
	if (*busy) {
		a->kind = ACT_SLEEP;
		a->seconds = BUSY_WAIT;
		a->pause = true;
		return 0;
	}
	if (command_make(w, NULL, NULL, want->command, &a->run, why) == -1)
		return -1;
	a->kind = ACT_RUN;
	a->step.in = "[hosts]";
	a->step.entry = 1;
	a->step.label = a->step.identity = w->plan->group[want->group].name;
	a->step.command = want->command->text;
	a->run.capture = a->run.divert = STREAM_OUT;
	a->run.capture_max = HOSTS_OUTPUT_MAX;
	*busy = true;
	return 0;
}

void
groups_drop(struct walk *w, struct wanted *want)
{
	if (want->runs)
		*groups_busy(w, want) = want->runs = false;
}

int
groups_ran(struct walk *w, struct wanted *want, const struct result *last,
    struct buf *why)
{
	const char *name = w->plan->group[want->group].name;
	char shown[STATUS_SHOW];

	if (!want->runs)
		return 0;
	groups_drop(w, want);
	buf_clear(why);
	if (last->out_full) {
		buf_addf(why, "the command of group '%s' prints more than "
		    "%d MiB", name, HOSTS_OUTPUT_MAX >> 20);
		return -1;
	}
	if (last->status == ST_OK ||
	    (last->status == ST_EXIT && last->code == 0))
		return groups_take(w, want, last->out, last->nout, why);
	buf_addf(why, "the command of group '%s': %s", name,
	    status_show(shown, last));
	if (*last->message)
		buf_addf(why, ": %s", last->message);
	return -1;
}

/* --- before a sequence opens --------------------------------------------------- */

struct asking {
	struct walk *w;
	const struct seq *seq;
	struct wanted want;
	struct buf why;
};

static void
asking_fork(void *state, const void *call, const struct lane_info *info,
    const struct item *item, struct frame_init *init)
{
	struct asking *q = mem_calloc(1, sizeof(*q));
	const struct asking *from = state;

	(void)call;
	(void)item;
	buf_adds(init->name, info->group);
	*q = *from;
	init->state = q;
}

static void
asking_end(struct asking *q, struct action *a, enum frame_end end,
    const struct result *last)
{
	a->kind = ACT_END;
	a->end = end;
	a->result = last ? *last : result_made(ST_OK, "");
	if (end == FRAME_OK)
		return;
	if (a->result.status == ST_OK || a->result.status == ST_EXIT)
		a->result.status = ST_ERROR;
	a->result.message = buf_str(&q->why);
	a->result.step = "hosts";
}

static void
asking_next(void *state, struct result *last, struct action *a)
{
	struct asking *q = state;
	int found;

	if (last && last->outside) {
		buf_adds(&q->why, last->message);
		asking_end(q, a, FRAME_FAILED, last);
		return;
	}
	if (last && groups_ran(q->w, &q->want, last, &q->why) == -1) {
		asking_end(q, a, FRAME_FAILED, last);
		return;
	}
	found = groups_want(q->w, NULL, q->seq->each, q->seq->neach, &q->want,
	    &q->why);
	if (found == 0)
		asking_end(q, a, FRAME_OK, NULL);
	else if (found == -1 ||
	    groups_run(q->w, &q->want, a, &q->why) == -1)
		asking_end(q, a, FRAME_FAILED, NULL);
}

static void
asking_free(void *state)
{
	struct asking *q = state;

	groups_drop(q->w, &q->want);
	buf_fini(&q->why);
	free(q);
}

static const struct program asking_program = {
	.next = asking_next, .fork = asking_fork, .end = asking_free,
};

/* could its hosts come from a command? */
static bool
may_want(const struct walk *w, const struct seq *s)
{
	bool output = false, sets = false;

	for (size_t i = 0; i < w->plan->ngroup; i++)
		for (size_t k = 0; k < w->plan->group[i].nfrom; k++)
			output |= w->plan->group[i].from[k].kind ==
			    HOSTS_OUTPUT;
	for (size_t i = 0; i < s->neach; i++) {
		const struct text *t = &s->each[i].text;

		if (s->each[i].kind != EACH_HOSTS)
			continue;
		sets |= !text_literal(t) || strchr(text_literal(t), '@') ||
		    w->o.hosts;
	}
	return output && sets && !w->o.no_commands;
}

bool
walk_hosts_group(struct walk *w, const struct seq *s, struct group_spec *g)
{
	struct asking *q;

	if (!may_want(w, s))
		return false;
	q = mem_calloc(1, sizeof(*q));
	q->w = w;
	q->seq = s;
	*g = (struct group_spec){
		.name = "[hosts]", .program = &asking_program, .state = q,
		.end = free, .lone = true, .hidden = true, .kind = NOWHERE,
	};
	party_one(&g->source);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cover.h"
#include "app/trail.h"
#include "base/mem.h"
#include "base/near.h"
#include "model/plan.h"
#include "model/program.h"

enum {
	MARKS_MAX = 1000,	/* of a path */
	NAMES_MAX = 100 * 1000	/* of lanes, in all paths */
};

/* a lane under way */
struct going {
	const struct lane_info *info;
	struct path path;
	double started;
	struct buf key;		/* what tells this path from others */
	uint64_t rest;		/* the same of marks there was no room for */
	size_t *call;		/* marks of the routines it is in */
	size_t depth, depth_cap;
	struct buf said;
	const struct step *step;	/* begun, and not ended */
	bool trying;		/* its last mark is not over */
	double step_at;
	unsigned ends;
};

/* --- paths -------------------------------------------------------------- */

/* what tells the path from others; more than there is room for is hashed */
__attribute__((format(printf, 2, 3)))
static void
add_key(struct going *g, const char *fmt, ...)
{
	size_t had = g->key.len;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&g->key, fmt, ap);
	va_end(ap);
	if (g->path.more == 0)
		return;
	/* there is no room for more of it */
	g->rest = g->rest * 31 + map_hash(g->key.data + had,
	    g->key.len - had);
	g->key.len = had;
}

/* NULL: there is no room for more */
static struct mark *
add_mark(struct going *g, const struct step *step, double at)
{
	struct path *p = &g->path;
	struct mark *m;

	g->trying = false;
	if (p->n == MARKS_MAX) {
		p->more++;
		return NULL;
	}
	p->mark = mem_grow(p->mark, &p->cap, p->n + 1, sizeof(*p->mark));
	m = &p->mark[p->n++];
	*m = (struct mark){
		.step = step, .depth = (unsigned)g->depth,
		.at = at - g->started,
	};
	return m;
}

/* what was said belongs to the last mark */
static void
note_said(struct going *g, struct mark *m)
{
	if (!m && g->path.n > 0)
		m = &g->path.mark[g->path.n - 1];
	if (m && !m->note && g->said.len > 0)
		m->note = path_text(g->said.data, g->said.len);
	buf_clear(&g->said);
}

/* --- events ------------------------------------------------------------- */

static struct going *
going_of(const struct trail *t, const struct lane_info *l)
{
	return l && !l->hidden && l->id < t->nlane ? t->lane[l->id] : NULL;
}

static void
lane_start(struct trail *t, const struct event *ev)
{
	const struct lane_info *l = ev->lane;
	struct going *g;

	if (l->hidden)
		return;
	if (t->begins)
		t->begins(t->arg, l);
	g = mem_calloc(1, sizeof(*g));
	g->info = l;
	g->started = ev->mono;
	g->path.first = l->id;
	g->path.sub = l->sub;
	add_key(g, "%s%s", l->sub ? "/" : "", l->group);
	if (l->id >= t->nlane) {
		size_t had = t->lane_cap;

		t->lane = mem_grow(t->lane, &t->lane_cap, l->id + 1UL,
		    sizeof(struct going *));
		if (t->lane_cap > had)
			memset(t->lane + had, 0,
			    (t->lane_cap - had) * sizeof(struct going *));
		t->nlane = l->id + 1UL;
	}
	t->lane[l->id] = g;
}

static void
step_start(struct trail *t, const struct event *ev)
{
	struct going *g = going_of(t, ev->lane);

	if (!g)
		return;
	if (!g->step)
		g->step_at = ev->mono;
	g->step = t->by_id[ev->step->id];
	cover_step(t->cover, ev->step->id, TAKEN);
}

/* the call that this is the end of: its mark stands before its steps */
static struct mark *
mark_of_call(struct going *g, const struct step *s)
{
	struct mark *m;

	if (s->kind != STEP_CALL || g->depth == 0 ||
	    g->call[g->depth - 1] == SIZE_MAX)
		return NULL;
	m = &g->path.mark[g->call[g->depth - 1]];
	return m->step == s ? m : NULL;
}

static void
tell_end(struct going *g, const struct step *s, const struct event *ev)
{
	char text[STATUS_SHOW];
	struct mark *m = mark_of_call(g, s);
	bool call = m != NULL;

	if (!m && g->trying)
		m = &g->path.mark[g->path.n - 1];
	if (!m)
		m = add_mark(g, s, g->step ? g->step_at : ev->mono);
	add_key(g, "\n%u %d %d %p", s->id, (int)ev->result->status,
	    ev->result->code, (const void *)ev->reaction);
	if (!m)
		return;
	path_result(m, status_show(text, ev->result));
	g->trying = ev->again && !call;
	m->reaction = ev->reaction;
	free(m->note);
	m->note = NULL;
	note_said(g, m);
	if (!m->note && !call && ev->result->status != ST_OK)
		m->note = path_text(ev->result->message,
		    strlen(ev->result->message));
}

static void
step_end(struct trail *t, const struct event *ev)
{
	struct going *g = going_of(t, ev->lane);
	const struct step *s = t->by_id[ev->step->id];

	if (!g)
		return;
	cover_step(t->cover, s->id, ev->result->status == ST_SKIPPED ?
	    SKIPPED : TAKEN);
	tell_end(g, s, ev);
	if (!ev->again)
		g->step = NULL;
	if (++g->ends == TRAIL_ENDLESS && !t->endless) {
		t->endless = true;
		buf_addf(&t->notes, "error: %s goes round and round: %d steps "
		    "and no end, the last was '%s'\n", ev->lane->name,
		    TRAIL_ENDLESS, s->label);
	}
}

static void
add_name(struct trail *t, struct path *p, const char *name)
{
	p->lanes++;
	if (t->names == NAMES_MAX)
		return;
	t->names++;
	p->name = mem_grow(p->name, &p->name_cap, p->nname + 1,
	    sizeof(*p->name));
	p->name[p->nname++] = mem_strdup(name);
}

static void
lane_end(struct trail *t, const struct event *ev)
{
	struct going *g = going_of(t, ev->lane);
	uint32_t had = t->keys.n, i;

	if (!g)
		return;
	if (!ev->lane->sub)
		t->verdicts[ev->verdict]++;
	note_said(g, NULL);
	g->path.verdict = ev->verdict;
	g->path.seconds = ev->mono - g->started;
	if (ev->verdict != LANE_OK)
		path_why(&g->path, ev->result);
	buf_addf(&g->key, "\n%d %" PRIx64, (int)ev->verdict, g->rest);
	i = map_add(&t->keys, g->key.data, g->key.len);
	if (i == had) {
		t->path = mem_grow(t->path, &t->path_cap, i + 1UL,
		    sizeof(*t->path));
		t->path[i] = g->path;
		t->path[i].group = mem_strdup(ev->lane->group);
		t->npath = i + 1UL;
	} else {
		path_fini(&g->path);
	}
	add_name(t, &t->path[i], ev->lane->name);
	if (ev->lane->id < t->path[i].first)
		t->path[i].first = ev->lane->id;
	t->lane[ev->lane->id] = NULL;
	buf_fini(&g->key);
	buf_fini(&g->said);
	free(g->call);
	free(g);
}

static void
say(struct trail *t, const struct event *ev)
{
	struct going *g = going_of(t, ev->lane);

	if (!g)
		return;
	if (g->said.len > 0)
		buf_addc(&g->said, '\n');
	buf_add(&g->said, ev->text, ev->len);
}

/* a list or the commands of [vars]; a lane has its own path */
static void
hidden_end(struct trail *t, const struct event *ev)
{
	if (ev->lane->hidden && ev->verdict == LANE_FAILED)
		buf_addf(&t->notes, "error: %s: %s\n", ev->lane->name,
		    ev->result->message);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct trail *t = arg;

	switch (ev->type) {
	case EVT_RUN_START:
		t->began = t->ended = ev->mono;
		break;
	case EVT_LANE_START:
		lane_start(t, ev);
		break;
	case EVT_STEP_START:
		step_start(t, ev);
		break;
	case EVT_STEP_END:
		step_end(t, ev);
		break;
	case EVT_SAY:
		say(t, ev);
		break;
	case EVT_LANE_END:
		hidden_end(t, ev);
		lane_end(t, ev);
		t->ended = ev->mono;
		break;
	case EVT_UNSTARTED:
		map_add(&t->unstarted, ev->text, ev->len);
		buf_addf(&t->notes, "%.*s: ", (int)ev->len, ev->text);
		if (ev->count >= 0)
			buf_addf(&t->notes, "%lld lane%s not started\n",
			    (long long)ev->count, ev->count == 1 ? "" : "s");
		else
			buf_adds(&t->notes, "its lanes were not started\n");
		break;
	case EVT_WARN:
		buf_adds(&t->notes, "warning: ");
		if (ev->lane)
			buf_addf(&t->notes, "%s: ", ev->lane->name);
		buf_add(&t->notes, ev->text, ev->len);
		buf_addc(&t->notes, '\n');
		break;
	case EVT_LINE:
	case EVT_RUN_END:
		break;
	default:
		break;
	}
	return 0;
}

/* --- routines and reactions --------------------------------------------- */

static void
on_called(void *arg, const struct lane_info *l, const char *how,
    const struct step *from, const struct seq *q)
{
	struct trail *t = arg;
	struct going *g = going_of(t, l);
	struct mark *m;

	if (!g)
		return;
	note_said(g, NULL);
	if (!how) {
		g->depth -= g->depth > 0;
		return;
	}
	m = add_mark(g, from, t->ended);
	add_key(g, "\n%s %u", how, q->index);
	if (m) {
		m->called = q;
		m->how = how;
		m->at = -1;
	}
	g->call = mem_grow(g->call, &g->depth_cap, g->depth + 1,
	    sizeof(*g->call));
	g->call[g->depth++] = m ? g->path.n - 1 : SIZE_MAX;
}

static void
on_took(void *arg, const struct step *s, const struct reaction *re)
{
	cover_took(((struct trail *)arg)->cover, s, re);
}

/* --- one of them -------------------------------------------------------- */

void
trail_init(struct trail *t, const struct plan *p, struct cover *cover,
    struct sink *sink)
{
	*t = (struct trail){ .plan = p, .cover = cover, .watcher = {
		.arg = t, .took = on_took, .called = on_called,
	} };
	t->by_id = mem_calloc(p->nsteps, sizeof(struct step *));
	for (size_t i = 0; i < p->nseq; i++)
		for (uint32_t k = 0; k < p->seq[i].nstep; k++)
			t->by_id[p->seq[i].step[k].id] = &p->seq[i].step[k];
	*sink = (struct sink){ .name = "trail", .arg = t, .event = on_event };
}

void
trail_stuck(const struct trail *t, struct buf *b)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->nlane; i++) {
		const struct going *g = t->lane[i];

		if (g && g->step && n++ == 0)
			buf_addf(b, "%s: %s", g->info->name, g->step->label);
	}
	if (n > 1)
		buf_addf(b, ", and %llu more", (unsigned long long)n - 1);
}

void
trail_offer(const struct trail *t, struct near *near, const char *wanted)
{
	for (size_t i = 0; i < t->npath; i++) {
		near_offer(near, wanted, t->path[i].group);
		for (size_t k = 0; k < t->path[i].nname; k++)
			near_offer(near, wanted, t->path[i].name[k]);
	}
}

void
trail_fini(struct trail *t)
{
	for (size_t i = 0; i < t->npath; i++)
		path_fini(&t->path[i]);
	free(t->path);
	free(t->lane);
	map_fini(&t->keys);
	map_fini(&t->unstarted);
	buf_fini(&t->notes);
	free(t->by_id);
}

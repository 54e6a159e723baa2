/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/decode.h"
#include "journal/head.h"
#include "journal/nest.h"
#include "journal/output.h"
#include "journal/read.h"
#include "journal/runs.h"
#include "journal/story.h"

/* a lane while its records are read */
struct draft {
	size_t step_cap;
	struct nest nest;
	uint32_t *first;	/* by step: the first one in it, or itself */
	size_t first_cap;
	bool moved;		/* there is one that encloses others */
	/* steps that have begun, and not ended: calls hold what is in them */
	uint32_t *open;
	size_t nopen, open_cap;
};

struct made {
	struct story s;		/* first: what is handed out */
	struct arena arena;
	size_t lane_cap, note_cap, unstarted_cap;
	struct draft *draft;	/* by lane, as s.lane */
	size_t draft_cap;
	uint32_t *at;		/* from ids to lanes, + 1 */
	size_t at_cap;
	double began, last;	/* of this session, of what was read last */
};

/* --- texts ------------------------------------------------------------------ */

static const char *
clean(struct made *m, const char *s, size_t len)
{
	struct buf b = { 0 };
	const char *text;
	uint32_t c;

	if (utf8_valid(s, len) && !memchr(s, '\0', len))
		return arena_strndup(&m->arena, s, len);
	for (size_t n; len > 0; s += n, len -= n) {
		n = utf8_decode(s, len, &c);
		if (n == 0 || c == 0) {
			buf_adds(&b, "\xef\xbf\xbd");
			n = 1;
		} else {
			buf_add(&b, s, n);
		}
	}
	text = arena_strndup(&m->arena, b.data, b.len);
	buf_fini(&b);
	return text;
}

/* what decode() made lives in the arena as well */
static const char *
text(struct made *m, const char *s)
{
	if (!s)
		return "";
	return utf8_valid(s, strlen(s)) ? s : clean(m, s, strlen(s));
}

static const char *
text_or_none(struct made *m, const char *s)
{
	return s ? text(m, s) : NULL;
}

static struct result
result(struct made *m, const struct result *r)
{
	struct result own = *r;

	own.message = text(m, r->message);
	own.step = text(m, r->step);
	own.tail = r->tail ? clean(m, r->tail, r->ntail) : "";
	own.ntail = strlen(own.tail);
	return own;
}

/* --- lanes ------------------------------------------------------------------ */

static uint32_t
add_lane(struct made *m, uint32_t id)
{
	struct story *s = &m->s;

	s->lane = mem_grow(s->lane, &m->lane_cap, s->nlane + 1,
	    sizeof(*s->lane));
	m->draft = mem_grow(m->draft, &m->draft_cap, s->nlane + 1,
	    sizeof(*m->draft));
	m->draft[s->nlane] = (struct draft){ 0 };
	s->lane[s->nlane] = (struct story_lane){
		.id = id, .name = "", .tag = "", .sequence = "",
		.index = 1, .round = 1, .wave = 1, .began = m->last,
		.ended = -1, .tries = 1,
		.result = { .code = CODE_NONE, .message = "", .step = "",
		    .tail = "" },
	};
	return (uint32_t)++s->nlane;
}

static size_t
lane_of(struct made *m, uint32_t id)
{
	size_t had = m->at_cap;

	m->at = mem_grow(m->at, &m->at_cap, (size_t)id + 1, sizeof(*m->at));
	if (m->at_cap > had)
		memset(m->at + had, 0, (m->at_cap - had) * sizeof(*m->at));
	if (m->at[id] == 0)
		m->at[id] = add_lane(m, id);
	return m->at[id] - 1;
}

static void
lane_start(struct made *m, struct story_lane *l, const struct record *r,
    const struct lane_info *info)
{
	l->name = text(m, info->name);
	l->tag = text(m, info->tag);
	l->sequence = text(m, info->group);
	l->host = text_or_none(m, info->host);
	l->index = info->index;
	l->round = info->round;
	l->wave = info->wave;
	l->parent = info->parent;
	l->hidden = info->hidden;
	l->by = text_or_none(m, head_by(r, &m->arena));
	/* the run was resumed, and goes on with it */
	l->over = false;
	l->ended = -1;
}

static void
lane_end(struct made *m, struct story_lane *l, const struct record *r,
    const struct decoded *d)
{
	/* one that was cancelled before it began has no start */
	if (!*l->name) {
		l->name = text(m, d->lane.name);
		l->sequence = text(m, d->lane.group);
		l->parent = d->lane.parent;
		l->hidden = d->lane.hidden;
		l->began = m->last - d->result.seconds;
	}
	l->over = true;
	l->ended = m->last;
	l->verdict = d->ev.verdict;
	l->result = result(m, &d->result);
	if (d->ev.tries > l->tries)
		l->tries = d->ev.tries;
	l->facts = head_facts(r, &m->arena);
}

/* --- steps ------------------------------------------------------------------ */

static bool
is_step(const struct story_step *s, const struct step_ref *ref)
{
	return s->entry == ref->entry && !strcmp(s->identity, ref->identity) &&
	    !strcmp(s->in, ref->in);
}

/* the step that is open; NULL: none is */
static struct story_step *
open_step(struct made *m, size_t lane, const struct step_ref *ref,
    size_t *where)
{
	struct draft *d = &m->draft[lane];

	for (size_t i = d->nopen; i-- > 0;) {
		struct story_step *s = &m->s.lane[lane].step[d->open[i]];

		*where = i;
		if (is_step(s, ref))
			return s;
	}
	return NULL;
}

static struct story_step *
add_step(struct made *m, size_t lane, const struct step_ref *ref)
{
	struct draft *d = &m->draft[lane];
	struct story_lane *l = &m->s.lane[lane];

	l->step = mem_grow(l->step, &d->step_cap, l->nstep + 1,
	    sizeof(*l->step));
	d->open = mem_grow(d->open, &d->open_cap, d->nopen + 1,
	    sizeof(*d->open));
	d->open[d->nopen++] = (uint32_t)l->nstep;
	d->first = mem_grow(d->first, &d->first_cap, l->nstep + 1,
	    sizeof(*d->first));
	d->first[l->nstep] = (uint32_t)l->nstep;
	l->step[l->nstep] = (struct story_step){
		.in = text(m, ref->in), .identity = text(m, ref->identity),
		.label = text(m, ref->label), .entry = ref->entry,
		.command = text_or_none(m, ref->command),
	};
	return &l->step[l->nstep++];
}

/* most steps are tried once */
static struct story_try *
add_try(struct story_step *s, unsigned attempt, double began)
{
	size_t n = s->ntry + 1;

	s->try = mem_realloc(s->try, n * sizeof(*s->try));
	s->try[s->ntry] = (struct story_try){
		.attempt = attempt, .began = began, .ended = -1,
		.result = { .code = CODE_NONE, .message = "", .step = "",
		    .tail = "" },
		.reaction = "",
	};
	s->ntry = n;
	return &s->try[n - 1];
}

static void
step_start(struct made *m, size_t lane, const struct decoded *d)
{
	size_t where;
	struct story_step *s = open_step(m, lane, &d->step, &where);

	if (!s)
		s = add_step(m, lane, &d->step);
	add_try(s, d->ev.attempt, m->last);
}

/*
 * The begin of one that has none in the journal: a call, or what was done in
 * no time, or not at all.
 */
static double
close_call(struct made *m, size_t lane, const struct story_step *s,
    const struct decoded *d)
{
	struct draft *draft = &m->draft[lane];
	uint32_t number = (uint32_t)(s - m->s.lane[lane].step), first;
	double began = m->last - d->result.seconds;

	if (d->result.status == ST_SKIPPED)
		return began;
	first = nest_close(&draft->nest, s, number, &began);
	if (first < draft->first[number]) {
		draft->first[number] = first;
		draft->moved = true;
	}
	return began;
}

static void
step_end(struct made *m, size_t lane, const struct record *r,
    const struct decoded *d)
{
	struct draft *draft = &m->draft[lane];
	size_t where;
	struct story_step *s = open_step(m, lane, &d->step, &where);
	struct story_try *t;

	if (!s) {
		s = add_step(m, lane, &d->step);
		where = draft->nopen - 1;
	}
	if (s->ntry == 0 || s->try[s->ntry - 1].ended >= 0)
		add_try(s, d->ev.attempt, close_call(m, lane, s, d));
	else
		nest_add(&draft->nest, s, draft->open[where],
		    s->try[s->ntry - 1].began);
	t = &s->try[s->ntry - 1];
	t->attempt = d->ev.attempt;
	t->ended = m->last;
	t->result = result(m, &d->result);
	if (t->result.seconds <= 0)
		t->result.seconds = t->ended - t->began;
	t->reaction = text(m, d->ev.reaction);
	t->again = d->ev.again;
	t->log_from = d->log_from;
	t->log_to = d->log_to;
	head_bytes(r, &t->out, &t->err);
	if (!t->again) {
		draft->nopen--;
		memmove(draft->open + where, draft->open + where + 1,
		    (draft->nopen - where) * sizeof(*draft->open));
	}
}

/* --- the rest --------------------------------------------------------------- */

static void
note(struct made *m, const struct decoded *d)
{
	struct story *s = &m->s;

	s->note = mem_grow(s->note, &m->note_cap, s->nnote + 1,
	    sizeof(*s->note));
	s->note[s->nnote++] = (struct story_note){
		.time = m->last, .lane = d->lane.id,
		.warning = d->ev.type != EVT_SAY,
		.text = clean(m, d->ev.text, d->ev.len),
	};
}

static void
unstarted(struct made *m, const struct decoded *d)
{
	struct story *s = &m->s;

	s->unstarted = mem_grow(s->unstarted, &m->unstarted_cap,
	    s->nunstarted + 1, sizeof(*s->unstarted));
	s->unstarted[s->nunstarted++] = (struct story_unstarted){
		.sequence = clean(m, d->ev.text, d->ev.len),
		.count = d->ev.count,
	};
}

static void
on_event(struct made *m, const struct record *r, const struct decoded *d)
{
	size_t lane = r->lane ? lane_of(m, r->lane) : 0;

	switch (d->ev.type) {
	case EVT_LANE_START:
		lane_start(m, &m->s.lane[lane], r, &d->lane);
		break;
	case EVT_STEP_START:
		step_start(m, lane, d);
		break;
	case EVT_STEP_END:
		step_end(m, lane, r, d);
		break;
	case EVT_LANE_END:
		lane_end(m, &m->s.lane[lane], r, d);
		break;
	case EVT_UNSTARTED:
		unstarted(m, d);
		break;
	default:
		note(m, d);
		break;
	}
}

/* a start of the run: the first, or one that resumes it */
static void
begin(struct made *m, const struct record *r)
{
	struct story_session *new;

	/* what never began gets another chance */
	m->s.nunstarted = 0;
	m->s.session = mem_realloc(m->s.session,
	    (m->s.nsession + 1) * sizeof(*m->s.session));
	new = &m->s.session[m->s.nsession++];
	head_session(new, r, &m->arena);
	m->began = new->wall - m->s.session[0].wall;
	/* a clock that was set back does not undo what has been */
	if (m->began < m->last)
		m->began = m->last;
	new->began = m->last = m->began;
	if (r->type == REC_RUN)
		head_run(&m->s, r, &m->arena);
}

static void
record(struct made *m, const struct journal *j, const struct record *r)
{
	struct decoded d;

	/* no journal has more lanes than bytes */
	if (r->lane > j->size)
		return;
	if (r->type == REC_RUN || r->type == REC_RESUME) {
		begin(m, r);
		return;
	}
	if (m->s.nsession == 0)
		return;
	if (!decode(&d, r, &m->arena) && r->type != REC_RUN_END)
		return;
	if (m->began + d.at > m->last)
		m->last = m->began + d.at;
	if (r->type != REC_RUN_END) {
		on_event(m, r, &d);
		return;
	}
	m->s.session[m->s.nsession - 1].ended = m->last;
	head_end(&m->s.session[m->s.nsession - 1], r, &m->arena);
}

/* --- from the begin to the end ---------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
	const struct story_lane *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* a step with the place that is its own */
struct placed {
	struct story_step step;
	uint32_t first, number;
};

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	/* what encloses others has ended after them */
	return x->number > y->number ? -1 : x->number < y->number;
}

/* calls in front of what they called */
static void
order_steps(struct story_lane *l, const struct draft *d)
{
	struct placed *p = mem_calloc(l->nstep + 1, sizeof(*p));

	for (uint32_t i = 0; i < l->nstep; i++)
		p[i] = (struct placed){ l->step[i], d->first[i], i };
	qsort(p, l->nstep, sizeof(*p), by_place);
	for (size_t i = 0; i < l->nstep; i++)
		l->step[i] = p[i].step;
	free(p);
}

static void
find_log(struct made *m, struct story_lane *l)
{
	struct buf b = { 0 };
	struct stat st;

	output_path(&b, m->s.dir, l->id);
	if (stat(buf_str(&b), &st) == 0 && S_ISREG(st.st_mode)) {
		l->log = arena_strdup(&m->arena, b.data);
		l->log_size = (uint64_t)st.st_size;
	}
	buf_fini(&b);
}

static void
count(struct story_totals *t, const struct story_lane *l)
{
	for (size_t i = 0; i < l->nstep; i++)
		t->tries += l->step[i].ntry;
	t->steps += l->nstep;
	if (l->hidden || l->parent)
		return;
	if (!l->over) {
		t->open++;
		return;
	}
	t->verdicts[l->verdict]++;
	t->flaky += l->verdict == LANE_OK && l->tries > 1;
}

static void
finish(struct made *m, const struct run_entry *e)
{
	struct story *s = &m->s;
	const struct story_session *last = &s->session[s->nsession - 1];

	s->dir = arena_strdup(&m->arena, e->dir);
	if (!*s->job)
		s->job = text(m, arena_strdup(&m->arena, e->job));
	if (!*s->run)
		s->run = text(m, arena_strdup(&m->arena, e->run));
	s->state = e->state == RUN_RUNNING ? STORY_RUNNING :
	    e->state == RUN_ENDED ? STORY_ENDED : STORY_INTERRUPTED;
	s->pid = e->pid;
	s->status = s->state == STORY_ENDED ? last->status : -1;
	s->why = last->why;
	s->signo = last->signo;
	s->wall = s->session[0].wall;
	s->seconds = m->last;
	if (s->nlane > 1)
		qsort(s->lane, s->nlane, sizeof(*s->lane), by_id);
	for (size_t i = 0; i < s->nlane; i++) {
		find_log(m, &s->lane[i]);
		count(&s->totals, &s->lane[i]);
	}
	for (size_t i = 0; i < s->nunstarted; i++)
		if (s->unstarted[i].count < 0 || s->totals.unstarted < 0)
			s->totals.unstarted = -1;
		else
			s->totals.unstarted += s->unstarted[i].count;
}

static void
drop_drafts(struct made *m)
{
	for (size_t i = 0; i < m->s.nlane; i++) {
		if (m->draft[i].moved)
			order_steps(&m->s.lane[i], &m->draft[i]);
		free(m->draft[i].open);
		free(m->draft[i].first);
		nest_fini(&m->draft[i].nest);
	}
	free(m->draft);
	free(m->at);
	m->draft = NULL;
	m->at = NULL;
}

struct story *
story_read(const struct run_entry *e, struct buf *why)
{
	struct made *m = mem_calloc(1, sizeof(*m));
	struct record r = { 0 };
	struct buf path = { 0 };
	struct journal j;
	int rc;

	buf_addf(&path, "%s/journal", e->dir);
	rc = journal_open(&j, buf_str(&path), why);
	buf_fini(&path);
	if (rc == -1) {
		free(m);
		return NULL;
	}
	while ((rc = journal_next(&j, &r, why)) == 1)
		record(m, &j, &r);
	drop_drafts(m);
	if (rc == 0)
		finish(m, e);
	journal_close(&j);
	if (rc == 0)
		return &m->s;
	story_free(&m->s);
	return NULL;
}

void
story_free(struct story *s)
{
	struct made *m = (struct made *)s;

	for (size_t i = 0; i < s->nlane; i++) {
		for (size_t k = 0; k < s->lane[i].nstep; k++)
			free(s->lane[i].step[k].try);
		free(s->lane[i].step);
	}
	free(s->lane);
	free(s->session);
	free(s->note);
	free(s->unstarted);
	arena_fini(&m->arena);
	free(m);
}

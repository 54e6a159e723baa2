/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "journal/decode.h"
#include "journal/head.h"
#include "journal/made.h"
#include "journal/output.h"
#include "journal/read.h"
#include "journal/runs.h"
#include "journal/story.h"

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
const char *
made_text(struct made *m, const char *s)
{
	if (!s)
		return "";
	return utf8_valid(s, strlen(s)) ? s : clean(m, s, strlen(s));
}

const char *
made_text_or_none(struct made *m, const char *s)
{
	return s ? made_text(m, s) : NULL;
}

struct result
made_result(struct made *m, const struct result *r)
{
	struct result own = *r;

	own.message = made_text(m, r->message);
	own.step = made_text(m, r->step);
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
	l->name = made_text(m, info->name);
	l->tag = made_text(m, info->tag);
	l->sequence = made_text(m, info->group);
	l->host = made_text_or_none(m, info->host);
	l->index = info->index;
	l->round = info->round;
	l->wave = info->wave;
	l->parent = info->parent;
	l->hidden = info->hidden;
	l->by = made_text_or_none(m, head_by(r, &m->arena));
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
		l->name = made_text(m, d->lane.name);
		l->sequence = made_text(m, d->lane.group);
		l->parent = d->lane.parent;
		l->hidden = d->lane.hidden;
		l->began = m->last - d->result.seconds;
	}
	l->over = true;
	l->ended = m->last;
	l->verdict = d->ev.verdict;
	l->result = made_result(m, &d->result);
	if (d->ev.tries > l->tries)
		l->tries = d->ev.tries;
	l->facts = head_facts(r, &m->arena);
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
		made_step_start(m, lane, d);
		break;
	case EVT_STEP_END:
		made_step_end(m, lane, r, d);
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

	if (m->s.nsession > 0)
		m->s.session[m->s.nsession - 1].last = m->last;
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

/* of a run that goes on it is known that it does until now */
static double
now(const struct story_session *u)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return u->began + (double)t.tv_sec + (double)t.tv_nsec / 1e9 - u->wall;
}

static void
finish(struct made *m, const struct run_entry *e)
{
	struct story *s = &m->s;
	struct story_session *last = &s->session[s->nsession - 1];

	s->dir = arena_strdup(&m->arena, e->dir);
	if (!*s->job)
		s->job = made_text(m, arena_strdup(&m->arena, e->job));
	if (!*s->run)
		s->run = made_text(m, arena_strdup(&m->arena, e->run));
	s->state = e->state == RUN_RUNNING ? STORY_RUNNING :
	    e->state == RUN_ENDED ? STORY_ENDED : STORY_INTERRUPTED;
	s->pid = e->pid;
	s->status = s->state == STORY_ENDED ? last->status : -1;
	s->why = last->why;
	s->signo = last->signo;
	s->wall = s->session[0].wall;
	if (s->state == STORY_RUNNING && now(last) > m->last)
		m->last = now(last);
	s->seconds = last->last = m->last;
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
			made_order(&m->s.lane[i], &m->draft[i]);
		free(m->draft[i].open);
		free(m->draft[i].cut);
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

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "journal/decode.h"
#include "journal/head.h"
#include "journal/member.h"
#include "journal/output.h"
#include "journal/read.h"
#include "journal/tell.h"
#include "journal/tell_part.h"
#include "model/plan.h"
#include "model/story.h"

/* records that are told before something else may be done */
enum { AT_ONCE = 512 };

static void
forget(struct tell_lane *l)
{
	if (!l->info)
		return;
	free((void *)(uintptr_t)l->info->name);
	free((void *)(uintptr_t)l->info->group);
	free((void *)(uintptr_t)l->info->host);
	free(l->info);
	free(l->step);
	l->info = NULL;
	l->step = NULL;
}

static struct tell_lane *
lane_at(struct tell *t, uint32_t id)
{
	size_t had = t->nlane;

	if (id >= t->nlane) {
		t->lane = mem_grow(t->lane, &t->lane_cap, (size_t)id + 1,
		    sizeof(*t->lane));
		t->nlane = (size_t)id + 1;
		memset(t->lane + had, 0, (t->nlane - had) * sizeof(*t->lane));
	}
	return &t->lane[id];
}

/* --- events ----------------------------------------------------------------- */

/* a lane that begins, or goes on after it was cancelled with its run */
static void
keep(struct tell_lane *l, const struct lane_info *info)
{
	free(l->tag);
	l->tag = mem_strdup(info->tag);
	l->info = mem_alloc(sizeof(*l->info));
	*l->info = (struct lane_info){
		.id = info->id, .name = mem_strdup(info->name),
		.tag = l->tag, .group = mem_strdup(info->group),
		.host = info->host ? mem_strdup(info->host) : NULL,
		.index = info->index, .order = info->order,
		.round = info->round, .wave = info->wave,
		.parent = info->parent, .sub = info->sub,
		.hidden = info->hidden, .lanes = -1,
	};
	l->end = 0;
}

/* false: there is more of it */
static bool
output(struct tell *t, struct tell_lane *l, uint64_t upto, bool end)
{
	struct step_ref step = { .label = l->step };
	struct event ev = {
		.type = EVT_LINE, .mono = t->last, .wall = t->first + t->last,
		.lane = l->info, .step = &step, .stream = STREAM_OUT,
	};

	return output_emit(&l->output, t->dir, l->info->id, t->bus, &ev, upto,
	    end, &t->full);
}

/* what was written before this happened; false: there is more of it */
static bool
tell_before(struct tell *t, struct tell_lane *l, const struct decoded *d)
{
	if (!l || !l->info)
		return true;
	if (d->ev.type == EVT_STEP_END)
		return output(t, l, d->log_to, true);
	if (d->ev.type == EVT_STEP_START) {
		free(l->step);
		l->step = d->step.label ? mem_strdup(d->step.label) : NULL;
	}
	/* of one that was cancelled more may come, when the run is resumed */
	if (d->ev.type == EVT_LANE_END && d->ev.verdict != LANE_CANCELLED)
		return output(t, l, UINT64_MAX, true);
	return true;
}

/* one that was cancelled with its run goes on, since that was resumed */
static void
tell_again(struct tell *t, struct tell_lane *l)
{
	struct event ev = {
		.type = EVT_LANE_START, .mono = t->last,
		.wall = t->first + t->last, .lane = l->info, .again = true,
	};

	l->cancelled = 0;
	l->end = 0;
	bus_emit(t->bus, &ev);
}

static bool
tell_event(struct tell *t, const struct record *r, struct decoded *d)
{
	struct tell_lane *l = r->lane ? lane_at(t, r->lane) : NULL;

	if (l && l->cancelled && l->cancelled < t->session)
		tell_again(t, l);
	if (!tell_before(t, l, d))
		return false;
	if (d->ev.type == EVT_LANE_START) {
		/* it was cut off, and goes on */
		if (l->info)
			return true;
		keep(l, &d->lane);
	}
	if (l && l->info)
		d->ev.lane = l->info;
	else if (l && !d->lane.name)
		return true;
	d->ev.mono = t->last;
	bus_emit(t->bus, &d->ev);
	if (d->ev.type == EVT_LANE_END) {
		l->end = (size_t)(r->text - t->journal.map);
		if (l->info && d->ev.verdict == LANE_CANCELLED)
			l->cancelled = t->session;
		else
			forget(l);
	}
	if (d->ev.type == EVT_UNSTARTED && t->unstarted == 0)
		t->unstarted = (size_t)(r->text - t->journal.map);
	return true;
}

void
tell_emit(struct tell *t, struct bus *bus, enum event_type type,
    const char *text, size_t len)
{
	struct event ev = {
		.type = type, .mono = type == EVT_RUN_START ? 0 : t->last,
		.wall = t->first + t->last, .text = text, .len = len,
	};

	bus_emit(bus, &ev);
}

/* --- records ---------------------------------------------------------------- */

static void
begin(struct tell *t, const struct record *r)
{
	double wall = record_number(r, "time", 0);
	struct story_session session;
	const char *job;
	size_t n;

	head_session(&session, r, &t->arena);
	if (t->start)
		t->start(t->arg, &session);
	t->session++;
	t->unstarted = 0;
	t->end.status = -1;
	if (r->type == REC_RUN) {
		const char *log = record_text(r, "log", &t->arena, NULL);

		snprintf(t->log, sizeof(t->log), "%s", log ? log : "lanes");
		t->first = wall;
		job = record_text(r, "job", &t->arena, &n);
		tell_emit(t, t->bus, EVT_RUN_START, job ? job : "",
		    job ? n : 0);
		tell_emit(t, t->sum, EVT_RUN_START, job ? job : "",
		    job ? n : 0);
		return;
	}
	/* the time between two sessions is none of the run's */
	t->offset = t->last;
	t->first = wall - t->last;
}

static void
end(struct tell *t, const struct record *r)
{
	const char *signal = record_text(r, "signal", &t->arena, NULL);

	t->end = (struct tell_end){
		.status = (int)record_int(r, "status", -1),
		.signo = signal ? status_signal_find(signal, strlen(signal)) :
		    0,
	};
}

/* false: not yet, as long as nothing more is taken */
static bool
record(struct tell *t, const struct record *r)
{
	struct decoded d;
	bool event;

	if (r->lane > t->journal.size)
		return true;
	if (r->type == REC_RUN || r->type == REC_RESUME) {
		begin(t, r);
		return true;
	}
	event = decode(&d, r, &t->arena);
	if (t->offset + d.at > t->last)
		t->last = t->offset + d.at;
	if (r->type == REC_RUN_END)
		end(t, r);
	return !event || tell_event(t, r, &d);
}

/* map what the file has become */
static int
look_again(struct tell *t, struct buf *why)
{
	struct stat st;

	if (t->journal.map && fstat(t->fd, &st) == 0 &&
	    (size_t)st.st_size == t->journal.size)
		return 0;
	journal_close(&t->journal);
	return journal_map(&t->journal, t->fd, t->path, why);
}

void
tell_hold(struct tell *t, bool on)
{
	t->full = on;
}

int
tell_records(struct tell *t, struct buf *why)
{
	int rc = 0;

	if (look_again(t, why) == -1)
		return -1;
	for (int i = 0; !t->full; i++) {
		struct record before = t->at;

		if (i == AT_ONCE)
			return 1;
		if ((rc = journal_next(&t->journal, &t->at, why)) != 1)
			return rc;
		if (!record(t, &t->at))
			t->at = before;
		else if (t->record)
			t->record(t->record_arg, t->at.text, t->at.len);
		arena_fini(&t->arena);
	}
	return 1;
}

int
tell_output(struct tell *t, bool all)
{
	for (size_t i = 0; i < t->nlane; i++)
		if (t->lane[i].info &&
		    !output(t, &t->lane[i], UINT64_MAX, all))
			return 1;
	return 0;
}

/* --- the rest --------------------------------------------------------------- */

struct tell_end
tell_end(const struct tell *t)
{
	return t->end;
}

uint64_t
tell_unfinished(const struct tell *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->nlane; i++) {
		const struct tell_lane *l = &t->lane[i];

		n += l->info && !l->cancelled && !l->info->hidden &&
		    !l->info->sub;
	}
	return n;
}

const char *
tell_log(const struct tell *t)
{
	return t->log;
}

void
tell_on_start(struct tell *t,
    void (*fn)(void *arg, const struct story_session *), void *arg)
{
	t->start = fn;
	t->arg = arg;
}

void
tell_on_record(struct tell *t,
    void (*fn)(void *arg, const char *text, size_t len), void *arg)
{
	t->record = fn;
	t->record_arg = arg;
}

double
tell_clock(const struct tell *t)
{
	return t->last;
}

struct tell *
tell_open(const char *dir, struct bus *told, struct bus *summed,
    struct buf *why)
{
	struct tell *t = mem_calloc(1, sizeof(*t));
	struct buf path = { 0 };

	t->dir = mem_strdup(dir);
	buf_addf(&path, "%s/journal", dir);
	t->path = mem_strdup(buf_str(&path));
	buf_fini(&path);
	t->bus = told;
	t->sum = summed;
	t->end.status = -1;
	t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (t->fd == -1)
		buf_addf(why, "%s: %s", t->path, strerror(errno));
	else if (look_again(t, why) == 0)
		return t;
	tell_close(t);
	return NULL;
}

void
tell_close(struct tell *t)
{
	for (size_t i = 0; i < t->nlane; i++) {
		forget(&t->lane[i]);
		free(t->lane[i].tag);
	}
	free(t->lane);
	arena_fini(&t->arena);
	journal_close(&t->journal);
	if (t->fd != -1)
		close(t->fd);
	free(t->dir);
	free(t->path);
	free(t);
}

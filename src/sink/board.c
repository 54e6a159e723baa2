/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/action.h"
#include "model/program.h"
#include "model/runner.h"
#include "model/status.h"
#include "sink/board.h"
#include "sink/board_part.h"
#include "sink/escape.h"
#include "sink/pace.h"

#define LOOK_S 0.5		/* how often all lanes are looked at */

/* --- events ------------------------------------------------------------- */

/* what a step has started may outlive it */
static void
forget_many(struct board_lane *l)
{
	l->of = l->begun = l->failed = 0;
	l->waits = 0;
}

static bool
is_of_step(const struct board_lane *l, const struct lane_info *sub)
{
	return l->stepping && l->step_id == sub->by.id &&
	    l->entry == sub->by.entry;
}

static void
lane_start(struct board *b, const struct event *ev)
{
	const struct lane_info *info = ev->lane;
	struct board_lane *l = board_add(b, info->id), *parent;

	if (ev->again)
		tally_again(&b->tally, ev);
	board_keep(l->name, sizeof(l->name), info->tag && *info->tag ? info->tag :
	    info->name);
	l->began = ev->mono;
	l->counts = !info->hidden && !info->sub;
	l->sequence = b->pace && l->counts && info->group ?
	    pace_sequence(b->pace, info->group) : PACE_NONE;
	b->running += l->counts;
	board_show(b, l, ev->mono);
	if (!info->sub)
		return;
	parent = board_find(b, info->parent);
	if (!parent || parent->runs || !is_of_step(parent, info))
		return;		/* it does something else meanwhile */
	l->awaited = true;
	l->parent = info->parent;
	parent->of = info->lanes;
	/* those before it were, if not in this session */
	if (info->index > parent->begun)
		parent->begun = info->index;
	board_wait(b, parent, 1);
}

static void
step_start(struct board *b, const struct event *ev)
{
	struct board_lane *l = board_find(b, ev->lane->id);
	const struct step_ref *s = ev->step;

	if (!l)
		return;
	l->stepping = true;
	l->runs = s->command != NULL;
	l->step_id = s->id;
	l->entry = s->entry;
	l->attempt = ev->attempt;
	l->pace = b->pace ? pace_step(b->pace, s) : PACE_NONE;
	l->nline = 0;
	forget_many(l);
	board_keep(l->step, sizeof(l->step), s->label && *s->label ? s->label :
	    s->command ? s->command : "");
	board_show(b, l, ev->mono);
}

static void
step_end(struct board *b, const struct event *ev)
{
	struct board_lane *l = board_find(b, ev->lane->id);

	/* the end of a call, whose steps were shown */
	if (!l || !l->stepping || l->step_id != ev->step->id ||
	    l->entry != ev->step->entry)
		return;
	if (b->pace && ev->result && ev->result->status != ST_CANCELLED)
		pace_step_over(b->pace, l->pace, ev->mono - l->since);
	l->stepping = false;
	if (l->begun > 0)
		l->nline = 0;	/* it was how far they are */
	forget_many(l);
	/* the pause before the next try shows what it is for */
	if (ev->again)
		l->attempt = ev->attempt + 1;
	else
		l->step[0] = '\0';
	board_show(b, l, ev->mono);
}

static void
lane_end(struct board *b, const struct event *ev)
{
	struct board_lane *l = board_find(b, ev->lane->id), *parent;

	tally_lane(&b->tally, ev);
	if (b->pace && ev->result && ev->verdict != LANE_CANCELLED &&
	    !ev->lane->hidden && !ev->lane->sub && ev->lane->group &&
	    ev->result->seconds > 0)
		pace_lane_over(b->pace, pace_sequence(b->pace,
		    ev->lane->group), ev->result->seconds);
	if (ev->verdict == LANE_FAILED && !ev->past)
		b->said = ev->mono;
	if (!l)
		return;
	parent = l->awaited ? board_find(b, l->parent) : NULL;
	if (parent && parent->waits && is_of_step(parent, ev->lane)) {
		parent->failed += ev->verdict == LANE_FAILED;
		board_wait(b, parent, -1);
	}
	board_drop(b, l);
}

/* the last of many lines; those that are empty show nothing */
static const char *
last_line(const char *text, size_t *len)
{
	const char *nl;

	while (*len > 0 && text[*len - 1] == '\n')
		--*len;
	nl = *len ? memrchr(text, '\n', *len) : NULL;
	if (!nl)
		return text;
	*len -= (size_t)(nl + 1 - text);
	return nl + 1;
}

static void
line(struct board *b, const struct event *ev)
{
	struct board_lane *l = board_find(b, ev->lane->id);
	const char *text = ev->text;
	size_t len = ev->len, at = 0;

	if (!ev->step || !ev->step->quiet)
		b->said = ev->mono;
	if (!l || len == 0)
		return;
	if (ev->flags & LINE_BLOCK)
		text = last_line(text, &len);
	text = escape_overwritten(text, &len);
	if (len == 0)
		return;
	/* what goes on stands behind what there was, unless it went back */
	if (ev->flags & LINE_MORE && text == ev->text && !l->back)
		at = l->nline;
	l->back = ev->text[ev->len - 1] == '\r';
	if (len > BOARD_LINE - at)
		len = BOARD_LINE - at;
	memcpy(l->line + at, text, len);
	l->nline = at + len;
}

static void
peek(struct board *b, const struct event *ev)
{
	struct board_lane *l = board_find(b, ev->lane->id);
	size_t len = ev->len;
	const char *text = escape_overwritten(ev->text, &len);

	if (!l || len == 0)
		return;
	if (len > BOARD_LINE)
		len = BOARD_LINE;
	memcpy(l->line, text, len);
	l->nline = len;
	/* it comes again */
	l->back = true;
}

static void
said(struct board *b, const struct event *ev)
{
	struct event one = *ev;

	one.flags = LINE_BLOCK;
	b->said = ev->mono;
	if (ev->lane && ev->text)
		line(b, &one);
}

static void
run_start(struct board *b, const struct event *ev)
{
	b->began = b->said = ev->mono;
	free(b->job);
	b->job = mem_strndup(ev->text ? ev->text : "", ev->len);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct board *b = arg;

	switch (ev->type) {
	case EVT_LINE:
		line(b, ev);
		break;
	case EVT_PEEK:
		peek(b, ev);
		break;
	case EVT_RUN_START:
		run_start(b, ev);
		break;
	case EVT_LANE_START:
		lane_start(b, ev);
		break;
	case EVT_STEP_START:
		if (!ev->past)
			step_start(b, ev);
		break;
	case EVT_STEP_END:
		if (!ev->past)
			step_end(b, ev);
		break;
	case EVT_LANE_END:
		lane_end(b, ev);
		break;
	case EVT_SAY:
		if (!ev->past)
			said(b, ev);
		break;
	case EVT_WARN:
		b->said = ev->mono;
		break;
	default:
		break;
	}
	return 0;
}

static void
on_close(void *arg)
{
	(void)arg;
}

/* --- what is asked ------------------------------------------------------ */

static void
look(struct board *b, const struct board_ring *r, double mono)
{
	for (struct link *i = r->lane.next; i != &r->lane; i = i->next) {
		const struct board_lane *l = board_lane(i);

		if (l->counts)
			pace_running(b->pace, l->sequence, mono - l->began);
	}
}

double
board_left(struct board *b, int64_t waiting, double mono)
{
	if (!b->pace)
		return -1;
	if (b->looked > 0 && mono - b->looked < LOOK_S) {
		double left = b->left - (mono - b->looked);

		return b->left < 0 ? -1 : left > 0 ? left : 0;
	}
	look(b, &b->shown, mono);
	look(b, &b->lists, mono);
	look(b, &b->held, mono);
	b->left = pace_left(b->pace, waiting, mono);
	b->looked = mono;
	return b->left;
}

int64_t
board_running(const struct board *b)
{
	return b->running;
}

size_t
board_late(const struct board *b)
{
	return b->pace ? pace_late(b->pace) : 0;
}

size_t
board_work(const struct board *b)
{
	return b->shown.n + b->lists.n;
}

struct board_counts
board_counts(const struct board *b)
{
	const uint64_t *n = b->tally.verdicts;

	return (struct board_counts){
		.ok = (int64_t)n[LANE_OK],
		.rescued = (int64_t)n[LANE_RESCUED],
		.failed = (int64_t)n[LANE_FAILED],
		.cancelled = (int64_t)n[LANE_CANCELLED],
	};
}

struct cluster *
board_failures(struct board *b)
{
	return b->tally.cluster.n > 0 ? &b->tally.cluster : NULL;
}

double
board_said(const struct board *b)
{
	return b->said;
}

double
board_began(const struct board *b)
{
	return b->began;
}

const char *
board_job(const struct board *b)
{
	return b->job ? b->job : "";
}

struct board *
board_new(struct pace *pace)
{
	struct board *b = mem_calloc(1, sizeof(*b));

	board_init_lanes(b);
	b->pace = pace;
	return b;
}

struct sink
board_sink(struct board *b)
{
	return (struct sink){
		.name = "board", .arg = b, .past = true,
		.event = on_event, .close = on_close,
	};
}

void
board_free(struct board *b)
{
	if (!b)
		return;
	board_free_lanes(b);
	tally_fini(&b->tally);
	free(b->job);
	free(b);
}

/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "model/program.h"
#include "recall.h"
#include "unit.h"

/* --- what is told --------------------------------------------------------- */

static const char *
keep(struct recall *k, const char *s)
{
	return s ? arena_strdup(&k->arena, s) : NULL;
}

static struct kept_step *
find_step(const struct recall *k, uint32_t lane, const struct step_ref *s,
    unsigned attempt)
{
	for (struct kept_step *p = k->step; p; p = p->next)
		if (p->lane == lane && p->entry == s->entry &&
		    (attempt == 0 || p->attempt == attempt) &&
		    !strcmp(p->identity, s->identity) &&
		    !strcmp(p->in, s->in))
			return p;
	return NULL;
}

static struct kept_step *
step_of(struct recall *k, const struct event *ev)
{
	struct kept_step *p = find_step(k, ev->lane->id, ev->step,
	    ev->attempt);

	if (p)
		return p;
	p = arena_alloc(&k->arena, sizeof(*p));
	*p = (struct kept_step){
		.lane = ev->lane->id, .in = keep(k, ev->step->in),
		.identity = keep(k, ev->step->identity),
		.label = keep(k, ev->step->label),
		.entry = ev->step->entry, .attempt = ev->attempt,
	};
	*k->step_end = p;
	k->step_end = &p->next;
	return p;
}

static struct result
keep_result(struct recall *k, const struct result *from)
{
	struct result r = *from;

	r.message = keep(k, r.message);
	r.step = keep(k, r.step);
	r.tail = arena_strndup(&k->arena, r.ntail ? r.tail : "", r.ntail);
	r.out = r.err = r.both = NULL;
	r.nout = r.nerr = r.nboth = 0;
	r.took.channel = keep(k, r.took.channel);
	r.past = NULL;
	return r;
}

static struct step_note
keep_note(struct recall *k, const struct step_note *from)
{
	struct step_note n = *from;
	struct assign *a = arena_alloc(&k->arena,
	    (n.nassign + 1) * sizeof(*a));

	for (size_t i = 0; i < n.nassign; i++) {
		a[i] = n.assign[i];
		a[i].name = keep(k, a[i].name);
		a[i].text = arena_strndup(&k->arena, a[i].text, a[i].len);
	}
	n.assign = a;
	return n;
}

static void
took(struct recall *k, const char *channel, uint64_t from, uint64_t to)
{
	for (struct kept_message *m = k->message; m && channel; m = m->next)
		m->gone |= !strcmp(m->channel, channel) &&
		    m->number >= from && m->number <= to;
}

static void
on_sent(struct recall *k, const struct event *ev)
{
	struct kept_message *m = arena_alloc(&k->arena, sizeof(*m));
	struct kept_step *p;

	strncpy(m->channel, ev->name, sizeof(m->channel) - 1);
	m->text = arena_strndup(&k->arena, ev->text, ev->len);
	m->number = ev->number;
	*k->message_end = m;
	k->message_end = &m->next;
	if (!ev->step)
		return;
	p = step_of(k, &(struct event){ .lane = ev->lane, .step = ev->step,
	    .attempt = 1 });
	p->ended = true;
	p->t.result = result_made(ST_OK, "");
	p->t.result.code = 0;
}

/* it is over for all of them, though none has told of it yet */
static void
on_barrier(struct recall *k, const struct event *ev)
{
	for (size_t i = 0; i < ev->nlanes; i++)
		for (struct kept_step *p = k->step; p; p = p->next)
			if (p->lane == ev->lanes[i] && !p->ended) {
				p->ended = true;
				p->t.result = keep_result(k, ev->result);
			}
}

static void
on_lane(struct recall *k, const struct event *ev)
{
	struct kept_lane *l = arena_alloc(&k->arena, sizeof(*l));

	ck_assert(!ev->past);
	l->info = *ev->lane;
	l->info.name = keep(k, l->info.name);
	l->info.group = keep(k, l->info.group);
	l->info.host = keep(k, l->info.host);
	l->info.by.in = keep(k, l->info.by.in);
	l->info.by.identity = keep(k, l->info.by.identity);
	l->info.past = NULL;
	l->past.id = l->info.id;
	for (struct kept_lane *o = k->lane; o; o = o->next)
		ck_assert_msg(o->info.id != l->info.id, "%u twice: %s, %s",
		    l->info.id, o->info.name, l->info.name);
	*k->lane_end = l;
	k->lane_end = &l->next;
}

static struct kept_lane *
find_lane(const struct recall *k, uint32_t id)
{
	for (struct kept_lane *l = k->lane; l; l = l->next)
		if (l->info.id == id)
			return l;
	return NULL;
}

static void
on_step_end(struct recall *k, const struct event *ev)
{
	struct kept_step *p = step_of(k, ev);

	p->ended = true;
	p->t = (struct past_try){
		.result = keep_result(k, ev->result), .again = ev->again,
		.note = ev->note ? keep_note(k, ev->note) :
		    (struct step_note){ 0 },
	};
	if (ev->result->took.channel)
		took(k, ev->result->took.channel, ev->result->took.from,
		    ev->result->took.to);
}

static bool
is_cut(const struct result *r)
{
	return r->status == ST_CANCELLED &&
	    (!r->outside || r->cut.status == ST_CANCELLED);
}

static int
on_event(void *arg, const struct event *ev)
{
	struct recall *k = arg;
	struct kept_step *p;
	struct kept_lane *l;

	if (ev->type == EVT_PAST)
		buf_addf(&k->why, "%s:%s(%s) ", ev->lane->name,
		    ev->step ? ev->step->label : "", ev->text);
	/* what was told before, or after it was killed, is not written */
	if (ev->past || k->stopped || ev->type == EVT_PAST ||
	    ev->type == EVT_RUN_START || ev->type == EVT_LINE)
		return 0;
	k->events++;
	if (k->stop_at > 0 && k->events >= k->stop_at)
		*(k->interrupts ? &k->interrupted : &k->stopped) = true;
	l = ev->lane ? find_lane(k, ev->lane->id) : NULL;
	if (l && l->cut && ev->type != EVT_STEP_START && ev->type != EVT_SAY)
		return 0;
	switch (ev->type) {
	case EVT_LANE_START:
		on_lane(k, ev);
		break;
	case EVT_STEP_START:
		p = find_step(k, ev->lane->id, ev->step, ev->attempt);
		if (p && p->ended && !p->t.note.secret && !p->t.note.released)
			buf_addf(&k->wrong, "%s:%s ", ev->lane->name,
			    ev->step->label);
		p = step_of(k, ev);
		p->command = keep(k, ev->step->command);
		k->starts += p->command != NULL;
		break;
	case EVT_CUT:
	case EVT_STEP_END:
		if (is_cut(ev->result))
			l->cut = true;
		else if (ev->step->label)
			on_step_end(k, ev);
		break;
	case EVT_LANE_END:
		ck_assert_ptr_nonnull(l);
		if (ev->verdict == LANE_CANCELLED)
			break;
		l->past.over = true;
		l->past.verdict = ev->verdict;
		l->past.result = keep_result(k, ev->result);
		l->past.tries = ev->tries;
		if (ev->facts) {
			l->past.nfacts = ev->facts->len;
			l->past.facts = arena_strndup(&k->arena,
			    ev->facts->data, ev->facts->len);
		}
		break;
	case EVT_SENT:
		on_sent(k, ev);
		break;
	case EVT_TAKEN:
		took(k, ev->name, ev->number, ev->to);
		break;
	case EVT_CLEARED:
		took(k, ev->name, 0, ev->to);
		break;
	case EVT_BARRIER:
		on_barrier(k, ev);
		break;
	case EVT_SAY:
		buf_addf(&k->said, "'%.*s' ", (int)ev->len, ev->text);
		break;
	case EVT_DRAIN:
		k->past.draining = true;
		k->past.stopping |= !strcmp(ev->name, "stop");
		break;
	default:
		break;
	}
	return 0;
}

/* --- the past ------------------------------------------------------------- */

static bool
is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool
is_same_step(const struct step_ref *a, const struct step_ref *b)
{
	return a->entry == b->entry && is_same(a->in, b->in) &&
	    is_same(a->identity, b->identity);
}

static const struct past_lane *
lane(void *arg, const struct lane_info *i)
{
	struct recall *k = arg;

	for (struct kept_lane *l = k->lane; l; l = l->next)
		if (!l->given && is_same(l->info.name, i->name) &&
		    is_same(l->info.group, i->group) &&
		    l->info.round == i->round &&
		    l->info.parent == i->parent &&
		    is_same_step(&l->info.by, &i->by)) {
			l->given = true;
			return &l->past;
		}
	return NULL;
}

static const struct past_try *
step(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	struct kept_step *p = find_step(arg, l->id, s, attempt);

	return p && p->had_ended ? &p->t : NULL;
}

static enum past_begun
begun(void *arg, const struct past_lane *l, const struct step_ref *s,
    unsigned attempt)
{
	struct kept_step *p = find_step(arg, l->id, s, attempt);

	return p && p->was_there && !p->had_ended ? PAST_BEGUN : PAST_NEW;
}

/* in a lane of the same group as this one */
static bool
is_of_group(const struct recall *k, uint32_t id, const struct lane_info *i)
{
	const struct kept_lane *l = find_lane(k, id);

	return l && is_same(l->info.group, i->group) &&
	    l->info.round == i->round && l->info.parent == i->parent &&
	    is_same_step(&l->info.by, &i->by);
}

static const struct past_try *
once(void *arg, const struct lane_info *i, const struct step_ref *s)
{
	struct recall *k = arg;

	for (struct kept_step *p = k->step; p; p = p->next)
		if (p->had_ended && p->t.note.once && p->entry == s->entry &&
		    is_same(p->identity, s->identity) &&
		    is_same(p->in, s->in) && is_of_group(k, p->lane, i))
			return &p->t;
	return NULL;
}

static bool
once_begun(void *arg, const struct lane_info *i, const struct step_ref *s)
{
	struct recall *k = arg;

	for (struct kept_step *p = k->step; p; p = p->next)
		if (p->was_there && !p->had_ended && p->entry == s->entry &&
		    is_same(p->identity, s->identity) &&
		    is_same(p->in, s->in) && is_of_group(k, p->lane, i))
			return true;
	return false;
}

static uint32_t
began(void *arg, const char *sequence, uint32_t round)
{
	struct recall *k = arg;
	uint32_t n = 0;

	for (struct kept_lane *l = k->lane; l; l = l->next)
		n += !l->info.sub && !l->info.hidden &&
		    l->info.round == round && is_same(l->info.group, sequence);
	return n;
}

void
recall_again(struct recall *k)
{
	k->past.arg = k;
	k->past.lane = lane;
	k->past.step = step;
	k->past.begun = begun;
	k->past.once = once;
	k->past.once_begun = once_begun;
	k->past.began = began;
	k->past.lanes = 0;
	k->again = true;
	k->stopped = k->interrupted = k->interrupts = false;
	k->events = k->stop_at = 0;
	for (struct kept_step *p = k->step; p; p = p->next) {
		p->was_there = true;
		p->had_ended = p->ended;
	}
	for (struct kept_lane *l = k->lane; l; l = l->next) {
		l->given = l->cut = false;
		if (l->info.id > k->past.lanes)
			k->past.lanes = l->info.id;
	}
}

void
recall_restore(struct recall *k, struct engine *e,
    const struct channel_spec *spec, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct past_message left[64];
		size_t nleft = 0;
		uint64_t last = 0;

		for (struct kept_message *m = k->message; m; m = m->next) {
			if (strcmp(m->channel, spec[i].name) != 0)
				continue;
			last = m->number > last ? m->number : last;
			ck_assert_uint_lt(nleft, countof(left));
			if (!m->gone)
				left[nleft++] = (struct past_message){
					m->number, m->text, strlen(m->text)
				};
		}
		engine_restore(e, (uint32_t)i, left, nleft, last, false);
	}
}

/* --- to be compared ------------------------------------------------------- */

unsigned
recall_ended(const struct recall *k, const char *command)
{
	unsigned n = 0;

	for (struct kept_step *p = k->step; p; p = p->next)
		n += p->ended && is_same(p->command, command);
	return n;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_line(char **line, size_t *n, struct buf *b)
{
	ck_assert_uint_lt(*n, 4096);
	line[(*n)++] = strdup(buf_str(b));
	buf_clear(b);
}

static void
show_step(const struct recall *k, const struct kept_step *p, bool top,
    struct buf *b)
{
	char text[STATUS_SHOW];
	const struct kept_lane *l = find_lane(k, p->lane);

	buf_addf(b, "%s %s:%s.%u.%u=%s%s", l ? l->info.name : "?", p->in,
	    p->identity, p->entry, p->attempt, p->ended ?
	    status_show(text, &p->t.result) : "begun",
	    p->t.again ? "~" : "");
	for (size_t i = 0; i < p->t.note.nassign; i++)
		buf_addf(b, " %s=%s", p->t.note.assign[i].name,
		    p->t.note.assign[i].text);
	/* whoever came first did it */
	if (p->t.note.once && !top)
		buf_adds(b, " once");
	if (p->t.note.line)
		buf_addf(b, " line%u", p->t.note.line);
	if (p->t.note.secret)
		buf_adds(b, " secret");
	if (p->t.note.released)
		buf_adds(b, " released");
}

void
recall_show(const struct recall *k, struct buf *out, bool top)
{
	static const char *const verdicts[] = {
		"ok", "rescued", "failed", "cancelled"
	};
	char **line = mem_calloc(4096, sizeof(char *));
	struct buf b = { 0 };
	size_t n = 0;

	for (struct kept_step *p = k->step; p; p = p->next) {
		const struct kept_lane *l = find_lane(k, p->lane);

		/* handlers of an interrupted lane may have begun more */
		if (top && ((l && l->info.sub) || !p->ended))
			continue;
		show_step(k, p, top, &b);
		add_line(line, &n, &b);
	}
	for (struct kept_lane *l = k->lane; l; l = l->next) {
		if (top && l->info.sub)
			continue;
		buf_addf(&b, "%s=%s tries%u %s", l->info.name, l->past.over ?
		    verdicts[l->past.verdict] : "open", l->past.tries,
		    l->past.facts ? l->past.facts : "");
		add_line(line, &n, &b);
	}
	qsort(line, n, sizeof(char *), compare);
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s\n", line[i]);
		free(line[i]);
	}
	free(line);
	buf_fini(&b);
}

/* --- one of them ---------------------------------------------------------- */

void
recall_open(struct recall *k)
{
	*k = (struct recall){ 0 };
	k->step_end = &k->step;
	k->lane_end = &k->lane;
	k->message_end = &k->message;
}

struct sink
recall_sink(struct recall *k)
{
	return (struct sink){
		.name = "recall", .arg = k, .past = true, .event = on_event
	};
}

void
recall_close(struct recall *k)
{
	arena_fini(&k->arena);
	buf_fini(&k->wrong);
	buf_fini(&k->said);
	buf_fini(&k->why);
}

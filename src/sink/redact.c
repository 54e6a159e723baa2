/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/action.h"
#include "model/program.h"
#include "model/runner.h"
#include "model/status.h"
#include "sink/conceal.h"
#include "sink/redact.h"
#include "sink/secrets.h"

/* what is held back of an unfinished line; there is none without bytes */
struct held {
	struct held *next;
	const struct step_ref *step;	/* whose process it is */
	const struct lane_info *lane;
	unsigned stream;
	bool shown;			/* a piece of the line was handed on */
	size_t covered;			/* first bytes that have their mark */
	struct buf text;
};

/* the texts of one event, each in a buffer of its own */
enum {
	IN_TEXT, IN_NAME, IN_TAG, IN_GROUP, IN_LABEL, IN_IDENTITY, IN_COMMAND,
	IN_MESSAGE, IN_STEP, IN_TAIL, IN_OUT, IN_ERR, IN_BOTH, IN_REACTION,
	IN_HOST, IN_BY, IN_BY_LABEL, IN_EVENT,
	IN_N
};

enum { SLOTS = 64 };

struct redact {
	struct secrets secrets;
	struct held *slot[SLOTS];
	struct held *pool;		/* for reuse */
	size_t nheld;
	struct buf out[IN_N];
	struct buf line;		/* what was held, and what came */
	struct event ev;		/* what the sinks see */
	struct lane_info lane;
	struct step_ref step;
	struct result result;
	struct step_note note;
	struct assign *assign;
	size_t assign_cap;
	struct buf facts;
	/* whose lines lane and step were last made for */
	const struct lane_info *lines_lane;
	const struct step_ref *lines_step;
	size_t lines_n;			/* values known then */
};

/* --- texts -------------------------------------------------------------- */

/* borrowed until the next event: the text itself, if nothing is in it */
static const char *
clean(struct redact *r, unsigned in, const char *text, size_t *len)
{
	struct buf *b = &r->out[in];
	size_t covered = 0;

	if (!text || !secrets_find(&r->secrets, text, *len))
		return text;
	buf_clear(b);
	secrets_mask(&r->secrets, text, *len, *len, &covered, b);
	*len = b->len;
	return buf_str(b);
}

static const char *
clean_str(struct redact *r, unsigned in, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return clean(r, in, text, &len);
}

static void
clean_lane(struct redact *r, const struct lane_info *l)
{
	r->lane = *l;
	r->lane.name = clean_str(r, IN_NAME, l->name);
	r->lane.tag = clean_str(r, IN_TAG, l->tag);
	r->lane.group = clean_str(r, IN_GROUP, l->group);
	r->lane.host = clean_str(r, IN_HOST, l->host);
	r->lane.by.identity = clean_str(r, IN_BY, l->by.identity);
	r->lane.by.label = clean_str(r, IN_BY_LABEL, l->by.label);
	r->ev.lane = &r->lane;
}

static void
clean_step(struct redact *r, const struct step_ref *s)
{
	r->step = *s;
	r->step.label = clean_str(r, IN_LABEL, s->label);
	r->step.identity = clean_str(r, IN_IDENTITY, s->identity);
	r->step.command = clean_str(r, IN_COMMAND, s->command);
	r->ev.step = &r->step;
}

/* of standard error only the last bytes were kept: perhaps half a value */
static void
clean_tail(struct redact *r, const struct result *res)
{
	size_t covered = 0;
	struct buf *b = &r->out[IN_TAIL];

	if (res->ntail >= RESULT_TAIL)
		covered = secrets_rest(&r->secrets, res->tail, res->ntail);
	if (covered == 0) {
		r->result.tail = clean(r, IN_TAIL, res->tail,
		    &r->result.ntail);
		return;
	}
	buf_clear(b);
	buf_adds(b, SECRET_MARK);
	secrets_mask(&r->secrets, res->tail, res->ntail, res->ntail, &covered,
	    b);
	r->result.tail = buf_str(b);
	r->result.ntail = b->len;
}

static void
clean_result(struct redact *r, const struct result *res)
{
	r->result = *res;
	r->result.message = clean_str(r, IN_MESSAGE, res->message);
	r->result.step = clean_str(r, IN_STEP, res->step);
	clean_tail(r, res);
	r->result.out = clean(r, IN_OUT, res->out, &r->result.nout);
	r->result.err = clean(r, IN_ERR, res->err, &r->result.nerr);
	r->result.both = clean(r, IN_BOTH, res->both, &r->result.nboth);
	r->ev.result = &r->result;
}

/*
 * What a step has set is kept so that it can be set once more: not with a
 * value hidden, but not at all.  The step runs again then.
 */
static void
clean_note(struct redact *r, const struct step_note *note)
{
	size_t n = 0;

	r->assign = mem_grow(r->assign, &r->assign_cap, note->nassign,
	    sizeof(*r->assign));
	for (size_t i = 0; i < note->nassign; i++) {
		const struct assign *a = &note->assign[i];

		if (!conceal_finds(&r->secrets, a->text, a->len))
			r->assign[n++] = *a;
	}
	r->note = *note;
	r->note.secret |= n < note->nassign;
	r->note.assign = r->assign;
	r->note.nassign = n;
	r->ev.note = &r->note;
}

/* a message is not what it was: whoever would send it again must know */
static void
note_message(struct redact *r, const struct event *ev)
{
	if (ev->type != EVT_SENT || r->ev.text == ev->text)
		return;
	r->note = (struct step_note){ .secret = true };
	r->ev.note = &r->note;
}

static void
clean_facts(struct redact *r, const struct buf *facts)
{
	buf_clear(&r->facts);
	r->ev.facts = NULL;
	if (conceal_mask(&r->secrets, facts->data, facts->len, &r->facts))
		r->ev.facts = &r->facts;
}

void
redact_text(const struct redact *r, struct buf *text)
{
	struct buf out = { 0 };
	size_t covered = 0;

	if (!secrets_find(&r->secrets, text->data, text->len))
		return;
	secrets_mask(&r->secrets, text->data, text->len, text->len, &covered,
	    &out);
	buf_fini(text);
	*text = out;
}

/* --- lines in pieces ---------------------------------------------------- */

static struct held **
place(struct redact *r, const struct event *ev)
{
	uintptr_t key = (uintptr_t)ev->step / 32 + ev->stream;
	struct held **p = &r->slot[key % SLOTS];

	while (*p && ((*p)->step != ev->step || (*p)->lane != ev->lane ||
	    (*p)->stream != ev->stream))
		p = &(*p)->next;
	return p;
}

static struct held *
hold_new(struct redact *r, struct held **at, const struct event *ev)
{
	struct held *h = r->pool;

	if (h)
		r->pool = h->next;
	else
		h = mem_calloc(1, sizeof(*h));
	*h = (struct held){
		.step = ev->step, .lane = ev->lane, .stream = ev->stream,
		.text = h->text,
	};
	buf_clear(&h->text);
	*at = h;
	r->nheld++;
	return h;
}

static void
wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	buf_fini(b);
}

static void
hold_over(struct redact *r, struct held **at)
{
	struct held *h = *at;

	*at = h->next;
	wipe(&h->text);
	h->next = r->pool;
	r->pool = h;
	r->nheld--;
}

/* a line that was begun before, or that goes on; false: not yet to be seen */
static bool
piece(struct redact *r, const struct event *ev)
{
	bool part = ev->flags & LINE_PART;
	struct held **at = place(r, ev), *h = *at;
	bool shown = h ? h->shown : ev->flags & LINE_MORE;
	size_t covered = h ? h->covered : 0, end;
	struct buf *out = &r->out[IN_TEXT], *all = &r->line;

	buf_clear(all);
	if (h)
		buf_add(all, h->text.data, h->text.len);
	buf_add(all, ev->text, ev->len);
	end = part ? secrets_hold(&r->secrets, all->data, all->len) :
	    all->len;
	buf_clear(out);
	secrets_mask(&r->secrets, all->data, all->len, end, &covered, out);
	r->ev.text = buf_str(out);
	r->ev.len = out->len;
	r->ev.flags = ev->flags & ~(unsigned)LINE_MORE;
	if (shown)
		r->ev.flags |= LINE_MORE;
	if (h && end == all->len) {
		hold_over(r, at);
	} else if (end < all->len) {
		if (!h)
			h = hold_new(r, at, ev);
		buf_clear(&h->text);
		buf_add(&h->text, all->data + end, all->len - end);
		h->covered = covered;
		h->shown = shown || out->len > 0;
	}
	return !part || out->len > 0;
}

/* --- the filter --------------------------------------------------------- */

/* names are looked at once for all the lines that come in a row */
static void
clean_names(struct redact *r, const struct event *ev)
{
	bool lines = ev->type == EVT_LINE && ev->lane && ev->step;

	if (lines && r->lines_n == r->secrets.n &&
	    ev->lane == r->lines_lane && ev->step == r->lines_step) {
		r->ev.lane = &r->lane;
		r->ev.step = &r->step;
		return;
	}
	if (ev->lane)
		clean_lane(r, ev->lane);
	if (ev->step)
		clean_step(r, ev->step);
	r->lines_lane = ev->lane;
	r->lines_step = ev->step;
	r->lines_n = lines ? r->secrets.n : 0;
}

static void
on_event(void *arg, struct bus *bus, const struct event *ev)
{
	struct redact *r = arg;

	if (r->secrets.n == 0) {
		bus_pass(bus, ev);
		return;
	}
	r->ev = *ev;
	if (ev->type == EVT_LINE &&
	    (ev->flags & LINE_PART || (ev->flags & LINE_MORE && r->nheld))) {
		if (!piece(r, ev))
			return;
	} else {
		r->ev.text = clean(r, IN_TEXT, ev->text, &r->ev.len);
	}
	clean_names(r, ev);
	if (ev->result)
		clean_result(r, ev->result);
	if (ev->note)
		clean_note(r, ev->note);
	else
		note_message(r, ev);
	if (ev->facts && ev->facts->len > 0)
		clean_facts(r, ev->facts);
	r->ev.reaction = clean_str(r, IN_REACTION, ev->reaction);
	r->ev.name = clean_str(r, IN_EVENT, ev->name);
	bus_pass(bus, &r->ev);
}

struct redact *
redact_new(void)
{
	return mem_calloc(1, sizeof(struct redact));
}

void
redact_add(struct redact *r, const char *text, size_t len)
{
	secrets_add(&r->secrets, text, len);
}

struct filter
redact_filter(struct redact *r)
{
	return (struct filter){ .arg = r, .event = on_event };
}

void
redact_free(struct redact *r)
{
	struct held *h;

	if (!r)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		while (r->slot[i])
			hold_over(r, &r->slot[i]);
	while ((h = r->pool)) {
		r->pool = h->next;
		free(h);
	}
	for (size_t i = 0; i < IN_N; i++)
		buf_fini(&r->out[i]);
	wipe(&r->line);
	wipe(&r->facts);
	free(r->assign);
	secrets_fini(&r->secrets);
	free(r);
}

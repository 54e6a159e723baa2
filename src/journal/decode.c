/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "journal/decode.h"
#include "journal/member.h"
#include "journal/read.h"
#include "journal/result.h"

static const char *
text(const struct record *r, const char *key, struct arena *a)
{
	const char *s = record_text(r, key, a, NULL);

	return s ? s : "";
}

/* --- what the members are --------------------------------------------------- */

static void
decode_step(struct decoded *d, const struct record *r, struct arena *a)
{
	d->step = (struct step_ref){
		.in = text(r, "in", a), .identity = text(r, "step", a),
		.entry = (uint32_t)record_int(r, "entry", 1),
		.label = record_text(r, "label", a, NULL),
		.command = record_text(r, "command", a, NULL),
	};
	if (!d->step.label)
		d->step.label = d->step.identity;
	d->ev.step = &d->step;
	d->ev.attempt = (unsigned)record_int(r, "attempt", 1);
}

/* "[7,2041]" */
static void
decode_log(struct decoded *d, const struct record *r)
{
	uint64_t v[2] = { 0 };
	size_t n, at = 0;
	const char *s = record_raw(r, "log", &n);

	for (size_t i = 1; s && i < n && at < 2; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			v[at] = v[at] * 10 + (uint64_t)(s[i] - '0');
		else
			at++;
	}
	d->log_from = v[0];
	d->log_to = v[1] > v[0] ? v[1] : v[0];
}

static void
decode_text(struct decoded *d, const struct record *r, struct arena *a)
{
	d->ev.text = record_text(r, "text", a, &d->ev.len);
	if (!d->ev.text)
		d->ev.text = "";
}

/* --- the records ------------------------------------------------------------ */

static void
decode_lane_start(struct decoded *d, const struct record *r, struct arena *a)
{
	struct lane_info *l = &d->lane;

	l->name = text(r, "name", a);
	l->tag = text(r, "tag", a);
	l->group = text(r, "sequence", a);
	l->index = (uint32_t)record_int(r, "index", 1);
	l->round = (uint32_t)record_int(r, "round", 1);
	l->wave = (uint32_t)record_int(r, "wave", 1);
	l->order = l->index;
	l->host = record_text(r, "host", a, NULL);
	l->parent = (uint32_t)record_int(r, "parent", 0);
	l->sub = l->parent != 0;
	l->hidden = record_is_true(r, "hidden");
	d->ev.type = EVT_LANE_START;
}

static void
decode_step_end(struct decoded *d, const struct record *r, struct arena *a)
{
	decode_step(d, r, a);
	record_result(a, r, &d->result);
	d->ev.result = &d->result;
	decode_log(d, r);
	d->result.step = d->step.label;
	d->ev.reaction = record_text(r, "reaction", a, NULL);
	d->ev.again = record_is_true(r, "again");
	d->ev.type = EVT_STEP_END;
}

static void
decode_lane_end(struct decoded *d, const struct record *r, struct arena *a)
{
	struct lane_info *l = &d->lane;

	record_result(a, r, &d->result);
	d->ev.result = &d->result;
	l->name = text(r, "name", a);
	l->group = text(r, "sequence", a);
	l->parent = (uint32_t)record_int(r, "parent", 0);
	l->sub = l->parent != 0;
	l->hidden = record_is_true(r, "hidden");
	d->ev.verdict = record_verdict(r);
	d->ev.tries = (unsigned)record_int(r, "tries", 1);
	d->ev.type = EVT_LANE_END;
}

static bool
decode_by_type(struct decoded *d, const struct record *r, struct arena *a)
{
	switch (r->type) {
	case REC_LANE_START:
		decode_lane_start(d, r, a);
		return true;
	case REC_STEP_START:
		decode_step(d, r, a);
		d->ev.type = EVT_STEP_START;
		return true;
	case REC_STEP_END:
		decode_step_end(d, r, a);
		return true;
	case REC_LANE_END:
		decode_lane_end(d, r, a);
		return true;
	case REC_UNSTARTED:
		d->ev.type = EVT_UNSTARTED;
		d->ev.text = record_text(r, "sequence", a, &d->ev.len);
		d->ev.count = record_int(r, "count", -1);
		return d->ev.text != NULL;
	case REC_SAY:
		d->ev.type = EVT_SAY;
		decode_text(d, r, a);
		return true;
	case REC_WARN:
		d->ev.type = EVT_WARN;
		decode_text(d, r, a);
		return true;
	case REC_DRAIN:
		d->ev.type = EVT_DRAIN;
		decode_text(d, r, a);
		return true;
	default:
		return false;
	}
}

static bool
is_of_lane(enum record_type type)
{
	return type == REC_LANE_START || type == REC_LANE_END ||
	    type == REC_STEP_START || type == REC_STEP_END ||
	    type == REC_SAY;
}

bool
decode(struct decoded *d, const struct record *r, struct arena *a)
{
	*d = (struct decoded){
		.ev = {
			.wall = record_number(r, "time", 0),
			.lane = r->lane ? &d->lane : NULL,
		},
		.lane = { .id = r->lane },
		.at = record_number(r, "at", 0),
	};
	if (r->lane == 0 && is_of_lane(r->type))
		return false;
	return decode_by_type(d, r, a);
}

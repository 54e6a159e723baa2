/* outlet - a buffer in place of a descriptor, and events made by hand */
#ifndef UNIT_OUTLET_H
#define UNIT_OUTLET_H

#include <string.h>

#include "base/buf.h"
#include "model/action.h"
#include "model/event.h"
#include "model/outlet.h"
#include "model/plan.h"
#include "model/program.h"
#include "model/runner.h"
#include "model/status.h"

static inline void
emit(const struct sink *s, enum event_type type, const struct lane_info *l,
    const char *text)
{
	struct event ev = {
		.type = type, .lane = l, .text = text,
		.len = text ? strlen(text) : 0, .stream = STREAM_OUT,
	};

	s->event(s->arg, &ev);
}

static inline void
emit_line(const struct sink *s, const struct lane_info *l,
    const struct step_ref *step, unsigned stream, const char *text,
    unsigned flags)
{
	struct event ev = {
		.type = EVT_LINE, .lane = l, .step = step, .stream = stream,
		.text = text, .len = strlen(text), .flags = flags,
	};

	s->event(s->arg, &ev);
}

static inline void
emit_step(const struct sink *s, enum event_type type,
    const struct lane_info *l, const struct step_ref *step,
    const struct result *r, bool again)
{
	struct event ev = {
		.type = type, .lane = l, .step = step, .result = r,
		.again = again,
	};

	s->event(s->arg, &ev);
}

static inline void
emit_end(const struct sink *s, const struct lane_info *l,
    enum lane_verdict verdict, const struct result *r)
{
	struct event ev = {
		.type = EVT_LANE_END, .lane = l, .verdict = verdict,
		.result = r,
	};

	s->event(s->arg, &ev);
}

static inline void
emit_run(const struct sink *s, enum event_type type, double mono)
{
	struct event ev = {
		.type = type, .mono = mono, .text = "job", .len = 3
	};

	s->event(s->arg, &ev);
}

#endif

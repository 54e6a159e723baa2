/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "model/event.h"

void
bus_add(struct bus *b, const struct sink *s)
{
	assert(b->n < BUS_MAX);
	b->sink[b->n++] = *s;
}

/* a sink that failed hears nothing more; the others are told of it */
static void
drop(struct bus *b, struct sink *s, const struct event *ev)
{
	struct event warn = {
		.type = EVT_WARN, .mono = ev->mono, .wall = ev->wall
	};
	char text[128];

	s->event = NULL;
	snprintf(text, sizeof(text), "output '%s' failed and is dropped",
	    s->name);
	warn.text = text;
	warn.len = strlen(text);
	bus_pass(b, &warn);
}

void
bus_emit(struct bus *b, const struct event *ev)
{
	if (b->filter.event)
		b->filter.event(b->filter.arg, b, ev);
	else
		bus_pass(b, ev);
}

void
bus_pass(struct bus *b, const struct event *ev)
{
	for (size_t i = 0; i < b->n; i++) {
		struct sink *s = &b->sink[i];

		if (s->event && (s->past || !ev->past) &&
		    s->event(s->arg, ev) == -1)
			drop(b, s, ev);
	}
}

void
bus_close(struct bus *b)
{
	while (b->n > 0) {
		struct sink *s = &b->sink[--b->n];

		if (s->close)
			s->close(s->arg);
	}
}

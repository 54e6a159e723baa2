/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "sink/later.h"

static void
on_kept(void *arg, unsigned which, const char *text, size_t len)
{
	struct later *l = arg;
	struct outlet *o = &l->real[which];

	memcpy(o->room(o->arg, len), text, len);
	o->commit(o->arg, len);
}

void
later_show(struct later *l)
{
	if (!l->keeping)
		return;
	l->keeping = false;
	*l->place[0] = l->real[0];
	*l->place[1] = l->real[1];
	if (hold_show(l->store, &l->kept, on_kept, l) == -1)
		l->trouble(l->arg, errno, true);
}

static char *
room(void *arg, size_t n)
{
	struct later_end *e = arg;

	buf_clear(&e->room);
	return buf_room(&e->room, n);
}

static void
commit(void *arg, size_t n)
{
	struct later_end *e = arg;
	struct later *l = e->later;
	int error;

	if (hold_add(l->store, &l->kept, e->which, e->room.data, n) == 0)
		return;
	error = errno;
	later_show(l);
	l->trouble(l->arg, error, false);
	on_kept(l, e->which, e->room.data, n);
}

void
later_begin(struct later *l, struct outlet *out, struct outlet *err)
{
	l->place[0] = out;
	l->place[1] = err;
	for (unsigned i = 0; i < 2; i++) {
		l->real[i] = *l->place[i];
		l->end[i] = (struct later_end){ .later = l, .which = i };
		*l->place[i] = (struct outlet){ &l->end[i], room, commit };
	}
	l->keeping = true;
}

void
later_drop(struct later *l)
{
	hold_drop(l->store, &l->kept);
}

void
later_fini(struct later *l)
{
	hold_drop(l->store, &l->kept);
	buf_fini(&l->end[0].room);
	buf_fini(&l->end[1].room);
}

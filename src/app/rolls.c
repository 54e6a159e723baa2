/* SPDX-License-Identifier: ISC */
#include "app/again.h"
#include "app/exits.h"
#include "app/opts.h"
#include "app/rolls.h"
#include "base/buf.h"

int
rolls_open(struct rolls *r, const struct options *o)
{
	int status = whole_open(&r->file[ROLL_FAILED], "--failed", o->failed);

	if (status == EXITS_OK)
		status = whole_open(&r->file[ROLL_OK], "--ok", o->ok);
	if (status == EXITS_OK)
		status = whole_open(&r->file[ROLL_UNREACHED], "--unreached",
		    o->unreached);
	return status;
}

void
rolls_listen(struct rolls *r, const struct options *o, struct bus *bus)
{
	struct roll_options want = {
		.want = {
			[ROLL_FAILED] = o->failed, [ROLL_OK] = o->ok,
			[ROLL_UNREACHED] = o->unreached,
		},
		.retry = o->again && o->again->is_retry,
	};
	struct sink sink;

	if (!o->failed && !o->ok && !o->unreached)
		return;
	r->roll = roll_new(&want);
	sink = roll_sink(r->roll);
	bus_add(bus, &sink);
}

void
rolls_write(struct rolls *r)
{
	struct buf b = { 0 };

	for (unsigned i = 0; r->roll && i < ROLL_KINDS; i++) {
		buf_clear(&b);
		roll_add(r->roll, i, &b);
		whole_write(&r->file[i], &b);
		r->broken |= r->file[i].broken;
	}
	buf_fini(&b);
}

void
rolls_close(struct rolls *r)
{
	for (unsigned i = 0; i < ROLL_KINDS; i++)
		whole_close(&r->file[i]);
	roll_free(r->roll);
}

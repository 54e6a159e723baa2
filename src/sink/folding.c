/* SPDX-License-Identifier: ISC */
#include "model/event.h"
#include "sink/folding.h"
#include "sink/rows.h"

static void
on_gathered(void *arg, uint32_t lane, const char *tag, unsigned kind,
    const char *text, size_t len)
{
	struct folding *f = arg;

	rows_line(f->rows, lane, tag, kind, text, len);
}

void
folding_open(struct folding *f, struct rows *rows)
{
	f->rows = f->alike.rows = rows;
	f->gather.show = on_gathered;
	f->gather.arg = f;
}

void
folding_hear(struct folding *f, const struct event *ev)
{
	switch (ev->type) {
	case EVT_LANE_START:
		gather_start(&f->gather, ev->lane);
		break;
	case EVT_STEP_START:
	case EVT_STEP_END:
		gather_work(&f->gather, ev->lane, ev->type == EVT_STEP_START);
		break;
	case EVT_LANE_END:
		gather_end(&f->gather, ev->lane);
		break;
	default:
		break;
	}
}

void
folding_show(struct folding *f)
{
	if (f->gather.shown == 0)
		gather_drop(&f->gather);
	else
		gather_flush(&f->gather);
	if (alike_is_one(&f->alike, f->gather.shown))
		alike_drop(&f->alike);
	else
		alike_show(&f->alike);
}

void
folding_fini(struct folding *f)
{
	alike_fini(&f->alike);
	gather_fini(&f->gather);
}

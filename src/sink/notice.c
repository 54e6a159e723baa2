/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/buf.h"
#include "model/program.h"
#include "model/status.h"
#include "sink/escape.h"
#include "sink/face.h"
#include "sink/notice.h"

enum { LABEL_MAX = 60 };	/* bytes of a step's label */

static void
begin(struct buf *b, const struct face *f, const struct lane_info *lane)
{
	buf_clear(b);
	buf_adds(b, "pseq: ");
	if (!lane)
		return;
	escape_word(b, f->escape, lane->name, strlen(lane->name));
	buf_adds(b, ": ");
}

static void
coloured(struct buf *b, const struct face *f, const char *colour,
    const char *text)
{
	if (f->color)
		buf_adds(b, colour);
	buf_adds(b, text);
	if (f->color)
		buf_adds(b, "\033[0m");
}

void
notice_warning(struct buf *b, const struct face *f,
    const struct lane_info *lane, const char *text, size_t len)
{
	begin(b, f, lane);
	coloured(b, f, "\033[33m", "warning");
	buf_adds(b, ": ");
	escape_word(b, f->escape, text, len);
	buf_addc(b, '\n');
}

void
notice_failure(struct buf *b, const struct face *f,
    const struct lane_info *lane, const struct result *r)
{
	char what[STATUS_SHOW];

	begin(b, f, lane);
	if (r && r->step && *r->step) {
		escape_short(b, f->escape, r->step, strlen(r->step),
		    LABEL_MAX);
		buf_adds(b, ": ");
	}
	coloured(b, f, "\033[31m", r ? status_show(what, r) : "failed");
	if (r && r->message && *r->message) {
		buf_adds(b, ": ");
		escape_word(b, f->escape, r->message, strlen(r->message));
	}
	buf_addc(b, '\n');
}

/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/cluster.h"
#include "sink/escape.h"
#include "sink/face.h"
#include "sink/fold.h"
#include "sink/kind.h"

enum {
	NAMES_SHOWN = 8,
	NAME_SHOWN = 200,	/* bytes */
	STEP_SHOWN = 48,
	MESSAGE_SHOWN = 300
};

void
kind_failed(struct buf *b, const struct face *f)
{
	buf_adds(b, f->color ? "\033[1;31mFAILED\033[0m" : "FAILED");
}

void
kind_brief(struct buf *b, const struct face *f, const struct kind *k,
    bool step, size_t max)
{
	kind_failed(b, f);
	if (*k->step) {
		buf_adds(b, step ? " step '" : " '");
		escape_short(b, f->escape, k->step, strlen(k->step), max);
		buf_addc(b, '\'');
	}
	buf_addf(b, ": %s", k->what);
}

void
kind_head(struct buf *b, const struct face *f, const struct kind *k)
{
	kind_brief(b, f, k, true, STEP_SHOWN);
	if (*k->message) {
		buf_adds(b, ": ");
		escape_short(b, f->escape, k->message, strlen(k->message),
		    MESSAGE_SHOWN);
	}
}

void
kind_lanes(struct buf *b, uint64_t n)
{
	buf_addf(b, "%" PRIu64 " lane%s", n, n == 1 ? "" : "s");
}

void
kind_names(struct buf *b, bool escape, const struct names *names, size_t at,
    size_t columns)
{
	struct fold f;
	size_t i;
	uint64_t told = 0;

	fold_names(&f, (const char *const *)names->name, names->n);
	for (i = 0; i < f.n && i < NAMES_SHOWN; i++) {
		size_t len = strlen(f.text[i]);
		size_t width = utf8_columns(f.text[i], len);

		if (i > 0)
			buf_addc(b, ',');
		if (i > 0 && columns > 0 && at + width + 2 > columns) {
			buf_adds(b, "\n   ");
			at = 3;
		}
		if (i > 0)
			buf_addc(b, ' ');
		escape_short(b, escape, f.text[i], len, NAME_SHOWN);
		at += width + 2;
		told += f.count[i];
	}
	/* all folded: names given twice were still lanes */
	if (i < f.n || names->n < names->count)
		buf_addf(b, "%s%" PRIu64 " more", i ? " and " : "",
		    names->count - told);
	fold_fini(&f);
}

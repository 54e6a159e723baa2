/* SPDX-License-Identifier: ISC */
/* the program of a hidden lane that feeds a list from a stream */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/inner.h"

struct feed {
	struct walk *w;
	const struct ctx *ctx;	/* of the lane whose list it is, or NULL */
	const struct each *each;
	struct items *items;
	bool failed;		/* why says what is wrong */
	struct buf path, why;
};

void *
feed_new(struct walk *w, const struct each *each, struct items *items,
    const struct ctx *c)
{
	struct feed *f = mem_calloc(1, sizeof(*f));

	f->w = w;
	f->ctx = c;
	f->each = each;
	f->items = items;
	return f;
}

static void
fail(struct feed *f, struct action *a)
{
	a->kind = ACT_END;
	a->end = FRAME_FAILED;
	a->result = result_made(ST_ERROR, buf_str(&f->why));
}

static void
begin(struct feed *f, struct action *a)
{
	const struct each *e = f->each;

	a->separator = e->kind == EACH_ITEMS ? e->separator : '\n';
	if (e->kind == EACH_OUTPUT) {
		if (command_make(f->w, f->ctx, NULL, &e->command, &a->run,
		    &f->why) == -1) {
			fail(f, a);
			return;
		}
		a->kind = ACT_RUN;
		a->run.watch = a->run.divert = STREAM_OUT;
		return;
	}
	a->kind = ACT_READ;
	if (e->kind != EACH_STDIN && e->text.n > 0) {
		buf_clear(&f->path);
		if (vars_fill(f->w, f->ctx, &e->text, &f->path, &f->why) == -1) {
			fail(f, a);
			return;
		}
		a->path = buf_str(&f->path);
	}
}

static void
next(void *state, struct result *last, struct action *a)
{
	struct feed *f = state;
	bool well;

	if (!last) {
		begin(f, a);
		return;
	}
	well = !f->failed && (last->status == ST_OK ||
	    (last->status == ST_EXIT && last->code == 0));
	items_fed(f->items, well);
	if (f->failed) {
		fail(f, a);
		return;
	}
	a->kind = ACT_END;
	a->result = *last;
	a->end = well ? FRAME_OK : FRAME_FAILED;
}

static enum line_verdict
line(void *state, unsigned stream, const char *text, size_t len,
    unsigned flags, bool again, struct action *a)
{
	struct feed *f = state;

	(void)stream;
	(void)again;
	(void)a;
	if (!items_feed(f->items, text, len, flags)) {
		buf_clear(&f->why);
		buf_adds(&f->why, "an item is longer than 1 MiB");
		f->failed = true;
		return LINE_KILL;
	}
	return items_is_full(f->items) ? LINE_HOLD : LINE_ON;
}

static void
end(void *state)
{
	struct feed *f = state;

	buf_fini(&f->path);
	buf_fini(&f->why);
	free(f);
}

const struct program feed_program = {
	.next = next, .line = line, .end = end,
};

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "model/runner.h"
#include "sink/rejoin.h"
#include "sink/rows.h"

#define PART ((unsigned)LINE_PART << 8)
#define MORE ((unsigned)LINE_MORE << 8)
#define TAIL ((unsigned)LINE_TAIL << 8)

/* LINES_MAX of it; what is behind goes on, below the same head */
static void
hand_piece(struct rejoin_line *l, hold_fn *fn, void *arg)
{
	size_t head = ROWS_HEAD(l->kind), used = head + LINES_MAX;

	fn(arg, l->kind | PART, l->text.data, used);
	memmove(l->text.data + head, l->text.data + used,
	    l->text.len - used);
	l->text.len -= LINES_MAX;
	l->kind = (l->kind & ~0xffu) | TAG_MORE | MORE;
}

static void
end(struct rejoin_line *l, hold_fn *fn, void *arg)
{
	l->open = false;
	fn(arg, l->kind, buf_str(&l->text), l->text.len);
	buf_clear(&l->text);
}

void
rejoin_line(struct rejoin *r, unsigned kind, const char *text, size_t len,
    hold_fn *fn, void *arg)
{
	struct rejoin_line *l = &r->line[ROWS_STREAM(kind)];
	size_t head = ROWS_HEAD(kind);

	if (!l->open && !(kind & PART)) {
		fn(arg, kind, text, len);
		return;
	}
	if (l->open && !(kind & MORE))
		end(l, fn, arg);
	if (l->open) {
		buf_add(&l->text, text + head, len - head);
		l->kind = (l->kind & ~(PART | TAIL)) | (kind & (PART | TAIL));
	} else {
		buf_add(&l->text, text, len);
		l->kind = kind;
	}
	while (l->text.len - ROWS_HEAD(l->kind) > LINES_MAX)
		hand_piece(l, fn, arg);
	l->open = true;
	if (!(kind & PART))
		end(l, fn, arg);
}

void
rejoin_end(struct rejoin *r, hold_fn *fn, void *arg)
{
	for (size_t i = 0; i < sizeof(r->line) / sizeof(*r->line); i++) {
		if (r->line[i].open)
			end(&r->line[i], fn, arg);
		buf_fini(&r->line[i].text);
	}
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sink/alike.h"
#include "sink/compare.h"
#include "sink/escape.h"
#include "sink/fold.h"
#include "sink/rows.h"

/* bytes of names in a head; more are cut off */
enum { NAMES_SHOWN = 2000 };

static const char *
owner(const struct alike_class *c)
{
	return c->names.data + c->owner;
}

static void
add_names(struct buf *b, const struct alike_class *c)
{
	const char **name = mem_calloc(c->lanes, sizeof(*name));
	const char *p = c->names.data;

	for (size_t i = 0; i < c->lanes; i++) {
		name[i] = p;
		p += strlen(p) + 1;
	}
	fold_text(b, name, c->lanes, NAMES_SHOWN);
	free(name);
}

void
alike_head(struct alike *a, const struct alike_class *c, const char *text)
{
	bool terminal = a->rows->out.face.escape;
	struct buf names = { 0 }, b = { 0 };

	add_names(&names, c);
	buf_adds(&b, "---- ");
	escape_word(&b, terminal, names.data, names.len);
	if (c->lanes > 1)
		buf_addf(&b, " (%" PRIu64 " lanes", c->lanes);
	if (c->lanes > 1 && c->named && c->lines > 0) {
		buf_adds(&b, "; text of ");
		escape_word(&b, terminal, owner(c), strlen(owner(c)));
	}
	buf_adds(&b, c->lanes > 1 ? ")" : "");
	buf_adds(&b, text ? text : "");
	rows_head(a->rows, b.data, b.len);
	buf_fini(&names);
	buf_fini(&b);
}

/* --- what becomes of the lines ------------------------------------------ */

struct showing {
	struct alike *a;
	struct compare_side *side;	/* or NULL */
};

static void
on_shown(void *arg, unsigned kind, const char *text, size_t len)
{
	struct showing *s = arg;

	rows_below(s->a->rows, 0, kind, text, len);
	if (s->side)
		compare_add(s->side, kind, text, len);
}

static void
show_taken(struct alike *a, const struct compare_side *s)
{
	for (size_t i = 0; i < s->n; i++)
		rows_below(a->rows, 0, s->line[i].kind,
		    s->text.data + s->line[i].at, s->line[i].len);
}

static void
on_taken(void *arg, unsigned kind, const char *text, size_t len)
{
	struct showing *s = arg;
	struct compare_side *side = s->side;
	bool could = !side->too_long;

	/* it is more than can be compared: what was taken is shown, too */
	if (could && side->text.len + len > COMPARE_MAX)
		show_taken(s->a, side);
	compare_add(side, kind, text, len);
	if (side->too_long)
		rows_below(s->a->rows, 0, kind, text, len);
}

static void
empty(struct alike *a, struct alike_class *c, hold_fn *fn, void *arg)
{
	if (hold_show(a->store, &c->hold, fn, arg) == -1)
		a->trouble(a->arg, errno, true);
}

/* side: the lines are kept there, too; or NULL */
static void
show_whole(struct alike *a, struct alike_class *c, struct compare_side *side)
{
	struct showing s = { a, side };

	alike_head(a, c, NULL);
	empty(a, c, on_shown, &s);
}

static void
show_odd(struct alike *a, struct alike_class *c, struct compare *with)
{
	struct compare_side side = { .tag = owner(c) };
	struct showing s = { a, &side };

	alike_head(a, c, NULL);
	if (with->most.too_long)
		side.too_long = true;
	empty(a, c, on_taken, &s);
	if (!side.too_long && !compare_show(with, &side, a->rows))
		show_taken(a, &side);
	compare_side_fini(&side);
}

/* --- classes ------------------------------------------------------------ */

/* those of a sequence together, silent lanes last, then the largest first */
static int
by_size(const void *pa, const void *pb)
{
	const struct alike_class *a = *(struct alike_class *const *)pa;
	const struct alike_class *b = *(struct alike_class *const *)pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if ((a->lines == 0) != (b->lines == 0))
		return a->lines == 0 ? 1 : -1;
	if (a->lanes != b->lanes)
		return a->lanes > b->lanes ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int
by_list(const void *pa, const void *pb)
{
	const struct alike_class *a = *(struct alike_class *const *)pa;
	const struct alike_class *b = *(struct alike_class *const *)pb;

	if (a->group != b->group || (a->lines == 0) != (b->lines == 0))
		return by_size(pa, pb);
	return a->index < b->index ? -1 : a->index > b->index;
}

/* those of one sequence */
static void
show_group(struct alike *a, struct alike_class **c, size_t n)
{
	struct compare with = { 0 };
	/* all are silent: there is nothing to be told of them */
	size_t i = c[0]->lines == 0 ? n : 0;

	for (; i < n; i++) {
		if (c[i]->lines == 0) {
			alike_head(a, c[i], ": no output");
		} else if (!a->diff || n == 1) {
			show_whole(a, c[i], NULL);
		} else if (i == 0) {
			with.most.tag = owner(c[0]);
			show_whole(a, c[0], &with.most);
			compare_ready(&with);
		} else {
			show_odd(a, c[i], &with);
		}
	}
	compare_fini(&with);
}

void
alike_show(struct alike *a)
{
	size_t n;

	if (a->n > 0)
		qsort(a->all, a->n, sizeof(struct alike_class *),
		    a->order && !a->diff ? by_list : by_size);
	for (size_t i = 0; i < a->n; i += n) {
		for (n = 1; i + n < a->n; n++)
			if (a->all[i + n]->group != a->all[i]->group)
				break;
		show_group(a, a->all + i, n);
	}
	alike_drop(a);
}

/* SPDX-License-Identifier: ISC */
/* names of lanes: sequence[item,item], each only once */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "walk/party.h"

enum { NAMES_MAX = 10 * 1000, ITEM_SHOWN = 120,
	NAME_SHOWN = 160 };

/*
 * What would be read as part of the name's own signs is written \xNN; what
 * is too long to be read is cut.
 */
static void
add_item(struct buf *name, const char *s, size_t len)
{
	size_t end = len <= ITEM_SHOWN ? len : ITEM_SHOWN;

	while (end < len && end > 0 && (s[end] & 0xc0) == 0x80)
		end--;
	for (size_t i = 0; i < end; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f || strchr(",[]", c))
			buf_addf(name, "\\x%02x", c);
		else
			buf_addc(name, s[i]);
	}
	if (end < len)
		buf_adds(name, "…");
}

/*
 * A name used twice gets "#2".  Only so many names are remembered: a list
 * without an end is not held in memory.
 */
static void
number(struct walk *w, struct frame_init *init)
{
	struct buf *name = init->name;
	uint32_t had = w->names.n, i;

	i = had < NAMES_MAX ? map_add(&w->names, name->data, name->len) :
	    map_find(&w->names, name->data, name->len);
	if (i == MAP_NONE)
		return;
	if (i == had) {
		w->used = mem_grow(w->used, &w->used_cap, i + 1,
		    sizeof(*w->used));
		w->used[i] = 0;
	}
	if (++w->used[i] > 1) {
		buf_addf(name, "#%u", w->used[i]);
		init->tag_len = 0;
	}
}

void
name_spawned(const struct ctx *c, const char *routine, struct buf *name)
{
	struct frame_init init = { .name = name };

	buf_addf(name, "%s/%s", c->info->name, routine);
	if (c->w->o.unique)
		number(c->w, &init);
}

void
name_forget(struct walk *w, const struct buf *name)
{
	size_t len = name->len;
	uint32_t i = map_find(&w->names, name->data, len);

	/* without its number */
	if (i == MAP_NONE) {
		while (len > 0 && name->data[len - 1] != '#')
			len--;
		i = len > 0 ? map_find(&w->names, name->data, len - 1) :
		    MAP_NONE;
	}
	if (i != MAP_NONE && w->used[i] > 0)
		w->used[i]--;
}

/* the tag is the part in brackets where that tells lanes apart */
void
name_lane(struct walk *w, const struct ctx *c, const struct item *item,
    struct frame_init *init)
{
	const struct seq *s = c->seq;
	const struct party *p = c->party;
	struct buf *name = init->name;
	struct buf label = { 0 }, why = { 0 };
	size_t from;

	if (p->from)
		buf_addf(name, "%s/", p->from->info->name);
	buf_adds(name, s->name);
	if (p->neach == 0 && !s->has_label) {
		if (w->o.unique)
			number(w, init);
		return;
	}
	buf_addc(name, '[');
	from = name->len;
	if (s->has_label) {
		if (vars_fill(w, c, &s->label, &label, &why) == 0)
			add_item(name, label.data, label.len);
	} else {
		for (size_t i = 0; i < item->n; i++) {
			if (name->len - from > NAME_SHOWN) {
				buf_adds(name, ",…");
				break;
			}
			if (i > 0)
				buf_addc(name, ',');
			add_item(name, item->field[i].text,
			    item->field[i].len);
		}
	}
	if (w->tag_is_item && !p->from) {
		init->tag_at = from;
		init->tag_len = name->len - from;
	}
	buf_addc(name, ']');
	if (w->o.unique)
		number(w, init);
	buf_fini(&label);
	buf_fini(&why);
}

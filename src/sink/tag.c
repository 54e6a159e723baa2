/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "sink/escape.h"
#include "sink/tag.h"

void
tag_widen(struct tag *t, const char *name)
{
	size_t columns;

	if (t->width == TAG_WIDTH_MAX)
		return;
	columns = utf8_columns(name, strlen(name));
	if (columns > TAG_WIDTH_MAX)
		columns = TAG_WIDTH_MAX;
	if (columns > t->width)
		t->width = columns;
}

/* six that can be read on dark and on light; red is for failures */
static const char *
colour_of(const char *name)
{
	static const char *const palette[] = {
		"\033[36m", "\033[33m", "\033[32m",
		"\033[35m", "\033[94m", "\033[96m",
	};

	return palette[map_hash(name, strlen(name)) % countof(palette)];
}

void
tag_head(struct tag *t, const char *head, size_t len)
{
	if (len == t->head.len && !memcmp(head, t->head.data, len))
		return;
	buf_clear(&t->head);
	buf_add(&t->head, head, len);
	t->lane = 0;
}

const char *
tag_time(const struct tag *t, size_t *len)
{
	*len = t->head.len > 0 ? (unsigned char)t->head.data[0] : 0;
	return t->head.data + 1;
}

/* escaped, as it is to be shown */
static void
make_name(struct tag *t, const char *name)
{
	size_t at = 0;

	buf_clear(&t->name);
	if (t->head.len > 0) {
		at = (size_t)(unsigned char)t->head.data[0] + 1;
		escape_word(&t->name, t->escape, t->head.data + at,
		    t->head.len - at);
	} else {
		escape_word(&t->name, t->escape, name, strlen(name));
	}
}

void
tag_make(struct tag *t, uint32_t lane, const char *name, char mark, bool red)
{
	struct buf *b = &t->prefix;
	size_t columns, ntime;
	const char *time = tag_time(t, &ntime);

	make_name(t, name);
	columns = t->name.len ? utf8_columns(t->name.data, t->name.len) : 0;
	if (columns > t->width)
		t->width = columns < TAG_WIDTH_MAX ? columns : TAG_WIDTH_MAX;
	buf_clear(b);
	if (ntime > 0) {
		buf_add(b, time, ntime);
		buf_addc(b, ' ');
	}
	if (t->color)
		buf_adds(b, colour_of(name));
	buf_add(b, t->name.data, t->name.len);
	if (t->color)
		buf_adds(b, "\033[0m");
	for (; columns < t->width; columns++)
		buf_addc(b, ' ');
	buf_addc(b, ' ');
	if (t->color && red)
		buf_adds(b, "\033[31m");
	buf_addc(b, mark);
	if (t->color && red)
		buf_adds(b, "\033[0m");
	buf_addc(b, ' ');
	memset(buf_room(b, TAG_FIXED), 0, TAG_FIXED);
	t->lane = lane;
	t->mark = mark;
	t->red = red;
	t->made_width = t->width;
}

void
tag_fini(struct tag *t)
{
	buf_fini(&t->prefix);
	buf_fini(&t->name);
	buf_fini(&t->head);
}

/* SPDX-License-Identifier: ISC */
#include "base/buf.h"
#include "io/trail.h"

void
trail_add(struct buf *b, const char *name)
{
	if (b->len > 0 && b->data[b->len - 1] != '/')
		buf_addc(b, '/');
	buf_adds(b, name);
	buf_str(b);
}

void
trail_cut(struct buf *b, size_t len)
{
	b->len = len;
	buf_str(b);
}
